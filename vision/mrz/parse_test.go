package mrz

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// Specimens of ICAO Doc 9303 (parts 4 to 7), a French card and a French
// licence that are published widely, and a Belgian number.
var specimens = []struct {
	name   string
	lines  []string
	layout Layout
	want   map[Name]string
}{
	{
		name: "passport", layout: TD3,
		lines: []string{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"},
		want: map[Name]string{
			Code: "P", Issuer: "UTO", Surname: "ERIKSSON", GivenNames: "ANNA MARIA", Number: "L898902C3", Nationality: "UTO",
			Birth: "1974-08-12", Sex: "F", Expiry: "2012-04-15", Optional: "ZE184226B",
		},
	},
	{
		name: "card of three lines", layout: TD1,
		lines: []string{"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"},
		want: map[Name]string{
			Code: "I", Issuer: "UTO", Number: "D23145890", Optional: "", Birth: "1974-08-12", Sex: "F", Expiry: "2012-04-15",
			Nationality: "UTO", Optional2: "", Surname: "ERIKSSON", GivenNames: "ANNA MARIA",
		},
	},
	{
		name: "card with a long number", layout: TD1,
		lines: []string{"I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<"},
		want:  map[Name]string{Number: "D23145890734", Birth: "1934-07-12", Expiry: "2095-07-12", Surname: "STEVENSON", GivenNames: "PETER JOHN"},
	},
	{
		name: "Belgian number", layout: TD1,
		lines: []string{"IDBEL000590696<1015<<<<<<<<<<<", "9401013F2710017BEL000101123453", "SPECIMEN<<SPECIMEN<<<<<<<<<<<<"},
		want:  map[Name]string{Number: "000590696101", Optional2: "00010112345", Expiry: "2027-10-01"},
	},
	{
		name: "card of two lines", layout: TD2,
		lines: []string{"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"},
		want:  map[Name]string{Code: "I", Number: "D23145890", Surname: "ERIKSSON", GivenNames: "ANNA MARIA"},
	},
	{
		name: "visa A", layout: MRVA,
		lines: []string{"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"},
		want: map[Name]string{
			Code: "V", Number: "L8988901C", Nationality: "XXX", Birth: "1940-09-07", Expiry: "1996-12-10", Optional: "6ZE184226B",
		},
	},
	{
		name: "visa B", layout: MRVB,
		lines: []string{"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"},
		want:  map[Name]string{Code: "V", Number: "L8988901C", Expiry: "1996-12-10", Optional: ""},
	},
	{
		name: "French card", layout: FrenchID,
		lines: []string{"IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<", "8806923102858CORINNE<<<<<<<6512068F6"},
		want: map[Name]string{
			Code: "ID", Issuer: "FRA", Surname: "BERTHIER", GivenNames: "CORINNE", Number: "880692310285", Birth: "1965-12-06", Sex: "F", Office: "",
		},
	},
	{
		name: "French driving licence", layout: FrenchDL,
		lines: []string{"D1FRA13AA000026181231MARTIN<<9"},
		want:  map[Name]string{Code: "D1", Issuer: "FRA", Surname: "MARTIN", Number: "13AA00002", Expiry: "2018-12-31", Birth: ""},
	},
	{
		name: "Swiss driving licence", layout: SwissDL,
		lines: []string{"FACHE305142128097<<800126<<<<<", "MARCHAND<<FABIENNE<<<<<<<<<<<<"},
		want:  map[Name]string{Code: "FA", Issuer: "CHE", Surname: "MARCHAND", GivenNames: "FABIENNE", Number: "305142128097", Birth: "1980-01-26", Expiry: ""},
	},
}

func TestParseSpecimens(t *testing.T) {
	for _, c := range specimens {
		t.Run(c.name, func(t *testing.T) {
			d, err := Parse(c.lines, now)
			if err != nil {
				t.Fatal(err)
			}
			if d.Layout != c.layout {
				t.Errorf("layout %s, want %s", d.Layout, c.layout)
			}
			if !d.ChecksOK() {
				t.Errorf("check digits are wrong: %+v", d)
			}
			for n, want := range c.want {
				f := d.Field(n)
				if f.Value != want {
					t.Errorf("%s is %q, want %q", n, f.Value, want)
				}
				if f.Problem != "" {
					t.Errorf("%s has the problem %s", n, f.Problem)
				}
			}
		})
	}
}

func TestParseProblems(t *testing.T) {
	passport := specimens[0].lines
	card := specimens[1].lines
	for _, c := range []struct {
		name  string
		lines []string
		field Name
		want  Problem
		value string
	}{
		{"number's check digit", replaced(passport, 1, 9, "7"), Number, BadCheckDigit, "L898902C3"},
		{"number", replaced(passport, 1, 0, "2"), Number, BadCheckDigit, "2898902C3"},
		{"birth's check digit", replaced(passport, 1, 19, "1"), Birth, BadCheckDigit, "1974-08-12"},
		{"personal number without check digit", replaced(passport, 1, 42, "<"), Optional, BadCheckDigit, "ZE184226B"},
		{"thirteenth month", replaced(passport, 1, 15, "13"), Birth, BadDate, ""},
		{"thirtieth of February", replaced(passport, 1, 13, "740230"), Birth, BadDate, ""},
		{"letter in a date", replaced(passport, 1, 13, "74O812"), Birth, BadCharacter, ""},
		{"unknown day", replaced(passport, 1, 13, withDigit("7408<<")), Birth, "", "1974-08"},
		{"unknown month", replaced(passport, 1, 13, withDigit("74<<<<")), Birth, "", "1974"},
		{"zeros for what is unknown", replaced(passport, 1, 13, withDigit("740000")), Birth, "", "1974"},
		{"unknown birth", replaced(passport, 1, 13, withDigit("<<<<<<")), Birth, "", ""},
		{"state", replaced(passport, 0, 2, "UTX"), Issuer, UnlistedCode, "UTX"},
		{"no state", replaced(passport, 0, 2, "<<<"), Issuer, Missing, ""},
		{"Germany", replaced(passport, 1, 10, "D<<"), Nationality, "", "D"},
		{"digit in the nationality", replaced(passport, 1, 10, "UT0"), Nationality, BadCharacter, "UT0"},
		{"digit in a name", replaced(card, 2, 3, "1"), Surname, BadCharacter, "ERI1SSON"},
		{"no number", replaced(card, 0, 5, "<<<<<<<<<0"), Number, Missing, ""},
		{"neither sex", replaced(passport, 1, 20, "<"), Sex, "", "X"},
		{"sex X", replaced(passport, 1, 20, "X"), Sex, "", "X"},
		{"another letter as sex", replaced(passport, 1, 20, "H"), Sex, BadCharacter, "H"},
		{"one name only", replaced(card, 2, 0, "ARNOLD<<<<<<<<<<<<<<<<<<<<<<<<"), Surname, "", "ARNOLD"},
		{"no name", replaced(card, 2, 0, strings.Repeat("<", 30)), Surname, Missing, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Parse(c.lines, now)
			if err != nil {
				t.Fatal(err)
			}
			if f := d.Field(c.field); f.Problem != c.want || f.Value != c.value {
				t.Errorf("%s is %q with the problem %q, want %q with %q", c.field, f.Value, f.Problem, c.value, c.want)
			}
		})
	}
}

