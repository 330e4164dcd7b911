package document

import (
	"strings"
	"time"

	"idflow"
	"idflow/vision/mrz"
)

// result of one check.
type result string

// The results.
const (
	checkOK     result = "ok"
	checkFailed result = "failed"
	checkUnsure result = "unsure"  // something speaks against it, not enough to count
	checkNone   result = "skipped" // there was nothing to check
)

// check is one thing that a document was held against.
type check struct {
	Code     string        `json:"code"`
	Result   result        `json:"result"`
	Severity severity      `json:"severity"`
	Reason   idflow.Reason `json:"-"`
	Found    string        `json:"found,omitempty"`    // what one side says
	Expected string        `json:"expected,omitempty"` // what it was held against
	Score    float64       `json:"score,omitempty"`
	Limit    float64       `json:"limit,omitempty"`
	atMost   bool          // Score must stay below Limit
}

// severity is what a failed check means for the document.
type severity string

// The severities.
const (
	ignored   severity = "ignore"
	reviewed  severity = "review"
	declined  severity = "decline"
	askedOnce severity = "retry" // another photo may mend it
)

// check holds the document against everything that there is to hold it against.
func (f *findings) check(s settings, expected map[string]string, now time.Time) {
	f.checks = append(f.checks, zoneChecks(f.zone, f.readings, s)...)
	f.checks = append(f.checks, consistency(f.readings, s)...)
	f.checks = append(f.checks, personalNumbers(f.readings, s)...)
	f.checks = append(f.checks, dates(f.readings, s, now)...)
	f.checks = append(f.checks, kinds(f.kind, f.country, s)...)
	f.checks = append(f.checks, expectations(f.readings, expected, s)...)
	f.checks = append(f.checks, f.ghostCheck(s)...)
	f.checks = append(f.checks, traceChecks(f.sights, s)...)
}

// consistency holds the sources against each other, field by field. Where a
// field is printed in several scripts, one that agrees is enough.
func consistency(rs readings, s settings) (list []check) {
	list = append(list, printed(rs))
	for _, pair := range [][2]source{{fromZone, fromPrint}, {fromZone, fromBarcode}, {fromBarcode, fromPrint}} {
		for _, field := range compared {
			if a, b, g, ok := rs.closest(field, pair[0], pair[1]); ok {
				list = append(list, check{
					Code: string(pair[0]) + "_" + string(pair[1]) + "." + field, Result: disagreement(g, a, b),
					Severity: s.Mismatch, Reason: SourcesDiffer, Found: b.Value, Expected: a.Value,
				})
			}
		}
	}
	return list
}

// printed says whether anything was read of what is printed for people: where its
// letters are none that can be read, the zone stands alone.
func printed(rs readings) check {
	for _, r := range rs {
		if r.Source == fromPrint && r.Value != "" {
			return check{Code: "viz.read", Result: checkOK, Severity: ignored}
		}
	}
	return check{Code: "viz.read", Result: checkNone, Severity: ignored}
}

// comparable says whether a reading has the form that others of its field have:
// countries are printed as words too, and what has no digit is no number.
func comparable(r reading) bool {
	switch r.Field {
	case fieldNationality, fieldIssuer:
		return mrz.Listed(r.Value)
	case fieldNumber, fieldPersonal:
		return strings.ContainsAny(r.Value, "0123456789")
	}
	return r.Value != ""
}

// closest are the two readings of a field in two sources that agree best.
func (rs readings) closest(field string, first, second source) (a, b reading, best agreement, ok bool) {
	for _, x := range rs {
		for _, y := range rs {
			if x.Field != field || y.Field != field || x.Source != first || y.Source != second || !comparable(x) || !comparable(y) {
				continue
			}
			if g := compare(field, x.Value, y.Value); !ok || g < best {
				a, b, best, ok = x, y, g, true
			}
		}
	}
	return a, b, best, ok
}

// personalNumbers are those with a check digit of their own.
func personalNumbers(rs readings, s settings) (list []check) {
	for _, r := range rs {
		if r.failed {
			c := check{Code: "check_digit." + r.Field, Result: checkUnsure, Severity: s.Mismatch, Reason: NumberWrong, Found: r.Value}
			if r.sure() {
				c.Result = checkFailed
			}
			list = append(list, c)
		}
	}
	return list
}

