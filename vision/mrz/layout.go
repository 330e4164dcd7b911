package mrz

import (
	"errors"
	"strings"
)

// ErrLayout says that lines are not a machine-readable zone.
var ErrLayout = errors.New("mrz: not a machine-readable zone")

// Layout is an arrangement of a zone.
type Layout string

// The layouts, with the lines and characters they have.
const (
	TD1      Layout = "TD1"    // 3 x 30, cards (ICAO Doc 9303-5)
	TD2      Layout = "TD2"    // 2 x 36, cards (9303-6)
	TD3      Layout = "TD3"    // 2 x 44, passports (9303-4)
	MRVA     Layout = "MRV-A"  // 2 x 44, visas (9303-7)
	MRVB     Layout = "MRV-B"  // 2 x 36, visas (9303-7)
	FrenchID Layout = "FRA-ID" // 2 x 36, French identity cards of 1988 to 2021
	FrenchDL Layout = "FRA-DL" // 1 x 30, French driving licences since 2013
	// SwissDL is the two long lines of Swiss driving licences, 2 x 30. The short
	// line above them, a blank's number and a language, is not part of it. The
	// zone has no check digits at all.
	SwissDL Layout = "CHE-DL"
)

// Size is the number of lines and of characters in a line.
func (l Layout) Size() (lines, characters int) {
	if s := find(l); s != nil {
		return s.lines, s.width
	}
	return 0, 0
}

// kind says which characters a position may hold.
type kind byte

const (
	anything kind = iota // letters, digits and fillers
	letters              // letters and fillers
	digits               // digits
	date                 // digits, or fillers for what is unknown
	check                // a digit
	maybe                // a digit, or a filler where nothing is to be checked
	sex                  // M, F, or a filler for neither
	second               // the second character of a document code
	document             // the first character of a document code, by layout
	blank                // a filler
)

// allows says whether a position of the kind may hold c.
func (k kind) allows(c byte) bool {
	digit := c >= '0' && c <= '9'
	switch k {
	case anything:
		return true
	case letters:
		return !digit
	case digits, check:
		return digit
	case date, maybe:
		return digit || c == filler
	case sex:
		return c == 'M' || c == 'F' || c == 'X' || c == filler
	case blank:
		return c == filler
	case second:
		return c != 'V' // kept for visas by 9303-5, 4.2.2
	}
	return !digit && c != filler
}

// place is one field of a layout.
type place struct {
	name Name
	kind kind
	Span
	check int // the check digit's position in the same line, -1 for none
	// bare: a filler may stand for the check digit when the field is empty.
	bare bool
}

// names as a place's name stands for both names, separated by two fillers.
const names Name = "names"

// layout describes a Layout completely. Positions count from 0.
type layout struct {
	name      Layout
	lines     int
	width     int
	first     string // first characters of the document codes that use it
	prefix    string // what the first line begins with, where that is fixed
	never     string // what it does not begin with, since that is another layout's; "" for none
	code      Span
	places    []place
	counted   Span   // what the number's check digit is over, if more than the number
	composed  []Span // what the composite check digit is over
	composite Span   // where it stands; empty for none
	empty     []Span // fillers and nothing else

	lineKinds [][]kind // what each position of each line may hold; made from the rest
}

// none is the check position of a field without check digit.
const none = -1

