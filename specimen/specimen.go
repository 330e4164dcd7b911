// Package specimen draws identity documents of invented people and photographs
// them, with everything that can be known about the pictures: it feeds tests,
// measurements, the demo and the sandbox.
//
// A document goes through three hands. A [Generator] invents it, [Draw] prints
// one side of it, [Photograph] takes a picture of that:
//
//	g := specimen.New(7)
//	doc, err := g.Document("utopia-passport")
//	page, err := specimen.Draw(doc, portrait)
//	photo, err := specimen.Photograph(page, g.Camera(specimen.Medium))
//
// The same seed and portrait give the same bytes. Page and photo carry a
// [Truth]: what is written where, in pixels of that picture.
//
// What a document looks like is data: one file of templates/ is one type of
// document, one file of people/ the names, places and words of one country. A
// new file needs no code: see [Template] and [Country]; the package's tests say
// where texts cover each other or leave the page, and -update takes the new type
// into the golden file. The layouts of real countries follow the arrangement of their documents, not their
// artwork, and every side of every document says SPECIMEN across its visual
// zone; there is no way to leave that out.
//
// What impostors make of a document has two more hands: an [Edit] alters the page
// or the photograph, and a [Recapture] shows the page on a screen or as a print.
package specimen

import (
	"fmt"
	"math/rand/v2"

	"idflow/vision/mrz"
)

// today is the day documents are drawn up on unless a Generator says otherwise.
// It is fixed so that a seed gives the same document for ever.
var today = mrz.Date{Year: 2026, Month: 6, Day: 1}

// Generator invents documents and the circumstances of photographs. What it
// gives depends on its seed and on what it was asked before.
type Generator struct {
	// Today is the day the documents are valid on: they were issued before it and
	// expire after it. New sets it to 1 June 2026.
	Today mrz.Date

	rand *rand.Rand
}

// New makes a generator. Equal seeds make equal generators.
func New(seed uint64) *Generator {
	return &Generator{Today: today, rand: rand.New(rand.NewPCG(seed, 0x5bec1))}
}

// between is a whole number from lo to hi, both included.
func (g *Generator) between(lo, hi int) int { return lo + g.rand.IntN(hi-lo+1) }

// within is a number from lo to hi.
func (g *Generator) within(lo, hi float64) float64 { return lo + (hi-lo)*g.rand.Float64() }

func pick[T any](g *Generator, from []T) T { return from[g.rand.IntN(len(from))] }

// Document invents a document of the template and somebody to hold it.
func (g *Generator) Document(template string) (Document, error) {
	return g.DocumentOf(template, "")
}

// DocumentOf is Document for a holder of the given sex, "M" or "F"; "" leaves
// it to chance.
func (g *Generator) DocumentOf(template, sex string) (Document, error) {
	t, err := find(template)
	if err != nil {
		return Document{}, err
	}
	country := country(t.Country)
	if sex == "" {
		sex = pick(g, []string{"M", "F"})
	}
	d := Document{
		Template:  t.Key,
		Side:      t.Sides[0].Name,
		Seed:      g.rand.Uint64(),
		Holder:    g.holder(country, sex),
		Number:    g.number(t.Number),
		Authority: pick(g, country.Authorities),
		Codes:     map[string]string{},
	}
	d.Issued, d.Expires = g.validity(d.Holder.Birth, t)
	for name, pattern := range t.Codes {
		d.Codes[name] = g.number(pattern)
	}
	if t.Personal != "" {
		if d.Holder.Personal, err = g.personal(t.Personal, d.Holder); err != nil {
			return Document{}, fmt.Errorf("specimen: template %s: %w", t.Key, err)
		}
	}
	return d, nil
}

// withoutEnd is how many years ago a document that never expires may have been
// issued.
const withoutEnd = 15

// validity is a time of the template's length that Today lies in, not in its
// last months, and that does not begin before the birth.
func (g *Generator) validity(birth mrz.Date, t *Template) (from, to mrz.Date) {
	months := 12 * t.Years
	if months == 0 {
		months = 12 * withoutEnd
	}
	from = addMonths(g.Today, -g.between(1, max(1, months-6)))
	from.Day = g.between(1, 28)
	if from.Year <= birth.Year {
		from = mrz.Date{Year: birth.Year + 1, Month: birth.Month, Day: birth.Day}
	}
	if t.Years > 0 {
		to = addMonths(from, months)
	}
	return from, to
}

func addMonths(d mrz.Date, n int) mrz.Date {
	m := d.Year*12 + d.Month - 1 + n
	return mrz.Date{Year: m / 12, Month: m%12 + 1, Day: min(d.Day, 28)}
}

// number fills a pattern: # becomes a digit, @ a letter, anything else stays.
func (g *Generator) number(pattern string) string {
	b := []byte(pattern)
	for i, c := range b {
		switch c {
		case '#':
			b[i] = byte('0' + g.rand.IntN(10))
		case '@':
			b[i] = "ABCEHKMPTX"[g.rand.IntN(10)]
		}
	}
	return string(b)
}
