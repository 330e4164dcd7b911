package mrz

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"idflow/vision"
	"idflow/vision/ocr"
)

// candidate is a line of text that may be of a zone, read in one direction.
type candidate struct {
	quad   vision.Quad
	glyphs []ocr.Glyph
	sure   float64 // mean probability of the glyphs
	even   float64 // share of the steps from glyph to glyph that are alike
	pitch  float64 // from character to character, as a share of the width
	log    logLattice
}

// What a line has to be like to be of a zone. Measured on the labelled pictures
// (eval mrz): lines of zones have a mean probability of 0.93 to 1 and 0.8 to 1
// of their steps alike, read in either direction; other print has less of one or
// of both.
const (
	minGlyphs = 12
	minSure   = 0.6
	minEven   = 0.6
	// A line like this is of a zone, read the right way up.
	plainGlyphs = 24
	plainSure   = 0.95
	plainEven   = 0.8
)

func (c *candidate) possible() bool {
	return len(c.glyphs) >= minGlyphs && c.sure >= minSure && c.even >= minEven
}

func (c *candidate) plain() bool {
	return len(c.glyphs) >= plainGlyphs && c.sure >= plainSure && c.even >= plainEven
}

// weight is how good an anchor a line makes.
func (c *candidate) weight() float64 { return c.sure * c.even * float64(min(len(c.glyphs), 44)) }

// measure computes sure, even and pitch from the glyphs.
func (c *candidate) measure(steps int) {
	if len(c.glyphs) < 3 {
		return
	}
	gaps := make([]float64, len(c.glyphs)-1)
	sum := 0.0
	for i, g := range c.glyphs {
		sum += float64(g.P)
		if i > 0 {
			gaps[i-1] = g.Step - c.glyphs[i-1].Step
		}
	}
	c.sure = sum / float64(len(c.glyphs))
	slices.Sort(gaps)
	middle := gaps[len(gaps)/2]
	alike, span, cells := 0, 0.0, 0.0
	for _, g := range gaps {
		if math.Abs(g-middle) <= middle/4 {
			alike++
		}
		// A gap of two or three characters tells the pitch as well.
		if k := math.Round(g / middle); k >= 1 && k <= 3 {
			span += g
			cells += k
		}
	}
	c.even = float64(alike) / float64(len(gaps))
	if cells > 0 {
		c.pitch = span / cells / float64(steps)
	}
}

// search looks for a zone among the text boxes of one picture.
type search struct {
	r   *Reader
	ctx context.Context
	m   *vision.Image
	now time.Time

	best  *reading
	known map[vision.Quad]*logLattice
	align aligner
	err   error
	nread, nalign, side int
}

// reading is one way to read a zone.
type reading struct {
	layout   *layout
	quads    []vision.Quad
	lattices []*logLattice
	lines    []alignment
	document *Document
	evidence float64 // log-likelihood, check digits and shape together, nats
}

// text is the lines as read.
func (r *reading) text() []string {
	s := make([]string, len(r.lines))
	for i, l := range r.lines {
		s[i] = string(l.text)
	}
	return s
}

// likelihood is that of the worst line, nats a character.
func (r *reading) likelihood() float64 {
	worst := 0.0
	for _, l := range r.lines {
		worst = min(worst, l.score/float64(len(l.text)))
	}
	return worst
}

// certain says that no other way to read needs to be looked for: all check
// digits are right and no line has more than a few doubtful characters.
func (r *reading) certain() bool {
	return r.document.ChecksOK() && r.likelihood() > -0.1
}

const (
	maxRead    = 10 // lines of text that are read at most, in each direction
	maxAnchors = 3  // lines that a zone is built around at most
)

// run reads the lines, finds their direction and builds zones around the best.
func (s *search) run(lines []vision.Quad) error {
	lines = lines[:min(len(lines), maxRead)]
	upright, turned := s.directions(lines)
	for _, c := range [][]*candidate{upright, turned} {
		s.assemble(c)
		s.straighten()
		if s.err != nil || s.best != nil && s.best.certain() {
			break
		}
	}
	return s.err
}

// directions reads lines as they are and turned by half; the better direction
// comes first. Once a line is plainly of a zone the other direction is not
// looked at any more.
func (s *search) directions(lines []vision.Quad) (first, second []*candidate) {
	var found [2][]*candidate
	var weight [2]float64
	settled := -1
	for _, q := range lines {
		for turn := range 2 {
			if settled >= 0 && settled != turn {
				continue
			}
			c := s.read(q.Turned(2 * turn))
			if c == nil || !c.possible() {
				if turn == 0 && settled < 0 && (c == nil || c.even < minEven/2) {
					break // not evenly spaced this way, so neither the other
				}
				continue
			}
			found[turn] = append(found[turn], c)
			weight[turn] += c.weight()
		}
		if settled < 0 {
			settled = settle(found)
		}
	}
	if settled == 1 || settled < 0 && weight[1] > weight[0] {
		return found[1], found[0]
	}
	return found[0], found[1]
}