func withDigit(s string) string { return s + string(CheckDigit(s)) }

// replaced replaces characters of one line.
func replaced(lines []string, line, at int, by string) []string {
	lines = slices.Clone(lines)
	lines[line] = lines[line][:at] + by + lines[line][at+len(by):]
	return lines
}

func TestParseRefuses(t *testing.T) {
	passport, card, visa := specimens[0].lines, specimens[1].lines, specimens[5].lines
	for _, c := range []struct {
		name  string
		lines []string
	}{
		{"nothing", nil},
		{"one line", passport[:1]},
		{"a line too short", []string{passport[0][:43], passport[1]}},
		{"lines of different lengths", []string{passport[0], card[1]}},
		{"small letters", []string{strings.ToLower(passport[0]), passport[1]}},
		{"a character no zone has", replaced(passport, 0, 8, "*")},
		{"Cyrillic", []string{"Р<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<", passport[1]}},
		{"a passport's code on a card", replaced(card, 0, 0, "P")},
		{"a visa's code on a card", replaced(card, 0, 0, "V")},
		{"a card's code on a passport", replaced(passport, 0, 0, "I")},
		{"no document at all", replaced(visa, 0, 0, "X")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d, err := Parse(c.lines, now); !errors.Is(err, ErrLayout) {
				t.Errorf("got %+v and %v, want ErrLayout", d, err)
			}
		})
	}
}

