package mrz

import (
	"math"

	"idflow/vision"
)

// The print of a zone: characters 2.54 mm apart, lines 6.35 mm apart (ICAO Doc
// 9303-3, 4.4 and 9303-4 to -7).
const (
	characterMM = 2.54
	lineMM      = 6.35
)

// shape is the width of a line of print over the distance from line to line.
func (l *layout) shape() float64 { return float64(l.width) * characterMM / lineMM }

// extent is where a line begins and ends along the direction of an anchor.
type extent struct {
	along    vision.Point
	from, to float64
}

// of makes q begin and end there, in its own direction.
func (x extent) of(q vision.Quad) vision.Quad {
	u := q.Along()
	k := 1 / max(0.5, u.Dot(x.along))
	left := u.Mul((q.Left().Dot(x.along) - x.from) * k)
	right := u.Mul((x.to - q.Right().Dot(x.along)) * k)
	return vision.Quad{q[0].Sub(left), q[1].Add(right), q[2].Add(right), q[3].Sub(left)}
}

// extents is how far the anchor's line may reach: as it was found; as far as the
// lines about it; as far as each number of characters reaches at its pitch, for
// the fillers at the end of a line are often overlooked.
func extents(anchor *candidate, lines []*candidate) []extent {
	u := anchor.quad.Along()
	from, to := anchor.quad.Left().Dot(u), anchor.quad.Right().Dot(u)
	out := []extent{{u, from, to}}
	add := func(a, b float64) {
		const alike = 0.015 // of the width: the reader does not mind so much more or less
		for _, x := range out {
			if math.Abs(x.from-a)+math.Abs(x.to-b) < alike*(to-from) {
				return
			}
		}
		out = append(out, extent{u, a, b})
	}
	a, b := from, to
	for _, o := range lines {
		across := math.Abs(o.quad.Center().Sub(anchor.quad.Center()).Dot(u.Normal()))
		if h := anchor.quad.Height(); across > h/2 && across < 5*h {
			a, b = min(a, o.quad.Left().Dot(u)), max(b, o.quad.Right().Dot(u))
		}
	}
	add(a, b)
	p := anchor.pitch * (to - from)
	add(a-1.5*p, b+1.5*p)
	add(a-1.5*p, b+4*p)
	if anchor.pitch > 0 {
		w := to - from
		start := from + anchor.glyphs[0].Step/float64(anchor.log.steps)*w - 0.75*p
		for _, n := range []float64{44, 36, 30} {
			if end := start + (n+0.6)*p; end > to+1.2*p {
				add(start, end)
			}
		}
	}
	return out
}

// rows places the lines of a zone about q, which plays the role: on the lines
// that were found where they are to be expected, else where the standard has
// them.
func rows(q vision.Quad, role role, lines []*candidate) []vision.Quad {
	out := make([]vision.Quad, role.layout.lines)
	out[role.line] = q
	u := q.Along()
	x := extent{u, q.Left().Dot(u), q.Right().Dot(u)}
	spacing := q.Width() / role.layout.shape()
	for i := role.line + 1; i < len(out); i++ {
		out[i] = x.next(out[i-1], spacing, lines)
	}
	for i := role.line - 1; i >= 0; i-- {
		out[i] = x.next(out[i+1], -spacing, lines)
	}
	return out
}

// next is the line that stands at about spacing below q (above, if negative).
func (x extent) next(q vision.Quad, spacing float64, lines []*candidate) vision.Quad {
	down := x.along.Normal()
	best := q.Shifted(down.Mul(spacing))
	nearest := 0.5 * math.Abs(spacing)
	width := x.to - x.from
	for _, o := range lines {
		d := o.quad.Center().Sub(q.Center())
		if math.Abs(d.Dot(x.along)) > 0.6*width {
			continue
		}
		off := math.Abs(d.Dot(down) - spacing)
		if off >= nearest || o.quad.Along().Dot(x.along) < 0.9 {
			continue
		}
		nearest = off
		if o.quad.Width() < 0.6*width { // too short to tell the direction
			best = q.Shifted(down.Mul(d.Dot(down)))
		} else {
			best = x.of(o.quad)
		}
	}
	return best
}

// within says whether q lies in the picture, up to two heights outside.
func within(m *vision.Image, q vision.Quad) bool {
	if !m.Bounds().Contains(q.Center()) {
		return false
	}
	b, h := q.Bounds(), 2*q.Height()
	return b.X0 >= -h && b.Y0 >= -h && b.X1 <= float64(m.W)+h && b.Y1 <= float64(m.H)+h
}
