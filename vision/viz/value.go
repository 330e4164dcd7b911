package viz

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"idflow/vision/ocr"
)

// piece is a part of a template, ready for reading.
type piece struct {
	Part
	set      *charset // of the whole value, where no pattern says more
	patterns []spelled
	choices  []choice
	then     []*piece
	whole    *charset // of the line with all parts, nil where there is one part
	split    rune
}

// spelled is a compiled pattern.
type spelled struct {
	set *charset
	p   pattern
}

type choice struct {
	text    string
	meaning string
	folded  []rune
	spelled pattern
}

// newPiece makes a part ready; letters are the template's.
func newPiece(p Part, own string) *piece {
	f := &piece{Part: p}
	letters := capitals[p.Script]
	if p.Script == Latin && own != "" {
		letters = latin26 + own + "'"
	}
	if p.Script == Mixed {
		letters = latin26 + marked + russian + "ӘҒҚҢӨҰҮҺІЎҲЄЇҐ'"
	}
	switch p.Format {
	case Words:
		f.set = newCharset(letters, " -.", p.Small)
	case Text:
		f.set = newCharset(letters, digits+signs, p.Small)
	case Date:
		f.set = newCharset(letters, digits+" .-/", p.Small)
		if p.Pattern != "" {
			for _, s := range datePatterns(p.Pattern) {
				f.add(s)
			}
		}
	case Number:
		f.set = newCharset(latin26, digits+" -./", false)
		if p.Pattern != "" {
			f.add(p.Pattern)
		}
	case Choice:
		f.choose()
	}
	for _, q := range p.Then {
		f.then = append(f.then, newPiece(q, own))
		f.split = []rune(p.Separator)[0]
	}
	if len(f.then) > 0 {
		f.whole = newCharset(f.letters(), digits+signs, false)
	}
	return f
}

// letters are those of all parts.
func (f *piece) letters() string {
	s := string(f.set.runes)
	for _, q := range f.then {
		s += q.letters()
	}
	return s
}

func (f *piece) add(s string) {
	p, c := compile(s)
	f.patterns = append(f.patterns, spelled{c, p})
}

func (f *piece) choose() {
	letters := ""
	for text, meaning := range f.Values {
		f.choices = append(f.choices, choice{text: text, meaning: meaning, folded: folded(text)})
	}
	slices.SortFunc(f.choices, func(a, b choice) int { return strings.Compare(a.text, b.text) })
	for _, c := range f.choices {
		letters += strings.ToUpper(c.text)
	}
	f.set = newCharset(letters, " /.", false)
	for i := range f.choices {
		f.choices[i].spelled = f.set.literal(f.choices[i].text)
	}
}

// said is what a piece of a line says.
type said struct {
	text, value string
	sure        float64
	fits        bool // it has the form that it should have
	check       string
	from, to    float64 // where along the line, 0 to 1
}

// read reads the part out of a lattice.
func (f *piece) read(l *ocr.Lattice, now time.Time) said {
	var v said
	switch f.Format {
	case Date:
		v = f.date(l, now)
	case Number:
		v = f.number(l)
	case Choice:
		v = f.choice(l)
	default:
		r := f.set.read(l)
		v = said{text: r.text(), sure: r.sure}
		v.value = tidy(v.text)
		v.fits = len([]rune(v.value)) >= 2 || v.value != "" && f.Format == Text
		if meaning, ok := f.Values[v.value]; ok {
			v.value = meaning
		}
	}
	return v
}

// tidy leaves out doubled spaces and what is no part of a word at its ends.
func tidy(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	s = strings.NewReplacer("' ", "'", " '", "'", "ʻ ", "ʻ", " ʻ", "ʻ").Replace(s)
	s = strings.NewReplacer(" /", "/", "/ ", "/", " / ", "/").Replace(s)
	s = strings.Trim(s, " -/,:;'&+\"")
	return strings.TrimLeft(s, ".)")
}

func (f *piece) date(l *ocr.Lattice, now time.Time) said {
	latest := lastYear(f.Name, now)
	if r, ok := f.spell(l); ok {
		if value, ok := isoOf(f.Pattern, r.text(), latest); ok {
			return said{text: r.text(), value: value, sure: r.sure, fits: true}
		}
	}
	r := f.set.read(l)
	v := said{text: r.text(), sure: r.sure}
	if value, ok := parseDate(v.text, latest); ok {
		v.value, v.fits = value, true
	}
	return v
}

