package vision

import "math"

// Warp fills a new picture of w x h pixels with what t finds in m; see WarpInto.
func (m *Image) Warp(t Affine, w, h int) *Image {
	o := New(w, h)
	m.WarpInto(o, t)
	return o
}

// WarpInto fills dst, whose size is given, with the pixels of m that t leads
// to, bilinearly; what lies outside of m is black. A map that reduces by more
// than two reads from a copy of the part concerned that is halved until it does
// not, so that nothing is skipped; no other map allocates. To warp often out of
// one large picture use a Pyramid.
func (m *Image) WarpInto(dst *Image, t Affine) {
	steps := halvings(t.Scale())
	if steps == 0 {
		warp(dst, m, t)
		return
	}
	part, x0, y0 := m.part(affineReach(t, dst.W, dst.H), steps)
	t.C -= float64(x0)
	t.F -= float64(y0)
	warp(dst, part.halved(steps), shrunk(t, steps))
}

// CropResize samples r, which may reach outside, into w x h pixels.
func (m *Image) CropResize(r Rect, w, h int) *Image {
	return m.Warp(r.Onto(w, h), w, h)
}

// maxHalvings bounds how often a picture is halved; 2^16 is wider than any.
const maxHalvings = 16

// halvings is how often to halve a picture so that a map of this scale reduces
// the result by two at most.
func halvings(scale float64) int {
	n := 0
	for ; scale > 2 && n < maxHalvings; n++ {
		scale /= 2
	}
	return n
}

// shrunk leads to the same places in the picture halved so many times.
func shrunk(t Affine, steps int) Affine {
	k := 1 / float64(int(1)<<steps)
	t.A, t.B, t.C = t.A*k, t.B*k, (t.C+0.5)*k-0.5
	t.D, t.E, t.F = t.D*k, t.E*k, (t.F+0.5)*k-0.5
	return t
}

// affineReach is the rectangle that holds all places t leads to.
func affineReach(t Affine, w, h int) Rect {
	x, y := float64(w-1), float64(h-1)
	return boundsOf(t.Apply(Point{}), t.Apply(Point{x, 0}), t.Apply(Point{0, y}), t.Apply(Point{x, y}))
}

func boundsOf(ps ...Point) Rect {
	r := Rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range ps {
		r = Rect{math.Min(r.X0, p.X), math.Min(r.Y0, p.Y), math.Max(r.X1, p.X), math.Max(r.Y1, p.Y)}
	}
	return r
}

// part cuts out what r covers with a margin, on the grid that halving so many
// times keeps; the first pixel was (x0, y0).
func (m *Image) part(r Rect, steps int) (p *Image, x0, y0 int) {
	cell := 1 << steps
	margin := float64(2 * cell)
	x0 = max(0, int(clampCoord(r.X0-margin))) &^ (cell - 1)
	y0 = max(0, int(clampCoord(r.Y0-margin))) &^ (cell - 1)
	x1, y1 := clampCoord(r.X1+margin), clampCoord(r.Y1+margin)
	return m.Crop(Rect{float64(x0), float64(y0), x1, y1}), x0, y0
}

// halved halves m so many times, or until it is one pixel thin.
func (m *Image) halved(steps int) *Image {
	for ; steps > 0; steps-- {
		o := &Image{}
		halve(o, m)
		m = o
	}
	return m
}

// halve makes dst the picture of half the size whose pixels are means of four;
// the last column or row of an odd size is left out, and a size of one stays.
func halve(dst, m *Image) {
	dst.reshape((m.W+1)/2, (m.H+1)/2)
	if m.W > 1 {
		dst.reshape(m.W/2, dst.H)
	}
	if m.H > 1 {
		dst.reshape(dst.W, m.H/2)
	}
	for y := range dst.H {
		a := m.Pix[3*(2*y)*m.W:][:3*m.W]
		b := m.Pix[3*min(2*y+1, m.H-1)*m.W:][:3*m.W]
		d := dst.Pix[3*y*dst.W:][:3*dst.W]
		if m.W == 1 {
			for c := range d {
				d[c] = uint8((uint32(a[c]) + uint32(b[c]) + 1) / 2)
			}
			continue
		}
		for len(d) >= 3 && len(a) >= 6 && len(b) >= 6 {
			d[0] = uint8((uint32(a[0]) + uint32(a[3]) + uint32(b[0]) + uint32(b[3]) + 2) / 4)
			d[1] = uint8((uint32(a[1]) + uint32(a[4]) + uint32(b[1]) + uint32(b[4]) + 2) / 4)
			d[2] = uint8((uint32(a[2]) + uint32(a[5]) + uint32(b[2]) + uint32(b[5]) + 2) / 4)
			d, a, b = d[3:], a[6:], b[6:]
		}
	}
}

