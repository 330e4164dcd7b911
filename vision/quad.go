package vision

import "math"

// Dot is the scalar product.
func (p Point) Dot(q Point) float64 { return p.X*q.X + p.Y*q.Y }

// Cross is the area of the parallelogram of p and q, positive when q lies
// clockwise of p as seen in a picture.
func (p Point) Cross(q Point) float64 { return p.X*q.Y - p.Y*q.X }

// Unit is p with the length 1; (1, 0) for no length at all.
func (p Point) Unit() Point {
	l := math.Hypot(p.X, p.Y)
	if !(l > 0) {
		return Point{X: 1}
	}
	return p.Mul(1 / l)
}

// Normal is p turned clockwise by a quarter: from the reading direction to the
// one from line to line.
func (p Point) Normal() Point { return Point{-p.Y, p.X} }

// Center is the mean of the corners.
func (q Quad) Center() Point { return q[0].Add(q[1]).Add(q[2]).Add(q[3]).Mul(0.25) }

// Width is the mean length of the top and bottom edges.
func (q Quad) Width() float64 { return (q[0].Dist(q[1]) + q[3].Dist(q[2])) / 2 }

// Height is the mean length of the left and right edges.
func (q Quad) Height() float64 { return (q[0].Dist(q[3]) + q[1].Dist(q[2])) / 2 }

// Left is the middle of the left edge.
func (q Quad) Left() Point { return q[0].Add(q[3]).Mul(0.5) }

// Right is the middle of the right edge.
func (q Quad) Right() Point { return q[1].Add(q[2]).Mul(0.5) }

// Along is the reading direction, of length 1.
func (q Quad) Along() Point { return q.Right().Sub(q.Left()).Unit() }

// Area is what the corners enclose, negative for a quadrilateral whose corners
// run anticlockwise.
func (q Quad) Area() float64 { return q[2].Sub(q[0]).Cross(q[3].Sub(q[1])) / 2 }

// Turned is the same place read from the other corner: 1 is a quarter turn, by
// which what was the bottom left corner becomes the first.
func (q Quad) Turned(quarters int) Quad {
	var t Quad
	for i := range t {
		t[i] = q[(i+4-quarters&3)&3]
	}
	return t
}

// Shifted is q moved by d.
func (q Quad) Shifted(d Point) Quad {
	for i := range q {
		q[i] = q[i].Add(d)
	}
	return q
}

// Scaled is q with all coordinates times k about the picture's corner (-0.5,
// -0.5), as when the picture is enlarged by k.
func (q Quad) Scaled(kx, ky float64) Quad {
	for i, p := range q {
		q[i] = Point{(p.X+0.5)*kx - 0.5, (p.Y+0.5)*ky - 0.5}
	}
	return q
}

// Grown moves the ends of q out by along and its top and bottom by across.
func (q Quad) Grown(along, across float64) Quad {
	u := q.Along().Mul(along)
	down := q[3].Add(q[2]).Sub(q[0]).Sub(q[1]).Unit().Mul(across)
	return Quad{q[0].Sub(u).Sub(down), q[1].Add(u).Sub(down), q[2].Add(u).Add(down), q[3].Sub(u).Add(down)}
}

// Bounds is the upright rectangle about the corners.
func (q Quad) Bounds() Rect { return boundsOf(q[:]...) }
