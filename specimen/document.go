package specimen

import (
	"fmt"
	"strings"
	"time"

	"idflow/vision/mrz"
)

// Name is a word in Latin letters and in the letters of its country.
type Name struct {
	Latin  string `json:"latin"`
	Native string `json:"native,omitempty"` // "" where it is the Latin one
}

// InNative is the name in the country's own letters.
func (n Name) InNative() string {
	if n.Native == "" {
		return n.Latin
	}
	return n.Native
}

// Holder is somebody a document is about. Nobody of these exists.
type Holder struct {
	Surname     Name
	Given       Name
	Patronymic  Name     // empty where the country has none
	Sex         string   // "M" or "F"
	Birth       mrz.Date // as far as it is known
	BirthPlace  Name
	Nationality string // ICAO code
	Personal    string // number of the person, "" where the document has none
}

// Document is what a document says; a change to it shows on the page that Draw
// prints, in the visual zone and in the machine-readable one.
type Document struct {
	Template  string
	Side      string // which side Draw prints; the first one where ""
	Seed      uint64 // of everything that differs from one copy to the next: pattern, wear
	Holder    Holder
	Number    string
	Issued    mrz.Date
	Expires   mrz.Date // zero for documents without
	Authority Name
	Codes     map[string]string // further numbers of the template, by name

	// Printed replaces the value of fields in the visual zone only, by key: what
	// a forger does who does not know of the other zone.
	Printed map[string]string
	// Zone replaces the lines of the machine-readable zone.
	Zone []string
}

// MRZ is the machine-readable zone of the document, nil where it has none.
func (d Document) MRZ() ([]string, error) {
	t, err := find(d.Template)
	if err != nil {
		return nil, err
	}
	switch {
	case d.Zone != nil:
		return d.Zone, nil
	case t.MRZ == nil:
		return nil, nil
	case t.MRZ.Layout == russianZone:
		return d.russian()
	}
	data := mrz.Data{
		Code:        t.MRZ.Code,
		Issuer:      t.Country,
		Number:      d.Number,
		Surname:     d.Holder.Surname.Latin,
		GivenNames:  d.Holder.Given.Latin,
		Nationality: d.Holder.Nationality,
		Birth:       d.Holder.Birth,
		Sex:         d.Holder.Sex,
		Expiry:      d.Expires,
	}
	if data.Optional, err = d.text(t.MRZ.Optional); err != nil {
		return nil, err
	}
	if data.Optional2, err = d.text(t.MRZ.Optional2); err != nil {
		return nil, err
	}
	lines, err := mrz.Format(t.MRZ.Layout, data)
	if err != nil {
		return nil, fmt.Errorf("specimen: write the zone of a %s: %w", d.Template, err)
	}
	return lines, nil
}

// printed is what the visual zone says in the field.
func (d Document) printed(f Field) (string, error) {
	if v, ok := d.Printed[f.Key]; ok {
		return v, nil
	}
	if f.Value == "" {
		return d.text("{" + f.Key + "}")
	}
	return d.text(f.Value)
}

// text fills the placeholders of s: {surname}, {surname.native}, {birth:02.01.2006}
// and so on; see [Template] for all of them.
func (d Document) text(s string) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		inside, after, found := strings.Cut(rest, "}")
		if !found {
			return "", fmt.Errorf("specimen: %q has no closing brace", s)
		}
		v, err := d.value(inside)
		if err != nil {
			return "", err
		}
		b.WriteString(v)
		s = after
	}
}

// value is what a placeholder stands for.
func (d Document) value(placeholder string) (string, error) {
	key, layout, _ := strings.Cut(placeholder, ":")
	key, native := strings.CutSuffix(key, ".native")
	if date, ok := d.date(key); ok {
		return formatDate(date, layout), nil
	}
	if n, ok := d.name(key); ok {
		if native {
			return n.InNative(), nil
		}
		return n.Latin, nil
	}
	switch key {
	case "number":
		return d.Number, nil
	case "personal":
		return d.Holder.Personal, nil
	case "code":
		return d.Holder.Nationality, nil
	}
	if v, ok := d.Codes[key]; ok {
		return v, nil
	}
	return "", fmt.Errorf("specimen: no placeholder {%s}", placeholder)
}

func (d Document) date(key string) (mrz.Date, bool) {
	switch key {
	case "birth":
		return d.Holder.Birth, true
	case "issued":
		return d.Issued, true
	case "expires":
		return d.Expires, true
	}
	return mrz.Date{}, false
}

func (d Document) name(key string) (Name, bool) {
	switch key {
	case "surname":
		return d.Holder.Surname, true
	case "given":
		return d.Holder.Given, true
	case "patronymic":
		return d.Holder.Patronymic, true
	case "birthplace":
		return d.Holder.BirthPlace, true
	case "authority":
		return d.Authority, true
	case "sex":
		return country(d.Holder.Nationality).Sexes[d.Holder.Sex], true
	case "nationality":
		return country(d.Holder.Nationality).Nationality, true
	}
	return Name{}, false
}

// formatDate writes d by a layout of package time, in capitals as documents do;
// what is unknown of d is written as X.
func formatDate(d mrz.Date, layout string) string {
	if layout == "" {
		layout = "02.01.2006"
	}
	switch {
	case d.Month == 0:
		layout = strings.NewReplacer("02", "XX", "01", "XX", "Jan", "XXX").Replace(layout)
	case d.Day == 0:
		layout = strings.Replace(layout, "02", "XX", 1)
	}
	t := time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
	return strings.ToUpper(t.Format(layout))
}
