package mrz

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Transliterate writes a name with the characters of a zone: the tables of ICAO
// Doc 9303-3, section 6, for Latin (A) and Cyrillic (B) letters, and for the
// Kazakh letters that these lack the Latin ones of Kazakhstan's passports. Space
// and hyphen become a filler, an apostrophe is left out, and so is everything
// that has no counterpart.
func Transliterate(name string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(norm.NFC.String(name)) {
		b.WriteString(transliterateRune(r))
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == filler }), "<")
}

func transliterateRune(r rune) string {
	if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == filler {
		return string(r)
	}
	if s, ok := counterparts[r]; ok {
		return s
	}
	if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == ',' {
		return "<"
	}
	// A letter with a mark is written as the letter.
	if base := []rune(norm.NFD.String(string(r)))[0]; base >= 'A' && base <= 'Z' {
		return string(base)
	}
	return ""
}

var counterparts = map[rune]string{
	// Latin
	'Ä': "AE", 'Å': "AA", 'Æ': "AE", 'Ð': "D", 'Đ': "D", 'Ħ': "H", 'ı': "I", 'Ĳ': "IJ", 'Ł': "L", 'Ŀ': "L",
	'Ŋ': "N", 'Ö': "OE", 'Ø': "OE", 'Œ': "OE", 'ẞ': "SS", 'ß': "SS", 'Ŧ': "T", 'Þ': "TH", 'Ü': "UE",
	// Cyrillic
	'А': "A", 'Б': "B", 'В': "V", 'Г': "G", 'Д': "D", 'Е': "E", 'Ё': "E", 'Ж': "ZH", 'З': "Z", 'И': "I", 'Й': "I",
	'К': "K", 'Л': "L", 'М': "M", 'Н': "N", 'О': "O", 'П': "P", 'Р': "R", 'С': "S", 'Т': "T", 'У': "U", 'Ф': "F",
	'Х': "KH", 'Ц': "TS", 'Ч': "CH", 'Ш': "SH", 'Щ': "SHCH", 'Ъ': "IE", 'Ы': "Y", 'Э': "E", 'Ю': "IU", 'Я': "IA",
	'Ђ': "D", 'Ѓ': "G", 'Є': "IE", 'Ѕ': "DZ", 'І': "I", 'Ї': "I", 'Ј': "J", 'Љ': "LJ", 'Њ': "NJ", 'Ћ': "C",
	'Ќ': "K", 'Ў': "U", 'Џ': "DZ", 'Ґ': "G", 'Ғ': "G",
	// Kazakh and its neighbours, not in the tables
	'Ә': "A", 'Қ': "K", 'Ң': "N", 'Ө': "O", 'Ұ': "U", 'Ү': "U", 'Һ': "H", 'Ҳ': "KH",
}
