package viz

import (
	"cmp"
	"math"
	"slices"
	"time"

	"idflow/vision"
)

// model is a template, ready for reading.
type model struct {
	Template
	items  []item // its marks and labels
	pieces []*piece
	labels *dictionary // of the fields that only labels lead to
}

// item is a text that tells the template.
type item struct {
	folded []rune
	box    *[4]float64
	weight float64
	title  bool
}

func newModel(t Template) *model {
	m := &model{Template: t, labels: &dictionary{pieces: map[string]*piece{}}}
	for _, x := range t.Marks {
		m.add(x.Text, x.Box, true)
	}
	for _, f := range t.Fields {
		m.pieces = append(m.pieces, newPiece(f, t.Letters))
		if f.Box == nil {
			for _, s := range f.Labels {
				m.labels.labels = append(m.labels.labels, label{f.Name, folded(s)})
			}
		}
		for i, s := range f.Labels {
			if box := f.Label; i == 0 || box == nil {
				m.add(s, box, false)
			}
		}
	}
	m.labels.sort()
	return m
}

// add notes a text.
func (t *model) add(s string, box *[4]float64, title bool) {
	f := folded(s)
	t.items = append(t.items, item{f, box, float64(min(len(f), maxWeight)), title})
}

// clues finds the template's texts among the lines.
func (t *model) clues(s *sheet) []clue {
	var out []clue
	for i, it := range t.items {
		if it.box == nil {
			continue
		}
		b := it.box
		mm := vision.Point{X: b[0], Y: b[1] + b[3]/2}
		for _, l := range s.lines {
			if len(it.folded) < 4 && len(l.folded) > 2*len(it.folded)+2 {
				continue
			}
			at := s.within(it.folded, l)
			least := minAlike
			if len(it.folded) < 4 {
				least = 0.99
			}
			if at.alike < least {
				continue
			}
			start := l.glyphs[l.at[at.from]].Step
			edge := l.along(max(0, start-1.5))
			out = append(out, clue{mm: mm, px: edge, weight: it.weight, alike: at.alike, item: i, line: l, whole: 4*(at.to-at.from) >= 3*len(l.folded)})
		}
	}
	return out
}

// within is the likeness of a text to a line, worked out once.
func (s *sheet) within(text []rune, l *line) span {
	key := likenessKey{string(text), l}
	if v, ok := s.alike[key]; ok {
		return v
	}
	v := within(text, l.folded)
	if v.from >= len(l.at) {
		v = span{}
	}
	s.alike[key] = v
	return v
}

type likenessKey struct {
	text string
	line *line
}

// unplaced is the share of a template's texts that are anywhere on the page: of
// titles one is enough, for they may be in any of several languages.
func (t *model) unplaced(s *sheet) float64 {
	title, titles := 0.0, false
	labels, all := 0.0, 0.0
	for _, it := range t.items {
		best := 0.0
		for _, l := range s.lines {
			if at := s.within(it.folded, l); at.alike >= strong && len(it.folded) >= 4 {
				best = max(best, at.alike)
			}
		}
		if it.title {
			title, titles = max(title, best), true
		} else {
			labels, all = labels+best, all+1
		}
	}
	switch {
	case !titles:
		return labels / max(all, 1)
	case all == 0:
		return title
	}
	return 0.6*title + 0.4*labels/all
}

// Where a value may lie about its box, in heights of its capitals.
const (
	reachAcross = 0.85 // between the middles
	reachEnds   = 0.7  // of the box's ends
	boxHeight   = 1.6  // of a line's box, where none was found
)

// fields reads every field that has a place.
func (t *model) fields(s *sheet, at placement, clues []clue, now time.Time) ([]Field, error) {
	s.taken = map[*line]bool{}
	for _, c := range clues {
		if c.whole && c.alike >= strong && at.Apply(c.mm).Dist(c.px) < inlier*at.Scale() {
			s.taken[c.line] = true
		}
	}
	var out []Field
	for _, p := range t.pieces {
		if p.Box == nil {
			continue
		}
		found, err := s.field(p, at, now)
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i].template = true
		}
		out = append(out, found...)
	}
	return out, nil
}

