package doc

import (
	"math"

	"idflow/vision"
)

// line goes through at in the direction along, of length 1.
type line struct{ at, along vision.Point }

// lineFit gathers points for the line of the least squared distance.
type lineFit struct{ w, x, y, xx, xy, yy float64 }

func (f *lineFit) add(p vision.Point, w float64) {
	f.w += w
	f.x += w * p.X
	f.y += w * p.Y
	f.xx += w * p.X * p.X
	f.xy += w * p.X * p.Y
	f.yy += w * p.Y * p.Y
}

// line is the fit, in the direction that goes with u; false for less than four
// points' weight.
func (f *lineFit) line(u vision.Point) (line, bool) {
	if f.w < 4 {
		return line{}, false
	}
	c := vision.Point{X: f.x / f.w, Y: f.y / f.w}
	xx, xy, yy := f.xx/f.w-c.X*c.X, f.xy/f.w-c.X*c.Y, f.yy/f.w-c.Y*c.Y
	sin, cos := math.Sincos(math.Atan2(2*xy, xx-yy) / 2)
	along := vision.Point{X: cos, Y: sin}
	if along.Dot(u) < 0 {
		along = along.Mul(-1)
	}
	return line{c, along}, true
}

// meet is the corners of four sides, clockwise; corner i is where the sides i-1
// and i meet. It is false where two neighbours run nearly the same way.
func meet(sides [4]line) (vision.Quad, bool) {
	var q vision.Quad
	for i := range q {
		a, b := sides[(i+3)&3], sides[i]
		cross := a.along.Cross(b.along)
		if math.Abs(cross) < 0.2 {
			return q, false
		}
		q[i] = a.at.Add(a.along.Mul(b.at.Sub(a.at).Cross(b.along) / cross))
	}
	return q, true
}