// A passport with wrong check digits must not be read as a visa, which has
// fewer of them.
func TestPassportIsNoVisa(t *testing.T) {
	d, err := Parse(replaced(specimens[0].lines, 1, 42, "99"), now)
	if err != nil {
		t.Fatal(err)
	}
	if d.Layout != TD3 || d.ChecksOK() {
		t.Errorf("read as %s, check digits right: %v", d.Layout, d.ChecksOK())
	}
}

func TestParseIgnoresWhiteSpace(t *testing.T) {
	lines := []string{"", "  I<UTO D23145890 7 <<<<<<<<<<<<<<<\r", "7408122F1204159UTO<<<<<<<<<<<6\n", "\tERIKSSON<<ANNA<MARIA<<<<<<<<<<", " "}
	d, err := Parse(lines, now)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Lines, specimens[1].lines) {
		t.Errorf("lines are %q", d.Lines)
	}
}

func TestLongNumbers(t *testing.T) {
	const number, rest = "AB1234567", "8901"
	for _, c := range []struct {
		name  string
		digit byte
		ok    bool
	}{
		{"check digit over the number", CheckDigit(number + rest), true},
		{"check digit over the filler too", CheckDigit(number + "<" + rest), true},
		{"neither", CheckDigit(number+rest) + 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := padded("I<UTO"+number+"<"+rest+string(c.digit)+"<X1", 30)
			d, err := Parse([]string{line, specimens[1].lines[1], specimens[1].lines[2]}, now)
			if err != nil {
				t.Fatal(err)
			}
			f := d.Field(Number)
			if f.Value != number+rest || f.Check.OK != c.ok {
				t.Errorf("number %q, check digit right: %v, want %v", f.Value, f.Check.OK, c.ok)
			}
			if want := []Span{{0, 5, 14}, {0, 15, 19}}; !slices.Equal(f.At, want) {
				t.Errorf("stands at %v, want %v", f.At, want)
			}
		})
	}
}

func TestNamesTruncated(t *testing.T) {
	for _, c := range []struct {
		name  string
		names string
		want  bool
	}{
		{"short", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<", false},
		{"exactly full", "NILAVADHANANANDA<<CHAYAPA<DEJT", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Parse(replaced(specimens[1].lines, 2, 0, c.names), now)
			if err != nil {
				t.Fatal(err)
			}
			if d.NamesTruncated != c.want {
				t.Errorf("truncated: %v, want %v", d.NamesTruncated, c.want)
			}
		})
	}
}

func TestCheckDigit(t *testing.T) {
	// The examples of ICAO Doc 9303-3, appendix A.
	for s, want := range map[string]byte{"": '0', "<<<": '0', "520727": '3', "AB2134<<<": '5', "D23145890": '7'} {
		if got := CheckDigit(s); got != want {
			t.Errorf("check digit of %q is %c, want %c", s, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range specimens {
		f.Add(strings.Join(s.lines, "\n"))
	}
	f.Add("IDFRA\n<<<")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(strings.Split(s, "\n"), now)
		if err != nil {
			if !errors.Is(err, ErrLayout) {
				t.Fatalf("error %v is not ErrLayout", err)
			}
			return
		}
		for _, f := range d.Fields {
			var raw strings.Builder
			for _, at := range f.At {
				raw.WriteString(at.of(d.Lines))
			}
			if raw.String() != f.Raw {
				t.Fatalf("%s is %q but %q stands at its place", f.Name, f.Raw, raw.String())
			}
		}
		again, err := Parse(d.Lines, now)
		if err != nil || again.Layout != d.Layout {
			t.Fatalf("its own lines are not read alike: %v", err)
		}
	})
}

// The short line above a Swiss licence's zone is left out.
func TestParseSwissBlank(t *testing.T) {
	d, err := Parse([]string{"AAA001D<<", "FACHE305142128097<<800126<<<<<", "MARCHAND<<FABIENNE<<<<<<<<<<<<"}, now)
	if err != nil || d.Layout != SwissDL || len(d.Lines) != 2 {
		t.Errorf("%+v, %v", d, err)
	}
}
