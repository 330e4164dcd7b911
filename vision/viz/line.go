package viz

import (
	"context"
	"fmt"
	"math"
	"slices"
	"unicode"

	"idflow/vision"
	"idflow/vision/ocr"
)

// Line is a line of text of a page: where it is, in pixels of the picture that
// was read, what it says, its letters' scripts guessed word by word, and how
// sure the network is, 0 to 1.
type Line struct {
	Quad       vision.Quad
	Text       string
	Confidence float64
}

// Lines are looked for with the page's long side of this many pixels; the
// smallest print on a card of 85.6 mm is then 10 pixels high, what the detector
// needs (ocr.Detector.Detect).
const detectSide = 960

const (
	maxSlope  = 0.14 // of a line against the page's edge: 8 degrees; SPECIMEN across it is no line
	minHeight = 7.0  // of a line's box, pixels: below 4 of cap height nothing is read
	maxLines  = 120  // a page has less than half of them
)

// line is one with all that the network saw of it.
type line struct {
	quad    vision.Quad
	lattice ocr.Lattice
	glyphs  []ocr.Glyph
	folded  []rune // letters and digits only, as they are compared
	at      []int  // of each of folded, its place in glyphs
	sure    float64
}

// sheet is a page with its lines, and what was read of other places.
type sheet struct {
	r     *Reader
	ctx   context.Context
	m     *vision.Image
	lines []*line
	stand []vision.Quad // boxes of lines that stand upright
	known map[vision.Quad]*line
	alike map[likenessKey]span
	taken map[*line]bool // by the template's own texts
}

// find detects the lines of the page and reads them.
func (s *sheet) find() error {
	boxes, err := s.r.text.Detect(s.ctx, s.m, detectSide)
	if err != nil {
		return fmt.Errorf("find text: %w", err)
	}
	quads := s.level(boxes)
	if len(quads) > maxLines {
		slices.SortFunc(quads, func(a, b vision.Quad) int { return sign(b.Width()*b.Height() - a.Width()*a.Height()) })
		quads = quads[:maxLines]
	}
	quads = widened(joined(quads))
	slices.SortFunc(quads, func(a, b vision.Quad) int { return sign(a.Center().Y - b.Center().Y) })
	for _, q := range quads {
		l, err := s.line(q)
		if err != nil {
			return err
		}
		if len(l.glyphs) > 0 {
			s.lines = append(s.lines, l)
		}
	}
	return nil
}

// level keeps the boxes that lie along the page.
func (s *sheet) level(boxes []ocr.Box) []vision.Quad {
	var out []vision.Quad
	for _, b := range boxes {
		q := b.Quad
		if math.Abs(q.Along().Y) > 0.9 && q.Width() > 2.5*q.Height() {
			s.stand = append(s.stand, q)
			continue
		}
		if math.Abs(q.Along().Y) > 0.9 { // a single letter is higher than wide
			q = q.Turned(-1)
			if q.Along().X < 0 {
				q = q.Turned(2)
			}
		}
		if math.Abs(q.Along().Y) > maxSlope || q.Along().X < 0 || q.Height() < minHeight {
			continue
		}
		out = append(out, q)
	}
	return out
}

// Pieces of one line: on the same height, of the same size and less than a
// letter apart.
const (
	sameSize   = 1.45
	sameHeight = 0.35 // of the height, between the middles
	pieceGap   = 0.45 // of the height, between boxes, which reach beyond the ink
)

func joined(quads []vision.Quad) []vision.Quad {
	slices.SortFunc(quads, func(a, b vision.Quad) int { return sign(a.Left().X - b.Left().X) })
	var out []vision.Quad
	for _, q := range quads {
		k := slices.IndexFunc(out, func(o vision.Quad) bool { return continues(o, q) })
		if k < 0 {
			out = append(out, q)
			continue
		}
		out[k] = vision.Quad{out[k][0], q[1], q[2], out[k][3]}
	}
	return out
}

