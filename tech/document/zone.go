package document

import (
	"math"

	"idflow/vision/mrz"
)

// clearMargin is how much likelier every character of a name must be than the
// next one, as the logarithm of the ratio, to stand without the print's help:
// names have no check digit. 2.3 is ten to one.
const clearMargin = 2.3

// zoneChecks are what the zone says of itself.
func zoneChecks(z *mrz.Result, rs readings, s settings) (list []check) {
	if z == nil {
		return nil
	}
	right, all := 0, 0
	count := func(c *mrz.Check) {
		if c != nil {
			all++
			if c.OK {
				right++
			}
		}
	}
	for _, f := range z.Document.Fields {
		count(f.Check)
	}
	count(z.Document.Composite)
	digits := check{Code: "mrz.check_digits", Severity: askedOnce, Reason: CheckDigits, Score: float64(right), Limit: float64(all), Result: checkOK}
	switch {
	case all == 0: // a layout without any
		digits.Result = checkNone
	case right < all:
		digits.Result = checkFailed
	}
	corrected := check{Code: "mrz.corrected", Severity: s.Corrected, Reason: ZoneUnclear, Score: float64(len(z.Corrections)), Result: checkOK}
	if len(z.Corrections) > 0 && !confirmed(z, rs) {
		corrected.Result = checkFailed
	}
	return append(list, digits, corrected, names(z, rs, s))
}

// names holds what no check digit covers, the names and in some layouts more,
// against the print, and where that says nothing against how clear its
// characters are.
func names(z *mrz.Result, rs readings, s settings) check {
	c := check{Code: "mrz.names", Severity: s.Corrected, Reason: ZoneUnclear, Limit: clearMargin, Result: checkOK}
	least := math.Inf(1)
	for _, field := range []mrz.Name{mrz.Surname, mrz.GivenNames, mrz.Number, mrz.Birth} {
		if f := z.Document.Field(field); f.Check != nil || len(f.At) == 0 {
			continue
		}
		if _, _, g, ok := rs.closest(string(field), fromZone, fromPrint); ok && g == agree {
			continue
		}
		if len(z.Lines) > 0 {
			least = min(least, z.Margin(z.Document.Field(field)))
		}
	}
	if math.IsInf(least, 1) {
		return c
	}
	c.Score = least
	if least < clearMargin {
		c.Result = checkFailed
	}
	return c
}

// confirmed says whether the print says the same as every field that a
// correction changed.
func confirmed(z *mrz.Result, rs readings) bool {
	for _, correction := range z.Corrections {
		field := correctedField(z.Document, correction)
		if _, _, g, ok := rs.closest(string(field), fromZone, fromPrint); !ok || g != agree {
			return false
		}
	}
	return true
}

// correctedField is the field that a correction lies in.
func correctedField(d *mrz.Document, c mrz.Correction) mrz.Name {
	for _, f := range d.Fields {
		for _, at := range f.At {
			if at.Line == c.Line && at.From <= c.At && c.At < at.To {
				return f.Name
			}
		}
	}
	return ""
}
