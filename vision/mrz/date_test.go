package mrz

import (
	"testing"
	"time"
)

func TestCenturies(t *testing.T) {
	for _, c := range []struct {
		name          string
		layout        Layout
		birth, expiry string
		wantBirth     string
		wantExpiry    string
	}{
		{"born this century", TD3, "100131", "300131", "2010-01-31", "2030-01-31"},
		{"born last century", TD3, "740812", "120415", "1974-08-12", "2012-04-15"},
		{"born today", TD3, "260615", "360614", "2026-06-15", "2036-06-14"},
		{"a hundred years old tomorrow", TD3, "260616", "270101", "1926-06-16", "2027-01-01"},
		{"passport of the nineties", TD3, "600101", "940101", "1960-01-01", "1994-01-01"},
		{"passport of twenty years", TD3, "600101", "460101", "1960-01-01", "2046-01-01"},
		{"card valid until 2099", TD1, "300101", "990101", "1930-01-01", "2099-01-01"},
		{"card of sixty years", TD1, "590101", "840101", "1959-01-01", "2084-01-01"},
		{"card that ended ten years ago", TD1, "590101", "160101", "1959-01-01", "2016-01-01"},
		{"expiry never before birth", TD3, "100101", "080101", "2010-01-01", "2108-01-01"},
		{"leap day", TD3, "000229", "280229", "2000-02-29", "2028-02-29"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := parseWithDates(t, c.layout, c.birth, c.expiry)
			if got := d.Value(Birth); got != c.wantBirth {
				t.Errorf("birth %s, want %s", got, c.wantBirth)
			}
			if got := d.Value(Expiry); got != c.wantExpiry {
				t.Errorf("expiry %s, want %s", got, c.wantExpiry)
			}
		})
	}
}

func parseWithDates(t *testing.T, l Layout, birth, expiry string) *Document {
	t.Helper()
	lines := specimens[0].lines
	if l == TD1 {
		lines = replaced(replaced(specimens[1].lines, 1, 0, birth), 1, 8, expiry)
	} else {
		lines = replaced(replaced(lines, 1, 13, birth), 1, 21, expiry)
	}
	d, err := Parse(lines, now)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDateRange(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		date        Date
		text        string
		first, last time.Time
	}{
		{Date{2024, 2, 29}, "2024-02-29", day(2024, 2, 29), day(2024, 3, 1)},
		{Date{2024, 12, 0}, "2024-12", day(2024, 12, 1), day(2025, 1, 1)},
		{Date{2024, 0, 0}, "2024", day(2024, 1, 1), day(2025, 1, 1)},
	} {
		if s := c.date.String(); s != c.text {
			t.Errorf("%v is written %q, want %q", c.date, s, c.text)
		}
		if ISODate(c.text) != c.date {
			t.Errorf("%q is read as %v", c.text, ISODate(c.text))
		}
		if !c.date.First().Equal(c.first) || !c.date.Last().Equal(c.last) {
			t.Errorf("%s lasts from %v to %v, want %v to %v", c.text, c.date.First(), c.date.Last(), c.first, c.last)
		}
	}
	if !(Date{}).IsZero() || (Date{}).String() != "" || !ISODate("").IsZero() {
		t.Error("the zero date is not empty")
	}
}
