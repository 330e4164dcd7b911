// Package vision turns picture files into pixels and pixels into other pixels:
// decoding within bounds, geometry, resampling and the filling of network
// inputs. It knows nothing of faces, documents, sessions or policy; those live
// in the packages below it and above it.
//
// Coordinates are in pixels with the origin at the centre of the top left
// pixel, x to the right and y down, so pixel (i, j) covers
// [i-0.5, i+0.5] x [j-0.5, j+0.5]. "Left" and "right" always mean the
// picture's, never the person's, unless a name says otherwise.
package vision

import "math"

// Image is an 8-bit RGB picture, interleaved: the pixel (x, y) is
// Pix[3*(y*W+x):][:3], and len(Pix) is 3*W*H.
type Image struct {
	W, H int
	Pix  []uint8
}

// New makes a black picture of w x h pixels.
func New(w, h int) *Image {
	return &Image{W: w, H: h, Pix: make([]uint8, 3*w*h)}
}

// reshape gives m the size w x h, keeping its memory when that suffices. The
// pixels are undefined afterwards.
func (m *Image) reshape(w, h int) {
	m.W, m.H = w, h
	if n := 3 * w * h; cap(m.Pix) >= n {
		m.Pix = m.Pix[:n]
	} else {
		m.Pix = make([]uint8, n)
	}
}

// Bounds is the rectangle that the pixels cover.
func (m *Image) Bounds() Rect {
	return Rect{-0.5, -0.5, float64(m.W) - 0.5, float64(m.H) - 0.5}
}

// Crop copies the pixels whose centres lie in r, cut at the picture's edge. An
// empty meeting gives a picture of no pixels.
func (m *Image) Crop(r Rect) *Image {
	x0 := max(0, int(math.Ceil(clampCoord(r.X0))))
	y0 := max(0, int(math.Ceil(clampCoord(r.Y0))))
	x1 := min(m.W, int(math.Floor(clampCoord(r.X1)))+1)
	y1 := min(m.H, int(math.Floor(clampCoord(r.Y1)))+1)
	if x1 <= x0 || y1 <= y0 {
		return &Image{}
	}
	o := New(x1-x0, y1-y0)
	for y := range o.H {
		copy(o.Pix[3*y*o.W:][:3*o.W], m.Pix[3*((y0+y)*m.W+x0):])
	}
	return o
}

// Gray appends the luma of every pixel (BT.601: 0.299 R + 0.587 G + 0.114 B,
// rounded) to dst[:0] and returns it; pass nil to have it allocated.
func (m *Image) Gray(dst []uint8) []uint8 {
	n := m.W * m.H
	if cap(dst) < n {
		dst = make([]uint8, n)
	}
	dst = dst[:n]
	p := m.Pix
	for i := range dst {
		q := p[3*i : 3*i+3 : 3*i+3]
		dst[i] = uint8((19595*uint32(q[0]) + 38470*uint32(q[1]) + 7471*uint32(q[2]) + 1<<15) >> 16)
	}
	return dst
}

// Rotate turns the picture clockwise by the given number of quarter turns,
// which may be negative. No turn returns m itself.
func (m *Image) Rotate(quarters int) *Image {
	switch quarters & 3 {
	case 1:
		return m.oriented(6)
	case 2:
		return m.oriented(3)
	case 3:
		return m.oriented(8)
	}
	return m
}

// Mirror swaps left and right.
func (m *Image) Mirror() *Image { return m.oriented(2) }

// oriented places the pixels as the EXIF orientation o (1 to 8) asks.
func (m *Image) oriented(o Orientation) *Image {
	w, h := o.size(m.W, m.H)
	r := New(w, h)
	l := o.layout(m.W, m.H)
	for y := range m.H {
		src := m.Pix[3*y*m.W:][:3*m.W]
		p := l.start + y*l.dy
		for ; len(src) >= 3; src = src[3:] {
			d := r.Pix[p : p+3 : p+3]
			d[0], d[1], d[2] = src[0], src[1], src[2]
			p += l.dx
		}
	}
	return r
}
