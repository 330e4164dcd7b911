package mrz

import (
	"fmt"
	"time"
)

// Date is a day, a month or a year: what is unknown is zero.
//
// A zone writes years with two digits. A birth is taken to lie in the hundred
// years that end now. An expiry lies in the hundred years that end aheadBook
// years from now for passports and visas, which are valid for 15 years at most,
// and aheadCard years from now for cards, some of which are valid for 60 years
// or, as the Spanish one of the elderly, until 2099; and never before the birth.
type Date struct{ Year, Month, Day int }

// How many years ahead an expiry is looked for.
const (
	aheadBook = 20
	aheadCard = 79
)

// IsZero says whether nothing of the date is known.
func (d Date) IsZero() bool { return d == Date{} }

// String is the date as 2006-01-02, as far as it is known.
func (d Date) String() string {
	switch {
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// First is the first moment, in UTC, that the date may mean.
func (d Date) First() time.Time {
	return time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
}

// Last is the first moment, in UTC, after all that the date may mean: a document
// that expires on a day is valid on that day.
func (d Date) Last() time.Time {
	switch {
	case d.Month == 0:
		return d.First().AddDate(1, 0, 0)
	case d.Day == 0:
		return d.First().AddDate(0, 1, 0)
	}
	return d.First().AddDate(0, 0, 1)
}

// ISODate reads what String wrote; what is no date is zero.
func ISODate(s string) Date {
	var d Date
	fmt.Sscanf(s, "%d-%d-%d", &d.Year, &d.Month, &d.Day)
	return d
}

// parseDate reads six characters, year, month and day of two each, of which
// fillers or zeros stand for an unknown month or day. problem is BadCharacter
// or BadDate.
func parseDate(s string, year func(yy int) int) (d Date, problem Problem) {
	var part [3]int
	for i := range part {
		v, ok := twoDigits(s[2*i : 2*i+2])
		if !ok {
			return Date{}, BadCharacter
		}
		part[i] = v
	}
	if part[0] == unknown {
		return Date{}, ""
	}
	d = Date{year(part[0]), max(part[1], 0), max(part[2], 0)}
	if d.Month == 0 {
		d.Day = 0
		return d, ""
	}
	if d.Month > 12 || d.Day > 31 || d.Day > 0 && d.First().Day() != d.Day {
		return Date{}, BadDate
	}
	return d, ""
}

const unknown = -1

// twoDigits is the number two digits make, or unknown for two fillers.
func twoDigits(s string) (int, bool) {
	if s == "<<" {
		return unknown, true
	}
	if !digits.allows(s[0]) || !digits.allows(s[1]) {
		return 0, false
	}
	return int(s[0]-'0')*10 + int(s[1]-'0'), true
}

// birthYear is the last year that ends with yy in which the birth, s as printed,
// is not after now.
func birthYear(s string, now time.Time) func(int) int {
	return func(yy int) int {
		y := now.Year() - mod(now.Year()-yy, 100)
		if y == now.Year() && len(s) == 6 && s[2:6] > now.Format("0102") && digits.allows(s[2]) {
			y -= 100
		}
		return y
	}
}

// expiryYear is the year that ends with yy, is at most ahead years from now and
// less than a hundred years before that, unless it lies before birth.
func expiryYear(birth Date, ahead int, now time.Time) func(int) int {
	return func(yy int) int {
		first := max(now.Year()+ahead-99, birth.Year)
		return first + mod(yy-first, 100)
	}
}

func mod(a, m int) int { return (a%m + m) % m }
