// Package mrz reads the machine-readable zone of travel and identity documents
// (ICAO Doc 9303): out of text (Parse) and out of a picture (Reader), and
// writes one for given data (Format).
//
// A zone with all check digits right is not yet a right one: names, codes and
// sex carry no check digit. See Result for what a reading says about each
// character.
package mrz

import (
	"fmt"
	"strings"
	"time"
)

// Alphabet is every character a zone may have; '<' is the filler.
const Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"

const filler = '<'

// CheckDigit is the check digit of s: the sum of the values of its characters
// (0-9, A=10 … Z=35, filler 0) weighted 7, 3, 1 in turn, modulo 10 (ICAO Doc
// 9303-3, 4.9).
func CheckDigit(s string) byte {
	sum := 0
	for i := range len(s) {
		sum += weights[i%3] * value(s[i])
	}
	return byte('0' + sum%10)
}

var weights = [3]int{7, 3, 1}

func value(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return 0
}

// Name says which field of a document a Field is.
type Name string

// The fields. Not every layout has all of them.
const (
	Code        Name = "document_code" // one or two characters, as "P", "ID", "AC"
	Issuer      Name = "issuing_state" // ICAO code
	Number      Name = "document_number"
	Surname     Name = "surname"     // primary identifier
	GivenNames  Name = "given_names" // secondary identifier
	Nationality Name = "nationality" // ICAO code
	Birth       Name = "birth_date"
	Sex         Name = "sex" // "M", "F" or "X"
	Expiry      Name = "expiry_date"
	Optional    Name = "optional_data"   // in a passport the personal number
	Optional2   Name = "optional_data_2" // second line of TD1
	Office      Name = "issuing_office"  // FrenchID: department and office; RussianID: code of the unit
	Issue       Name = "issue_date"      // RussianID
	Patronymic  Name = "patronymic"      // RussianID
)

// Problem says what is wrong with a field; it is empty when nothing is.
type Problem string

// What can be wrong with a field on its own.
const (
	BadCheckDigit Problem = "check_digit"   // the check digit is not that of the field
	BadCharacter  Problem = "bad_character" // a digit among letters, a letter in a date, …
	BadDate       Problem = "bad_date"      // no such day
	UnlistedCode  Problem = "unlisted_code" // not in ICAO's lists of states and authorities
	Missing       Problem = "missing"       // nothing but fillers where the standard asks for more
)

// Span is a run of characters: of line Line (from 0) those from From up to,
// not including, To.
type Span struct {
	Line int `json:"line"`
	From int `json:"from"`
	To   int `json:"to"`
}

func (s Span) of(lines []string) string { return lines[s.Line][s.From:s.To] }

// Check is a check digit and what came of it.
type Check struct {
	Digit    string `json:"digit"`    // as printed
	Expected string `json:"expected"` // as computed
	At       Span   `json:"at"`
	// Absent is true where a filler stands in the digit's place and may, because
	// there is nothing to check.
	Absent bool `json:"absent,omitempty"`
	OK     bool `json:"ok"`
}

// Field is one field of a document.
type Field struct {
	Name    Name    `json:"name"`
	Value   string  `json:"value"`           // what it means: no fillers; dates as 2006-01-02, 2006-01 or 2006
	Raw     string  `json:"raw"`             // as printed
	At      []Span  `json:"at"`              // where it stands; a long number stands in two places
	Check   *Check  `json:"check,omitempty"` // nil where the layout has no check digit for it
	Problem Problem `json:"problem,omitempty"`
}

// Document is what a zone says.
type Document struct {
	Layout    Layout   `json:"layout"`
	Lines     []string `json:"lines"`
	Fields    []Field  `json:"fields"`              // in the order of the lines
	Composite *Check   `json:"composite,omitempty"` // over several fields; nil where the layout has none
	// NamesTruncated is true when the names fill their field to its last
	// character, the standard's sign that something was cut off.
	NamesTruncated bool `json:"names_truncated,omitempty"`
}

// Field is the field of that name, and an empty one where the layout has none.
func (d *Document) Field(n Name) Field {
	for _, f := range d.Fields {
		if f.Name == n {
			return f
		}
	}
	return Field{Name: n}
}

// Value is the value of the field of that name, "" where there is none.
func (d *Document) Value(n Name) string { return d.Field(n).Value }

// Date is the field of that name as a date, zero where it is none.
func (d *Document) Date(n Name) Date { return ISODate(d.Value(n)) }

// ChecksOK says whether every check digit, the composite one included, is right.
func (d *Document) ChecksOK() bool {
	right, all := d.checks()
	return right == all
}

// checks counts the check digits and those that are right.
func (d *Document) checks() (right, all int) {
	count := func(c *Check) {
		if c == nil {
			return
		}
		all++
		if c.OK {
			right++
		}
	}
	count(d.Composite)
	for _, f := range d.Fields {
		count(f.Check)
	}
	return right, all
}

// Parse reads the lines of a zone. White space is ignored. The centuries of the
// two-digit years follow from now: see Date.
//
// A wrong check digit, an impossible date or an unlisted code is stated in the
// field concerned. The error is for lines that are no zone at all: a number or
// length of lines, a character or a document code that no layout has; it wraps
// ErrLayout.
func Parse(lines []string, now time.Time) (*Document, error) {
	lines = squeeze(lines)
	if len(lines) == 3 && len(lines[0]) == swissBlank && len(lines[1]) == 30 {
		lines = lines[1:]
	}
	if err := checkCharacters(lines); err != nil {
		return nil, err
	}
	var best *Document
	bestRight := -1
	for i := range layouts {
		l := &layouts[i]
		if !l.fits(lines) || !l.accepts(lines[l.code.Line][l.code.From:]) {
			continue
		}
		d := l.parse(lines, now)
		if right, _ := d.checks(); right > bestRight {
			best, bestRight = d, right
		}
	}
	if best == nil {
		return nil, fmt.Errorf("%w: %s", ErrLayout, shape(lines))
	}
	return best, nil
}

// swissBlank is the length of the line above SwissDL.
const swissBlank = 9

func squeeze(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l = strings.Join(strings.Fields(l), ""); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func checkCharacters(lines []string) error {
	for i, l := range lines {
		if at := strings.IndexFunc(l, func(r rune) bool { return r > 127 || !strings.ContainsRune(Alphabet, r) }); at >= 0 {
			return fmt.Errorf("%w: line %d has a character at %d that no zone has", ErrLayout, i+1, at+1)
		}
	}
	return nil
}

func shape(lines []string) string {
	n := make([]string, len(lines))
	for i, l := range lines {
		n[i] = fmt.Sprint(len(l))
	}
	s := fmt.Sprintf("%d lines of %s characters", len(lines), strings.Join(n, ", "))
	if len(lines) > 0 {
		s += fmt.Sprintf(", the first begins with %q", lines[0][:min(2, len(lines[0]))])
	}
	return s
}
