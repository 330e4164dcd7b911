package mrz

import (
	"errors"
	"fmt"
	"strings"
)

// Data is what Format writes.
type Data struct {
	Code        string // as "P" or "ID"
	Issuer      string // ICAO code
	Number      string // letters and digits; more than nine in TD1 and TD2 only
	Surname     string // in any Latin or Cyrillic spelling
	GivenNames  string // likewise; not in FrenchDL
	Nationality string // ICAO code; not in FrenchID and FrenchDL
	Birth       Date   // as far as known; not in FrenchDL
	Sex         string // "M", "F", "X" or ""
	Expiry      Date   // not in FrenchID
	Optional    string // in TD3 the personal number
	Optional2   string // TD1
	Office      string // FrenchID
}

// ErrData says that data cannot be written in a layout.
var ErrData = errors.New("mrz: not writable")

// Format writes the lines of a zone, check digits included. Names that are too
// long are cut as the standard asks: the last character of the field is then a
// letter, and at least one of the given names is left. The error, for data that
// does not fit or is not made of a zone's characters, wraps ErrData.
func Format(l Layout, d Data) ([]string, error) {
	w := &writer{layout: find(l)}
	if w.layout == nil {
		return nil, fmt.Errorf("%w: no layout %q", ErrData, l)
	}
	w.clear()
	w.documentCode(d)
	if len(d.Number) > 9 && (l == TD1 || l == TD2) {
		d = runOn(d)
	}
	for _, p := range w.places {
		w.place(p, d)
	}
	w.compose()
	if w.err != nil {
		return nil, w.err
	}
	lines := make([]string, len(w.lines))
	for i, s := range w.lines {
		lines[i] = string(s)
	}
	return lines, nil
}

// runOn moves what is too long of a document number into the optional data,
// with the check digit and a filler behind it (9303-5, note j).
func runOn(d Data) Data {
	rest := d.Number[9:] + string(CheckDigit(d.Number))
	d.Number = d.Number[:9] + "<"
	d.Optional = rest + "<" + d.Optional
	return d
}

// writer fills the lines of a layout; err is the first thing that went wrong.
type writer struct {
	*layout
	lines [][]byte
	err   error
}

func (w *writer) clear() {
	w.lines = make([][]byte, w.layout.lines)
	for i := range w.lines {
		w.lines[i] = []byte(padded("", w.width))
	}
}

func (w *writer) fail(what, value string) {
	if w.err == nil {
		w.err = fmt.Errorf("%w as %s: %s %q", ErrData, w.name, what, value)
	}
}

func (w *writer) documentCode(d Data) {
	if !w.accepts(padded(d.Code, 2) + padded(d.Issuer, 3)) {
		w.fail("document code", d.Code)
		return
	}
	w.put(w.code, anything, "document code", d.Code)
}

func (w *writer) place(p place, d Data) {
	n := p.To - p.From
	switch p.name {
	case names:
		w.put(p.Span, p.kind, "names", cutNames(Transliterate(d.Surname), Transliterate(d.GivenNames), n))
	case Surname:
		w.put(p.Span, p.kind, "surname", cut(Transliterate(d.Surname), n))
	case GivenNames:
		w.put(p.Span, p.kind, "given names", cut(Transliterate(d.GivenNames), n))
	case Number:
		w.number(p, d.Number)
		return
	case Birth:
		w.put(p.Span, p.kind, "birth date", sixDigits(d.Birth))
	case Expiry:
		w.put(p.Span, p.kind, "expiry date", sixDigits(d.Expiry))
	case Sex:
		w.put(p.Span, p.kind, "sex", strings.TrimSuffix(d.Sex, "X"))
	default:
		w.put(p.Span, p.kind, string(p.name), map[Name]string{
			Issuer: d.Issuer, Nationality: d.Nationality, Optional: d.Optional, Optional2: d.Optional2, Office: d.Office,
		}[p.name])
	}
	w.check(p)
}

// put writes value, whose characters the kind has to allow.
func (w *writer) put(at Span, k kind, what, value string) {
	if len(value) > at.To-at.From {
		w.fail(what, value)
		return
	}
	for i := range len(value) {
		if strings.IndexByte(Alphabet, value[i]) < 0 || !k.allows(value[i]) {
			w.fail(what, value)
			return
		}
	}
	copy(w.lines[at.Line][at.From:], value)
}

// number writes the document number; one with a filler behind it runs on
// elsewhere and has its check digit there.
func (w *writer) number(p place, value string) {
	short, runsOn := strings.CutSuffix(value, "<")
	w.put(p.Span, p.kind, "document number", short)
	if !runsOn {
		w.check(p)
	}
}

// check writes the check digit of the field at p.
func (w *writer) check(p place) {
	if p.check == none {
		return
	}
	at := p.Span
	if p.name == Number && w.counted.To > 0 {
		at = w.counted
	}
	of := string(w.lines[at.Line][at.From:at.To])
	if !(p.bare && empty(of)) {
		w.lines[p.Line][p.check] = CheckDigit(of)
	}
}

func (w *writer) compose() {
	if w.composite.To == 0 {
		return
	}
	var of []byte
	for _, s := range w.composed {
		of = append(of, w.lines[s.Line][s.From:s.To]...)
	}
	w.lines[w.composite.Line][w.composite.From] = CheckDigit(string(of))
}

// sixDigits is d as YYMMDD with fillers for what is unknown.
func sixDigits(d Date) string {
	if d.IsZero() {
		return "<<<<<<"
	}
	s := fmt.Sprintf("%02d%02d%02d", mod(d.Year, 100), d.Month, d.Day)
	if d.Month == 0 {
		return s[:2] + "<<<<"
	}
	if d.Day == 0 {
		return s[:4] + "<<"
	}
	return s
}

// cutNames joins the names and cuts them to n characters.
func cutNames(primary, secondary string, n int) string {
	if secondary == "" {
		return cut(primary, n)
	}
	// The primary identifier leaves room for two fillers and one letter.
	primary = cut(primary, n-3)
	return cut(primary+"<<"+secondary, n)
}

// cut shortens s to n characters, the last of them a letter to show that
// something is missing: where a filler would come last, the word in front of it
// loses letters until the next word begins in time.
func cut(s string, n int) string {
	for len(s) > n && s[n-1] == filler {
		end := len(strings.TrimRight(s[:n], "<"))
		s = s[:max(end-1, 0)] + s[end:]
	}
	return s[:min(len(s), n)]
}

func padded(s string, n int) string {
	if len(s) >= n {
		return s
	}
	return s + strings.Repeat("<", n-len(s))
}
