package main

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"idflow/specimen"
	"idflow/vision"
	"idflow/vision/viz"
)

// Colours of a preview.
var (
	placeColour = color.RGBA{40, 90, 220, 255}
	goodColour  = color.RGBA{10, 130, 50, 255}
	badColour   = color.RGBA{210, 20, 40, 255}
	lineColour  = color.RGBA{150, 150, 150, 255}
)

// previewWidth is that of the picture, so that what is written on it can be read.
const previewWidth = 1600

// drawPreview draws what was read on the page, enlarged.
func drawPreview(page *vision.Image, got viz.Result) (image.Image, error) {
	k := max(1, previewWidth/float64(page.W))
	w, h := int(float64(page.W)*k), int(float64(page.H)*k)
	m := page.CropResize(page.Bounds(), w, h).RGBA()
	face, err := opentype.NewFace(specimen.Sans(), &opentype.FaceOptions{Size: 17, DPI: 72})
	if err != nil {
		return nil, err
	}
	for _, l := range got.Lines {
		outline(m, l.Quad.Scaled(k, k), lineColour, 1)
	}
	for _, p := range got.Places {
		outline(m, p.Quad.Scaled(k, k), placeColour, 2)
	}
	for _, f := range got.Fields {
		c := goodColour
		if f.Value == "" || f.Check == "failed" {
			c = badColour
		}
		q := f.Box.Scaled(k, k)
		outline(m, q, c, 2)
		d := font.Drawer{Dst: m, Src: image.NewUniform(c), Face: face, Dot: fixed.P(int(q[3].X), int(math.Max(q[3].Y, q[2].Y))+17)}
		d.DrawString(f.Name + ": " + f.Value)
	}
	return m, nil
}

// outline draws the edges of q.
func outline(m *image.RGBA, q vision.Quad, c color.RGBA, wide int) {
	for i, a := range q {
		b := q[(i+1)%4]
		n := int(a.Dist(b)) + 1
		for s := range n + 1 {
			p := a.Add(b.Sub(a).Mul(float64(s) / float64(n)))
			for d := range wide * wide {
				m.SetRGBA(int(p.X)+d%wide, int(p.Y)+d/wide, c)
			}
		}
	}
}
