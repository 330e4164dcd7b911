// Command draw makes the scenes from which the network that finds pages learns:
// specimens and invented cards on desks, floors and cloths among other things,
// held in hands, in poor light, and scenes without any page. It writes
// DIR/pictures (192 x 192 x RGB bytes each; the whole scene, squeezed to a
// square) and DIR/labels (two planes of 48 x 48 bytes each: how much of a cell a
// page covers, and how near a page's edge is).
//
//	go run ./train/page/draw --out build/train/page
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"

	"idflow/vision"
)

const (
	size  = 192 // of the pictures
	cells = 48  // of the labels
)

func main() {
	out := flag.String("out", "build/train/page", "folder to write to")
	faces := flag.String("faces", "build/train/faces", "folder with pictures of faces, which are no pages; may be missing")
	count := flag.Int("count", 4891, "scenes to draw")
	seed := flag.Uint64("seed", 29, "of all chance")
	flag.Parse()
	if err := run(*out, *faces, *count, *seed); err != nil {
		log.Fatal(err)
	}
}

func run(out, faces string, count int, seed uint64) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	stock, err := newStock(faces, seed)
	if err != nil {
		return err
	}
	pictures, err := os.Create(filepath.Join(out, "pictures"))
	if err != nil {
		return err
	}
	defer pictures.Close()
	labels, err := os.Create(filepath.Join(out, "labels"))
	if err != nil {
		return err
	}
	defer labels.Close()
	p, l := bufio.NewWriter(pictures), bufio.NewWriter(labels)
	// Scenes are drawn by several at a time and written in their order.
	ready := make([]chan *scene, runtime.NumCPU())
	for i := range ready {
		ready[i] = make(chan *scene, 1)
		go func() {
			for n := i; n < count; n += len(ready) {
				ready[i] <- stock.scene(rand.New(rand.NewPCG(seed, uint64(n))))
			}
		}()
	}
	for n := range count {
		s := <-ready[n%len(ready)]
		p.Write(s.picture.Pix)
		l.Write(s.label())
		if n%500 == 499 {
			fmt.Println(n+1, "scenes")
		}
	}
	if err := p.Flush(); err != nil {
		return err
	}
	return l.Flush()
}

// scene is a picture and the pages in it, in pixels of the picture.
type scene struct {
	picture *vision.Image
	pages   []vision.Quad
}

// label is what the network is to say of the scene.
func (s *scene) label() []byte {
	out := make([]byte, 2*cells*cells)
	const cell = float64(size) / cells
	for y := range cells {
		for x := range cells {
			at := vision.Point{X: (float64(x)+0.5)*cell - 0.5, Y: (float64(y)+0.5)*cell - 0.5}
			deep := -1e9
			for _, q := range s.pages {
				deep = max(deep, depth(q, at)/cell)
			}
			out[y*cells+x] = share(0.5 + deep)
			out[(cells+y)*cells+x] = share(1.5 - max(deep, -deep))
		}
	}
	return out
}

// depth is how far p lies within q, less than 0 outside.
func depth(q vision.Quad, p vision.Point) float64 {
	least := 1e9
	for i := range q {
		u := q[(i+1)&3].Sub(q[i]).Unit()
		least = min(least, u.Cross(p.Sub(q[i])))
	}
	return least
}

func share(v float64) byte { return byte(255*min(1, max(0, v)) + 0.5) }
