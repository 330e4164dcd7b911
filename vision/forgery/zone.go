package forgery

import (
	"math"
	"slices"

	"idflow/vision"
)

// character is one of the zone's, and how it looks.
type character struct {
	letter    int // in alphabet, -1 for one that is not to be judged
	line, at  int
	judged    bool
	dx, dy    float64 // from its place to where it is, in millimetres
	likeness  float64 // correlation with the letter in OCR-B, -1 to 1
	sibling   float64 // correlation with the mean of its like in the zone; NaN without
	darkness  float64 // logarithm of ink against paper
	stroke    float64 // logarithm of its area of ink to the letter's
	sharpness float64 // logarithm of its edges to the letter's
	height    float64 // logarithm of its height to the letter's
	paper     float64 // brightness of the paper about it
	rough     float64 // logarithm of the paper's noise
	ink       [cellW * cellH]float32
}

// zoneLook is what the zone's characters have in common and which do not.
type zoneLook struct {
	values            []float64
	fontBox, placeBox vision.Quad
}

// measuresOf are the ways characters are compared in, with the least deviation
// that counts as one, in the measure's own unit: below it measuring itself is not
// sure. The first placeMeasures say where a character is.
var zoneMeasures = []struct {
	name   string
	floor  float64
	signed bool // too much and too little are both odd
	of     func(*character) float64
}{
	{"across", 0.012, true, func(c *character) float64 { return c.dx }},
	{"up", 0.01, true, func(c *character) float64 { return c.dy }},
	{"likeness", 0.004, false, func(c *character) float64 { return -c.likeness }},
	{"sibling", 0.003, false, func(c *character) float64 { return -c.sibling }},
	{"darkness", 0.03, true, func(c *character) float64 { return c.darkness }},
	{"stroke", 0.03, true, func(c *character) float64 { return c.stroke }},
	{"sharpness", 0.04, true, func(c *character) float64 { return c.sharpness }},
	{"height", 0.012, true, func(c *character) float64 { return c.height }},
	{"paper", 1.5, true, func(c *character) float64 { return c.paper }},
	{"rough", 0.12, true, func(c *character) float64 { return c.rough }},
}

const placeMeasures = 2

// zoneFigures names the figures of a zone: for each measure the most that one,
// two and four neighbours deviate, in robust standard deviations, and then how
// well the zone could be seen.
var zoneFigures = func() []string {
	var n []string
	for _, m := range zoneMeasures {
		n = append(n, m.name+" of one", m.name+" of two", m.name+" of four", m.name+" spread")
	}
	return append(n, "middle likeness", "resolution", "most of all, two", "most of all, four")
}()

// zone compares the characters of the machine-readable zone with each other and
// with OCR-B. It is false where there are too few.
func (in Input) zone() (zoneLook, bool) {
	var all []*character
	for i, l := range in.Zone {
		all = append(all, in.line(i, l)...)
	}
	if leavePale(all) < 12 {
		return zoneLook{}, false
	}
	focus := focusOf(all)
	for _, c := range all {
		if c.judged {
			c.compare(focus)
		}
	}
	siblings(all)
	return in.deviations(all), true
}

// leavePale leaves characters unjudged that have much less contrast than the
// rest, on which a lamp is reflected, and counts those that remain.
func leavePale(all []*character) (judged int) {
	const pale = -0.25 // of the logarithm
	var darkness []float64
	for _, c := range all {
		if c.judged {
			darkness = append(darkness, c.darkness)
		}
	}
	slices.Sort(darkness)
	least := quantile(darkness, 0.5) + pale
	for _, c := range all {
		if c.judged = c.judged && c.darkness > least; c.judged {
			judged++
		}
	}
	return judged
}

// line cuts the cells out of a line.
func (in Input) line(row int, l Line) []*character {
	n := len(l.Text)
	if n == 0 || n > 64 {
		return nil
	}
	// Along the line's middle: the corners of so thin a quadrilateral tell nothing
	// of its perspective, and the page has none left.
	left, right := l.Place.Left(), l.Place.Right()
	step := right.Sub(left).Mul(1 / float64(n*cellW))
	if !(step.Dot(step) > 1e-6) {
		return nil
	}
	down := step.Normal()
	from := left.Add(step.Mul(0.5)).Sub(down.Mul(cellH/2 - 0.5))
	strip := in.Page.WarpPerspective(vision.Homography{step.X, down.X, from.X, step.Y, down.Y, from.Y, 0, 0, 1}, n*cellW, cellH).Gray(nil)
	out := make([]*character, n)
	for i := range out {
		c := &character{letter: letterIndex(l.Text[i]), line: row, at: i, sibling: math.NaN()}
		c.judged = c.letter >= 0
		c.cut(strip, n*cellW)
		out[i] = c
	}
	return out
}

