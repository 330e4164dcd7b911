// Package aamva reads the text of the PDF417 barcode on the driving licences and
// identity cards of the United States and Canada: the AAMVA DL/ID Card Design
// Standard, versions 1 (2000) to 11 (2025), and what was issued before it.
package aamva

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Licence is what the barcode says. Texts are "" where the card says nothing, or
// one of the standard's words for that ("NONE", "unavl").
type Licence struct {
	IIN                 string // issuer, six digits
	Version             int    // of the standard; 0 before there were numbers
	JurisdictionVersion int    // 0 where the version has none
	Kind                string // type of the first subfile: "DL" or "ID"
	Jurisdiction        string // of the address, or the issuer's: "VA"
	Country             string // "USA", "CAN", "MEX"

	Number        string // of the licence or card
	Discriminator string // of this copy of the document
	Inventory     string

	Surname, Given, Middle, Suffix, Prefix string
	Cut                                    Cut // whether the card's names are whole

	Birth, Issued, Expires string // ISO 8601: 2006-01-02
	Revised                string // likewise: when the card's design was
	Sex                    string // "M", "F", "X"
	HeightCM               int    // centimetres, 0 where not said
	WeightKG               int    // kilograms, 0 where not said
	Eyes, Hair             string // three letters: "BRO"
	BirthPlace             string

	Street, Street2, City, Region, Postal string

	Class, Restrictions, Endorsements string
	Compliance                        string // "F" for REAL ID, "N" for not
	Donor, Veteran, LimitedDuration   bool

	// Elements are all elements as they are printed, trimmed, by identifier
	// ("DAQ"); of one that comes twice the first.
	Elements map[string]string
	// Unreadable are the identifiers of elements that do not hold what the
	// standard asks for, in order: "DBB" with no date.
	Unreadable []string
}

// Cut says of each name whether the card cuts it off: "T" truncated, "N" whole,
// "U" unknown, "" not said.
type Cut struct{ Surname, Given, Middle string }

// What makes a text none of AAMVA's.
var (
	ErrTooLong  = errors.New("aamva: longer than a barcode")
	ErrHeader   = errors.New("aamva: no AAMVA header")
	ErrElements = errors.New("aamva: no elements behind the header")
)

// maxText is in bytes: a PDF417 symbol holds 1850 characters (ISO/IEC 15438), each
// of two bytes in UTF-8 at most, and line ends that a reader doubled.
const maxText = 8 << 10

// mandatory elements of versions 2 and up; see Missing.
var mandatory = []string{"DAQ", "DBA", "DBB", "DBC", "DBD", "DCS"}

// Parse reads the text of a barcode.
func Parse(text string) (Licence, error) {
	if len(text) > maxText {
		return Licence{}, fmt.Errorf("%w: %d bytes", ErrTooLong, len(text))
	}
	h, body, err := parseHeader(text)
	if err != nil {
		return Licence{}, err
	}
	l := Licence{IIN: h.iin, Version: h.version, JurisdictionVersion: h.jurisdiction, Kind: h.kind, Elements: elements(body)}
	if len(l.Elements) == 0 {
		return Licence{}, ErrElements
	}
	l.fill()
	return l, nil
}

// Missing lists the identifiers of the mandatory elements that are not there.
func (l Licence) Missing() []string {
	var missing []string
	for _, id := range mandatory {
		if l.Elements[id] == "" && !(id == "DCS" && l.Surname != "") {
			missing = append(missing, id)
		}
	}
	return missing
}

// elements takes the lines apart, three characters of identifier and the value.
func elements(body string) map[string]string {
	all := map[string]string{}
	for line := range strings.FieldsFuncSeq(body, func(r rune) bool { return r == '\n' || r == '\r' || r == 0x1e || r == 0x1c }) {
		line = withoutType(line)
		if len(line) < 3 || !isIdentifier(line[:3]) {
			continue
		}
		if _, twice := all[line[:3]]; !twice {
			all[line[:3]] = strings.TrimSpace(line[3:])
		}
	}
	return all
}

// withoutType leaves out the type that the first element of a subfile has before
// it: DLDAQ…, IDDAQ…, ZVZVA…
func withoutType(line string) string {
	if len(line) < 5 || !isIdentifier(line[2:5]) {
		return line
	}
	switch {
	case line[:2] == "DL", line[:2] == "ID":
		return line[2:]
	case line[0] == 'Z' && line[:2] == line[2:4]:
		return line[2:]
	}
	return line
}

func isIdentifier(s string) bool {
	return (s[0] == 'D' || s[0] == 'Z') && isUpper(s[1]) && (isUpper(s[2]) || isDigit(s[2]))
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// value is the first of the elements that says anything.
func (l *Licence) value(ids ...string) string {
	for _, id := range ids {
		switch v := l.Elements[id]; strings.ToLower(v) {
		case "", "none", "unavl", "unavail":
		default:
			return v
		}
	}
	return ""
}

// unreadable notes the elements that a value could not be read from.
func (l *Licence) unreadable(ids ...string) {
	for _, id := range ids {
		if l.value(id) != "" && !slices.Contains(l.Unreadable, id) {
			l.Unreadable = append(l.Unreadable, id)
		}
	}
}

// Identifiers lists the elements there are, in order.
func (l Licence) Identifiers() []string { return slices.Sorted(maps.Keys(l.Elements)) }