var layouts = []layout{
	russianLayout,
	{
		name: TD1, lines: 3, width: 30, first: "ACI", code: Span{0, 0, 2},
		places: []place{
			{Issuer, letters, Span{0, 2, 5}, none, false},
			{Number, anything, Span{0, 5, 14}, 14, false},
			{Optional, anything, Span{0, 15, 30}, none, false},
			{Birth, date, Span{1, 0, 6}, 6, false},
			{Sex, sex, Span{1, 7, 8}, none, false},
			{Expiry, date, Span{1, 8, 14}, 14, false},
			{Nationality, letters, Span{1, 15, 18}, none, false},
			{Optional2, anything, Span{1, 18, 29}, none, false},
			{names, letters, Span{2, 0, 30}, none, false},
		},
		composed:  []Span{{0, 5, 30}, {1, 0, 7}, {1, 8, 15}, {1, 18, 29}},
		composite: Span{1, 29, 30},
	},
	{
		name: FrenchID, lines: 2, width: 36, first: "I", prefix: "IDFRA", code: Span{0, 0, 2},
		places: []place{
			{Issuer, letters, Span{0, 2, 5}, none, false},
			{Surname, letters, Span{0, 5, 30}, none, false},
			{Office, anything, Span{0, 30, 36}, none, false},
			{Number, anything, Span{1, 0, 12}, 12, false},
			{GivenNames, letters, Span{1, 13, 27}, none, false},
			{Birth, digits, Span{1, 27, 33}, 33, false},
			{Sex, sex, Span{1, 34, 35}, none, false},
		},
		composed:  []Span{{0, 0, 36}, {1, 0, 35}},
		composite: Span{1, 35, 36},
	},
	{
		name: FrenchDL, lines: 1, width: 30, first: "D", prefix: "D1FRA", code: Span{0, 0, 2},
		places: []place{
			{Issuer, letters, Span{0, 2, 5}, none, false},
			{Number, anything, Span{0, 5, 14}, 14, false},
			{Expiry, digits, Span{0, 15, 21}, none, false},
			{Surname, letters, Span{0, 21, 29}, none, false},
		},
		counted:   Span{0, 0, 14},
		composed:  []Span{{0, 0, 29}},
		composite: Span{0, 29, 30},
	},
	{
		name: SwissDL, lines: 2, width: 30, first: "F", prefix: "FACHE", code: Span{0, 0, 2},
		places: []place{
			{Issuer, letters, Span{0, 2, 5}, none, false},
			{Number, digits, Span{0, 5, 17}, none, false},
			{Birth, digits, Span{0, 19, 25}, none, false},
			{names, letters, Span{1, 0, 30}, none, false},
		},
		empty: []Span{{0, 17, 19}, {0, 25, 30}},
	},
	{
		name: TD2, lines: 2, width: 36, first: "ACI", code: Span{0, 0, 2},
		places:    twoLines(36, place{Optional, anything, Span{1, 28, 35}, none, false}),
		composed:  []Span{{1, 0, 10}, {1, 13, 20}, {1, 21, 35}},
		composite: Span{1, 35, 36},
	},
	{
		name: TD3, lines: 2, width: 44, first: "P", never: russianLayout.prefix, code: Span{0, 0, 2},
		places:    twoLines(44, place{Optional, anything, Span{1, 28, 42}, 42, true}),
		composed:  []Span{{1, 0, 10}, {1, 13, 20}, {1, 21, 43}},
		composite: Span{1, 43, 44},
	},
	{
		name: MRVA, lines: 2, width: 44, first: "V", code: Span{0, 0, 2},
		places: twoLines(44, place{Optional, anything, Span{1, 28, 44}, none, false}),
	},
	{
		name: MRVB, lines: 2, width: 36, first: "V", code: Span{0, 0, 2},
		places: twoLines(36, place{Optional, anything, Span{1, 28, 36}, none, false}),
	},
}

func init() {
	for i := range layouts {
		layouts[i].lineKinds = layouts[i].kinds()
	}
}

// twoLines is what TD2, TD3 and the visas have in common.
func twoLines(width int, optional place) []place {
	return []place{
		{Issuer, letters, Span{0, 2, 5}, none, false},
		{names, letters, Span{0, 5, width}, none, false},
		{Number, anything, Span{1, 0, 9}, 9, false},
		{Nationality, letters, Span{1, 10, 13}, none, false},
		{Birth, date, Span{1, 13, 19}, 19, false},
		{Sex, sex, Span{1, 20, 21}, none, false},
		{Expiry, date, Span{1, 21, 27}, 27, false},
		optional,
	}
}

func find(name Layout) *layout {
	for i := range layouts {
		if layouts[i].name == name {
			return &layouts[i]
		}
	}
	return nil
}

func (l *layout) fits(lines []string) bool {
	if len(lines) != l.lines {
		return false
	}
	for _, s := range lines {
		if len(s) != l.width {
			return false
		}
	}
	return true
}

// accepts says whether a zone of this layout may begin with these characters.
// Only its own document codes count: a passport with wrong check digits would
// pass for a visa otherwise, which has fewer of them.
func (l *layout) accepts(line string) bool {
	return strings.IndexByte(l.first, line[0]) >= 0 && second.allows(line[1]) && strings.HasPrefix(line, l.prefix) && (l.never == "" || !strings.HasPrefix(line, l.never))
}

// wider is the layout that only goes on for longer in each line, nil for none.
func (l *layout) wider() *layout {
	if l.name == MRVB {
		return find(MRVA)
	}
	return nil
}

// kinds is what each position of each line may hold.
func (l *layout) kinds() [][]kind {
	k := make([][]kind, l.lines)
	for i := range k {
		k[i] = make([]kind, l.width)
	}
	k[l.code.Line][l.code.From], k[l.code.Line][l.code.From+1] = document, second
	for _, p := range l.places {
		for i := p.From; i < p.To; i++ {
			k[p.Line][i] = p.kind
		}
		if p.check != none {
			k[p.Line][p.check] = check
			if p.bare || l.long(p) {
				k[p.Line][p.check] = maybe
			}
		}
	}
	for _, e := range l.empty {
		for i := e.From; i < e.To; i++ {
			k[e.Line][i] = blank
		}
	}
	if c := l.composite; c.To > 0 {
		k[c.Line][c.From] = check
	}
	return k
}

// long says whether the number at p may run on into the optional data, with a
// filler in the place of its check digit (9303-5 note j, 9303-6 note j).
func (l *layout) long(p place) bool {
	return p.name == Number && (l.name == TD1 || l.name == TD2)
}
