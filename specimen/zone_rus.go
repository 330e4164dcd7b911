package specimen

import (
	"fmt"
	"strings"

	"idflow/vision/mrz"
)

// russianZone is the layout of Russia's inner passport: two lines of 44
// characters like TD3's, in which the names are written by a table of their own
// with a character for each letter, the number is split, and there is no expiry
// date nor check digit for one.
const russianZone mrz.Layout = "RUS-PN"

// russianLetters writes each letter as one character, which may be a digit.
var russianLetters = strings.NewReplacer(
	"А", "A", "Б", "B", "В", "V", "Г", "G", "Д", "D", "Е", "E", "Ё", "2", "Ж", "J", "З", "Z", "И", "I", "Й", "Q",
	"К", "K", "Л", "L", "М", "M", "Н", "N", "О", "O", "П", "P", "Р", "R", "С", "S", "Т", "T", "У", "U", "Ф", "F",
	"Х", "H", "Ц", "C", "Ч", "3", "Ш", "4", "Щ", "W", "Ъ", "X", "Ы", "Y", "Ь", "9", "Э", "6", "Ю", "7", "Я", "8",
	" ", "<", "-", "<",
)

// russian writes the zone: the first three digits of the series and the six of
// the number stand where the document number does, the series' last digit, the
// day of issue and the code of the issuing unit in the optional data.
func (d Document) russian() ([]string, error) {
	if len(d.Number) != 10 || len(d.Codes["unit"]) != 6 {
		return nil, fmt.Errorf("specimen: %q and %q: want ten digits of series and number, six of the unit", d.Number, d.Codes["unit"])
	}
	h := d.Holder
	names := h.Surname.InNative() + "<<" + h.Given.InNative()
	if p := h.Patronymic.InNative(); p != "" {
		names += "<" + p
	}
	checked := func(s string) string { return s + string(mrz.CheckDigit(s)) }
	six := func(d mrz.Date) string { return fmt.Sprintf("%02d%02d%02d", d.Year%100, d.Month, d.Day) }
	number := checked(d.Number[:3] + d.Number[4:])
	birth := checked(six(h.Birth))
	optional := checked(filled(d.Number[3:4]+six(d.Issued)+d.Codes["unit"], 14))
	second := number + "RUS" + birth + h.Sex + "<<<<<<<" + optional
	return []string{
		filled("PNRUS"+russianLetters.Replace(names), 44),
		second + string(mrz.CheckDigit(number+birth+"<<<<<<<"+optional)),
	}, nil
}

// filled is s with fillers up to n characters.
func filled(s string, n int) string { return (s + strings.Repeat("<", n))[:n] }
