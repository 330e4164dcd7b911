package viz

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"idflow/vision"
)

// labelFile is what fields are called on documents without a template.
//
//go:embed labels.json
var labelFile []byte

// dictionary knows labels.
type dictionary struct {
	labels []label
	pieces map[string]*piece
}

type label struct {
	name   string
	folded []rune
}

func newDictionary(file []byte) (*dictionary, error) {
	var names map[string][]string
	if err := json.Unmarshal(file, &names); err != nil {
		return nil, fmt.Errorf("labels: %w", err)
	}
	d := &dictionary{pieces: map[string]*piece{}}
	for name, texts := range names {
		if name != otherLabels && !slices.Contains(Names, name) {
			return nil, fmt.Errorf("labels: %q is not a name of a field", name)
		}
		if name != otherLabels {
			d.pieces[name] = newPiece(general(name), "")
		}
		for _, s := range texts {
			d.labels = append(d.labels, label{name, folded(s)})
		}
	}
	d.sort()
	return d, nil
}

// sort puts of labels that are equally alike the longer one first, then those
// whose names come first.
func (d *dictionary) sort() {
	slices.SortStableFunc(d.labels, func(a, b label) int {
		if len(a.folded) != len(b.folded) {
			return len(b.folded) - len(a.folded)
		}
		return strings.Compare(a.name, b.name)
	})
}

// otherLabels are those of what is not read; they must not be taken for values.
const otherLabels = "other"

// general is how a field is read of which only the name is known.
func general(name string) Part {
	p := Part{Name: name, Format: Words}
	switch name {
	case "birth_date", "issue_date", "expiry_date":
		p.Format = Date
	case "document_number", "personal_number":
		p.Format = Number
	case "sex":
		p.Format = Choice
		p.Values = map[string]string{
			"M": "M", "F": "F", "M/M": "M", "F/F": "F", "F/Ж": "F", "Ж": "F", "МУЖ": "M", "ЖЕН": "F", "K/F": "F", "N/F": "F", "V/F": "F", "Ž/F": "F",
			"M/F": "F", "H/M": "M", "MOT/F": "F", "VYR/M": "M", "KVK/F": "F", "KK/M": "M", "E/M": "M", "K": "F", "X": "X", "ERKAK": "M", "AYOL": "F",
		}
	case "issuer", "address", "categories", "issuer_code", "height":
		p.Format = Text
	}
	return p
}

// sign of a label among what a line says: which field it names and where it
// stands.
type mention struct {
	name     string
	line     *line
	from, to int // runes of the line's folded text
	alike    float64
}

// How like a word has to be to a label: the fewer letters, the more.
func likeEnough(n int) float64 {
	switch {
	case n <= 3:
		return 1
	case n <= 5:
		return 0.8
	case n <= 8:
		return 0.75
	}
	return 0.7
}

// mentions finds the labels on a line: what stands between slashes, colons and
// wide gaps is one or begins with one.
func (d *dictionary) mentions(l *line) []mention {
	var out []mention
	for from := 0; from < len(l.folded); {
		to := l.segment(from)
		start := from
		for start < to-1 && l.folded[start] >= '0' && l.folded[start] <= '9' && start < from+2 {
			start++ // the number of the field
		}
		if m, ok := d.mention(l, start, to); ok {
			out = append(out, m)
		}
		from = to
	}
	return out
}

// segment is where the piece of a line ends that begins at from.
func (l *line) segment(from int) int {
	for i := from + 1; i < len(l.folded); i++ {
		for k := l.at[i-1] + 1; k < l.at[i]; k++ {
			switch shapes[l.glyphs[k].Class-1][0] {
			case '/', ':', ';':
				return i
			}
		}
		if l.glyphs[l.at[i]].Step-l.glyphs[l.at[i-1]].Step > wideGap {
			return i
		}
	}
	return len(l.folded)
}

// wideGap between letters separates texts, in steps of the lattice: 3 heights of
// a line.
const wideGap = 3 * 24 * stretch / 4

// mention is the label that a piece of a line is, or begins with.
func (d *dictionary) mention(l *line, from, to int) (mention, bool) {
	text := l.folded[from:to]
	var best mention
	quality := 0.0
	for _, x := range d.labels {
		n := len(x.folded)
		if n > len(text)+3 {
			continue
		}
		for k := range 3 { // the label is the head of the text, give or take a letter
			cutAt := n - 1 + k
			if cutAt < 1 || cutAt > len(text) {
				continue
			}
			head := text[:cutAt]
			a := 1 - float64(distance(x.folded, head))/float64(max(n, len(head)))
			// A short word counts only where the text ends with it.
			if rest := len(text) - cutAt; rest > 0 && (n < 5 || !l.breaks(from+cutAt)) {
				continue
			}
			if a < likeEnough(n) {
				continue
			}
			if q := a * math.Sqrt(float64(n)); q > quality {
				quality = q
				best = mention{x.name, l, from, from + cutAt, a}
			}
		}
	}
	return best, quality > 0
}

