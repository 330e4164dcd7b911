package tech

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"idflow"
)

// Setting is one thing a Flow may set for a technology. The cabinet draws its
// form from it; its label and help stand in the catalogs under
// "setting.<technology>.<name>".
type Setting struct {
	Name    string      `json:"name"`
	Type    SettingType `json:"type"`
	Default any         `json:"default"`
	Min     float64     `json:"min,omitempty"` // numbers only
	Max     float64     `json:"max,omitempty"`
	Choices []string    `json:"choices,omitempty"` // of Choice and Choices
}

// SettingType is how a value is entered and checked.
type SettingType string

const (
	Bool    SettingType = "bool"
	Number  SettingType = "number"  // between Min and Max
	Integer SettingType = "integer" // between Min and Max
	Choice  SettingType = "choice"  // one of Choices
	Choices SettingType = "choices" // some of Choices, none twice
	// Countries is a list of codes of states as ICAO Doc 9303-3 has them ("KAZ",
	// "D"), none twice.
	Countries SettingType = "countries"
)

// Complete checks settings against their schema and fills the defaults in.
// Unknown names are refused. The error's Field begins with "settings".
func Complete(schema []Setting, settings json.RawMessage) (json.RawMessage, *idflow.Error) {
	given := map[string]json.RawMessage{}
	if len(bytes.TrimSpace(settings)) > 0 && !bytes.Equal(bytes.TrimSpace(settings), []byte("null")) {
		if err := json.Unmarshal(settings, &given); err != nil {
			return nil, idflow.Invalid("settings_not_an_object", "settings", "Settings must be a JSON object.")
		}
	}
	full := make(map[string]any, len(schema))
	for _, s := range schema {
		raw, ok := given[s.Name]
		delete(given, s.Name)
		if !ok {
			full[s.Name] = s.Default
			continue
		}
		v, problem := s.parse(raw)
		if problem != "" {
			return nil, idflow.Invalid("setting_invalid", idflow.Field("settings", s.Name), "%s", problem)
		}
		full[s.Name] = v
	}
	for name := range given {
		return nil, idflow.Invalid("setting_unknown", idflow.Field("settings", name), "This technology has no setting of that name.")
	}
	out, err := json.Marshal(full)
	if err != nil {
		return nil, idflow.Invalid("settings_not_an_object", "settings", "Settings must be a JSON object.")
	}
	return out, nil
}

// parse reads one value; problem is a sentence for the one who sent it.
func (s Setting) parse(raw json.RawMessage) (v any, problem string) {
	switch s.Type {
	case Bool:
		var b bool
		if json.Unmarshal(raw, &b) != nil {
			return nil, "This must be true or false."
		}
		return b, ""
	case Number, Integer:
		var n float64
		if json.Unmarshal(raw, &n) != nil || n < s.Min || n > s.Max || s.Type == Integer && n != float64(int(n)) {
			kind := "a number"
			if s.Type == Integer {
				kind = "a whole number"
			}
			return nil, fmt.Sprintf("This must be %s from %g to %g.", kind, s.Min, s.Max)
		}
		return n, ""
	case Choice:
		var c string
		if json.Unmarshal(raw, &c) != nil || !slices.Contains(s.Choices, c) {
			return nil, fmt.Sprintf("This must be one of %q.", s.Choices)
		}
		return c, ""
	case Choices:
		var cs []string
		if json.Unmarshal(raw, &cs) != nil {
			return nil, fmt.Sprintf("This must be a list out of %q.", s.Choices)
		}
		for i, c := range cs {
			if !slices.Contains(s.Choices, c) || slices.Contains(cs[:i], c) {
				return nil, fmt.Sprintf("This must be a list out of %q, none of them twice.", s.Choices)
			}
		}
		return cs, ""
	case Countries:
		var cs []string
		if json.Unmarshal(raw, &cs) != nil || len(cs) > maxCountries {
			return nil, "This must be a list of country codes such as \"KAZ\"."
		}
		for i, c := range cs {
			if !isCountry(c) || slices.Contains(cs[:i], c) {
				return nil, fmt.Sprintf("%q is no country code of one to three capitals, or stands there twice.", c)
			}
		}
		return cs, ""
	}
	return nil, "This technology declares a setting of an unknown type."
}

// maxCountries is more than there are.
const maxCountries = 300

// isCountry says whether c has the form of a code; it need not be listed, since
// states come and go.
func isCountry(c string) bool {
	if len(c) < 1 || len(c) > 3 {
		return false
	}
	for i := range len(c) {
		if c[i] < 'A' || c[i] > 'Z' {
			return false
		}
	}
	return true
}
