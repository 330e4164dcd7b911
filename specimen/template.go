package specimen

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"

	"idflow/vision/mrz"
)

//go:embed templates/*.json
var templateFiles embed.FS

// Template is a type of document: a file of templates/. Lengths are in
// millimetres from the side's top left corner, x to the right and y down; sizes
// of type are the em, of which capitals are 0.71; y is the baseline.
//
// Texts may hold placeholders: {surname}, {given}, {patronymic}, {birthplace},
// {authority}, {sex} and {nationality}, each also with .native for the letters
// of the country; {number}, {personal}, {code} (the nationality's ICAO code);
// {birth}, {issued} and {expires}, with a layout of package time if wanted as in
// {birth:02 Jan 2006}; and the names of Codes.
type Template struct {
	Key     string `json:"key"` // the name of the file without .json
	Title   string `json:"title"`
	Country string `json:"country"` // ICAO code of the issuer, a file of people/
	Years   int    `json:"years"`   // of validity; 0 for none
	Number  string `json:"number"`  // pattern: # a digit, @ a letter
	// Personal is a pattern too, or "iin" or "pin"; "" for none.
	Personal string `json:"personal,omitempty"`
	// Codes are patterns of further numbers by name.
	Codes map[string]string `json:"codes,omitempty"`
	MRZ   *Zone             `json:"mrz,omitempty"`
	Sides []Side            `json:"sides"`
}

// Zone is what the machine-readable zone says beyond the usual fields.
type Zone struct {
	Layout    mrz.Layout `json:"layout"` // or "RUS-PN"
	Code      string     `json:"code"`
	Optional  string     `json:"optional,omitempty"`
	Optional2 string     `json:"optional2,omitempty"`
}

// Side is one side of a card or the data page of a booklet.
type Side struct {
	Name     string     `json:"name"`              // "front", "back"
	Size     [2]float64 `json:"size"`              // width, height
	Corner   float64    `json:"corner"`            // radius of the corners
	Booklet  bool       `json:"booklet,omitempty"` // another page lies above
	Paper    Paper      `json:"paper"`
	Portrait *Frame     `json:"portrait,omitempty"`
	Ghost    *Frame     `json:"ghost,omitempty"` // a second, faint copy of the portrait
	Labels   Style      `json:"labels"`          // what fields' labels inherit
	Values   Style      `json:"values"`          // what fields inherit
	Texts    []Text     `json:"texts,omitempty"`
	Fields   []Field    `json:"fields,omitempty"`
	// MRZ is where the first character of the zone's first line begins, and that
	// line's baseline; null on sides without.
	MRZ *[2]float64 `json:"mrz,omitempty"`
	// Licence is where the PDF417 barcode of a licence is printed (x, y, width,
	// height), and Strip where the Code 128 of its number "inventory" is.
	Licence *[4]float64 `json:"licence,omitempty"`
	Strip   *[4]float64 `json:"strip,omitempty"`
}

// Frame is where a portrait is printed.
type Frame struct {
	Box  [4]float64 `json:"box"` // x, y, width, height
	Grey bool       `json:"grey,omitempty"`
}

// Text is something that is the same on every copy.
type Text struct {
	Text string  `json:"text"`
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Style
}

// Field is something that is the holder's or the document's own, and its label.
type Field struct {
	Key   string  `json:"key"`
	Value string  `json:"value,omitempty"` // with placeholders; {key} where ""
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
	Style
	Label string `json:"label,omitempty"`
	// LabelAt is where the label begins; above the value where null.
	LabelAt *[2]float64 `json:"label_at,omitempty"`
}

// Style is how a text is printed.
type Style struct {
	Font   string  `json:"font,omitempty"` // "sans" (which "" stands for), "bold", "serif", "mono", "ocrb"
	Size   float64 `json:"size,omitempty"`
	Colour string  `json:"colour,omitempty"` // "ink" (which "" stands for), "accent" or "#rrggbb"
	Align  string  `json:"align,omitempty"`  // "left" (which "" stands for), "centre", "right"
	// Width is how wide the text may become before it is set smaller; 0 is up to
	// the side's edge.
	Width float64 `json:"width,omitempty"`
	// Turn is how far the text is turned clockwise, in quarter turns.
	Turn int `json:"turn,omitempty"`
}

// or fills in from base what st leaves open.
func (st Style) or(base Style) Style {
	if st.Font == "" {
		st.Font = base.Font
	}
	if st.Size == 0 {
		st.Size = base.Size
	}
	if st.Colour == "" {
		st.Colour = base.Colour
	}
	return st
}

// ErrTemplate says that there is no such template or side.
var ErrTemplate = errors.New("specimen: no such template")

// templates is all of templates/ by key.
var templates = loadAll(templateFiles, "templates", func(t *Template) string { return t.Key })

// Templates lists the keys of all templates in order.
func Templates() []string { return slices.Sorted(maps.Keys(templates)) }

// LookUp gives a copy of a template's description.
func LookUp(key string) (Template, error) {
	t, err := find(key)
	if err != nil {
		return Template{}, err
	}
	return *t, nil
}

func find(key string) (*Template, error) {
	if t, ok := templates[key]; ok {
		return t, nil
	}
	return nil, fmt.Errorf("%w: %q", ErrTemplate, key)
}

// side is the side of that name, the first one for "".
func (t *Template) side(name string) (*Side, error) {
	for i := range t.Sides {
		if name == "" || t.Sides[i].Name == name {
			return &t.Sides[i], nil
		}
	}
	return nil, fmt.Errorf("%w: %s has no side %q", ErrTemplate, t.Key, name)
}