// breaks says whether a word ends before the rune of the folded text.
func (l *line) breaks(at int) bool {
	return at >= len(l.at) || at == 0 || l.at[at]-l.at[at-1] > 1
}

// led finds fields by their labels.
func (s *sheet) led(t *model, now time.Time) ([]Field, error) {
	d := s.r.labels
	all := map[*line][]mention{}
	for _, l := range s.lines {
		var m []mention
		if t != nil {
			m = t.labels.mentions(l)
		}
		if len(m) == 0 {
			m = d.mentions(l)
		}
		if len(m) > 0 {
			all[l] = m
		}
	}
	out, err := s.numbered(t, now)
	if err != nil {
		return nil, err
	}
	for _, l := range s.lines {
		list := all[l]
		for i, m := range list {
			if m.name == otherLabels {
				continue
			}
			if i > 0 && list[i-1].name == m.name && i+1 < len(list) {
				continue
			}
			if slices.ContainsFunc(out, func(f Field) bool { return f.Name == m.name && f.fits }) {
				continue
			}
			f, ok, err := s.labelled(m, all, t, now)
			if err != nil {
				return nil, err
			}
			if ok {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

// labelled finds the value of a label: behind it on its line, right of it, or
// below. The first that has the form of the field is it.
func (s *sheet) labelled(m mention, all map[*line][]mention, t *model, now time.Time) (Field, bool, error) {
	p := s.r.labels.pieces[m.name]
	if t != nil {
		for _, q := range t.pieces {
			if q.Name == m.name {
				p = q
			}
		}
	}
	for _, q := range s.values(m, all) {
		l, err := s.line(q)
		if err != nil {
			return Field{}, false, err
		}
		for _, f := range p.found(l, now, 1) {
			if f.Name == m.name && f.fits && f.Value != "" && f.Confidence > 0.3 {
				return f, true, nil
			}
		}
	}
	return Field{}, false, nil
}

// slashed says whether a slash is before a rune of the folded text: what follows
// is the label in another language.
func (l *line) slashed(at int) bool {
	for k := l.at[at-1] + 1; k < l.at[at]; k++ {
		if shapes[l.glyphs[k].Class-1][0] == '/' {
			return true
		}
	}
	return false
}

// values are the places where the value of a label may be, likeliest first.
func (s *sheet) values(m mention, all map[*line][]mention) []vision.Quad {
	var out []vision.Quad
	l := m.line
	last := m
	for _, o := range all[l] {
		if o.from >= last.to && o.name == m.name {
			last = o
		}
	}
	if last.to < len(l.at) && !l.slashed(last.to) && !slices.ContainsFunc(all[l], func(o mention) bool { return o.from >= last.to }) {
		out = append(out, cut(l.quad, (l.glyphs[l.at[last.to]].Step-3)/l.lattice.Width, 1))
	}
	h := l.quad.Height()
	type place struct {
		q    vision.Quad
		cost float64
	}
	var places []place
	start := l.along(l.glyphs[l.at[m.from]].Step)
	if all[l][0].from == m.from {
		start = l.quad.Left() // what is before it is the same label in another language
	}
	for _, o := range s.lines {
		if o == l || len(all[o]) > 0 {
			continue
		}
		q := o.quad
		dy := q.Center().Y - l.quad.Center().Y
		switch k := q.Height() / h; {
		case k < 0.6 || k > 3.5:
		case math.Abs(q.Left().Y-l.quad.Right().Y) < 0.5*max(h, q.Height()) && q.Left().X > l.quad.Right().X-h && q.Left().X < l.quad.Right().X+12*h:
			places = append(places, place{q, 0.5 + (q.Left().X-l.quad.Right().X)/(6*h)})
		case dy > 0.5*h && dy < 3.2*max(h, 0.7*q.Height()) && q.Left().X < l.quad.Right().X && q.Right().X > start.X-h && q.Left().X > start.X-2.5*h:
			places = append(places, place{q, dy/(2*h) + math.Abs(q.Left().X-start.X)/(4*h)})
		}
	}
	slices.SortFunc(places, func(a, b place) int { return sign(a.cost - b.cost) })
	for _, p := range places[:min(len(places), 3)] {
		out = append(out, p.q)
	}
	return out
}
