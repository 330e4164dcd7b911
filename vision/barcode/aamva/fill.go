package aamva

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// fill sets the fields from the elements. Where two identifiers are given, the
// later ones are those of earlier versions.
func (l *Licence) fill() {
	issuer := issuers[l.IIN]
	l.Country = country(l.value("DCG"), issuer.country)
	l.Number = l.value("DAQ", "DBJ")
	l.Discriminator = l.value("DCF")
	l.Inventory = l.value("DCK")
	l.names()
	l.Cut = Cut{Surname: l.cut("DDE"), Given: l.cut("DDF"), Middle: l.cut("DDG")}

	l.Birth = l.date("DBB", "DBL")
	l.Issued = l.date("DBD")
	l.Expires = l.date("DBA")
	l.Revised = l.date("DDB")
	l.Sex = l.sex("DBC")
	l.HeightCM = l.height()
	l.WeightKG = l.weight()
	l.Eyes = strings.ToUpper(l.value("DAY"))
	l.Hair = strings.ToUpper(l.value("DAZ"))
	l.BirthPlace = l.value("DCI")

	l.Street = l.value("DAG", "DAL")
	l.Street2 = l.value("DAH", "DAM")
	l.City = l.value("DAI", "DAN")
	l.Region = l.value("DAJ", "DAO")
	l.Postal = postal(l.value("DAK", "DAP"), l.Country)
	if l.Jurisdiction = issuer.region; l.Jurisdiction == "" {
		l.Jurisdiction = l.Region
	}

	l.Class = l.value("DCA", "DAR")
	l.Restrictions = l.value("DCB", "DAS")
	l.Endorsements = l.value("DCD", "DAT")
	l.Compliance = l.value("DDA")
	l.Donor = yes(l.value("DDK", "DBH"))
	l.Veteran = yes(l.value("DDL"))
	l.LimitedDuration = yes(l.value("DDD"))
}

func yes(v string) bool { return v == "1" || v == "Y" }

// names: family and given names stand alone since version 4; versions 2 and 3 put
// all given names into DCT; version 1 may say everything in DAA, with commas.
func (l *Licence) names() {
	l.Surname = l.value("DCS", "DAB")
	l.Given = l.value("DAC")
	l.Middle = l.value("DAD")
	l.Suffix = l.value("DCU", "DAE")
	l.Prefix = l.value("DAF")
	if together := l.value("DCT"); l.Given == "" && together != "" {
		l.Given, l.Middle = cutName(together)
	}
	if whole := l.value("DAA"); l.Surname == "" && whole != "" {
		l.wholeName(whole)
	}
}

// cutName takes the first of several given names, which commas or spaces divide.
func cutName(s string) (first, others string) {
	at := strings.IndexAny(s, ", ")
	if at < 0 {
		return s, ""
	}
	return s[:at], strings.TrimSpace(strings.ReplaceAll(s[at+1:], ",", " "))
}

// wholeName reads "SURNAME,GIVEN,MIDDLE,SUFFIX"; some write it with spaces or @.
func (l *Licence) wholeName(s string) {
	divider := ","
	for _, d := range []string{",", "@", " "} {
		if strings.Contains(s, d) {
			divider = d
			break
		}
	}
	parts := strings.SplitN(s, divider, 4)
	for i, to := range []*string{&l.Surname, &l.Given, &l.Middle, &l.Suffix} {
		if i < len(parts) && *to == "" {
			*to = strings.TrimSpace(parts[i])
		}
	}
}

func (l *Licence) cut(id string) string {
	switch v := strings.ToUpper(l.value(id)); v {
	case "T", "N", "U":
		return v
	}
	l.unreadable(id)
	return ""
}

func (l *Licence) sex(id string) string {
	switch strings.ToUpper(l.value(id)) {
	case "1", "M":
		return "M"
	case "2", "F":
		return "F"
	case "9", "X", "3":
		return "X"
	}
	l.unreadable(id)
	return ""
}

