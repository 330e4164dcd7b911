package mrz

import (
	"strings"
	"testing"
	"time"
)

func TestRussianID(t *testing.T) {
	fill := func(s string) string { return s + strings.Repeat("<", 44-len(s)) }
	checked := func(s string) string { return s + string(CheckDigit(s)) }
	number, birth, optional := checked("460123456"), checked("850307"), checked("0120715500001<")
	second := number + "RUS" + birth + "F<<<<<<<" + optional
	lines := []string{fill("PNRUSQ2L3EVA<<9NA<PETROVNA"), second + string(CheckDigit(number+birth+"<<<<<<<"+optional))}
	d, err := Parse(lines, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if d.Layout != RussianID || !d.ChecksOK() {
		t.Fatalf("layout %s, %+v", d.Layout, d.Fields)
	}
	for name, want := range map[Name]string{
		Surname: "ЙЁЛЧЕВА", GivenNames: "ЬНА", Patronymic: "ПЕТРОВНА", Number: "4600123456", Birth: "1985-03-07", Sex: "F", Issue: "2012-07-15",
		Office: "500-001", Expiry: "", Issuer: "RUS",
	} {
		if got := d.Value(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
		f := d.Field(name)
		for _, at := range f.At {
			if name == Patronymic && at.of(lines) != "PETROVNA" || name == Office && at.of(lines) != "500001" {
				t.Errorf("%s stands at %v: %q", name, at, at.of(lines))
			}
		}
	}
}

// A passport for abroad of the same state is an ordinary one.
func TestRussianPassportForAbroad(t *testing.T) {
	lines := []string{"P<RUSIVANOV<<IVAN<<<<<<<<<<<<<<<<<<<<<<<<<<<", "1234567897RUS8503074M3001019<<<<<<<<<<<<<<<0"}
	if d, err := Parse(lines, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil || d.Layout != TD3 {
		t.Errorf("%v, %v", d, err)
	}
}
