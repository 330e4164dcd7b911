package viz

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"idflow/vision"
)

// fieldNumber is what stands before a value on licences: 1., 4a., 4.a
var fieldNumber = regexp.MustCompile(`^ ?([0-9OoIl]{1,2})[.,]? ?([aAbBcCdD]?)[.,:]*( |$)`)

// numbered finds the fields of a template that have a number before them.
func (s *sheet) numbered(t *model, now time.Time) ([]Field, error) {
	var out []Field
	if t == nil {
		return nil, nil
	}
	for _, p := range t.pieces {
		if p.Box != nil || p.Mark == "" {
			continue
		}
		for _, l := range s.lines {
			n, ok := l.number(p.Mark)
			if !ok {
				continue
			}
			q, ok := s.behind(l, n)
			if !ok {
				continue
			}
			v, err := s.line(q)
			if err != nil {
				return nil, err
			}
			if found := p.found(v, now, 1); found[0].fits && found[0].Value != "" {
				out = append(out, found...)
				break
			}
		}
	}
	return s.above(t, out, now), nil
}

// above finds what stands above a field that was found, at the same margin, for
// the field before it in the template whose number was not seen: the small
// numbers are missed more often than the values.
func (s *sheet) above(t *model, out []Field, now time.Time) []Field {
	for i := len(t.pieces) - 2; i >= 0; i-- {
		p, next := t.pieces[i], t.pieces[i+1]
		if p.Mark == "" || p.Box != nil || p.Format != Words || has(out, p.Name) {
			continue
		}
		k := slices.IndexFunc(out, func(f Field) bool { return f.Name == next.Name })
		if k < 0 {
			continue
		}
		l := s.nextAbove(out[k].Box)
		if l == nil {
			continue
		}
		if found := p.found(l, now, unnumbered); found[0].fits {
			out = append(out, found...)
		}
	}
	return out
}

// unnumbered is how much of its confidence a value keeps whose number was not
// seen.
const unnumbered = 0.8

func has(fields []Field, name string) bool {
	return slices.ContainsFunc(fields, func(f Field) bool { return f.Name == name })
}

// nextAbove is the line above a place that begins where it begins.
func (s *sheet) nextAbove(q vision.Quad) *line {
	var best *line
	h := q.Height()
	for _, l := range s.lines {
		dy := q.Left().Y - l.quad.Left().Y
		if math.Abs(l.quad.Left().X-q.Left().X) > 0.8*h || dy < 0.5*h || dy > 3.5*h {
			continue
		}
		if best == nil || l.quad.Left().Y > best.quad.Left().Y {
			best = l
		}
	}
	return best
}

// number says whether the line begins with the mark, and how many glyphs that
// takes.
func (l *line) number(mark string) (int, bool) {
	text := l.text()
	m := fieldNumber.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	digits := strings.NewReplacer("O", "0", "o", "0", "I", "1", "l", "1").Replace(m[1])
	if digits+strings.ToLower(m[2]) != mark {
		return 0, false
	}
	return len([]rune(m[0])), true
}

// behind is the place behind the first n glyphs of a line, or of the next line
// to the right where there are no more.
func (s *sheet) behind(l *line, n int) (vision.Quad, bool) {
	if n < len(l.glyphs) {
		from := (l.glyphs[n-1].Step + l.glyphs[n].Step) / 2 / l.lattice.Width
		return cut(l.quad, from, 1), true
	}
	best, nearest := vision.Quad{}, math.Inf(1)
	h := l.quad.Height()
	for _, o := range s.lines {
		gap := o.quad.Left().X - l.quad.Right().X
		if o == l || gap < -h || gap > 6*h || gap >= nearest || math.Abs(o.quad.Left().Y-l.quad.Right().Y) > 0.6*max(h, o.quad.Height()) {
			continue
		}
		best, nearest = o.quad, gap
	}
	return best, !math.IsInf(nearest, 1)
}
