package specimen

import (
	"slices"
	"testing"

	"idflow/vision/mrz"
)

func TestRussianZone(t *testing.T) {
	d := Document{
		Template: "russia-passport",
		Holder: Holder{
			Surname: Name{Native: "ЩЁГОЛЕВ"}, Given: Name{Native: "ИЛЬЯ"}, Patronymic: Name{Native: "ЮРЬЕВИЧ"},
			Sex: "M", Birth: mrz.Date{Year: 1980, Month: 1, Day: 2},
		},
		Number: "4510123456", Issued: mrz.Date{Year: 2010, Month: 3, Day: 4}, Codes: map[string]string{"unit": "770001"},
	}
	got, err := d.MRZ()
	if err != nil {
		t.Fatal(err)
	}
	// The check digits by hand: 7-3-1 over 451123456, 800102, 0100304770001<, and
	// all of these with their digits.
	number, birth, optional := "451123456", "800102", "0100304770001<"
	n, b, o := number+string(mrz.CheckDigit(number)), birth+string(mrz.CheckDigit(birth)), optional+string(mrz.CheckDigit(optional))
	want := []string{
		"PNRUSW2GOLEV<<IL98<7R9EVI3<<<<<<<<<<<<<<<<<<",
		n + "RUS" + b + "M<<<<<<<" + o + string(mrz.CheckDigit(n+b+"<<<<<<<"+o)),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for i, l := range got {
		if len(l) != 44 {
			t.Errorf("line %d has %d characters", i, len(l))
		}
	}
	d.Codes = nil
	if _, err := d.MRZ(); err == nil {
		t.Error("a zone was written without the unit's code")
	}
}
