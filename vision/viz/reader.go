// Package viz reads the visual zone of documents: what is printed for people.
//
// A page is searched for lines of text, which a network reads. Which type of
// document it is follows from its titles and labels and where they are; a
// template of templates/ then says where each field is, what it is called, in
// which letters it is written and what form it has. On documents without a
// template the labels lead to the values. Nothing is judged here: every text
// comes with how sure the network is.
package viz

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"idflow/vision"
	"idflow/vision/ocr"
	"idflow/vision/onnx"
)

// Field is what the document says about one thing.
type Field struct {
	Name       string  // one of Names
	Text       string  // as it is printed
	Value      string  // dates YYYY-MM-DD, numbers without spaces, words in capitals; "" where Text has not the form that it should have
	Confidence float64 // 0 to 1; the network's, lower where a number's check failed
	Box        vision.Quad
	Script     string
	Check      string // "passed" or "failed"; "" for what has no check

	fits     bool
	formed   bool // what fits is no accident: a date, a number of a pattern, a choice
	template bool // its place was known
}

// Result is what was read of a page.
type Result struct {
	Template string // key, "" where none fits
	Country  string // code as in machine-readable zones, "" for unknown
	Type     string // one of Types, "" for unknown
	Side     string // "front" or "back"
	Fields   []Field
	Lines    []Line
	Score    float64 // 0 to 1: how well the template fits
	Turned   bool    // the page lay upside down; places are those of the page as it was given
	Places   []Place // where the template has its fields on this page
}

// Place is where a template has a field on a page.
type Place struct {
	Name string
	Quad vision.Quad
}

// Field is the first field of the name and the script, or of any script for "".
func (r Result) Field(name string, script Script) (Field, bool) {
	for _, f := range r.Fields {
		if f.Name == name && (script == "" || f.Script == string(script)) {
			return f, true
		}
	}
	return Field{}, false
}

// Hint is what is known of the document from elsewhere, such as its
// machine-readable zone: country code, type and side; "" for unknown.
type Hint struct{ Country, Type, Side string }

// Reader reads pages. It is safe for concurrent use.
type Reader struct {
	text   *ocr.Detector
	lines  *ocr.Recognizer
	models []*model
	labels *dictionary
	now    func() time.Time
}

// stretch is by how much wider than high the network wants its lines
// (train/viz).
const stretch = 1.5

// NewReader uses the networks text_detect and viz_crnn of the model manifest,
// and the templates given. The centuries of dates of two digits follow from
// now.
func NewReader(textDetect, vizCRNN *onnx.Net, templates []Template, now func() time.Time) (*Reader, error) {
	r := &Reader{text: ocr.NewDetector(textDetect), lines: ocr.NewStretched(vizCRNN, len(shapes), stretch), now: now}
	for _, t := range templates {
		if err := t.Lint(); err != nil {
			return nil, fmt.Errorf("template %s: %w", t.Key, err)
		}
		r.models = append(r.models, newModel(t))
	}
	r.weigh()
	var err error
	r.labels, err = newDictionary(labelFile)
	return r, err
}

// weigh gives titles that many countries' documents have, such as PASSPORT, less
// to say.
func (r *Reader) weigh() {
	countries := map[string]map[string]bool{}
	for _, m := range r.models {
		for _, it := range m.items {
			if countries[string(it.folded)] == nil {
				countries[string(it.folded)] = map[string]bool{}
			}
			countries[string(it.folded)][m.Country] = true
		}
	}
	for _, m := range r.models {
		for i := range m.items {
			if it := &m.items[i]; it.title {
				it.weight /= float64(len(countries[string(it.folded)]))
			}
		}
	}
}

// Numbers of the choice among templates.
const (
	minScore    = 0.35 // of a template's texts in their places, or it is none
	minHinted   = 0.12 // likewise where the hint names the country: small print may not be readable
	minUnplaced = 0.25 // likewise of a template without places: a title, or half of its labels
	minFormed   = 0.8  // of the fields that have a form, to know a template of a known country by them alone
	minPart     = 0.5  // likewise of a page that is a part of the picture
	contenders  = 3
)

// Read reads a page, which is straight: its sides are the picture's, right way
// up or upside down. A page without text is not an error.
func (r *Reader) Read(ctx context.Context, page *vision.Image, hint Hint) (Result, error) {
	s := r.sheet(ctx, page)
	if err := s.find(); err != nil {
		return Result{}, err
	}
	up, err := s.upright()
	if err != nil {
		return Result{}, err
	}
	if up >= 0 {
		return r.read(s, hint)
	}
	turned := r.sheet(ctx, page.Rotate(2))
	if err := turned.find(); err != nil {
		return Result{}, err
	}
	out, err := r.read(turned, hint)
	out.turn(page)
	return out, err
}

func (r *Reader) sheet(ctx context.Context, m *vision.Image) *sheet {
	return &sheet{r: r, ctx: ctx, m: m, known: map[vision.Quad]*line{}, alike: map[likenessKey]span{}}
}