// date reads the first of the elements that holds one. Year, month, day is the
// order in Canada, in version 1 and before; month, day, year in the United States
// since. Not every issuer keeps to it: the other order counts where only that one
// makes a date.
func (l *Licence) date(ids ...string) string {
	for _, id := range ids {
		v := strings.NewReplacer("-", "", "/", "").Replace(l.value(id))
		if v == "" {
			continue
		}
		if d, ok := parseDate(v, l.Country != "USA" || l.Version < 2); ok {
			return d
		}
		l.unreadable(id)
	}
	return ""
}

func parseDate(v string, yearFirst bool) (string, bool) {
	layouts := []string{"01022006", "20060102"}
	if yearFirst {
		layouts[0], layouts[1] = layouts[1], layouts[0]
	}
	for _, layout := range layouts {
		if d, err := time.Parse(layout, v); err == nil && d.Year() >= 1880 && d.Year() < 2200 {
			return d.Format(time.DateOnly), true
		}
	}
	return "", false
}

const (
	cmPerInch  = 2.54
	kgPerPound = 0.45359237
)

// height: "068 in", "173 cm"; in version 1 feet and inches, "508", or DAV with
// centimetres.
func (l *Licence) height() int {
	v := strings.ToLower(l.value("DAU"))
	if v == "" {
		n, ok := measure(l.value("DAV"))
		return l.sane(n, ok, 30, 275, "DAV")
	}
	n, ok := measure(strings.TrimSuffix(strings.TrimSuffix(v, "in"), "cm"))
	inches := float64(n)
	switch {
	case !ok && strings.ContainsAny(v, "'-"): // 5'08", 5-08
		var feet, rest int
		_, err := fmt.Sscanf(strings.NewReplacer("'", " ", "-", " ", `"`, "").Replace(v), "%d %d", &feet, &rest)
		ok, inches = err == nil && feet < 9 && rest < 12, float64(12*feet+rest)
	case strings.HasSuffix(v, "cm"), l.Country == "CAN" && !strings.HasSuffix(v, "in"):
		inches = float64(n) / cmPerInch
	case l.Version < 2 && n >= 200 && n < 900 && !strings.HasSuffix(v, "in"):
		inches = float64(12*(n/100) + n%100)
	}
	return l.sane(int(math.Round(inches*cmPerInch)), ok, 30, 275, "DAU")
}

// weight: pounds in DAW, kilograms in DAX.
func (l *Licence) weight() int {
	if l.value("DAW") != "" {
		n, ok := measure(l.value("DAW"))
		return l.sane(int(math.Round(float64(n)*kgPerPound)), ok, 1, 500, "DAW")
	}
	n, ok := measure(l.value("DAX"))
	return l.sane(n, ok, 1, 500, "DAX")
}

// sane is n where it was read and lies between lo and hi.
func (l *Licence) sane(n int, ok bool, lo, hi int, id string) int {
	if ok && n >= lo && n <= hi {
		return n
	}
	l.unreadable(id)
	return 0
}

func measure(s string) (int, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 3 {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return int(n), err == nil
}

// postal writes nine digits as 23269-0000, and five where the others are zero;
// Canadian codes as K1A 0B1.
func postal(s, country string) string {
	bare := strings.NewReplacer(" ", "", "-", "").Replace(s)
	switch {
	case len(bare) == 9 && allDigits(bare) && bare[5:] == "0000":
		return bare[:5]
	case len(bare) == 9 && allDigits(bare):
		return bare[:5] + "-" + bare[5:]
	case country == "CAN" && len(bare) == 6:
		return bare[:3] + " " + bare[3:]
	}
	return s
}

func country(said, issuers string) string {
	switch strings.ToUpper(said) {
	case "USA", "US":
		return "USA"
	case "CAN", "CA", "CDN":
		return "CAN"
	case "MEX":
		return "MEX"
	}
	if issuers == "" {
		return "USA"
	}
	return issuers
}
