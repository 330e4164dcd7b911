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
}

// item is a text that tells the template.
type item struct {
	folded []rune
	box    *[4]float64
	weight float64
	title  bool
}

func newModel(t Template) *model {
	m := &model{Template: t}
	for _, x := range t.Marks {
		m.add(x.Text, x.Box, true)
	}
	for _, f := range t.Fields {
		m.pieces = append(m.pieces, newPiece(f))
		for i, s := range f.Labels {
			if box := f.Label; i == 0 || box == nil {
				m.add(s, box, false)
			}
		}
	}
	return m
}

// add notes a text; titles say more about which template it is than labels,
// which many documents share.
func (t *model) add(s string, box *[4]float64, title bool) {
	f := folded(s)
	weight := float64(min(len(f), maxWeight))
	if title {
		weight *= 2
	}
	t.items = append(t.items, item{f, box, weight, title})
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
			out = append(out, clue{mm: mm, px: edge, height: b[3], weight: it.weight, alike: at.alike, item: i, title: it.title})
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
func (t *model) fields(s *sheet, at placement, now time.Time) ([]Field, error) {
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
		q, seen := s.value(place, capHeight)
		if !seen && row > 0 {
			continue
		}
		l, err := s.line(q)
		if err != nil {
			return nil, err
		}
		found := p.found(l, now, 1)
		if !seen {
			found = p.found(l, now, 0.9)
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

// value is the box of the line, or of the pieces of it, that lies in place;
// where nothing was found, place itself and false.
func (s *sheet) value(place vision.Quad, capHeight float64) (vision.Quad, bool) {
	left, right := place.Left().X-reachEnds*capHeight, place.Right().X+reachEnds*capHeight
	var parts []vision.Quad
	nearest := math.Inf(1)
	for _, l := range s.lines {
		q := l.quad
		from, to := max(q.Left().X, left), min(q.Right().X, right)
		if to-from < 0.5*capHeight {
			continue
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
			q = cut(q, max(0, (left-q.Left().X)/q.Width()), min(1, (right-q.Left().X)/q.Width()))
		}
		parts = append(parts, q)
	}
	if len(parts) == 0 {
		grow := (boxHeight - 1) / 2 * capHeight
		return place.Grown(0.3*capHeight, grow), false
	}
	slices.SortFunc(parts, func(a, b vision.Quad) int { return cmp.Compare(a.Left().X, b.Left().X) })
	first, last := parts[0], parts[0]
	for _, q := range parts[1:] {
		if math.Abs(q.Left().Y-last.Right().Y) < 0.5*capHeight {
			last = q
		}
	}
	return vision.Quad{first[0], last[1], last[2], first[3]}, true
}

// found is what the line says, part by part.
func (p *piece) found(l *line, now time.Time, belief float64) []Field {
	var out []Field
	all := append([]*piece{p}, p.then...)
	for i, v := range p.parts(&l.lattice, now) {
		out = append(out, Field{Name: all[i].Name, Text: v.text, Value: v.value, Confidence: v.sure * belief,
			Box: l.quad, Script: string(all[i].Script), Check: v.check, fits: v.fits})
	}
	return out
}