// turn gives the places on the page as it was given.
func (out *Result) turn(page *vision.Image) {
	out.Turned = true
	w, h := float64(page.W-1), float64(page.H-1)
	back := func(q vision.Quad) vision.Quad {
		for i := range q {
			q[i] = vision.Point{X: w - q[i].X, Y: h - q[i].Y}
		}
		return q
	}
	for i := range out.Lines {
		out.Lines[i].Quad = back(out.Lines[i].Quad)
	}
	for i := range out.Fields {
		out.Fields[i].Box = back(out.Fields[i].Box)
	}
	for i := range out.Places {
		out.Places[i].Quad = back(out.Places[i].Quad)
	}
}

// read finds the template and its fields, or what labels lead to.
func (r *Reader) read(s *sheet, hint Hint) (Result, error) {
	var out Result
	for _, l := range s.lines {
		out.Lines = append(out.Lines, Line{l.quad, l.text(), l.sure})
	}
	now := r.now()
	best, err := r.choose(s, hint, now)
	if err != nil {
		return out, err
	}
	out.Country, out.Type, out.Side = hint.Country, hint.Type, hint.Side
	if best.model != nil {
		t := best.model
		out.Template, out.Type, out.Side, out.Score = t.Key, t.Type, t.Side, min(1, best.score)
		if t.Country != "" {
			out.Country = t.Country
		}
		out.Fields = best.fields
		for _, f := range t.Fields {
			if f.Box != nil {
				out.Places = append(out.Places, Place{f.Name, mapped(best.at, *f.Box)})
			}
		}
	}
	// Labels lead to what the template has no place for.
	led, err := s.led(best.model, now)
	if err != nil {
		return out, err
	}
	for _, f := range led {
		if !slices.ContainsFunc(out.Fields, func(x Field) bool { return x.Name == f.Name && (x.fits || x.template) }) {
			out.Fields = append(out.Fields, f)
		}
	}
	out.Fields = slices.DeleteFunc(out.Fields, func(f Field) bool { return f.Text == "" })
	return out, nil
}

// contender is a template that may be the page's.
type contender struct {
	model  *model
	at     placement
	clues  []clue
	fields []Field
	score  float64
}

// choose finds the template that fits best: by its texts first, and of the best
// few by what the fields say, which have a form.
func (r *Reader) choose(s *sheet, hint Hint, now time.Time) (contender, error) {
	var list []contender
	zone := s.zoneCountry(r.models)
	for _, m := range r.models {
		if !hint.allows(&m.Template) {
			continue
		}
		c := contender{model: m}
		least := minScore
		if m.placed() {
			c.clues = m.clues(s)
			c.at = m.place(s, c.clues)
			c.score = c.at.score
			if m.Country != "" && (hint.Country != "" || m.Country == zone) {
				least = 0
			}
		} else {
			c.score, least = m.unplaced(s)/2, minUnplaced
		}
		if c.at.part {
			least = minPart
		}
		if c.score >= least {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b contender) int { return sign(b.score - a.score) })
	var best contender
	for _, c := range list[:min(len(list), contenders)] {
		if c.model.placed() {
			if len(list) > 1 && c.score < 0.6*list[0].score {
				continue
			}
			var err error
			if c.fields, err = c.model.fields(s, c.at, c.clues, now); err != nil {
				return best, err
			}
			if c.score < minHinted && formed(c.fields) < minFormed {
				continue
			}
			c.score = (2*c.score + plausible(c.fields)) / 3
		}
		if best.model == nil || c.score > best.score {
			best = c
		}
	}
	return best, nil
}

// zoneCountry is the country of a template whose code is where a line of a
// machine-readable zone has it, "" for none.
func (s *sheet) zoneCountry(models []*model) string {
	for _, l := range s.lines {
		if len(l.glyphs) < 20 {
			continue
		}
		head := strings.ReplaceAll(string(l.folded[:min(len(l.folded), 6)]), "0", "O")
		for _, m := range models {
			if m.Country != "" && zoneCode.MatchString(head) && strings.Contains(head[1:], string(folded(m.Country))) {
				return m.Country
			}
		}
	}
	return ""
}

// zoneCode is how a zone begins (ICAO Doc 9303), fillers left out.
var zoneCode = regexp.MustCompile(`^[PIACV][A-Z]{3,5}`)

// plausible is the share of the fields that have the form that they should
// have, by how sure their texts are.
func plausible(fields []Field) float64 {
	sum := 0.0
	for _, f := range fields {
		if f.fits {
			sum += f.Confidence
		}
	}
	return sum / float64(max(1, len(fields)))
}

// formed is the share of the fields with a form that have it, 0 where there are
// fewer than two.
func formed(fields []Field) float64 {
	n, good := 0, 0
	for _, f := range fields {
		if f.formed {
			n++
			if f.fits && f.Confidence > 0.5 {
				good++
			}
		}
	}
	if n < 2 {
		return 0
	}
	return float64(good) / float64(n)
}

func (h Hint) allows(t *Template) bool {
	return (h.Country == "" || t.Country == "" || h.Country == t.Country) && (h.Type == "" || h.Type == t.Type) &&
		(h.Side == "" || h.Side == t.Side)
}
