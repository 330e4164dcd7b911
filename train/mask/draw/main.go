// Command draw makes the pictures from which the network for covered faces
// learns: faces of a folder as they are, and with masks and scarves drawn over
// their meshes. It writes DIR/pictures (48 x 48 x RGB bytes each) and DIR/labels
// (one byte each: 1 for covered, and 2 more for people that are held back).
//
//	go run ./train/mask/draw --faces FOLDER --out build/train/mask
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"idflow/models"
	"idflow/vision"
	"idflow/vision/face"
	"idflow/vision/onnx"
)

func main() {
	faces := flag.String("faces", "build/train/faces", "folder with pictures of faces, one in each")
	out := flag.String("out", "build/train/mask", "folder to write to")
	each := flag.Int("each", 40, "pictures to make of each face")
	seed := flag.Uint64("seed", 19, "of all chance")
	weights := flag.String("models", models.DefaultDir(), "folder with the model files")
	flag.Parse()
	if err := run(*faces, *out, *weights, *each, *seed); err != nil {
		log.Fatal(err)
	}
}

// heldBack is the share of people that the network is measured on.
const heldBack = 0.15

func run(faces, out, weights string, each int, seed uint64) error {
	dir, err := models.Open(weights)
	if err != nil {
		return err
	}
	library, err := dir.Runtime()
	if err != nil {
		return err
	}
	if err := onnx.Init(library); err != nil {
		return err
	}
	a, err := face.Open(dir.Net, 1)
	if err != nil {
		return err
	}
	defer a.Close()
	files, err := pictures(faces)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	images, err := os.Create(filepath.Join(out, "pictures"))
	if err != nil {
		return err
	}
	defer images.Close()
	labels, err := os.Create(filepath.Join(out, "labels"))
	if err != nil {
		return err
	}
	defer labels.Close()
	w, l := bufio.NewWriter(images), bufio.NewWriter(labels)
	for i, file := range files {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		held := byte(0)
		if r.Float64() < heldBack {
			held = 2
		}
		n, err := portray(a, file, each, r, func(chip *vision.Image, covered byte) {
			w.Write(chip.Pix)
			l.WriteByte(covered | held)
		})
		if err != nil {
			return err
		}
		fmt.Printf("%d of %d: %s, %d pictures\n", i+1, len(files), filepath.Base(file), n)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return l.Flush()
}

func pictures(folder string) (files []string, err error) {
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && slices.Contains([]string{".jpg", ".jpeg", ".png", ".webp"}, strings.ToLower(filepath.Ext(path))) {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

// portray makes pictures of one face: half of them covered.
func portray(a *face.Analyzer, file string, each int, r *rand.Rand, keep func(*vision.Image, byte)) (n int, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	m, err := vision.Decode(data)
	if err != nil {
		return 0, nil // not a picture of ours
	}
	got, err := a.Analyze(context.Background(), m, 0)
	if err != nil || got.Face == nil {
		return 0, err
	}
	frame, mesh := about(got.Image, &got.Face.Mesh)
	for i := range each {
		shown, covered := frame, byte(i%2)
		if covered == 1 {
			shown = cover(frame, mesh, r)
		} else {
			shown = distract(frame, mesh, r)
		}
		shown = photograph(shown, r)
		again, err := a.Analyze(context.Background(), shown, 0)
		if err != nil {
			return n, err
		}
		at := mesh // where the detector is lost the eyes are known nevertheless
		if again.Face != nil && again.Turn == 0 && again.Face.Box.IoU(mesh.Box()) > 0.4 {
			at = &again.Face.Mesh
		}
		keep(face.CoverInput(shown, shaken(at, r)), covered)
		n++
	}
	return n, nil
}

// about cuts the face out with some surroundings, 200 pixels high.
func about(m *vision.Image, mesh *face.Mesh) (*vision.Image, *face.Mesh) {
	const size = 200
	b := mesh.Box().Scale(2.2)
	side := max(b.W(), b.H())
	c := b.Center()
	square := vision.Rect{X0: c.X - side/2, Y0: c.Y - side/2, X1: c.X + side/2, Y1: c.Y + side/2}
	onto := square.Onto(size, size)
	back := onto.Inverse()
	moved := *mesh
	for i, p := range mesh.Points {
		q := back.Apply(p.Flat())
		moved.Points[i] = face.Point3{X: q.X, Y: q.Y, Z: p.Z / onto.Scale()}
	}
	return m.Warp(onto, size, size), &moved
}

// shaken moves the mesh as a whole by as much as fits of it differ.
func shaken(mesh *face.Mesh, r *rand.Rand) *face.Mesh {
	eyes := mesh.EyeLeft().Dist(mesh.EyeRight())
	dx, dy, k := r.NormFloat64()*0.04*eyes, r.NormFloat64()*0.05*eyes, 1+0.05*r.NormFloat64()
	c := mesh.Box().Center()
	out := *mesh
	for i, p := range mesh.Points {
		out.Points[i].X, out.Points[i].Y = c.X+(p.X-c.X)*k+dx, c.Y+(p.Y-c.Y)*k+dy
	}
	return &out
}
