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
	comb   comb    // where its characters stand, if combed
	combed bool
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
	minComb   = 0.75 // of the glyphs in their places, to know the places of the others
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

// telling says whether a line has what other capitals do not: fillers or many
// digits. A zone has at least one such line.
func (c *candidate) telling() bool {
	fillers, digits := 0, 0
	for _, g := range c.glyphs {
		switch b := Alphabet[g.Class-1]; {
		case b == filler:
			fillers++
		case b <= '9':
			digits++
		}
	}
	return fillers >= 3 || 5*digits >= 2*len(c.glyphs)
}

// pitch is from character to character in the middle of the line, pixels.
func (c *candidate) pitch() float64 {
	i := c.comb.index(c.log.width / 2)
	return (c.comb.at(i+0.5) - c.comb.at(i-0.5)) / c.log.width * c.quad.Width()
}

// weight is how good an anchor a line makes.
func (c *candidate) weight() float64 { return c.sure * c.even * float64(min(len(c.glyphs), 44)) }

// measure computes sure, even and comb from the glyphs.
func (c *candidate) measure() {
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
	alike := 0
	for _, g := range gaps {
		if math.Abs(g-middle) <= middle/4 {
			alike++
		}
	}
	c.even = float64(alike) / float64(len(gaps))
	if c.comb, c.combed = fitComb(c.glyphs, middle); c.combed {
		evenness := c.comb.evenness(c.glyphs)
		c.combed = evenness >= minComb
		c.even = max(c.even, evenness)
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
}

// reading is one way to read a zone.
type reading struct {
	layout   *layout
	quads    []vision.Quad
	lattices []*logLattice
	lines    []alignment
	document *Document
	evidence float64 // log-likelihood, check digits and shape together, nats
	narrow   bool    // may be the beginning of a wider layout's lines
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
	return r.document.ChecksOK() && r.likelihood() > -0.1 && !r.narrow
}

// credible says whether what was read is print of a zone at all: measured on the
// labelled pictures (eval mrz), zones that were found have likelihoods above
// -0.5, and above -0.8 where they are hard to read; other print has below -1.3.
func (r *reading) credible() bool {
	right, _ := r.document.checks()
	switch l := r.likelihood(); {
	case l > -0.2:
		return true
	case l > -0.5:
		return right >= 1
	default:
		return l > -0.8 && right >= 2
	}
}

const (
	maxRead    = 24 // lines of text that are read at most
	maxAnchors = 3  // lines that a zone is built around at most, in each direction
)

// run reads lines, finds their direction and builds zones around the best.
func (s *search) run(lines []vision.Quad) error {
	for _, c := range s.directions(lines[:min(len(lines), maxRead)]) {
		s.assemble(c)
		if s.done() {
			break
		}
	}
	return s.err
}

// done says that there is no need to look further.
func (s *search) done() bool { return s.err != nil || s.best != nil && s.best.certain() }

// directions reads lines as they are and turned by half and returns what may be
// of a zone, the better direction first. Once a line is plainly of a zone only
// those about it are read, and only in its direction.
func (s *search) directions(lines []vision.Quad) [][]*candidate {
	var found [2][]*candidate
	for i, q := range lines {
		both := [2]*candidate{s.read(q), nil}
		if c := both[0]; c == nil || len(c.glyphs) < minGlyphs || c.even < minEven/2 {
			continue // not evenly spaced read this way, so neither the other
		}
		both[1] = s.read(q.Turned(2))
		for turn, c := range both {
			if c != nil && c.possible() {
				found[turn] = append(found[turn], c)
			}
		}
		if turn, ok := plainly(both); ok {
			return [][]*candidate{s.beside(found[turn], lines[i+1:], 2*turn)}
		}
	}
	if weight(found[1]) > weight(found[0]) {
		return [][]*candidate{found[1], found[0]}
	}
	return [][]*candidate{found[0], found[1]}
}

// plainly is the direction in which a line reads plainly and better than in the
// other.
func plainly(both [2]*candidate) (turn int, ok bool) {
	a, b := both[0], both[1]
	const better = 0.03
	switch {
	case b == nil || a.plain() && a.sure > b.sure+better:
		return 0, a.plain()
	case b.plain() && b.sure > a.sure+better:
		return 1, true
	}
	return 0, false
}

func weight(cs []*candidate) float64 {
	best := 0.0
	for _, c := range cs {
		best = max(best, c.weight())
	}
	return best
}

// beside adds the lines that may be of one zone with the last one found.
func (s *search) beside(found []*candidate, lines []vision.Quad, turn int) []*candidate {
	anchor := found[len(found)-1].quad
	for _, q := range lines {
		if !stacked(q, anchor) {
			continue
		}
		if c := s.read(q.Turned(turn)); c != nil && c.possible() {
			found = append(found, c)
		}
	}
	return found
}

// read reads one line, nil when there is nothing or the network failed. A box
// that is too high for how close the characters stand is read again without its
// surroundings.
func (s *search) read(q vision.Quad) *candidate {
	c := s.readOnce(q)
	if c == nil || !c.combed || len(c.glyphs) < minGlyphs {
		return c
	}
	const tolerance = 1.25
	want := stripMM / characterMM * c.pitch()
	if q.Height() < tolerance*want {
		return c
	}
	if low := s.readOnce(q.Grown(0, (want-q.Height())/2)); low != nil && low.weight() > c.weight() {
		return low
	}
	return c
}

func (s *search) readOnce(q vision.Quad) *candidate {
	l := s.look(q)
	if l == nil || l.Steps == 0 {
		return nil
	}
	c := &candidate{quad: q, glyphs: l.Greedy(nil)}
	c.measure()
	c.log.set(l)
	s.known[q] = &c.log
	return c
}

// look runs the network on the line at q, nil when it fails.
func (s *search) look(q vision.Quad) *ocr.Lattice {
	var l ocr.Lattice
	if s.err == nil {
		s.err = s.r.lines.Read(s.ctx, s.m, q, &l)
	}
	if s.err != nil {
		return nil
	}
	return &l
}

// lattice reads the line at q unless it is known.
func (s *search) lattice(q vision.Quad) *logLattice {
	if a, ok := s.known[q]; ok {
		return a
	}
	l := s.look(q)
	if l == nil {
		return nil
	}
	a := new(logLattice)
	a.set(l)
	s.known[q] = a
	return a
}

// assemble builds zones around the best lines.
func (s *search) assemble(lines []*candidate) {
	slices.SortStableFunc(lines, func(a, b *candidate) int { return cmp.Compare(b.weight(), a.weight()) })
	tried := 0
	for _, anchor := range lines {
		if tried == maxAnchors || s.done() {
			return
		}
		if anchor.telling() {
			tried++
			s.around(anchor, lines)
		}
	}
}

// around builds zones with the anchor as one of their lines: first of the width
// that its glyphs make up, then of the others and as far as it may reach besides.
func (s *search) around(anchor *candidate, lines []*candidate) {
	stands := anchor.stands(lines)
	s.tryRoles(s.roles(stands[0]), 2, lines)
	if s.done() {
		return
	}
	var others []role
	for _, st := range stands[1:] {
		others = append(others, s.roles(st)...)
	}
	s.tryRoles(others, 4, lines)
}

// role is a line of a layout that stands at quad.
type role struct {
	layout *layout
	line   int
	quad   vision.Quad
	score  float64
}

const (
	// roleMargin is how much less likely than the best a role may be, nats.
	roleMargin = 30
	// minRole is the least likelihood of a line in a role, nats a character.
	minRole = -1.2
)

// roles is what a line may be, by how well it aligns with each line of each
// layout of its width.
func (s *search) roles(st stand) []role {
	a := s.lattice(st.quad)
	if a == nil {
		return nil
	}
	var out []role
	var got alignment
	for i := range layouts {
		l := &layouts[i]
		if l.width != st.width {
			continue
		}
		for line, kinds := range l.lineKinds {
			if s.align.align(a, kinds, &got) && got.score > minRole*float64(l.width) {
				out = append(out, role{l, line, st.quad, got.score})
			}
		}
	}
	return out
}

// tryRoles tries the likeliest roles, so many at most.
func (s *search) tryRoles(roles []role, most int, lines []*candidate) {
	slices.SortStableFunc(roles, func(a, b role) int { return cmp.Compare(b.score, a.score) })
	for i, r := range roles {
		if i == most || r.score < roles[0].score-roleMargin || s.done() {
			return
		}
		if s.try(r.layout, rows(r, lines)) {
			s.straighten()
		}
	}
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
	r.narrow = l.wider() != nil
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