// widened moves the ends of boxes out a little, as the detector now and then
// leaves out half of a letter there, but not into another box.
func widened(quads []vision.Quad) []vision.Quad {
	out := make([]vision.Quad, len(quads))
	for i, q := range quads {
		h := q.Height()
		before, behind := endMargin*h, endMargin*h
		for j, o := range quads {
			if i == j || math.Abs(o.Center().Y-q.Center().Y) > (h+o.Height())/2 {
				continue
			}
			if gap := q.Left().X - o.Right().X; gap > -h {
				before = min(before, max(0, gap/2))
			}
			if gap := o.Left().X - q.Right().X; gap > -h {
				behind = min(behind, max(0, gap/2))
			}
		}
		w := max(q.Width(), 1)
		out[i] = cut(q, -before/w, 1+behind/w)
	}
	return out
}

// endMargin is how much a box is made longer at each end, of its height.
const endMargin = 0.25

// continues says whether q goes on where o ends.
func continues(o, q vision.Quad) bool {
	h, k := o.Height(), q.Height()
	gap := q.Left().X - o.Right().X
	return max(h, k) < sameSize*min(h, k) && math.Abs(q.Left().Y-o.Right().Y) < sameHeight*min(h, k) &&
		gap < pieceGap*min(h, k) && gap > -0.6*min(h, k)
}

// line reads the place q, once.
func (s *sheet) line(q vision.Quad) (*line, error) {
	if l, ok := s.known[q]; ok {
		return l, nil
	}
	l := &line{quad: q}
	if err := s.r.lines.Read(s.ctx, s.m, q, &l.lattice); err != nil {
		return nil, fmt.Errorf("read a line: %w", err)
	}
	l.glyphs = l.lattice.Greedy(nil)
	n := 0.0
	for i, g := range l.glyphs {
		if r := fold(shapes[g.Class-1][0]); r != 0 {
			l.folded, l.at = append(l.folded, r), append(l.at, i)
		}
		n += math.Log(max(float64(g.P), 1e-6))
	}
	if len(l.glyphs) > 0 {
		l.sure = math.Exp(n / float64(len(l.glyphs)))
	}
	s.known[q] = l
	return l, nil
}

// text is the line as it is shown to people.
func (l *line) text() string {
	classes := make([]int, len(l.glyphs))
	for i, g := range l.glyphs {
		classes[i] = g.Class
	}
	return resolve(classes)
}

// along is the point of the line at a step of its lattice.
func (l *line) along(step float64) vision.Point {
	k := step / max(l.lattice.Width, 1)
	return l.quad.Left().Add(l.quad.Right().Sub(l.quad.Left()).Mul(k))
}

// cut is the piece of q between two places along it, 0 to 1.
func cut(q vision.Quad, from, to float64) vision.Quad {
	on := func(a, b vision.Point, k float64) vision.Point { return a.Add(b.Sub(a).Mul(k)) }
	return vision.Quad{on(q[0], q[1], from), on(q[0], q[1], to), on(q[3], q[2], to), on(q[3], q[2], from)}
}

// upright says how much more certain the page's lines are than when they are
// read the other way up: negative where the page lies upside down.
func (s *sheet) upright() (float64, error) {
	long := slices.Clone(s.lines)
	slices.SortFunc(long, func(a, b *line) int { return sign(b.quad.Width() - a.quad.Width()) })
	sum := 0.0
	for _, l := range long[:min(len(long), turnLines)] {
		turned, err := s.line(l.quad.Turned(2))
		if err != nil {
			return 0, err
		}
		sum += l.worth() - turned.worth()
	}
	return sum, nil
}

// turnLines are looked at both ways up.
const turnLines = 6

// worth is how much of a line is certainly letters and digits.
func (l *line) worth() float64 {
	n := 0
	for _, g := range l.glyphs {
		if r := shapes[g.Class-1][0]; unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return l.sure * l.sure * math.Sqrt(float64(n))
}

func sign(v float64) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}