// Pyramid is a picture and its halves, made when first asked for and shared by
// every warp out of it. Reset reuses the memory, so that a stream of frames
// allocates nothing. Not for concurrent use.
type Pyramid struct {
	levels []*Image // levels[0] is the picture itself and not owned
	ready  int      // how many levels are of the present picture
}

// NewPyramid is a pyramid over m, which must not change while it is used.
func NewPyramid(m *Image) *Pyramid {
	p := &Pyramid{}
	p.Reset(m)
	return p
}

// Reset makes p a pyramid over m.
func (p *Pyramid) Reset(m *Image) {
	if len(p.levels) == 0 {
		p.levels = append(p.levels, nil)
	}
	p.levels[0] = m
	p.ready = 1
}

// Image is the picture at the foot.
func (p *Pyramid) Image() *Image { return p.levels[0] }

// level is the picture halved so many times.
func (p *Pyramid) level(steps int) *Image {
	for ; p.ready <= steps; p.ready++ {
		if p.ready == len(p.levels) {
			p.levels = append(p.levels, &Image{})
		}
		halve(p.levels[p.ready], p.levels[p.ready-1])
	}
	return p.levels[steps]
}

// WarpInto is Image.WarpInto out of the level that fits.
func (p *Pyramid) WarpInto(dst *Image, t Affine) {
	steps := halvings(t.Scale())
	warp(dst, p.level(steps), shrunk(t, steps))
}

// Coordinates run in 32.32 fixed point; places beyond maxCoord (and NaN) are
// outside of every picture.
const (
	fixedOne = 1 << 32
	maxCoord = 1 << 28
)

// clampCoord keeps a coordinate where integers hold it; NaN becomes -maxCoord.
func clampCoord(v float64) float64 {
	if !(v > -maxCoord) {
		return -maxCoord
	}
	return math.Min(v, maxCoord)
}

func fixed(v float64) int64 { return int64(v * fixedOne) }

// warp samples src bilinearly with weights of 8 bits; outside is black.
func warp(dst, src *Image, t Affine) {
	reach := affineReach(t, dst.W, dst.H)
	if !(reach.X0 > -maxCoord && reach.Y0 > -maxCoord && reach.X1 < maxCoord && reach.Y1 < maxCoord) {
		clear(dst.Pix)
		return
	}
	if src.W == 0 || src.H == 0 {
		clear(dst.Pix)
		return
	}
	dx, dy := fixed(t.A), fixed(t.D)
	for y := range dst.H {
		p := t.Apply(Point{0, float64(y)})
		warpRow(dst.Pix[3*y*dst.W:][:3*dst.W], src, fixed(p.X), fixed(p.Y), dx, dy)
	}
}

func warpRow(d []uint8, src *Image, sx, sy, dx, dy int64) {
	stride := 3 * src.W
	for ; len(d) >= 3; d = d[3:] {
		ix, iy := int(sx>>32), int(sy>>32)
		fx, fy := uint32(sx>>24&0xff), uint32(sy>>24&0xff)
		sx += dx
		sy += dy
		if uint(ix) >= uint(src.W-1) || uint(iy) >= uint(src.H-1) {
			warpEdge(d, src, ix, iy, fx, fy)
			continue
		}
		o := iy*stride + 3*ix
		a := src.Pix[o : o+6 : o+6]
		b := src.Pix[o+stride : o+stride+6 : o+stride+6]
		w11 := fx * fy
		w10 := fy<<8 - w11
		w01 := fx<<8 - w11
		w00 := 1<<16 - fx<<8 - w10
		d[0] = uint8((uint32(a[0])*w00 + uint32(a[3])*w01 + uint32(b[0])*w10 + uint32(b[3])*w11 + 1<<15) >> 16)
		d[1] = uint8((uint32(a[1])*w00 + uint32(a[4])*w01 + uint32(b[1])*w10 + uint32(b[4])*w11 + 1<<15) >> 16)
		d[2] = uint8((uint32(a[2])*w00 + uint32(a[5])*w01 + uint32(b[2])*w10 + uint32(b[5])*w11 + 1<<15) >> 16)
	}
}

// warpEdge is one pixel of which some neighbours lie outside and count as black.
func warpEdge(d []uint8, src *Image, ix, iy int, fx, fy uint32) {
	var r, g, b uint32
	for k := range 4 {
		x, y := ix+k&1, iy+k>>1
		if uint(x) >= uint(src.W) || uint(y) >= uint(src.H) {
			continue
		}
		wx, wy := fx, fy
		if k&1 == 0 {
			wx = 256 - fx
		}
		if k>>1 == 0 {
			wy = 256 - fy
		}
		p := src.Pix[3*(y*src.W+x):]
		w := wx * wy
		r, g, b = r+w*uint32(p[0]), g+w*uint32(p[1]), b+w*uint32(p[2])
	}
	d[0], d[1], d[2] = uint8((r+1<<15)>>16), uint8((g+1<<15)>>16), uint8((b+1<<15)>>16)
}
