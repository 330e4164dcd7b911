package barcode

import (
	"iter"
	"math"

	"idflow/vision"
)

// pass is a grey picture to be searched, and where its places are in the picture
// that was asked about.
type pass struct {
	grey []byte
	w, h int
	back vision.Affine
}

// passes are made when they are asked for, the most promising first.
func passes(m *vision.Image) iter.Seq[*pass] {
	return func(yield func(*pass) bool) {
		long := max(m.W, m.H)
		base := min(1, firstSide/float64(long))
		first := newPass(m, m.Bounds(), base)
		if !yield(first) || !yield(newPass(m, m.Bounds(), base/2)) || !yield(first.sharpened()) {
			return
		}
		if long <= smallSide || base < 1 {
			if !yield(newPass(m, m.Bounds(), 2*base)) {
				return
			}
		}
		for _, r := range parts(m) {
			if !yield(newPass(m, r, base)) {
				return
			}
		}
	}
}

// parts are nine overlapping parts of half the width and height.
func parts(m *vision.Image) []vision.Rect {
	var rs []vision.Rect
	b := m.Bounds()
	w, h := b.W()/2, b.H()/2
	for y := range 3 {
		for x := range 3 {
			x0, y0 := b.X0+float64(x)*w/2, b.Y0+float64(y)*h/2
			rs = append(rs, vision.Rect{X0: x0, Y0: y0, X1: x0 + w, Y1: y0 + h})
		}
	}
	return rs
}

// newPass is the part r of m, scaled.
func newPass(m *vision.Image, r vision.Rect, scale float64) *pass {
	w, h := max(1, int(math.Round(r.W()*scale))), max(1, int(math.Round(r.H()*scale)))
	p := &pass{w: w, h: h, back: r.Onto(w, h)}
	if w == m.W && h == m.H {
		p.grey = m.Gray(nil)
	} else {
		p.grey = m.CropResize(r, w, h).Gray(nil)
	}
	return p
}

// sharpened is p with the differences to the mean of the 3 x 3 pixels about each
// pixel trebled, which undoes a light blur.
func (p *pass) sharpened() *pass {
	s := &pass{grey: append([]byte(nil), p.grey...), w: p.w, h: p.h, back: p.back}
	const amount = 2
	for y := 1; y < p.h-1; y++ {
		above, row, below := p.grey[(y-1)*p.w:][:p.w], p.grey[y*p.w:][:p.w], p.grey[(y+1)*p.w:][:p.w]
		out := s.grey[y*p.w:][:p.w]
		for x := 1; x < p.w-1; x++ {
			sum := 0
			for k := x - 1; k <= x+1; k++ {
				sum += int(above[k]) + int(row[k]) + int(below[k])
			}
			out[x] = uint8(min(255, max(0, int(row[x])+amount*(9*int(row[x])-sum)/9)))
		}
	}
	return s
}

// erase paints over a code that was found, so that the next one shows.
func (p *pass) erase(corners []vision.Point) {
	if len(corners) == 0 {
		clear(p.grey) // nothing says where it was: there will be no other
		return
	}
	r := vision.Rect{X0: math.Inf(1), Y0: math.Inf(1), X1: math.Inf(-1), Y1: math.Inf(-1)}
	for _, c := range corners {
		r = vision.Rect{X0: min(r.X0, c.X), Y0: min(r.Y0, c.Y), X1: max(r.X1, c.X), Y1: max(r.Y1, c.Y)}
	}
	// A linear code is known by a line across only; it is up to half as high as long.
	long := max(r.W(), r.H())
	grow := func(side float64) float64 { return max(2, (long/2-side)/2) }
	dx, dy := grow(r.W()), grow(r.H())
	if len(corners) > 2 {
		dx, dy = 2, 2
	}
	x0, x1 := max(0, int(r.X0-dx)), min(p.w, int(r.X1+dx)+1)
	y0, y1 := max(0, int(r.Y0-dy)), min(p.h, int(r.Y1+dy)+1)
	if x0 >= x1 || y0 >= y1 {
		clear(p.grey)
		return
	}
	for y := y0; y < y1; y++ {
		row := p.grey[y*p.w+x0 : y*p.w+x1]
		for x := range row {
			row[x] = 255
		}
	}
}
