package vision

import "math"

// WarpPerspective fills a new picture of w x h pixels with what h finds in m,
// bilinearly. Unlike Warp it repeats the edge of m outside of it: what is read
// this way are documents, where black would look like print. Where the map
// reduces by more than two at its middle it reads from a halved copy.
func (m *Image) WarpPerspective(h Homography, w, ht int) *Image {
	o := New(w, ht)
	m.WarpPerspectiveInto(o, h)
	return o
}

// WarpPerspectiveInto is WarpPerspective into dst, whose size is given.
func (m *Image) WarpPerspectiveInto(dst *Image, h Homography) {
	if m.W == 0 || m.H == 0 {
		clear(dst.Pix)
		return
	}
	steps := halvings(h.scaleAt(Point{float64(dst.W-1) / 2, float64(dst.H-1) / 2}))
	if steps > 0 {
		part, x0, y0 := m.part(h.reach(dst.W, dst.H).Intersect(m.Bounds()), steps)
		if part.W == 0 {
			steps = 0
		} else {
			m, h = part.halved(steps), h.shiftedShrunk(float64(x0), float64(y0), steps)
		}
	}
	for y := range dst.H {
		m.perspectiveRow(dst.Pix[3*y*dst.W:][:3*dst.W], h, float64(y))
	}
}

// scaleAt is how many source pixels make one pixel at p, as a length.
func (h Homography) scaleAt(p Point) float64 {
	o, x, y := h.Apply(p), h.Apply(Point{p.X + 1, p.Y}), h.Apply(Point{p.X, p.Y + 1})
	a, b := x.Sub(o), y.Sub(o)
	return math.Sqrt(math.Abs(a.X*b.Y - a.Y*b.X))
}

// reach is the rectangle about the corners h leads to.
func (h Homography) reach(w, ht int) Rect {
	x, y := float64(w-1), float64(ht-1)
	return boundsOf(h.Apply(Point{}), h.Apply(Point{x, 0}), h.Apply(Point{0, y}), h.Apply(Point{x, y}))
}

// shiftedShrunk leads to the same places of the picture that was cut at
// (x0, y0) and halved so many times.
func (h Homography) shiftedShrunk(x0, y0 float64, steps int) Homography {
	k := 1 / float64(int(1)<<steps)
	for i := range 3 {
		h[i] = (h[i]+(0.5-x0)*h[6+i])*k - 0.5*h[6+i]
		h[3+i] = (h[3+i]+(0.5-y0)*h[6+i])*k - 0.5*h[6+i]
	}
	return h
}

func (m *Image) perspectiveRow(d []uint8, h Homography, y float64) {
	u, v, w := h[1]*y+h[2], h[4]*y+h[5], h[7]*y+h[8]
	right, bottom := float64(m.W-1), float64(m.H-1)
	stride := 3 * m.W
	for ; len(d) >= 3; d = d[3:] {
		k := 1 / w
		sx, sy := within(u*k, right), within(v*k, bottom)
		u, v, w = u+h[0], v+h[3], w+h[6]
		ix, iy := int(sx), int(sy)
		fx, fy := uint32((sx-float64(ix))*256), uint32((sy-float64(iy))*256)
		o := iy*stride + 3*ix
		nx, ny := 3, stride
		if ix == m.W-1 {
			nx = 0
		}
		if iy == m.H-1 {
			ny = 0
		}
		a, b := m.Pix[o:o+nx+3], m.Pix[o+ny:o+ny+nx+3]
		w11 := fx * fy
		w10 := fy<<8 - w11
		w01 := fx<<8 - w11
		w00 := 1<<16 - fx<<8 - w10
		for c := range 3 {
			d[c] = uint8((uint32(a[c])*w00 + uint32(a[nx+c])*w01 + uint32(b[c])*w10 + uint32(b[nx+c])*w11 + 1<<15) >> 16)
		}
	}
}

// within is v held to 0 to last; NaN becomes 0.
func within(v, last float64) float64 {
	if !(v > 0) {
		return 0
	}
	return min(v, last)
}
