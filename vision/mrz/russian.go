package mrz

import (
	"fmt"
	"strings"
)

// RussianID is the zone of Russia's inner passport: two lines of 44 characters
// like TD3's. Names have a character for each Cyrillic letter, some of them
// digits; the series' last digit, the day of issue and the code of the issuing
// unit stand in the optional data, and nothing expires. As publicly described;
// not yet held against an original.
const RussianID Layout = "RUS-PN"

var russianLayout = layout{
	name: RussianID, lines: 2, width: 44, first: "P", prefix: "PNRUS", code: Span{0, 0, 2},
	places: []place{
		{Issuer, letters, Span{0, 2, 5}, none, false},
		{names, anything, Span{0, 5, 44}, none, false},
		{Number, digits, Span{1, 0, 9}, 9, false},
		{Nationality, letters, Span{1, 10, 13}, none, false},
		{Birth, date, Span{1, 13, 19}, 19, false},
		{Sex, sex, Span{1, 20, 21}, none, false},
		{Expiry, date, Span{1, 21, 27}, 27, true},
		{Optional, anything, Span{1, 28, 42}, 42, false},
	},
	composed:  []Span{{1, 0, 10}, {1, 13, 20}, {1, 21, 43}},
	composite: Span{1, 43, 44},
}

// russianLetters are the zone's characters for the Cyrillic alphabet.
var russianLetters = strings.NewReplacer(
	"A", "А", "B", "Б", "V", "В", "G", "Г", "D", "Д", "E", "Е", "2", "Ё", "J", "Ж", "Z", "З", "I", "И", "Q", "Й", "K", "К", "L", "Л", "M", "М",
	"N", "Н", "O", "О", "P", "П", "R", "Р", "S", "С", "T", "Т", "U", "У", "F", "Ф", "H", "Х", "C", "Ц", "3", "Ч", "4", "Ш", "W", "Щ", "X", "Ъ",
	"Y", "Ы", "9", "Ь", "6", "Э", "7", "Ю", "8", "Я",
)

// russian gives the fields the values that they have on the page.
func (d *Document) russian() {
	optional := d.Field(Optional)
	for i := range d.Fields {
		f := &d.Fields[i]
		switch f.Name {
		case Surname, GivenNames:
			f.Value = russianLetters.Replace(f.Value)
		case Number:
			if len(f.Raw) == 9 && len(optional.Raw) == 14 {
				f.Value = f.Raw[:3] + optional.Raw[:1] + f.Raw[3:]
			}
		}
	}
	d.splitPatronymic()
	if len(optional.Raw) != 14 || len(optional.At) != 1 {
		return
	}
	at := optional.At[0]
	issued := Field{Name: Issue, Raw: optional.Raw[1:7], At: []Span{{at.Line, at.From + 1, at.From + 7}}}
	birth := d.Date(Birth)
	var date Date
	date, issued.Problem = parseDate(issued.Raw, func(yy int) int { return birth.Year + mod(yy-birth.Year, 100) })
	issued.Value = date.String()
	unit := Field{Name: Office, Raw: optional.Raw[7:13], At: []Span{{at.Line, at.From + 7, at.From + 13}}}
	if len(unit.Raw) == 6 {
		unit.Value = fmt.Sprintf("%s-%s", unit.Raw[:3], unit.Raw[3:])
	}
	d.Fields = append(d.Fields, issued, unit)
}

// splitPatronymic parts the given name from the patronymic, which stands last.
func (d *Document) splitPatronymic() {
	for i := range d.Fields {
		f := &d.Fields[i]
		if f.Name != GivenNames {
			continue
		}
		given, patronymic, ok := strings.Cut(f.Raw, "<")
		last := strings.TrimRight(patronymic, "<")
		if !ok || last == "" {
			return
		}
		at := f.At[0]
		p := Field{Name: Patronymic, Raw: last, Value: russianLetters.Replace(text(last)), At: []Span{{at.Line, at.From + len(given) + 1, at.From + len(given) + 1 + len(last)}}}
		f.Raw, f.Value, f.At = given, russianLetters.Replace(text(given)), []Span{{at.Line, at.From, at.From + len(given)}}
		d.Fields = append(d.Fields[:i+1], append([]Field{p}, d.Fields[i+1:]...)...)
		return
	}
}
