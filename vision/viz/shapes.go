package viz

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// shapesFile is what the network's classes mean, one a line in the order of its
// outputs behind blank: the letter that names the class, then those that look
// the same. train/viz writes it together with the network.
//
//go:embed shapes.txt
var shapesFile string

// shapes holds the letters of each class, shapes[0] is class 1.
var shapes = parseShapes(shapesFile)

// shapeOf is the class of each letter, from 1.
var shapeOf = classesOf(shapes)

func parseShapes(file string) [][]rune {
	var out [][]rune
	for line := range strings.Lines(file) {
		out = append(out, []rune(strings.TrimSuffix(line, "\n")))
	}
	return out
}

func classesOf(shapes [][]rune) map[rune]int {
	m := map[rune]int{}
	for i, letters := range shapes {
		for _, r := range letters {
			m[r] = i + 1
		}
	}
	return m
}

// Script says which letters a text is written in. It decides between letters
// that look the same, and which others may occur at all.
type Script string

// The scripts. Latin has the letters of Europe and Turkey with all their marks;
// Latin26 has none, as in machine-readable zones and on English documents.
const (
	Latin    Script = "latin"
	Latin26  Script = "latin26"
	Uzbek    Script = "uzbek" // in Latin letters
	Cyrillic Script = "cyrillic"
	Kazakh   Script = "kazakh" // in Cyrillic letters
	Kyrgyz   Script = "kyrgyz"
	Mixed    Script = "" // whatever the words' other letters say
)

const (
	latin26 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	marked  = "ÀÁÂÃÄÅĀĂĄÆÇĆĊČĎĐÈÉÊËĒĖĘĚĞĠĢĦÌÍÎÏĪĮİĶĹĻĽŁÑŃŅŇÒÓÔÕÖŌŐØŒŔŘŚŞŠŢŤÙÚÛÜŪŮŰŲŴÝŶŸŹŻŽÞƏ"
	russian = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
)

// capitals of each script; the apostrophe is the one the script uses.
var capitals = map[Script]string{
	Latin:    latin26 + marked + "'",
	Latin26:  latin26 + "'",
	Uzbek:    latin26 + "ʻ",
	Cyrillic: russian + "'",
	Kazakh:   russian + "ӘҒҚҢӨҰҮҺІ" + "'",
	Kyrgyz:   russian + "ҢӨҮ" + "'",
}

const (
	digits = "0123456789"
	signs  = " .,-/()№:;&\"+" // in texts
)

// fold is what letters that look the same have in common whatever their case,
// and 0 for what does not count when texts are compared.
func fold(r rune) rune {
	r = bare(unicode.ToUpper(first(r)))
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return 0
	}
	return first(r)
}

// bare is a letter without its marks, which are what is misread first.
func bare(r rune) rune {
	if r < 0x80 {
		return r
	}
	b, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	return b
}

// first is the letter that names the class of r.
func first(r rune) rune {
	if c := shapeOf[r]; c > 0 {
		return shapes[c-1][0]
	}
	return r
}

// folded is s as it is compared.
func folded(s string) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r = fold(r); r != 0 {
			out = append(out, r)
		}
	}
	return out
}

// resolve picks the letters of classes by the words that they stand in: letters
// of one script only say which one the others of the word are of, then the
// line's, and where nothing does they are Latin.
func resolve(classes []int) string {
	out := make([]rune, len(classes))
	line := leaning(classes)
	for from := 0; from < len(classes); {
		to := from
		for to < len(classes) && shapes[classes[to]-1][0] != ' ' && shapes[classes[to]-1][0] != '/' {
			to++
		}
		lean := leaning(classes[from:to])
		if lean == 0 {
			lean = line
		}
		for i := from; i < min(to+1, len(classes)); i++ {
			out[i] = letter(shapes[classes[i]-1], lean)
		}
		from = to + 1
	}
	return string(out)
}

// leaning counts the letters that are Cyrillic only, and takes off the Latin
// ones.
func leaning(classes []int) int {
	n := 0
	for _, c := range classes {
		latin, cyrillic := false, false
		for _, r := range shapes[c-1] {
			latin = latin || unicode.Is(unicode.Latin, r)
			cyrillic = cyrillic || unicode.Is(unicode.Cyrillic, r)
		}
		switch {
		case cyrillic && !latin:
			n++
		case latin && !cyrillic:
			n--
		}
	}
	return n
}

func letter(alike []rune, lean int) rune {
	if lean > 0 {
		for _, r := range alike {
			if unicode.Is(unicode.Cyrillic, r) {
				return r
			}
		}
	}
	return alike[0]
}
