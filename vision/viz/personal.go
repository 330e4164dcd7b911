package viz

import (
	"strings"
	"time"
)

// Check is a rule that numbers of persons follow.
type Check string

// The checks.
const (
	// KazakhIIN: YYMMDD of the birth, a digit of century and sex (1 to 6, odd for
	// men), four digits, and a check digit: the sum of the first eleven weighted 1
	// to 11, modulo 11, or where that is 10 weighted 3 to 11, 1, 2 (Kazakhstan,
	// Government Resolution No. 565 of 2003).
	KazakhIIN Check = "kz_iin"
	// KyrgyzPIN: 1 for women and 2 for men, DDMMYYYY of the birth, five digits.
	// No check digit is published.
	KyrgyzPIN Check = "kg_pin"
	// UzbekPINFL: a digit of century and sex (1 to 6, odd for men), DDMMYY of the
	// birth, seven digits. The last is a check digit whose rule is not verified
	// here; only the form is looked at.
	UzbekPINFL Check = "uz_pinfl"
	// CzechBirth: YYMMDD of the birth, women's months with 50 added, / and three
	// or four digits; ten digits are divisible by 11 (Czech Act 133/2000).
	CzechBirth Check = "cz_rc"
	// Estonian: a digit of century and sex, YYMMDD, three digits and a check digit
	// (EVS 585:2007); Lithuania's number follows the same rule.
	Estonian Check = "ee_ik"
	// Polish PESEL: YYMMDD with the century in the month, four digits and a check
	// digit weighted 1 3 7 9.
	PolishPESEL Check = "pl_pesel"
)

var checks = map[Check]func(string) bool{
	KazakhIIN:   isKazakhIIN,
	KyrgyzPIN:   isKyrgyzPIN,
	UzbekPINFL:  isUzbekPINFL,
	CzechBirth:  isCzechBirth,
	Estonian:    isEstonian,
	PolishPESEL: isPolishPESEL,
}

func allDigits(s string, n int) bool { return len(s) == n && strings.Trim(s, digits) == "" }

func at(s string, i int) int { return int(s[i] - '0') }

// weighted is the sum of the digits of s times the weights.
func weighted(s string, weights ...int) int {
	n := 0
	for i, w := range weights {
		n += w * at(s, i)
	}
	return n
}

// isDay says whether there was such a day.
func isDay(layout, s string) bool {
	_, err := time.Parse(layout, s)
	return err == nil
}

func isKazakhIIN(s string) bool {
	if !allDigits(s, 12) || s[6] < '1' || s[6] > '6' || !isDay("060102", s[:6]) {
		return false
	}
	c := weighted(s, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) % 11
	if c == 10 {
		c = weighted(s, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2) % 11
	}
	return c == at(s, 11)
}

func isKyrgyzPIN(s string) bool {
	return allDigits(s, 14) && (s[0] == '1' || s[0] == '2') && isDay("02012006", s[1:9])
}

func isUzbekPINFL(s string) bool {
	return allDigits(s, 14) && s[0] >= '1' && s[0] <= '6' && isDay("020106", s[1:7])
}

func isCzechBirth(s string) bool {
	s = strings.ReplaceAll(s, "/", "")
	if !allDigits(s, 10) {
		return allDigits(s, 9)
	}
	n := 0
	for i := range s {
		n = (10*n + at(s, i)) % 11
	}
	return n == 0
}

func isEstonian(s string) bool {
	if !allDigits(s, 11) || s[0] < '1' || s[0] > '8' || !isDay("060102", s[1:7]) {
		return false
	}
	c := weighted(s, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11
	if c == 10 {
		c = weighted(s, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10
	}
	return c == at(s, 10)
}

func isPolishPESEL(s string) bool {
	return allDigits(s, 11) && (10-weighted(s, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10 == at(s, 10)
}
