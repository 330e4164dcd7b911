package vision

import "math"

// Point is a place in a picture, in pixels.
type Point struct{ X, Y float64 }

// Add is p + q.
func (p Point) Add(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

// Sub is p - q.
func (p Point) Sub(q Point) Point { return Point{p.X - q.X, p.Y - q.Y} }

// Mul is k p.
func (p Point) Mul(k float64) Point { return Point{k * p.X, k * p.Y} }

// Dist is the distance from p to q.
func (p Point) Dist(q Point) float64 { return math.Hypot(p.X-q.X, p.Y-q.Y) }

// Rect is an upright rectangle from (X0, Y0) to (X1, Y1); it may reach outside
// of the picture.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// W is the width.
func (r Rect) W() float64 { return r.X1 - r.X0 }

// H is the height.
func (r Rect) H() float64 { return r.Y1 - r.Y0 }

// Area is W times H, and 0 for a rectangle turned inside out.
func (r Rect) Area() float64 { return math.Max(0, r.W()) * math.Max(0, r.H()) }

// Center is the middle.
func (r Rect) Center() Point { return Point{(r.X0 + r.X1) / 2, (r.Y0 + r.Y1) / 2} }

// Contains says whether p lies in r.
func (r Rect) Contains(p Point) bool {
	return p.X >= r.X0 && p.X <= r.X1 && p.Y >= r.Y0 && p.Y <= r.Y1
}

// Intersect is the part that both have; its Area is 0 when there is none.
func (r Rect) Intersect(s Rect) Rect {
	return Rect{math.Max(r.X0, s.X0), math.Max(r.Y0, s.Y0), math.Min(r.X1, s.X1), math.Min(r.Y1, s.Y1)}
}

// IoU is the area of the intersection over that of the union, 0 to 1.
func (r Rect) IoU(s Rect) float64 {
	i := r.Intersect(s).Area()
	if i <= 0 {
		return 0
	}
	return i / (r.Area() + s.Area() - i)
}

// Scale enlarges r about its middle by k.
func (r Rect) Scale(k float64) Rect {
	c, w, h := r.Center(), r.W()*k/2, r.H()*k/2
	return Rect{c.X - w, c.Y - h, c.X + w, c.Y + h}
}

// Quad is four corners in reading order: top left, top right, bottom right,
// bottom left, of whatever the quadrilateral shows (not of the picture).
type Quad [4]Point

// Affine maps points: x' = A x + B y + C, y' = D x + E y + F. The maps given to
// Warp lead from the destination to the source.
type Affine struct{ A, B, C, D, E, F float64 }

// Apply maps p.
func (t Affine) Apply(p Point) Point {
	return Point{t.A*p.X + t.B*p.Y + t.C, t.D*p.X + t.E*p.Y + t.F}
}

// Inverse undoes t. A map that flattens the plane has none: the result then
// holds infinities or NaN, through which Warp shows black.
func (t Affine) Inverse() Affine {
	d := t.A*t.E - t.B*t.D
	a, b, c, e := t.E/d, -t.B/d, -t.D/d, t.A/d
	return Affine{a, b, -(a*t.C + b*t.F), c, e, -(c*t.C + e*t.F)}
}

// Then is the map of t followed by u.
func (t Affine) Then(u Affine) Affine {
	return Affine{
		u.A*t.A + u.B*t.D, u.A*t.B + u.B*t.E, u.A*t.C + u.B*t.F + u.C,
		u.D*t.A + u.E*t.D, u.D*t.B + u.E*t.E, u.D*t.C + u.E*t.F + u.F,
	}
}

// Scale is how many source pixels make one destination pixel, as a length: the
// root of the map's determinant.
func (t Affine) Scale() float64 { return math.Sqrt(math.Abs(t.A*t.E - t.B*t.D)) }

// Similarity is the map of turning, scaling and shifting (no mirror, no shear)
// that takes src to dst with the least squared error (Umeyama 1991). Both have
// the same length, at least two, and src is not a single place.
func Similarity(src, dst []Point) Affine {
	n := float64(len(src))
	var ms, md Point
	for i := range src {
		ms, md = ms.Add(src[i]), md.Add(dst[i])
	}
	ms, md = ms.Mul(1/n), md.Mul(1/n)
	var a, b, v float64
	for i := range src {
		s, d := src[i].Sub(ms), dst[i].Sub(md)
		a += s.X*d.X + s.Y*d.Y
		b += s.X*d.Y - s.Y*d.X
		v += s.X*s.X + s.Y*s.Y
	}
	a, b = a/v, b/v
	return Affine{a, -b, md.X - a*ms.X + b*ms.Y, b, a, md.Y - b*ms.X - a*ms.Y}
}

// Onto maps a canvas of w x h pixels onto r, corner to corner.
func (r Rect) Onto(w, h int) Affine {
	sx, sy := r.W()/float64(w), r.H()/float64(h)
	return Affine{A: sx, C: r.X0 + 0.5*sx, E: sy, F: r.Y0 + 0.5*sy}
}

// Unturned maps the places of m.Rotate(quarters) back to those of m.
func (m *Image) Unturned(quarters int) Affine {
	w, h := float64(m.W-1), float64(m.H-1)
	switch quarters & 3 {
	case 1:
		return Affine{B: 1, D: -1, F: h}
	case 2:
		return Affine{A: -1, C: w, E: -1, F: h}
	case 3:
		return Affine{B: -1, C: w, D: 1}
	}
	return Affine{A: 1, E: 1}
}

// Add shifts r by p.
func (r Rect) Add(p Point) Rect { return Rect{r.X0 + p.X, r.Y0 + p.Y, r.X1 + p.X, r.Y1 + p.Y} }

// Turned is r after the picture m, in which it lies, was turned by m.Rotate.
func (r Rect) Turned(m *Image, quarters int) Rect {
	t := m.Unturned(quarters).Inverse()
	return boundsOf(t.Apply(Point{r.X0, r.Y0}), t.Apply(Point{r.X1, r.Y1}))
}

// Letterbox maps a canvas of w x h pixels onto the whole picture, centred, with
// its proportions kept.
func (m *Image) Letterbox(w, h int) Affine { return letterbox(m.W, m.H, w, h) }

// LetterboxTurned is Letterbox over m.Rotate(quarters) that leads to m itself, so
// that the turned picture need not be made.
func (m *Image) LetterboxTurned(w, h, quarters int) Affine {
	if quarters&1 == 1 {
		return letterbox(m.H, m.W, w, h).Then(m.Unturned(quarters))
	}
	return letterbox(m.W, m.H, w, h).Then(m.Unturned(quarters))
}

func letterbox(mw, mh, w, h int) Affine {
	s := math.Max(float64(mw)/float64(w), float64(mh)/float64(h))
	return Affine{
		A: s, C: (float64(mw)-s*float64(w))/2 + (s-1)/2,
		E: s, F: (float64(mh)-s*float64(h))/2 + (s-1)/2,
	}
}

// Homography maps points in perspective, row by row:
// w x' = h0 x + h1 y + h2, w y' = h3 x + h4 y + h5, w = h6 x + h7 y + h8.
type Homography [9]float64

// Apply maps p; a point at the horizon gives infinities or NaN.
func (h Homography) Apply(p Point) Point {
	w := h[6]*p.X + h[7]*p.Y + h[8]
	return Point{(h[0]*p.X + h[1]*p.Y + h[2]) / w, (h[3]*p.X + h[4]*p.Y + h[5]) / w}
}

// NewHomography is the map that takes the corners of src to those of dst. It is
// false when three corners of either lie on one line.
func NewHomography(src, dst Quad) (Homography, bool) {
	if !src.spans() || !dst.spans() {
		return Homography{}, false
	}
	var a [8][9]float64
	for i := range 4 {
		x, y, u, v := src[i].X, src[i].Y, dst[i].X, dst[i].Y
		a[2*i] = [9]float64{x, y, 1, 0, 0, 0, -u * x, -u * y, u}
		a[2*i+1] = [9]float64{0, 0, 0, x, y, 1, -v * x, -v * y, v}
	}
	if !eliminate(&a) {
		return Homography{}, false
	}
	h := Homography{8: 1}
	for i := range 8 {
		h[i] = a[i][8]
	}
	return h, true
}

// spans says that no three corners lie on one line (nor are NaN).
func (q Quad) spans() bool {
	const tiny = 1e-9 // of the product of the sides
	for i := range q {
		a, b := q[(i+1)%4].Sub(q[i]), q[(i+2)%4].Sub(q[i])
		if cross := math.Abs(a.X*b.Y - a.Y*b.X); !(cross > tiny*math.Hypot(a.X, a.Y)*math.Hypot(b.X, b.Y)) {
			return false
		}
	}
	return true
}

// eliminate solves eight equations in eight unknowns, in place (Gauss-Jordan
// with row exchange); the solution is the last column.
func eliminate(a *[8][9]float64) bool {
	for c := range 8 {
		p := c
		for r := c + 1; r < 8; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p] = a[p], a[c]
		pivot := a[c][c]
		if pivot == 0 {
			return false
		}
		for k := c; k < 9; k++ {
			a[c][k] /= pivot
		}
		for r := range 8 {
			if f := a[r][c]; r != c && f != 0 {
				for k := c; k < 9; k++ {
					a[r][k] -= f * a[c][k]
				}
			}
		}
	}
	return true
}

// Onto maps a canvas of w x h pixels onto q, corner to corner. It is false when
// three corners lie on one line.
func (q Quad) Onto(w, h int) (Homography, bool) {
	x, y := float64(w)-0.5, float64(h)-0.5
	return NewHomography(Quad{{-0.5, -0.5}, {x, -0.5}, {x, y}, {-0.5, y}}, q)
}
