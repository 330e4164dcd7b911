package viz

import (
	"math"
	"strings"
	"unicode"

	"idflow/vision/ocr"
)

// charset is the characters that a text may consist of, with the classes that
// stand for each: in a field of capitals a small o is a capital O.
type charset struct {
	runes []rune
	of    []int16 // by class; the index in runes, -1 for what may not occur
}

// newCharset has capitals, digits and signs as given, and the small letters
// that belong to the capitals; where small is true they are characters of
// their own, else they count as capitals.
func newCharset(letters, others string, small bool) *charset {
	c := &charset{of: make([]int16, len(shapes)+1)}
	for i := range c.of {
		c.of[i] = -1
	}
	for _, r := range letters {
		c.add(r, r)
	}
	for _, r := range letters {
		l := unicode.ToLower(r)
		if small {
			c.add(l, l)
		} else {
			c.add(l, r)
		}
	}
	for _, r := range others {
		c.add(r, r)
	}
	return c
}

// add lets the class of seen stand for r, unless that class has a meaning
// already.
func (c *charset) add(seen, r rune) {
	class := shapeOf[seen]
	if class == 0 || c.of[class] >= 0 {
		return
	}
	for i, x := range c.runes {
		if x == r {
			c.of[class] = int16(i)
			return
		}
	}
	c.of[class] = int16(len(c.runes))
	c.runes = append(c.runes, r)
}

func (c *charset) index(r rune) int {
	for i, x := range c.runes {
		if x == r {
			return i
		}
	}
	return -1
}

// sum adds up the probabilities of a step: dst[0] is blank's, dst[i+1] that of
// runes[i]; best is the highest of any class, allowed or not.
func (c *charset) sum(row, dst []float32) (best float32) {
	clear(dst)
	dst[0], best = row[0], row[0]
	for k, p := range row[1:] {
		best = max(best, p)
		if i := c.of[k+1]; i >= 0 {
			dst[i+1] += p
		}
	}
	return best
}

// glyph is a character that was read.
type glyph struct {
	r    rune
	step float64 // where, the middle of its steps
	p    float32 // its highest probability
	ink  float32 // the highest probability of there being any character
}

// reading is a text that was read.
type reading struct {
	glyphs []glyph
	sure   float64 // 0 to 1
}

func (r reading) text() string {
	var b strings.Builder
	for _, g := range r.glyphs {
		b.WriteRune(g.r)
	}
	return b.String()
}

// spaces are the likelier by this, as the network takes narrow ones for nothing.
const spaces = 4

// read takes the likeliest of the allowed characters at every step.
func (c *charset) read(l *ocr.Lattice) reading {
	var out reading
	row := make([]float32, len(c.runes)+1)
	space := c.index(' ')
	last := 0
	for t := range l.Steps {
		c.sum(l.At(t), row)
		if space >= 0 {
			row[space+1] = min(row[space+1]*spaces, 1)
		}
		best := 0
		for i, p := range row {
			if p > row[best] {
				best = i
			}
		}
		switch {
		case best == 0:
		case best == last:
			g := &out.glyphs[len(out.glyphs)-1]
			g.p, g.ink = max(g.p, row[best]), max(g.ink, 1-row[0])
			g.step += 0.5
		default:
			out.glyphs = append(out.glyphs, glyph{c.runes[best-1], float64(t), row[best], 1 - row[0]})
		}
		last = best
	}
	out.glyphs = trimSpaces(withoutTraces(out.glyphs))
	out.sure = sureness(out.glyphs)
	return out
}

// traces of what lies beside a line look like characters that may as well be
// none.
const traces = 0.6

// withoutTraces leaves them out at the ends of a line that is clear otherwise.
func withoutTraces(g []glyph) []glyph {
	if len(g) < 3 || sureness(g[1:len(g)-1]) < 0.7 {
		return g
	}
	if g[len(g)-1].ink < traces {
		g = g[:len(g)-1]
	}
	if g[0].ink < traces {
		g = g[1:]
	}
	return g
}

func trimSpaces(g []glyph) []glyph {
	for len(g) > 0 && g[0].r == ' ' {
		g = g[1:]
	}
	for len(g) > 0 && g[len(g)-1].r == ' ' {
		g = g[:len(g)-1]
	}
	return g
}

// sureness is the geometric mean of the glyphs' probabilities, 0 for none.
func sureness(g []glyph) float64 {
	if len(g) == 0 {
		return 0
	}
	sum := 0.0
	for _, x := range g {
		sum += math.Log(max(float64(x.p), 1e-6))
	}
	return math.Exp(sum / float64(len(g)))
}

// part is the steps from and to of a lattice, sharing its memory.
func part(l *ocr.Lattice, from, to int) *ocr.Lattice {
	from, to = max(0, min(from, l.Steps)), max(0, min(to, l.Steps))
	to = max(from, to)
	return &ocr.Lattice{Steps: to - from, Classes: l.Classes, P: l.P[from*l.Classes : to*l.Classes], Width: float64(to - from)}
}
