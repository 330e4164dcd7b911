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

// stand is a place that a line of so many characters may have.
type stand struct {
	quad  vision.Quad
	width int
}

// A line may have so many glyphs more than characters, or less, and still have
// been found in its whole length.
const strayGlyphs = 2

// widths are those of all layouts.
var widths = []int{30, 36, 44}

// stands is where the anchor's line may reach, for each number of characters it
// may have: as far as it was found, if it has the glyphs for that, else as far
// as the characters reach at its pitch, for the fillers at the end of a line are
// often overlooked; then as far as the lines about it, and a little further. The
// likeliest comes first.
func (c *candidate) stands(lines []*candidate) []stand {
	u := c.quad.Along()
	from, to := c.quad.Left().Dot(u), c.quad.Right().Dot(u)
	at := func(from, to float64, width int) stand { return stand{extent{u, from, to}.of(c.quad), width} }
	a, b := c.reach(lines)
	p := (to - from) / float64(max(len(c.glyphs), 1))
	if c.combed {
		p = c.pitch()
	}
	var first, rest []stand
	for _, w := range widths {
		n := len(c.glyphs)
		if n > w+strayGlyphs {
			continue
		}
		if n >= w-strayGlyphs {
			first = append(first, at(from, to, w))
			rest = append(rest, at(a-1.5*p, b+1.5*p, w))
			continue
		}
		if c.combed {
			place := func(i float64) float64 { return from + (c.comb.at(i)+0.5)/c.log.width*(to-from) }
			rest = append(rest, at(place(-1), place(float64(w)), w))
		}
		rest = append(rest, at(a-0.5*p, b+0.5*p, w), at(a-1.5*p, b+4*p, w))
	}
	if len(first)+len(rest) == 0 { // far more glyphs than any line has
		return []stand{at(from, to, widths[len(widths)-1])}
	}
	return append(first, rest...)
}

// reach is the extent of the line and those about it.
func (c *candidate) reach(lines []*candidate) (from, to float64) {
	u := c.quad.Along()
	from, to = c.quad.Left().Dot(u), c.quad.Right().Dot(u)
	for _, o := range lines {
		across := math.Abs(o.quad.Center().Sub(c.quad.Center()).Dot(u.Normal()))
		if h := c.quad.Height(); across > h/2 && across < 5*h {
			from, to = min(from, o.quad.Left().Dot(u)), max(to, o.quad.Right().Dot(u))
		}
	}
	return from, to
}

// rows places the lines of a zone about the one that plays the role: on the lines
// that were found where they are to be expected, else where the standard has
// them.
func rows(role role, lines []*candidate) []vision.Quad {
	q := role.quad
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