// field reads the value at a field's box.
func (s *sheet) field(p *piece, at placement, now time.Time) ([]Field, error) {
	rows := max(1, p.Lines)
	area := mapped(at, *p.Box)
	if p.Turn != 0 {
		return s.turned(p, area, now)
	}
	var out []Field
	capHeight := area.Height()
	if rows > 1 {
		capHeight /= 1 + 1.6*float64(rows-1) // lines of print are set 1.6 capitals apart
	}
	for row := range rows {
		place := area
		if rows > 1 {
			k := (area.Height() - capHeight) / float64(rows-1) * float64(row)
			down := area[3].Sub(area[0]).Unit()
			top := area[0].Add(down.Mul(k))
			right := area[1].Add(down.Mul(k))
			place = vision.Quad{top, right, right.Add(down.Mul(capHeight)), top.Add(down.Mul(capHeight))}
		}
		if row > 0 && !s.printed(place, capHeight) {
			continue
		}
		found, err := s.best(p, place, capHeight, now)
		if err != nil {
			return nil, err
		}
		if row == 0 {
			out = found
			continue
		}
		for i := range min(len(found), len(out)) {
			out[i].Text += " " + found[i].Text
			out[i].Value += " " + found[i].Value
			out[i].Confidence = min(out[i].Confidence, found[i].Confidence)
			out[i].Box = vision.Quad{out[i].Box[0], out[i].Box[1], found[i].Box[2], found[i].Box[3]}
		}
	}
	return out, nil
}

// printed says whether a line was found at the place.
func (s *sheet) printed(place vision.Quad, capHeight float64) bool {
	_, seen := s.value(place, capHeight)
	return seen
}

// certain is how sure the network is of a value that is not looked at twice.
const certain = 0.93

// best reads a value where the detector has it, and unless that is clear, at
// heights that follow from the template too: letters printed across bend the
// detector's boxes. The reading that has the right form and is surest wins.
func (s *sheet) best(p *piece, place vision.Quad, capHeight float64, now time.Time) ([]Field, error) {
	q, seen := s.value(place, capHeight)
	belief := 1.0
	var looks []vision.Quad
	if seen {
		looks = append(looks, q)
		x0, x1 := (q.Left().X-place.Left().X)/max(1, place.Width()), (q.Right().X-place.Left().X)/max(1, place.Width())
		for _, k := range []float64{boxHeight, 1.35, 1.9} {
			looks = append(looks, cut(place, x0, x1).Grown(0, (k-1)/2*capHeight))
		}
	} else {
		belief = 0.9
		looks = append(looks, p.guess(place, capHeight), p.guess(place.Grown(0, 0.12*capHeight), capHeight))
	}
	var best []Field
	most := -1.0
	for i, q := range looks {
		l, err := s.line(q)
		if err != nil {
			return nil, err
		}
		if !seen {
			if l, err = s.untilGap(l, 2.2*capHeight); err != nil {
				return nil, err
			}
		}
		found := p.found(l, now, belief)
		worth := 0.0
		for _, f := range found {
			if f.fits {
				worth += f.Confidence
			}
		}
		worth /= float64(max(1, len(p.then)+1))
		if i == 0 {
			worth += 0.02 // the detector's box, when in doubt
		}
		if worth > most {
			best, most = found, worth
		}
		if i == 0 && worth > certain {
			break
		}
	}
	return best, nil
}

// untilGap is a line up to a gap of that many pixels between its letters.
func (s *sheet) untilGap(l *line, wide float64) (*line, error) {
	step := l.quad.Width() / max(1, l.lattice.Width)
	for i := 1; i < len(l.glyphs); i++ {
		if a, b := l.glyphs[i-1].Step, l.glyphs[i].Step; (b-a)*step > wide {
			return s.line(cut(l.quad, 0, (a+min(4, (b-a)/2))/l.lattice.Width))
		}
	}
	return l, nil
}

// turned reads a box whose text does not lie along the page.
func (s *sheet) turned(p *piece, area vision.Quad, now time.Time) ([]Field, error) {
	q := area.Turned(-p.Turn)
	q = q.Grown(0.2*q.Height(), 0.3*q.Height())
	center := area.Center()
	for _, v := range s.stand {
		if v.Center().Dist(center) < 0.6*q.Height() && p.Turn == 1 {
			q = v
		}
	}
	l, err := s.line(q)
	if err != nil {
		return nil, err
	}
	return p.found(l, now, 1), nil
}

// mapped is a box of millimetres in pixels.
func mapped(at placement, b [4]float64) vision.Quad {
	x, y, w, h := b[0], b[1], b[2], b[3]
	return vision.Quad{
		at.Apply(vision.Point{X: x, Y: y}), at.Apply(vision.Point{X: x + w, Y: y}),
		at.Apply(vision.Point{X: x + w, Y: y + h}), at.Apply(vision.Point{X: x, Y: y + h}),
	}
}

