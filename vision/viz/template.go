package viz

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Template describes one side of a type of document: a file of templates/.
// Lengths are millimetres from the side's top left corner, x to the right and y
// down. Boxes are x, y, width, height of where text may be: as wide as the
// longest may become, and as high as its capitals, for several lines from the
// first one's top to the last one's bottom.
type Template struct {
	Key     string     `json:"key"`               // name of the file without .json
	Title   string     `json:"title"`             // for people
	Country string     `json:"country,omitempty"` // code as in machine-readable zones; "" for any
	Type    string     `json:"type"`              // one of Types
	Side    string     `json:"side"`              // "front" or "back"
	Size    [2]float64 `json:"size"`              // width, height
	// Letters are the capitals with marks that occur in fields of script latin;
	// "" for all there are. Fewer are told apart more surely.
	Letters string `json:"letters,omitempty"`
	Marks   []Mark `json:"marks,omitempty"` // what is printed on every copy, titles first of all
	Fields  []Part `json:"fields"`
}

// Types of documents.
var Types = []string{"passport", "id", "licence", "residence", "visa"}

// Mark is a text that is the same on every copy.
type Mark struct {
	Text string `json:"text"`
	// Box says where; null for anywhere on the page. A width of 0 is not known.
	Box *[4]float64 `json:"box,omitempty"`
}

// Part is a field, or a part of one where several stand on one line.
type Part struct {
	// Name is one of Names. Several fields may have the same name: the same thing
	// in two scripts.
	Name string `json:"name"`
	// Box is where the value is; null where only its label leads to it.
	Box *[4]float64 `json:"box,omitempty"`
	// Labels are what the field is called on the document, in any of its
	// languages; where it stands is Label's box, null for unknown.
	Labels []string    `json:"labels,omitempty"`
	Label  *[4]float64 `json:"label,omitempty"`
	// Mark is the number that stands before the value: "4a", as on licences.
	Mark   string `json:"mark,omitempty"`
	Script Script `json:"script,omitempty"`
	Format Format `json:"format"`
	// Pattern of dates: DD, MM, MMM, YY, YYYY and what stands between them; of
	// numbers: # a digit, @ a capital, * either, ? after what may be missing.
	Pattern string `json:"pattern,omitempty"`
	// Values are what the field may say, and what that means.
	Values map[string]string `json:"values,omitempty"`
	Check  Check             `json:"check,omitempty"`
	// Small says that there are small letters in the value; else all are capitals.
	Small bool `json:"small,omitempty"`
	// Turn is how far the text is turned clockwise, in quarter turns; only a
	// field with a box may be.
	Turn int `json:"turn,omitempty"`
	// Lines is how many lines the box has; 0 for one.
	Lines int `json:"lines,omitempty"`
	// Then are the parts behind Separator on the same line.
	Separator string `json:"separator,omitempty"`
	Then      []Part `json:"then,omitempty"`
}

// Format says what a value is.
type Format string

// The formats.
const (
	Words  Format = "name"   // letters
	Text   Format = "text"   // letters, digits and signs
	Date   Format = "date"   // value: YYYY-MM-DD
	Number Format = "number" // capitals and digits, by a pattern if there is one
	Choice Format = "choice" // one of Values
)

var formats = []Format{Words, Text, Date, Number, Choice}

// Names are the fields that there are.
var Names = []string{
	"family_name", "given_names", "full_name", "patronymic", "birth_date", "sex", "nationality", "document_number", "personal_number",
	"issue_date", "expiry_date", "issuer", "issuer_code", "birth_place", "address", "categories", "document_type", "country_code",
	"ethnicity", "place_of_issue", "valid_for", "entries", "height", "remarks",
}

// Bounds of a template's file, so that a wrong one cannot take much time.
const (
	maxFile   = 64 << 10
	maxSide   = 400 // mm
	maxItems  = 64
	maxText   = 120 // runes
	maxNested = 4
)

// ParseTemplate reads a template's file. The error says all that is wrong with
// it, one thing a line.
func ParseTemplate(data []byte) (Template, error) {
	var t Template
	if len(data) > maxFile {
		return t, fmt.Errorf("template: %d bytes, at most %d", len(data), maxFile)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return t, fmt.Errorf("template: %w", err)
	}
	if d.More() {
		return t, fmt.Errorf("template: more than one value")
	}
	return t, t.Lint()
}

//go:embed templates/*.json
var templateFiles embed.FS

// Templates are all that ship, in the order of their keys.
func Templates() ([]Template, error) {
	files, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	var out []Template
	for _, f := range files {
		data, err := templateFiles.ReadFile(path.Join("templates", f.Name()))
		if err != nil {
			return nil, err
		}
		t, err := ParseTemplate(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		if t.Key != strings.TrimSuffix(f.Name(), ".json") {
			return nil, fmt.Errorf("%s: key is %q", f.Name(), t.Key)
		}
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Template) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// placed says whether the template knows where its fields are.
func (t *Template) placed() bool {
	return slices.ContainsFunc(t.Fields, func(p Part) bool { return p.Box != nil })
}
