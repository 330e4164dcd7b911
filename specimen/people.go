package specimen

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"idflow/vision/mrz"
)

//go:embed people/*.json
var peopleFiles embed.FS

// Country is a file of people/: what its documents say about its people. Every
// list has at least one entry; the names are common ones put together by
// chance.
type Country struct {
	Code        string          `json:"code"` // ICAO
	Nationality Name            `json:"nationality"`
	Sexes       map[string]Name `json:"sexes"` // how "M" and "F" are printed
	Men         Names           `json:"men"`
	Women       Names           `json:"women"`
	Places      []Name          `json:"places"`
	Authorities []Name          `json:"authorities"`
}

// Names are the parts that names are put together from.
type Names struct {
	Surnames    []Name `json:"surnames"`
	Given       []Name `json:"given"`
	Patronymics []Name `json:"patronymics,omitempty"`
}

// countries is all of people/ by code.
var countries = loadAll(peopleFiles, "people", func(c *Country) string { return c.Code })

// country is the file of that code, an empty one where there is none.
func country(code string) *Country {
	if c, ok := countries[code]; ok {
		return c
	}
	return &Country{}
}

// loadAll reads every file of an embedded folder. The files are part of the
// program, so a broken one is a mistake in it: it panics, naming the file, and the
// package's tests find it.
func loadAll[T any](fs embed.FS, folder string, key func(*T) string) map[string]*T {
	entries, err := fs.ReadDir(folder)
	if err != nil {
		panic(err)
	}
	all := map[string]*T{}
	for _, e := range entries {
		b, err := fs.ReadFile(path.Join(folder, e.Name()))
		if err != nil {
			panic(err)
		}
		v := new(T)
		dec := json.NewDecoder(strings.NewReader(string(b)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(v); err != nil {
			panic(fmt.Sprintf("specimen: %s/%s: %v", folder, e.Name(), err))
		}
		all[key(v)] = v
	}
	return all
}

// holder invents somebody of age on the generator's day.
func (g *Generator) holder(c *Country, sex string) Holder {
	from := c.Men
	if sex == "F" {
		from = c.Women
	}
	h := Holder{
		Surname:     pick(g, from.Surnames),
		Given:       pick(g, from.Given),
		Sex:         sex,
		Birth:       mrz.Date{Year: g.Today.Year - g.between(19, 74), Month: g.between(1, 12), Day: g.between(1, 28)},
		BirthPlace:  pick(g, c.Places),
		Nationality: c.Code,
	}
	if len(from.Patronymics) > 0 {
		h.Patronymic = pick(g, from.Patronymics)
	}
	return h
}

// personal makes a personal number: a pattern for number, or "iin" or "pin" for
// one that follows from the holder.
func (g *Generator) personal(kind string, h Holder) (string, error) {
	switch kind {
	case "iin":
		return g.iin(h), nil
	case "pin":
		return g.pin(h), nil
	}
	if strings.ContainsAny(kind, "#@") {
		return g.number(kind), nil
	}
	return "", fmt.Errorf("no kind of personal number is called %q", kind)
}

// iin is a Kazakh individual identification number: YYMMDD of the birth, a digit
// for century and sex (1 and 2 born before 1900, 3 and 4 before 2000, 5 and 6
// since; odd for men), four digits and a check digit (Government Resolution
// No. 565 of 2003).
func (g *Generator) iin(h Holder) string {
	century := 3
	if h.Birth.Year >= 2000 {
		century = 5
	}
	if h.Sex == "F" {
		century++
	}
	for {
		s := fmt.Sprintf("%02d%02d%02d%d%04d", h.Birth.Year%100, h.Birth.Month, h.Birth.Day, century, g.rand.IntN(10000))
		// A number whose check comes out as 10 twice is not given out.
		if c := iinCheck(s); c < 10 {
			return fmt.Sprint(s, c)
		}
	}
}

// iinCheck is the check digit of the first eleven digits: their sum weighted 1
// to 11, modulo 11, or where that is 10 weighted 3 to 11, 1, 2.
func iinCheck(s string) int {
	sum := func(shift int) int {
		n := 0
		for i := range 11 {
			n += int(s[i]-'0') * ((i+shift)%11 + 1)
		}
		return n % 11
	}
	if c := sum(0); c < 10 {
		return c
	}
	return sum(2)
}

// pin is a Kyrgyz personal number: 2 for men and 1 for women, DDMMYYYY of the
// birth and five digits.
func (g *Generator) pin(h Holder) string {
	first := 2
	if h.Sex == "F" {
		first = 1
	}
	return fmt.Sprintf("%d%02d%02d%04d%05d", first, h.Birth.Day, h.Birth.Month, h.Birth.Year, g.rand.IntN(100000))
}
