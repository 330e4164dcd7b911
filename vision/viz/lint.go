package viz

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lint says everything that is wrong with a template, joined with
// [errors.Join]; nil for nothing.
func (t *Template) Lint() error {
	l := &linter{t: t}
	l.head()
	for i, m := range t.Marks {
		where := fmt.Sprintf("marks[%d]", i)
		l.text(where, m.Text)
		if len(folded(m.Text)) < 3 {
			l.wrong("%s: %q has fewer than 3 letters or digits", where, m.Text)
		}
		l.box(where, m.Box)
	}
	for i := range t.Fields {
		l.field(fmt.Sprintf("fields[%d]", i), &t.Fields[i], 0)
	}
	l.overlaps()
	return errors.Join(l.found...)
}

type linter struct {
	t     *Template
	found []error
}

func (l *linter) wrong(format string, a ...any) {
	if len(l.found) < maxItems {
		l.found = append(l.found, fmt.Errorf(format, a...))
	}
}

func (l *linter) head() {
	t := l.t
	if t.Key == "" || strings.Trim(t.Key, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		l.wrong("key: %q: want small letters, digits and hyphens", t.Key)
	}
	if t.Title == "" {
		l.wrong("title: missing")
	}
	if len(t.Country) > 3 || strings.Trim(t.Country, latin26) != "" {
		l.wrong("country: %q: want the code of machine-readable zones", t.Country)
	}
	if !slices.Contains(Types, t.Type) {
		l.wrong("type: %q: want one of %s", t.Type, strings.Join(Types, ", "))
	}
	if t.Side != "front" && t.Side != "back" {
		l.wrong("side: %q: want front or back", t.Side)
	}
	for i, v := range t.Size {
		if !(v >= 20 && v <= maxSide) {
			l.wrong("size[%d]: %v: want 20 to %d mm", i, v, maxSide)
		}
	}
	l.text("letters", t.Letters)
	if len(t.Fields) == 0 {
		l.wrong("fields: none")
	}
	if len(t.Fields) > maxItems || len(t.Marks) > maxItems {
		l.wrong("more than %d fields or marks", maxItems)
	}
	if len(t.Marks) == 0 && !slices.ContainsFunc(t.Fields, func(p Part) bool { return len(p.Labels) > 0 }) {
		l.wrong("neither marks nor labels: the document could not be recognised")
	}
}

func (l *linter) field(where string, p *Part, depth int) {
	where += " " + p.Name
	if depth > maxNested || len(p.Then) > maxItems {
		l.wrong("%s: too many parts", where)
		return
	}
	if !slices.Contains(Names, p.Name) {
		l.wrong("%s: not a name of a field (see Names)", where)
	}
	if !slices.Contains(formats, p.Format) {
		l.wrong("%s: format %q: want one of %v", where, p.Format, formats)
	}
	if _, ok := capitals[p.Script]; !ok && p.Script != Mixed {
		l.wrong("%s: script %q is not known", where, p.Script)
	}
	if len(p.Labels) > maxItems {
		l.wrong("%s: more than %d labels", where, maxItems)
	}
	for _, s := range p.Labels {
		l.text(where+" labels", s)
	}
	l.box(where, p.Box)
	l.box(where+" label", p.Label)
	if depth == 0 && p.Box == nil && len(p.Labels) == 0 && p.Mark == "" {
		l.wrong("%s: neither box nor labels nor mark", where)
	}
	if len(p.Mark) > 3 || strings.Trim(p.Mark, digits+"abcd") != "" || p.Mark != "" && !strings.Contains(digits, p.Mark[:1]) {
		l.wrong("%s: mark %q: want a number, and perhaps a small letter up to d", where, p.Mark)
	}
	if depth > 0 && (p.Box != nil || p.Label != nil || len(p.Labels) > 0 || p.Lines > 0 || p.Turn != 0) {
		l.wrong("%s: boxes, labels, lines and turn belong to the first part", where)
	}
	if p.Turn < 0 || p.Turn > 3 || p.Turn != 0 && p.Box == nil {
		l.wrong("%s: turn %d: want 0 to 3, and a box", where, p.Turn)
	}
	if p.Lines < 0 || p.Lines > 6 {
		l.wrong("%s: %d lines: want up to 6", where, p.Lines)
	}
	if (len(p.Then) > 0) != (p.Separator != "") {
		l.wrong("%s: separator and then go together", where)
	}
	l.format(where, p)
	for i := range p.Then {
		l.field(fmt.Sprintf("%s then[%d]", where, i), &p.Then[i], depth+1)
	}
}

func (l *linter) format(where string, p *Part) {
	l.text(where+" pattern", strings.NewReplacer("#", "", "@", "", "*", "", "?", "").Replace(p.Pattern))
	switch p.Format {
	case Date:
		if p.Pattern != "" && dateParts(p.Pattern) != 3 {
			l.wrong("%s: pattern %q: want DD, MM or MMM, and YY or YYYY once each", where, p.Pattern)
		}
	case Choice:
		if len(p.Values) == 0 {
			l.wrong("%s: a choice without values", where)
		}
	case Number:
	default:
		if p.Pattern != "" {
			l.wrong("%s: a %s has no pattern", where, p.Format)
		}
	}
	if len(p.Values) > maxItems {
		l.wrong("%s: more than %d values", where, maxItems)
	}
	for k := range p.Values {
		l.text(where+" values", k)
	}
	if p.Check != "" && (checks[p.Check] == nil || p.Format != Number) {
		l.wrong("%s: check %q is not known, or this is no number", where, p.Check)
	}
}

func (l *linter) text(where, s string) {
	if utf8.RuneCountInString(s) > maxText || !utf8.ValidString(s) {
		l.wrong("%s: more than %d letters, or no text", where, maxText)
	}
	for _, r := range s {
		if shapeOf[r] == 0 {
			l.wrong("%s: %q has the letter %q, which cannot be read", where, s, r)
			return
		}
	}
}

func (l *linter) box(where string, b *[4]float64) {
	if b == nil {
		return
	}
	const slack = 2 // mm beyond the page
	x, y, w, h := b[0], b[1], b[2], b[3]
	if !(w >= 0 && h > 0 && x >= -slack && y >= -slack && x+w <= l.t.Size[0]+slack && y+h <= l.t.Size[1]+slack) {
		l.wrong("%s: box %v is not on the page", where, *b)
	}
}

// overlaps finds fields that would read each other's values.
func (l *linter) overlaps() {
	if len(l.t.Fields) > maxItems {
		return
	}
	for i, p := range l.t.Fields {
		for _, q := range l.t.Fields[:i] {
			if p.Box == nil || q.Box == nil {
				continue
			}
			x := min(p.Box[0]+p.Box[2], q.Box[0]+q.Box[2]) - max(p.Box[0], q.Box[0])
			y := min(p.Box[1]+p.Box[3], q.Box[1]+q.Box[3]) - max(p.Box[1], q.Box[1])
			if x > 0.5 && y > 0.5 {
				l.wrong("fields %s and %s: their boxes cover each other", q.Name, p.Name)
			}
		}
	}
}