// disagreement counts what differs only where both were read surely; a
// difference of one character in sure readings is a difference.
func disagreement(g agreement, a, b reading) result {
	switch {
	case g == agree:
		return checkOK
	case a.sure() && b.sure():
		return checkFailed
	}
	return checkUnsure
}

// expectations holds the document against what the customer knows of the person.
func expectations(rs readings, expected map[string]string, s settings) (list []check) {
	for _, field := range compared {
		want := expected[field]
		if want == "" {
			continue
		}
		c := check{Code: "expected." + field, Severity: s.Expected, Reason: NotExpected, Expected: want}
		got, ok := rs.of(field)
		switch {
		case !ok:
			c.Result = checkNone
		case compare(field, want, got.Value) == agree:
			c.Result, c.Found = checkOK, got.Value
		default:
			c.Result, c.Found = checkFailed, got.Value
		}
		list = append(list, c)
	}
	return list
}

// dates holds the dates of a document against each other and against today.
func dates(rs readings, s settings, now time.Time) (list []check) {
	birth, issue, expiry := rs.date(fieldBirth), rs.date(fieldIssue), rs.date(fieldExpiry)
	sev := declined
	if s.AcceptExpired {
		sev = ignored
	}
	list = append(list, ordered("expiry", expiry.IsZero(), !expired(expiry, now), sev, Expired, rs.value(fieldExpiry)))
	if issued, _ := rs.of(fieldIssue); !issue.IsZero() && issued.sure() {
		list = append(list,
			ordered("issued_before_expiry", expiry.IsZero(), issue.Last().Before(expiry.Last()), s.Mismatch, DatesImpossible, rs.value(fieldIssue)),
			ordered("issued_before_today", false, !issue.Last().After(now.Add(48*time.Hour)), s.Mismatch, DatesImpossible, rs.value(fieldIssue)))
	}
	if !birth.IsZero() {
		list = append(list, ordered("born_before_today", false, !birth.Last().After(now), s.Mismatch, DatesImpossible, rs.value(fieldBirth)))
	}
	return append(list, age(birth, s, now)...)
}

// ordered is a check that is skipped where there is nothing to compare.
func ordered(code string, nothing, ok bool, sev severity, reason idflow.Reason, found string) check {
	c := check{Code: code, Severity: sev, Reason: reason, Found: found, Result: checkFailed}
	switch {
	case nothing:
		c.Result = checkNone
	case ok:
		c.Result = checkOK
	}
	return c
}

// age holds the years of the holder against the Flow's limits. Of somebody whose
// day of birth is not known the youngest age counts for the lower limit and the
// oldest for the upper.
func age(birth mrz.Date, s settings, now time.Time) (list []check) {
	if s.MinAge > 0 {
		list = append(list, ordered("age_min", birth.IsZero(), years(birth.Last().AddDate(0, 0, -1), now) >= s.MinAge, declined, AgeOutside, ""))
	}
	if s.MaxAge > 0 {
		list = append(list, ordered("age_max", birth.IsZero(), years(birth.Last().AddDate(0, 0, -1), now) <= s.MaxAge, declined, AgeOutside, ""))
	}
	return list
}

// years from one day to another, whole ones.
func years(from, to time.Time) int {
	n := to.Year() - from.Year()
	if to.YearDay() < from.AddDate(n, 0, 0).YearDay() {
		n--
	}
	return n
}

// date of the best reading of a field.
func (rs readings) date(field string) mrz.Date { return mrz.ISODate(rs.value(field)) }

// kinds holds the kind and the country of the document against the Flow's lists.
func kinds(kind, country string, s settings) (list []check) {
	if len(s.Types) > 0 && len(s.Types) < len(documentTypes) {
		list = append(list, listed("type_allowed", kind, s.Types, TypeUnwanted))
	}
	if len(s.Countries) > 0 {
		list = append(list, listed("country_allowed", country, s.Countries, CountryUnwanted))
	}
	return list
}

func listed(code, found string, allowed []string, reason idflow.Reason) check {
	c := check{Code: code, Severity: declined, Reason: reason, Found: found, Expected: strings.Join(allowed, " "), Result: checkFailed}
	if found == "" {
		c.Severity = reviewed
	}
	for _, a := range allowed {
		if strings.EqualFold(a, found) {
			c.Result = checkOK
		}
	}
	return c
}
