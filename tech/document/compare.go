package document

import (
	"slices"
	"strings"

	"idflow/vision/mrz"
)

// agreement is what two readings of one field say of each other.
type agreement int

const (
	agree   agreement = iota
	near              // so alike that one of them may be misread
	differs           // they say different things
)

// Fields, by the words of the machine-readable zone where it has them.
const (
	fieldNumber      = string(mrz.Number)
	fieldSurname     = string(mrz.Surname)
	fieldGivenNames  = string(mrz.GivenNames)
	fieldNationality = string(mrz.Nationality)
	fieldBirth       = string(mrz.Birth)
	fieldSex         = string(mrz.Sex)
	fieldExpiry      = string(mrz.Expiry)
	fieldIssuer      = string(mrz.Issuer)
	fieldPersonal    = "personal_number"
	fieldIssue       = "issue_date"
	fieldPatronymic  = "patronymic"
)

// compared are the fields that are held against each other, in order of weight.
var compared = []string{fieldNumber, fieldPersonal, fieldSurname, fieldGivenNames, fieldBirth, fieldExpiry, fieldIssue, fieldSex, fieldNationality}

// compare holds two values of a field against each other as the field allows:
// names as transliteration may write them, numbers but for letters that print
// makes alike, dates and codes exactly.
func compare(field, a, b string) agreement {
	switch field {
	case fieldSurname, fieldGivenNames, fieldPatronymic:
		return compareNames(a, b)
	case fieldNumber, fieldPersonal:
		return compareNumbers(a, b)
	case fieldSex, fieldNationality, fieldIssuer:
		if strings.EqualFold(a, b) {
			return agree
		}
		return differs
	}
	return compareDates(a, b)
}

// compareDates knows dates of which only the year, or year and month, is known.
func compareDates(a, b string) agreement {
	n := min(len(a), len(b))
	switch {
	case a == b, n >= 4 && a[:n] == b[:n]:
		return agree
	case n == len("2006-01-02") && a[2:] == b[2:]:
		return agree // a zone does not say the century
	case distance(a, b) == 1:
		return near // one digit: as likely misread as changed
	}
	return differs
}

// compareNumbers leaves out what is printed between digits.
func compareNumbers(a, b string) agreement {
	a, b = plain(a), plain(b)
	switch {
	case a == b:
		return agree
	case alike.Replace(a) == alike.Replace(b):
		return agree
	case distance(alike.Replace(a), alike.Replace(b)) == 1 && len(a) > 4:
		return near
	}
	return differs
}

// alike writes letters as the digits that they look like in print.
var alike = strings.NewReplacer("O", "0", "Q", "0", "D", "0", "I", "1", "L", "1", "B", "8", "S", "5", "Z", "2", "G", "6")

// plain keeps letters and digits.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(s))
}

// compareNames takes names for the same when all parts of the shorter are found
// among those of the longer, in one of the spellings that states use. A zone
// that is too short leaves parts out or cuts them off.
func compareNames(a, b string) agreement {
	x, y := nameParts(a), nameParts(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return near
	}
	worst := agree
	for _, part := range x {
		best := differs
		for _, other := range y {
			best = min(best, comparePart(part, other))
		}
		worst = max(worst, best)
	}
	// Parts may be written together: "VAN DER BERG", "VANDERBERG".
	if worst == differs {
		worst = comparePart(strings.Join(x, ""), strings.Join(y, ""))
	}
	return worst
}

func comparePart(a, b string) agreement {
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	switch d := distance(a, b); {
	case d == 0, len(short) >= 4 && strings.HasPrefix(long, short):
		return agree
	case d <= 1+max(len(a), len(b))/6 && len(short) > 2:
		return near
	}
	return differs
}

// nameParts are the words of a name, each in the spelling that all spellings
// fall together in.
func nameParts(name string) (parts []string) {
	for part := range strings.SplitSeq(mrz.Transliterate(name), "<") {
		if part = oneSpelling(part); part != "" {
			parts = append(parts, part)
		}
	}
	return slices.Compact(parts)
}

// spellings are letters and groups of letters that states write differently for
// the same letter (ICAO Doc 9303-3, section 6, and the passports of Kazakhstan,
// Uzbekistan and Kyrgyzstan, which have tables of their own).
var spellings = strings.NewReplacer(
	"SHCH", "SH", "SCH", "SH", "KH", "H", "ZH", "J", "DJ", "J", "DZH", "J", "CH", "C", "TS", "C", "TZ", "C",
	"YE", "E", "YO", "E", "IE", "E", "IO", "E", "YU", "U", "IU", "U", "JU", "U", "YA", "A", "IA", "A", "JA", "A",
	"AE", "A", "OE", "O", "UE", "U", "AA", "A", "SS", "S", "GH", "G", "Q", "K", "W", "V", "X", "KS", "Y", "I", "PH", "F", "CK", "K",
)

func oneSpelling(s string) string {
	s = spellings.Replace(s)
	var out []byte
	for i := range len(s) {
		if i == 0 || s[i] != s[i-1] {
			out = append(out, s[i])
		}
	}
	return string(out)
}

// distance is the edit distance of two short texts.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost = 1 + min(before, row[j], row[j+1])
			}
			before, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
