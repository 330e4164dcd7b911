package viz

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// months are names of months as documents abbreviate them, by their first
// letters in the shapes that they are compared by.
var months = monthTable([12]string{
	"JAN JANV ENE GEN STY LED SIJ ЯНВ ҚАҢ QAN YAN TAM OCA",
	"FEB FEV FÉV LUT ÚNO VELJ ФЕВ АҚП HEL ŞUB",
	"MAR MARS MRT MÄR МАР НАУ MAALIS MÁR",
	"APR AVR ABR KWI DUB TRA АПР СӘУ HUH NIS ÁPR",
	"MAY MAI MAJ MEI MAG КВЕ SVI МАЙ МАЯ МАМ TOU MÁJ MAÍ",
	"JUN JUIN GIU CZE ČER LIP ИЮН МАУ KES HAZ JÚN",
	"JUL JUIL LUG SRP ИЮЛ ШІЛ HEI TEM JÚL",
	"AUG AOU AOÛ AGO SIE KOL АВГ ТАМ ELO AĞU ÁG",
	"SEP SEPT SET WRZ ZÁŘ RUJ СЕН ҚЫР SYY EYL",
	"OCT OKT OUT PAŹ ŘÍJ LIS ОКТ ҚАЗ LOK EKI OTT",
	"NOV STU НОЯ ҚАР MARR KAS NÓV",
	"DEC DÉC DIC DEZ GRU PRO ДЕК ЖЕЛ JOU ARA DES",
})

func monthTable(names [12]string) map[string]int {
	m := map[string]int{}
	for i, list := range names {
		for name := range strings.FieldsSeq(list) {
			m[string(folded(name))] = i + 1
		}
	}
	return m
}

// monthOf is the month of a name, 0 for none; LIP and LIS are other months in
// other languages, which the second name beside it settles.
func monthOf(name string) int {
	f := folded(name)
	if len(f) >= 6 { // two names that were read as one word: the second is the English one
		for n := 4; n >= 3; n-- {
			if tail := string(f[len(f)-n:]); inEnglishOrFrench(tail) && months[tail] > 0 {
				return months[tail]
			}
		}
	}
	for n := min(len(f), 5); n >= 3; n-- {
		if m := months[string(f[:n])]; m > 0 {
			return m
		}
	}
	// One letter misread.
	best := 0
	if len(f) == 3 {
		for name, m := range months {
			if r := []rune(name); len(r) == 3 && distance(f, r) == 1 {
				if best != 0 && best != m {
					return 0
				}
				best = m
			}
		}
	}
	return best
}

var (
	numericDate = regexp.MustCompile(`(\d{1,2}) ?[.,/ -] ?(\d{1,2}) ?[.,/ -] ?(\d{4}|\d{2})(?:\D|$)`)
	packedDate  = regexp.MustCompile(`(?:^|\D)(\d{2})(\d{2})[.,/ -]?(\d{4})(?:\D|$)`)
	isoDate     = regexp.MustCompile(`(\d{4}) ?[.,/ -] ?(\d{2}) ?[.,/ -] ?(\d{2})(?:\D|$)`)
	namedDate   = regexp.MustCompile(`(\d{1,2})[ .-]*(\pL{3,9})[. ]*(?:[/ -]+ *(\pL{2,9})[. ]*)?[ /.-]*(\d{4}|\d{2})(?:\D|$)`)
)

// parseDate finds a date in s and gives it as YYYY-MM-DD. Years of two digits
// are taken as not after latest.
func parseDate(s string, latest int) (string, bool) {
	if m := isoDate.FindStringSubmatch(s); m != nil {
		if d, ok := day(m[1], number(m[2]), m[3], latest); ok {
			return d, true
		}
	}
	if m := namedDate.FindStringSubmatch(s); m != nil {
		month := monthOf(m[2])
		if other := monthOf(m[3]); m[3] != "" && (month == 0 || other != 0 && other != month && inEnglishOrFrench(m[3])) {
			month = other
		}
		if d, ok := day(m[4], month, m[1], latest); ok {
			return d, true
		}
	}
	for _, shape := range []*regexp.Regexp{numericDate, packedDate} {
		if m := shape.FindStringSubmatch(s); m != nil {
			if d, ok := day(m[3], number(m[2]), m[1], latest); ok {
				return d, true
			}
		}
	}
	return "", false
}

// inEnglishOrFrench tells the name that ICAO Doc 9303-3 asks for from that in a
// national language.
func inEnglishOrFrench(name string) bool {
	return strings.Contains(" JAN JANV FEB FEV MAR MARS APR AVR MAY MAI JUN JUIN JUL JUIL AUG AOU SEP SEPT OCT NOV DEC ",
		" "+strings.ToUpper(name)+" ")
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func day(year string, month int, dayOf string, latest int) (string, bool) {
	y := number(year)
	if len(year) == 2 {
		y += latest / 100 * 100
		if y > latest {
			y -= 100
		}
	}
	if y < 1900 || y > 2100 || month < 1 || month > 12 {
		return "", false
	}
	d := time.Date(y, time.Month(month), number(dayOf), 0, 0, 0, 0, time.UTC)
	if d.Day() != number(dayOf) {
		return "", false
	}
	return d.Format(time.DateOnly), true
}

// dateParts counts the parts of a date's pattern; 3 where each is there once.
func dateParts(p string) int {
	n := 0
	for _, part := range []string{"DD", "MM", "YY"} {
		if strings.Contains(p, part) {
			n++
		}
	}
	return n
}

// english are the names of the months that a pattern's MMM stands for.
var english = strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")

// datePatterns are what compile takes: one, or one for each month.
func datePatterns(p string) []string {
	if !strings.Contains(p, "MMM") {
		return []string{strings.NewReplacer("DD", "##", "MM", "##", "YYYY", "####", "YY", "##").Replace(p)}
	}
	var out []string
	for _, m := range english {
		out = append(out, strings.NewReplacer("DD", "##", "MMM", m, "YYYY", "####", "YY", "##").Replace(p))
	}
	return out
}

// isoOf reorders the digits of a text of the pattern: text has exactly what
// the pattern asks for, but perhaps not its spaces.
func isoOf(p, text string, latest int) (string, bool) {
	strip := strings.NewReplacer(" ", "")
	p, text = strip.Replace(p), strip.Replace(text)
	if len(p) != len(text) {
		return "", false
	}
	take := func(part string) string {
		i := strings.Index(p, part)
		if i < 0 {
			return ""
		}
		return text[i : i+len(part)]
	}
	year := take("YYYY")
	if year == "" {
		year = take("YY")
	}
	month := 0
	if name := take("MMM"); name != "" {
		month = monthOf(name)
	} else {
		month = number(take("MM"))
	}
	return day(year, month, take("DD"), latest)
}

// lastYear is the latest year that a date of the field can be of, for years of
// two digits: births lie in the past, expiries within 50 years of it.
func lastYear(name string, now time.Time) int {
	switch name {
	case "birth_date", "issue_date":
		return now.Year()
	}
	return now.Year() + 50
}
