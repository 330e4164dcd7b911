package viz

import (
	"testing"
	"time"

	"idflow/specimen"
)

func TestChecks(t *testing.T) {
	for _, x := range []struct {
		check  Check
		number string
		want   bool
	}{
		{PolishPESEL, "44051401359", true},
		{PolishPESEL, "44051401358", false},
		{Estonian, "37605030299", true},
		{Estonian, "37605030298", false},
		{Estonian, "37613030299", false},
		{CzechBirth, "710319/2745", true},
		{CzechBirth, "710319/2746", false},
		{CzechBirth, "110101/111", true},
		{CzechBirth, "11010", false},
		{KyrgyzPIN, "21508198500563", true},
		{KyrgyzPIN, "31508198500563", false},
		{KyrgyzPIN, "23202198500563", false},
		{UzbekPINFL, "31508854160012", true},
		{UzbekPINFL, "91508854160012", false},
		{KazakhIIN, "", false},
		{KazakhIIN, "12345678901X", false},
		{KazakhIIN, "991332312345", false},
	} {
		if got := checks[x.check](x.number); got != x.want {
			t.Errorf("%s %q: %v", x.check, x.number, got)
		}
	}
}

// Numbers of invented people follow the rule, and no longer do with another
// check digit.
func TestKazakhIIN(t *testing.T) {
	g := specimen.New(11)
	for range 50 {
		d, err := g.Document("kazakhstan-id")
		if err != nil {
			t.Fatal(err)
		}
		n := []byte(d.Holder.Personal)
		if !isKazakhIIN(string(n)) {
			t.Errorf("%s does not pass", n)
		}
		n[11] = '0' + (n[11]-'0'+1)%10
		if isKazakhIIN(string(n)) {
			t.Errorf("%s passes", n)
		}
	}
}

func TestParseDate(t *testing.T) {
	for _, x := range []struct{ text, want string }{
		{"23.03.1996", "1996-03-23"},
		{"23 03 1996", "1996-03-23"},
		{"23/03/96", "1996-03-23"},
		{"01-02-03", "2003-02-01"},
		{"1996-03-23", "1996-03-23"},
		{"12 AUG/AOUT 74", "1974-08-12"},
		{"12 AUGUST/AOUT 74", "1974-08-12"},
		{"13 LIP/JUL 2016", "2016-07-13"},
		{"13LIPIJUL 2016", "2016-07-13"},
		{"31 DES/DEC 66", "1966-12-31"},
		{"05FEB1965", "1965-02-05"},
		{"20 MAY /MAI 95", "1995-05-20"},
		{"02 MAR 1968", "1968-03-02"},
		{"12 МАЯ 1985", "1985-05-12"},
		{"01.07.2014.", "2014-07-01"},
		{"24 DFC 2004", "2004-12-24"},
		{"31.02.2000", ""},
		{"32.01.2000", ""},
		{"01.13.2000", ""},
		{"ALMATY", ""},
		{"", ""},
	} {
		got, ok := parseDate(x.text, 2026)
		if got != x.want || ok != (x.want != "") {
			t.Errorf("%q: %q, want %q", x.text, got, x.want)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	f.Add("12 AUG/AOUT 74")
	f.Add("23.03.1996")
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := parseDate(s, 2026); ok {
			if _, err := time.Parse(time.DateOnly, got); err != nil {
				t.Errorf("%q: %q is no day", s, got)
			}
		}
	})
}

func TestPieces(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	sexes := map[string]string{"МУЖ.": "M", "ЖЕН.": "F"}
	for _, x := range []struct {
		name string
		part Part
		seen string
		want []string // values
	}{
		{"Cyrillic by its script", Part{Name: "family_name", Format: Words, Script: Kazakh}, "AXMETOB", []string{"АХМЕТОВ"}},
		{"Latin by its script", Part{Name: "family_name", Format: Words, Script: Latin26}, "АНМАД", []string{"AHMA"}},
		{"small letters count as capitals", Part{Name: "given_names", Format: Words, Script: Latin26}, "Anna", []string{"ANNA"}},
		{"small letters kept", Part{Name: "given_names", Format: Words, Script: Latin26, Small: true}, "Anna", []string{"Anna"}},
		{"Uzbek apostrophe", Part{Name: "family_name", Format: Words, Script: Uzbek}, "TO'RAYEV", []string{"TOʻRAYEV"}},
		{"choice", Part{Name: "sex", Format: Choice, Script: Cyrillic, Values: sexes}, "ЖЕН.", []string{"F"}},
		{"choice without its dot", Part{Name: "sex", Format: Choice, Script: Cyrillic, Values: sexes}, "МУЖ", []string{"M"}},
		{"no choice", Part{Name: "sex", Format: Choice, Script: Cyrillic, Values: sexes}, "1234", []string{""}},
		{"number", Part{Name: "document_number", Format: Number, Pattern: "№? #########"}, "№ 012345678", []string{"012345678"}},
		{"number with a letter for a digit", Part{Name: "document_number", Format: Number}, "CAO00000", []string{"CA000000"}},
		{"two scripts", Part{Name: "family_name", Format: Words, Script: Kazakh, Separator: "/",
			Then: []Part{{Name: "family_name", Format: Words, Script: Latin26}}}, "АБАЙ / ABAY", []string{"АБАЙ", "ABAY"}},
		{"two dates", Part{Name: "issue_date", Format: Date, Pattern: "DD.MM.YYYY", Separator: "-",
			Then: []Part{{Name: "expiry_date", Format: Date, Pattern: "DD.MM.YYYY"}}}, "10.06.2020 - 10.06.2030", []string{"2020-06-10", "2030-06-10"}},
		{"date and place", Part{Name: "birth_date", Format: Date, Pattern: "DD.MM.YYYY", Separator: " ",
			Then: []Part{{Name: "birth_place", Format: Text, Script: Latin26}}}, "01.02.1980 PORT ROYAL", []string{"1980-02-01", "PORT ROYAL"}},
		{"American date", Part{Name: "birth_date", Format: Date, Pattern: "MM/DD/YYYY"}, "08/31/1978", []string{"1978-08-31"}},
		{"year of two digits", Part{Name: "birth_date", Format: Date, Pattern: "DD-MM-YY"}, "31-08-78", []string{"1978-08-31"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			p := newPiece(x.part, "")
			got := p.parts(lattice(x.seen, 0.9), now)
			for i, want := range x.want {
				if i >= len(got) {
					t.Fatalf("%d parts", len(got))
				}
				if got[i].value != want {
					t.Errorf("part %d: %q of %q, want %q", i, got[i].value, got[i].text, want)
				}
			}
		})
	}
}

func TestWithin(t *testing.T) {
	for _, x := range []struct {
		short, long string
		from, to    int
		alike       float64
	}{
		{"SURNAME", "SURNAME", 0, 7, 1},
		{"SURNAME", "1SURNAMENOM", 1, 8, 1},
		{"SURNAME", "SUMAMENOM", 0, 6, 5. / 7},
		{"SURNAME", "", 0, 0, 0},
	} {
		got := within([]rune(x.short), []rune(x.long))
		if got.alike != x.alike || x.alike == 1 && (got.from != x.from || got.to != x.to) {
			t.Errorf("%q in %q: %+v, want %+v", x.short, x.long, got, x)
		}
	}
}