// settle is the direction in which a line reads plainly and better than in the
// other, -1 for none.
func settle(found [2][]*candidate) int {
	best := [2]float64{}
	plain := [2]bool{}
	for turn, cs := range found {
		for _, c := range cs {
			best[turn] = max(best[turn], c.sure)
			plain[turn] = plain[turn] || c.plain()
		}
	}
	switch {
	case plain[0] && best[0] > best[1]+0.03:
		return 0
	case plain[1] && best[1] > best[0]+0.03:
		return 1
	}
	return -1
}

// read reads one line, nil when there is nothing or the network failed.
func (s *search) read(q vision.Quad) *candidate {
	var l ocr.Lattice
	s.nread++
	if s.err == nil {
		s.err = s.r.lines.Read(s.ctx, s.m, q, &l)
	}
	if s.err != nil || l.Steps == 0 {
		return nil
	}
	c := &candidate{quad: q, glyphs: l.Greedy(nil)}
	c.measure(l.Steps)
	c.log.set(&l)
	s.known[q] = &c.log
	return c
}

// lattice reads the line at q unless it is known.
func (s *search) lattice(q vision.Quad) *logLattice {
	if a, ok := s.known[q]; ok {
		return a
	}
	var l ocr.Lattice
	s.nread++
	if s.err == nil {
		s.err = s.r.lines.Read(s.ctx, s.m, q, &l)
	}
	if s.err != nil {
		return nil
	}
	a := new(logLattice)
	a.set(&l)
	s.known[q] = a
	return a
}

// assemble builds zones around the best lines.
func (s *search) assemble(lines []*candidate) {
	slices.SortStableFunc(lines, func(a, b *candidate) int { return cmp.Compare(b.weight(), a.weight()) })
	for i, anchor := range lines {
		if i == maxAnchors || s.err != nil || s.best != nil && s.best.certain() {
			return
		}
		s.around(anchor, lines)
	}
}

// around builds zones with the anchor as one of their lines: of each extent it
// may have, as each line of each layout it may be, the likeliest first.
func (s *search) around(anchor *candidate, lines []*candidate) {
	for _, x := range extents(anchor, lines) {
		q := x.of(anchor.quad)
		for _, role := range s.roles(q) {
			s.try(role.layout, rows(q, role, lines))
			if s.err != nil || s.best != nil && s.best.certain() {
				return
			}
		}
	}
}

// role is a line of a layout.
type role struct {
	layout *layout
	line   int
	score  float64
}

// Roles that are so much less likely than the best, in nats, are not tried, nor
// more than maxRoles.
const (
	roleMargin = 40
	maxRoles   = 4
)

// roles is what the line at q may be, by how well it aligns with each line of
// each layout, the likeliest first.
func (s *search) roles(q vision.Quad) []role {
	a := s.lattice(q)
	if a == nil {
		return nil
	}
	var out []role
	var got alignment
	for i := range layouts {
		l := &layouts[i]
		for line, kinds := range l.lineKinds {
			s.nalign++
			if s.align.align(a, kinds, &got) {
				out = append(out, role{l, line, got.score})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b role) int { return cmp.Compare(b.score, a.score) })
	for i := range out {
		if i == maxRoles || out[i].score < out[0].score-roleMargin {
			return out[:i]
		}
	}
	return out
}

// try reads the lines at quads by the layout and keeps the reading if it is the
// best so far. It is false if it is not.
func (s *search) try(l *layout, quads []vision.Quad) bool {
	r := &reading{layout: l, quads: quads, lines: make([]alignment, l.lines)}
	for i, q := range quads {
		if !within(s.m, q) {
			return false
		}
		a := s.lattice(q)
		if a == nil || !s.align.align(a, l.lineKinds[i], &r.lines[i]) {
			return false
		}
		r.lattices = append(r.lattices, a)
	}
	if r.likelihood() < minLikelihood || !l.accepts(string(r.lines[0].text)) {
		return false
	}
	r.document = l.parse(r.text(), s.now)
	r.evidence = r.weigh()
	if s.best != nil && r.evidence <= s.best.evidence {
		return false
	}
	s.best = r
	return true
}

// minLikelihood is that of the worst line, nats a character: below, what is read
// is not print.
const minLikelihood = -1.5

// What a check digit is worth, in nats: a wrong text passes one time in ten.
const (
	checkRight = 2.3
	checkWrong = -4.6
	// shapeDoubt is per unit of the logarithm of width over spacing.
	shapeDoubt = 30
)

// weigh is the evidence for a reading.
func (r *reading) weigh() float64 {
	e := 0.0
	for _, l := range r.lines {
		e += l.score
	}
	right, all := r.document.checks()
	e += float64(right)*checkRight + float64(all-right)*checkWrong
	first, last := r.quads[0], r.quads[len(r.quads)-1]
	if n := float64(len(r.quads) - 1); n > 0 {
		spacing := last.Center().Dist(first.Center()) / n
		width := (first.Width() + last.Width()) / 2
		off := math.Abs(math.Log(width / spacing / r.layout.shape()))
		e -= shapeDoubt * max(0, off-0.1)
	}
	return e
}
