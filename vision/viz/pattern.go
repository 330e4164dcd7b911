package viz

import (
	"math"
	"strings"
	"unicode"

	"idflow/vision/ocr"
)

// pattern is a text whose kind of character is known place by place.
type pattern []place

// place is one of them: the characters that may stand there, as indices of the
// charset, and whether it may be missing.
type place struct {
	runes    []int
	optional bool
}

// compile reads a pattern: # is a digit, @ a capital without marks, * either;
// anything else stands for itself, a space may be missing, and ? after any of
// these says that it may.
func compile(s string) (pattern, *charset) {
	c := newCharset(latin26, digits+extra(s), false)
	var p pattern
	for _, r := range s {
		var allowed string
		switch r {
		case '?':
			if len(p) > 0 {
				p[len(p)-1].optional = true
			}
			continue
		case '#':
			allowed = digits
		case '@':
			allowed = latin26
		case '*':
			allowed = latin26 + digits
		default:
			allowed = string(r)
		}
		at := place{optional: r == ' '}
		for _, x := range allowed {
			if i := c.index(x); i >= 0 {
				at.runes = append(at.runes, i)
			}
		}
		if len(at.runes) > 0 {
			p = append(p, at)
		}
	}
	return p, c
}

// literal is the pattern of a text; spaces and signs may be missing.
func (c *charset) literal(s string) pattern {
	var p pattern
	for _, r := range strings.ToUpper(s) {
		if i := c.index(r); i >= 0 {
			p = append(p, place{[]int{i}, !unicode.IsLetter(r) && !unicode.IsDigit(r)})
		}
	}
	return p
}

// extra is the characters of s that stand for themselves and are no capitals.
func extra(s string) string {
	out := ""
	for _, r := range s {
		switch {
		case r == '#' || r == '@' || r == '*' || r == '?':
		case r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
		default:
			out += string(r)
		}
	}
	return out
}

// least is a probability below which the network's word means nothing.
const least = 1e-5

// misfit is by how many nats for each character a text may be less likely than
// what the network would read by itself, to be believed at all.
const misfit = 1.6

// spell finds the likeliest text of the pattern in l (Viterbi over the states of
// CTC), and by how many nats for each character it is less likely than what the
// network would read by itself: infinitely many where it has no room.
func (c *charset) spell(l *ocr.Lattice, p pattern) (reading, float64) {
	if len(p) == 0 || l.Steps < len(p) {
		return reading{}, math.Inf(1)
	}
	s := newSpelling(c, p, l.Steps)
	free := 0.0
	row := make([]float32, len(c.runes)+1)
	for t := range l.Steps {
		best := c.sum(l.At(t), row)
		free += math.Log(max(float64(best), least))
		s.step(t, row)
	}
	end := s.end()
	if end < 0 {
		return reading{}, math.Inf(1)
	}
	out := s.trace(end)
	out.sure = sureness(out.glyphs)
	return out, (free - s.score[end]) / float64(max(1, len(out.glyphs)))
}

// spelling holds the states: for each place its blank (what comes before it)
// and its runes, at last the blank behind all.
type spelling struct {
	c     *charset
	p     pattern
	first []int // the blank of each place, and of the end
	place []int // of each state
	rune  []int // of each state, -1 for blanks
	score []float64
	next  []float64
	from  [][]int32 // [step][state]
	rows  [][]float32
}

func newSpelling(c *charset, p pattern, steps int) *spelling {
	s := &spelling{c: c, p: p, from: make([][]int32, 0, steps)}
	add := func(place, r int) {
		s.place, s.rune = append(s.place, place), append(s.rune, r)
	}
	for i, at := range p {
		s.first = append(s.first, len(s.place))
		add(i, -1)
		for _, r := range at.runes {
			add(i, r)
		}
	}
	s.first = append(s.first, len(s.place))
	add(len(p), -1)
	s.score, s.next = make([]float64, len(s.place)), make([]float64, len(s.place))
	for i := range s.score {
		s.score[i] = math.Inf(-1)
	}
	return s
}

// step goes one step on.
func (s *spelling) step(t int, row []float32) {
	back := make([]int32, len(s.place))
	kept := make([]float32, len(s.place))
	for j := range s.place {
		best, from := math.Inf(-1), int32(-1)
		consider := func(k int) {
			if s.score[k] > best {
				best, from = s.score[k], int32(k)
			}
		}
		if t == 0 {
			if s.starts(s.place[j]) {
				best = 0
			}
		} else {
			s.before(j, consider)
		}
		p := row[0]
		if s.rune[j] >= 0 {
			p = row[s.rune[j]+1]
		}
		kept[j] = p
		s.next[j] = best + math.Log(max(float64(p), least))
		back[j] = from
	}
	s.score, s.next = s.next, s.score
	s.from = append(s.from, back)
	s.rows = append(s.rows, kept)
}

// starts says whether a text may begin with the place: all before may be
// missing.
func (s *spelling) starts(place int) bool {
	for i := range place {
		if !s.p[i].optional {
			return false
		}
	}
	return true
}

// before calls f with each state that j may follow.
func (s *spelling) before(j int, f func(k int)) {
	f(j) // stays
	place, r := s.place[j], s.rune[j]
	if r >= 0 {
		f(s.first[place]) // its own blank
	}
	for i := place - 1; i >= 0; i-- {
		for k := s.first[i] + 1; k < s.first[i+1]; k++ {
			if r < 0 || s.rune[k] != r {
				f(k)
			}
		}
		if r >= 0 && i+1 < place {
			f(s.first[i+1])
		}
		if !s.p[i].optional {
			return
		}
	}
	if r >= 0 {
		f(s.first[0])
	}
}

// end is the best state to end in, -1 for none.
func (s *spelling) end() int {
	best := -1
	consider := func(k int) {
		if !math.IsInf(s.score[k], -1) && (best < 0 || s.score[k] > s.score[best]) {
			best = k
		}
	}
	consider(s.first[len(s.p)])
	for i := len(s.p) - 1; i >= 0; i-- {
		for k := s.first[i] + 1; k < s.first[i+1]; k++ {
			consider(k)
		}
		if !s.p[i].optional {
			break
		}
		consider(s.first[i])
	}
	return best
}

func (s *spelling) trace(j int) reading {
	var out reading
	last := -1
	for t := len(s.from) - 1; t >= 0 && j >= 0; t-- {
		if r := s.rune[j]; r >= 0 {
			if j != last {
				out.glyphs = append(out.glyphs, glyph{r: s.c.runes[r], step: float64(t), p: s.rows[t][j], ink: 1})
			} else {
				g := &out.glyphs[len(out.glyphs)-1]
				g.p, g.step = max(g.p, s.rows[t][j]), g.step-0.5
			}
		}
		last = j
		j = int(s.from[t][j])
	}
	for a, b := 0, len(out.glyphs)-1; a < b; a, b = a+1, b-1 {
		out.glyphs[a], out.glyphs[b] = out.glyphs[b], out.glyphs[a]
	}
	out.glyphs = trimSpaces(out.glyphs)
	return out
}