func (f *piece) number(l *ocr.Lattice) said {
	var v said
	if r, ok := f.spell(l); ok {
		v = said{text: r.text(), sure: r.sure, fits: true}
	} else {
		r := f.set.read(l)
		v = said{text: r.text(), sure: r.sure, fits: f.Pattern == "" && strings.ContainsAny(r.text(), digits)}
		v.text = withoutLookalikes(v.text)
	}
	v.value = strings.Trim(strings.NewReplacer(" ", "", "№", "").Replace(v.text), ".-/")
	if f.Check != "" {
		v.check = "failed"
		if checks[f.Check](v.value) {
			v.check = "passed"
		} else {
			v.sure /= 2
		}
	}
	return v
}

// lookalike is an O or I before a digit of a number that has many.
var lookalike = regexp.MustCompile(`[OI]+[0-9]{3,}`)

// withoutLookalikes makes digits of them; documents' numbers avoid these
// letters.
func withoutLookalikes(s string) string {
	return lookalike.ReplaceAllStringFunc(s, strings.NewReplacer("O", "0", "I", "1").Replace)
}

// spell finds the pattern that fits best.
func (f *piece) spell(l *ocr.Lattice) (reading, bool) {
	var best reading
	least := math.Inf(1)
	for _, p := range f.patterns {
		if r, loss := p.set.spell(l, p.p); loss < least {
			best, least = r, loss
		}
	}
	return best, least < misfit
}

// A choice may be less likely than what the network reads by itself by so many
// nats for each of its characters (there are few to choose from), and has to be
// likelier than the next by so many.
const (
	misfitChoice = 4.5
	clearChoice  = 0.7
)

// alikeChoice is how like a choice has to be to what was read, where there is
// more on the line.
const alikeChoice = 0.6

func (f *piece) choice(l *ocr.Lattice) said {
	first, second := math.Inf(1), math.Inf(1)
	var best choice
	var read reading
	for _, c := range f.choices {
		r, loss := f.set.spell(l, c.spelled)
		switch {
		case loss >= first && c.meaning == best.meaning:
		case loss < first:
			if c.meaning != best.meaning {
				second = first
			}
			first, best, read = loss, c, r
		case loss < second:
			second = loss
		}
	}
	if first < misfitChoice && second-first > clearChoice {
		return said{text: best.text, value: best.meaning, sure: read.sure, fits: true}
	}
	return f.likest(l)
}

// likest is the choice that is most like to what was read.
func (f *piece) likest(l *ocr.Lattice) said {
	r := f.set.read(l)
	v := said{text: r.text(), sure: r.sure}
	got, best := folded(v.text), 0.0
	for _, c := range f.choices {
		if a := 1 - float64(distance(got, c.folded))/float64(max(len(got), len(c.folded), 1)); a > best {
			best = a
			if a >= alikeChoice {
				v.text, v.value, v.fits = c.text, c.meaning, true
			}
		}
	}
	return v
}

// parts reads all parts of a line: they are told apart by the separators.
func (f *piece) parts(l *ocr.Lattice, now time.Time) []said {
	if len(f.then) == 0 {
		v := f.read(l, now)
		v.from, v.to = 0, 1
		return []said{v}
	}
	all := append([]*piece{f}, f.then...)
	var out []said
	from := 0
	for i, q := range all {
		to := l.Steps
		if i+1 < len(all) {
			to = f.nextSplit(l, from, all[i].split)
		}
		v := q.read(part(l, from, to), now)
		v.from, v.to = min(1, float64(from)/max(1, l.Width)), min(1, float64(to)/max(1, l.Width))
		out = append(out, v)
		from = to + 1
		if from >= l.Steps {
			break
		}
	}
	return out
}

// nextSplit is the step of the next separator, or the end. Spaces separate only
// behind a digit, where a date or a number ends.
func (f *piece) nextSplit(l *ocr.Lattice, from int, split rune) int {
	if split == 0 {
		split = f.split
	}
	digitsSeen := 0
	for _, g := range f.whole.read(part(l, from, l.Steps)).glyphs {
		if g.r >= '0' && g.r <= '9' {
			digitsSeen++
		}
		if g.r == split && (split != ' ' || digitsSeen >= 8) {
			return from + int(g.step)
		}
	}
	return l.Steps
}
