package specimen

import (
	"strconv"
	"testing"

	"idflow/vision/mrz"
)

func TestIIN(t *testing.T) {
	for _, c := range []struct {
		born  int
		sex   string
		digit byte
	}{{1978, "M", '3'}, {1978, "F", '4'}, {2003, "M", '5'}, {2003, "F", '6'}} {
		g := New(1)
		for range 200 {
			n := g.iin(Holder{Birth: mrz.Date{Year: c.born, Month: 5, Day: 9}, Sex: c.sex})
			if len(n) != 12 || n[:6] != strconv.Itoa(c.born)[2:]+"0509" || n[6] != c.digit {
				t.Fatalf("%d %s: %s", c.born, c.sex, n)
			}
			if int(n[11]-'0') != iinCheck(n[:11]) {
				t.Fatalf("%s has a wrong check digit", n)
			}
		}
	}
}

// Worked out by hand from the rule: the first weighting leaves 10 for the second
// number, so that the second weighting counts.
func TestIINCheck(t *testing.T) {
	for s, want := range map[string]int{
		"00000000001": 0, // 11 mod 11
		"10000000000": 1,
		"00000000010": 1, // 10, so weighted 1: the eleven weights from 3 on end in 1, 2
	} {
		if got := iinCheck(s); got != want {
			t.Errorf("%s: %d, want %d", s, got, want)
		}
	}
}

func TestPeople(t *testing.T) {
	for code, c := range countries {
		for sex, n := range map[string]Names{"M": c.Men, "F": c.Women} {
			if len(n.Surnames) == 0 || len(n.Given) == 0 || c.Sexes[sex].Latin == "" {
				t.Errorf("%s has no names or no word for %s", code, sex)
			}
		}
		if len(c.Places) == 0 || len(c.Authorities) == 0 || c.Nationality.Latin == "" {
			t.Errorf("%s lacks places, authorities or a nationality", code)
		}
		if !mrz.Listed(code) {
			t.Errorf("%s is not a code of ICAO's", code)
		}
	}
	for key, tmpl := range templates {
		if _, ok := countries[tmpl.Country]; !ok {
			t.Errorf("%s is issued by %s, which has no people", key, tmpl.Country)
		}
	}
}