// between is the piece of a line between two places on the page, cut in the gap
// between letters next to them.
func (l *line) between(left, right, capHeight float64) vision.Quad {
	from, to := 0.0, 1.0
	x0, w := l.quad.Left().X, max(1, l.quad.Right().X-l.quad.Left().X)
	if x0 < left {
		from = l.gap((left-x0)/w, reachEnds*capHeight/w)
	}
	if x0+w > right {
		to = l.gap((right-x0)/w, reachEnds*capHeight/w)
	}
	return cut(l.quad, from, max(from, to))
}

// gap is the middle of the widest gap between letters within reach of a place
// along the line, 0 to 1; the place itself where there is none.
func (l *line) gap(at, reach float64) float64 {
	best, widest := at, 0.0
	for i := 1; i < len(l.glyphs); i++ {
		a, b := l.glyphs[i-1].Step/l.lattice.Width, l.glyphs[i].Step/l.lattice.Width
		if middle := (a + b) / 2; b-a > widest && math.Abs(middle-at) < reach {
			best, widest = middle, b-a
		}
	}
	return best
}

// guess is where a value is of which no line was found: as wide as it can be,
// as the network takes empty paper for letters now and then.
func (p *piece) guess(place vision.Quad, capHeight float64) vision.Quad {
	if n := p.longest(); n > 0 {
		place = cut(place, 0, min(1, float64(n)*letterWidth*capHeight/max(1, place.Width())))
	}
	return place.Grown(0.4*capHeight, (boxHeight-1)/2*capHeight)
}

// letterWidth is that of wide capitals, in heights of capitals.
const letterWidth = 1.1

// longest is how many characters the value can have, 0 for unknown.
func (p *piece) longest() int {
	n := 0
	for _, c := range p.choices {
		n = max(n, len([]rune(c.text)))
	}
	for _, s := range p.patterns {
		n = max(n, len(s.p))
	}
	for _, q := range p.then {
		k := q.longest()
		if k == 0 || n == 0 {
			return 0
		}
		n += k + 3
	}
	return n
}

// value is the box of the line, or of the pieces of it, that lies in place;
// where nothing was found, place itself and false.
func (s *sheet) value(place vision.Quad, capHeight float64) (vision.Quad, bool) {
	left, right := place.Left().X-reachEnds*capHeight, place.Right().X+reachEnds*capHeight
	var parts []vision.Quad
	nearest := math.Inf(1)
	for _, l := range s.lines {
		if s.taken[l] {
			continue
		}
		q := l.quad
		from, to := max(q.Left().X, left), min(q.Right().X, right)
		if to-from < 0.5*capHeight || q.Left().X > place.Right().X-capHeight && q.Left().X > place.Center().X || q.Right().X < place.Left().X+0.6*capHeight {
			continue // it is a neighbour's
		}
		k := ((from+to)/2 - place.Left().X) / max(1, place.Width())
		middle := place.Left().Y + (place.Right().Y-place.Left().Y)*k
		mine := q.Left().Y + (q.Right().Y-q.Left().Y)*((from+to)/2-q.Left().X)/max(1, q.Right().X-q.Left().X)
		d := math.Abs(mine - middle)
		if d > reachAcross*capHeight || q.Height() < 0.8*capHeight || q.Height() > 3.2*capHeight {
			continue
		}
		nearest = min(nearest, d)
		if q.Left().X < left || q.Right().X > right {
			q = l.between(left, right, capHeight)
		}
		parts = append(parts, q)
	}
	if len(parts) == 0 {
		return place, false
	}
	slices.SortFunc(parts, func(a, b vision.Quad) int { return cmp.Compare(a.Left().X, b.Left().X) })
	first, last := parts[0], parts[0]
	for _, q := range parts[1:] {
		if math.Abs(q.Left().Y-last.Right().Y) < 0.8*capHeight {
			last = q
		}
	}
	return vision.Quad{first[0], last[1], last[2], first[3]}, true
}

// formed says whether not every text fits.
func (p *piece) formed() bool {
	return p.Format == Date || p.Format == Choice || p.Format == Number && p.Pattern != ""
}

// found is what the line says, part by part.
func (p *piece) found(l *line, now time.Time, belief float64) []Field {
	var out []Field
	all := append([]*piece{p}, p.then...)
	for i, v := range p.parts(&l.lattice, now) {
		out = append(out, Field{Name: all[i].Name, Text: v.text, Value: v.value, Confidence: v.sure * belief,
			Box: cut(l.quad, v.from, v.to), Script: string(all[i].Script), Check: v.check, fits: v.fits, formed: all[i].formed()})
	}
	return out
}
