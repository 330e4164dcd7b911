package mrz

import (
	"strings"
	"time"
)

// parse reads lines, which fit, by the layout.
func (l *layout) parse(lines []string, now time.Time) *Document {
	d := &Document{Layout: l.name, Lines: lines}
	d.Fields = append(d.Fields, l.documentCode(lines))
	for _, p := range l.places {
		switch p.name {
		case names:
			d.addNames(p, lines)
		case Number:
			d.addNumber(l, p, lines)
		default:
			f := p.field(lines)
			f.read(p.kind)
			d.Fields = append(d.Fields, f)
		}
	}
	d.readDates(l, now)
	d.readTruncation(l)
	if l.name == RussianID {
		d.russian()
	}
	if l.composite.To > 0 {
		d.Composite = l.checkComposite(lines)
	}
	for i := range d.Fields {
		d.Fields[i].judge()
	}
	return d
}

func (l *layout) documentCode(lines []string) Field {
	raw := l.code.of(lines)
	return Field{Name: Code, Raw: raw, Value: text(raw), At: []Span{l.code}}
}

// field is the field at p with its check digit and its raw text.
func (p place) field(lines []string) Field {
	raw := p.of(lines)
	f := Field{Name: p.name, Raw: raw, At: []Span{p.Span}}
	if p.check != none {
		f.Check = newCheck(raw, Span{p.Line, p.check, p.check + 1}, lines)
		if f.Check.Digit == "<" && p.bare && empty(raw) {
			f.Check.Absent, f.Check.OK = true, true
		}
	}
	return f
}

func newCheck(of string, at Span, lines []string) *Check {
	c := &Check{Digit: at.of(lines), Expected: string(CheckDigit(of)), At: at}
	c.OK = c.Digit == c.Expected
	return c
}

func (l *layout) checkComposite(lines []string) *Check {
	var b strings.Builder
	for _, s := range l.composed {
		b.WriteString(s.of(lines))
	}
	return newCheck(b.String(), l.composite, lines)
}

// read gives a field that is not a date its value and finds wrong characters.
func (f *Field) read(k kind) {
	f.Value = text(f.Raw)
	for i := range len(f.Raw) {
		if !k.allows(f.Raw[i]) {
			f.Problem = BadCharacter
		}
	}
	if k == sex && f.Value == "" {
		f.Value = "X"
	}
}

// judge states what is wrong with the field where read has not already.
func (f *Field) judge() {
	switch {
	case f.Problem != "":
	case (f.Name == Issuer || f.Name == Nationality) && f.Value == "":
		f.Problem = Missing
	case (f.Name == Issuer || f.Name == Nationality) && !Listed(f.Value):
		f.Problem = UnlistedCode
	case f.Name == Number && f.Value == "", f.Name == Surname && f.Value == "":
		f.Problem = Missing
	case f.Check != nil && !f.Check.OK:
		f.Problem = BadCheckDigit
	}
}

// addNames splits the names at the first two fillers in a row.
func (d *Document) addNames(p place, lines []string) {
	raw := p.of(lines)
	primary, _, found := strings.Cut(raw, "<<")
	secondary := len(raw)
	if found {
		secondary = len(primary) + 2
	}
	for _, part := range []struct {
		name     Name
		from, to int
	}{{Surname, 0, len(primary)}, {GivenNames, secondary, len(raw)}} {
		f := Field{Name: part.name, Raw: raw[part.from:part.to], At: []Span{{p.Line, p.From + part.from, p.From + part.to}}}
		f.read(p.kind)
		d.Fields = append(d.Fields, f)
	}
}

// addNumber reads the document number. In TD1 and TD2 a number of more than nine
// characters runs on into the optional data: a filler stands for its check
// digit, and the rest, the check digit and a filler follow there.
func (d *Document) addNumber(l *layout, p place, lines []string) {
	f := p.field(lines)
	if l.counted.To > 0 {
		f.Check = newCheck(l.counted.of(lines), f.Check.At, lines)
	}
	if l.long(p) && f.Check.Digit == "<" {
		l.runOn(&f, p, lines)
	}
	f.Value = text(f.Raw)
	d.Fields = append(d.Fields, f)
}

// runOn completes a number from the optional data, where there is something.
//
// The check digit is that of the whole number (9303-5, note j). Some issuers
// also count the filler between its parts, which shifts the weights; both are
// right.
func (l *layout) runOn(f *Field, p place, lines []string) {
	var optional Span
	for _, o := range l.places {
		if o.name == Optional {
			optional = o.Span
		}
	}
	rest, _, _ := strings.Cut(optional.of(lines), "<")
	if rest == "" {
		return
	}
	end := optional.From + len(rest) - 1
	tail := Span{optional.Line, optional.From, end}
	whole := f.Raw + tail.of(lines)
	f.Check = newCheck(whole, Span{optional.Line, end, end + 1}, lines)
	if counted := string(CheckDigit(f.Raw + "<" + tail.of(lines))); f.Check.Digit == counted {
		f.Check.Expected, f.Check.OK = counted, true
	}
	f.Raw = whole
	f.At = append(f.At, tail)
}

// readDates reads the dates together, for the expiry follows the birth.
func (d *Document) readDates(l *layout, now time.Time) {
	var birth Date
	for i := range d.Fields {
		f := &d.Fields[i]
		if f.Name == Birth {
			birth, f.Problem = parseDate(f.Raw, birthYear(f.Raw, now))
			f.Value = birth.String()
		}
	}
	ahead := aheadCard
	if l.first == "P" || l.first == "V" {
		ahead = aheadBook
	}
	for i := range d.Fields {
		f := &d.Fields[i]
		if f.Name == Expiry {
			var expiry Date
			expiry, f.Problem = parseDate(f.Raw, expiryYear(birth, ahead, now))
			f.Value = expiry.String()
		}
	}
}

// readTruncation looks for a name field without a filler at its end.
func (d *Document) readTruncation(l *layout) {
	for _, p := range l.places {
		if (p.name == names || p.name == Surname || p.name == GivenNames) && d.Lines[p.Line][p.To-1] != filler {
			d.NamesTruncated = true
		}
	}
}

// text is s with its fillers as spaces, none at the ends and no two in a row.
func text(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == filler }), " ")
}

func empty(s string) bool { return strings.Trim(s, "<") == "" }