// cut takes the character out of its line: paper, contrast, and ink from 0 to 1.
func (c *character) cut(strip []uint8, w int) {
	var cell [cellW * cellH]uint8
	for y := range cellH {
		copy(cell[y*cellW:][:cellW], strip[y*w+c.at*cellW:][:cellW])
	}
	sorted := cell
	slices.Sort(sorted[:])
	c.paper = float64(sorted[len(sorted)*3/4])
	dark := float64(sorted[len(sorted)/40])
	contrast := c.paper - dark
	if contrast < 18 {
		c.judged = false // glare, or nothing there
		contrast = 18
	}
	c.darkness = math.Log(contrast / max(c.paper, 1))
	for i, v := range cell {
		c.ink[i] = float32(min(1.3, max(-0.2, (c.paper-float64(v))/contrast)))
	}
	// The paper's noise: second differences of pixels that are paper.
	var noise []float64
	for y := 1; y < cellH-1; y++ {
		for x := 1; x < cellW-1; x++ {
			i := y*cellW + x
			if c.ink[i] < 0.25 && c.ink[i-1] < 0.25 && c.ink[i+1] < 0.25 {
				noise = append(noise, math.Abs(2*float64(cell[i])-float64(cell[i-1])-float64(cell[i+1])))
			}
		}
	}
	c.rough = math.Log(mean(noise) + 0.5)
}

func mean(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	var s float64
	for _, x := range v {
		s += x
	}
	return s / float64(len(v))
}

// focusOf is the blur under which the letters look most like the zone's.
func focusOf(all []*character) int {
	best, at := -1.0, 0
	for f := range focuses {
		var sum float64
		for i, c := range all {
			if c.judged && i%3 == 0 {
				_, _, r := c.align(&glyphs()[f][c.letter], 4, 2)
				sum += r
			}
		}
		if sum > best {
			best, at = sum, f
		}
	}
	return at
}

// align finds the shift of up to reach pixels, in steps, at which the character
// looks most like g.
func (c *character) align(g *glyph, reach, step int) (dx, dy int, r float64) {
	r = -1
	for y := -reach; y <= reach; y += step {
		for x := -reach; x <= reach; x += step {
			if v := c.correlate(g, x, y); v > r {
				dx, dy, r = x, y, v
			}
		}
	}
	return dx, dy, r
}

// correlate is the likeness of the character, moved back by (dx, dy), to g.
func (c *character) correlate(g *glyph, dx, dy int) float64 {
	x0, x1 := max(0, dx), min(cellW, cellW+dx)
	y0, y1 := max(0, dy), min(cellH, cellH+dy)
	var s, ss, t, tt, st float32
	for y := y0; y < y1; y++ {
		a := c.ink[y*cellW+x0 : y*cellW+x1]
		b := g.ink[(y-dy)*cellW+x0-dx:][:len(a)]
		for i, v := range a {
			w := b[i]
			s, ss, t, tt, st = s+v, ss+v*v, t+w, tt+w*w, st+v*w
		}
	}
	n := float32((x1 - x0) * (y1 - y0))
	va, vb := ss-s*s/n, tt-t*t/n
	if va <= 0 || vb <= 0 {
		return 0
	}
	return float64((st - s*t/n) / float32(math.Sqrt(float64(va)*float64(vb))))
}

// compare measures the character against its letter.
func (c *character) compare(focus int) {
	g := &glyphs()[focus][c.letter]
	x, y, _ := c.align(g, 8, 2)
	best := -1.0
	for j := y - 1; j <= y+1; j++ {
		for i := x - 1; i <= x+1; i++ {
			if v := c.correlate(g, i, j); v > best {
				best, x, y = v, i, j
			}
		}
	}
	fx := vertex(c.correlate(g, x-1, y), best, c.correlate(g, x+1, y))
	fy := vertex(c.correlate(g, x, y-1), best, c.correlate(g, x, y+1))
	c.likeness = best
	c.dx, c.dy = (float64(x)+fx)/cellMM, (float64(y)+fy)/cellMM
	var area float32
	for _, v := range c.ink {
		area += max(v-0.12, 0)
	}
	c.stroke = math.Log(float64(area/g.area) + 0.05)
	c.sharpness = math.Log(float64(edgesOf(c.ink[:], cellW, cellH)/g.edges) + 0.05)
	top, bottom := extent(c.ink[:], cellW, cellH)
	c.height = math.Log(max(bottom-top, 1) / (g.bottom - g.top))
}

// vertex is where the parabola through three values at -1, 0 and 1 has its
// highest point.
func vertex(a, b, c float64) float64 {
	d := a - 2*b + c
	if d >= 0 {
		return 0
	}
	return min(0.6, max(-0.6, (a-c)/(2*d)))
}

// siblings compares each character with the mean of the others of its letter.
func siblings(all []*character) {
	var like [len(alphabet)][]*character
	for _, c := range all {
		if c.judged {
			like[c.letter] = append(like[c.letter], c)
		}
	}
	for _, group := range like {
		if len(group) < 3 {
			continue
		}
		var sum glyph
		for _, c := range group {
			x, y := int(math.Round(c.dx*cellMM)), int(math.Round(c.dy*cellMM))
			for j := max(0, -y); j < min(cellH, cellH-y); j++ {
				for i := max(0, -x); i < min(cellW, cellW-x); i++ {
					sum.ink[j*cellW+i] += c.ink[(j+y)*cellW+i+x]
				}
			}
		}
		for _, c := range group {
			_, _, c.sibling = c.align(&sum, 0, 1)
			x, y := int(math.Round(c.dx*cellMM)), int(math.Round(c.dy*cellMM))
			c.sibling = c.correlate(&sum, x, y)
		}
	}
}
