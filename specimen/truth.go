package specimen

import (
	"image"

	"idflow/vision"
)

// Truth is what there is to know about a picture of a document. All places are
// in pixels of that picture (see package vision), those of a photograph in
// perspective, and may lie outside of it where the document is cut off.
type Truth struct {
	Document Document
	Size     image.Point // of the picture, as it is to be seen
	Corners  vision.Quad // of the side, in its own reading order
	Portrait vision.Quad // zero where there is none
	Ghost    vision.Quad // likewise
	MRZ      []string    // lines of the machine-readable zone on this side; nil where there is none
	Lines    []Line      // every line of text, in the order it was printed
	Barcodes []Barcode   `json:",omitempty"`
	Edits    []Edited    `json:",omitempty"` // what was altered afterwards, nil where nothing was
}

// Role says what a line of text is there for.
type Role string

// The roles.
const (
	Fixed Role = "text"  // the same on every copy: title, country
	Label Role = "label" // what a field is called
	Value Role = "value" // what a field says
	MRZ   Role = "mrz"   // a line of the machine-readable zone
	Mark  Role = "mark"  // the word SPECIMEN
)

// Line is one line of text as it is printed.
type Line struct {
	Role Role
	Key  string // of the field, for labels and values
	Text string
	// Place is the box about the ink, in the text's own reading order. For MRZ
	// lines it is the row of cells: as wide as its characters' pitch asks and as
	// high as capitals.
	Place vision.Quad
}

// Value is what the visual zone says in the field of that key, "" where it has
// no such field.
func (t Truth) Value(key string) string {
	for _, l := range t.Lines {
		if l.Role == Value && l.Key == key {
			return l.Text
		}
	}
	return ""
}

// Zone is the lines of the machine-readable zone with their places.
func (t Truth) Zone() []Line {
	var z []Line
	for _, l := range t.Lines {
		if l.Role == MRZ {
			z = append(z, l)
		}
	}
	return z
}

// through moves all places.
func (t Truth) through(h func(vision.Quad) vision.Quad) Truth {
	t.Corners = h(t.Corners)
	if t.Portrait != (vision.Quad{}) {
		t.Portrait = h(t.Portrait)
	}
	if t.Ghost != (vision.Quad{}) {
		t.Ghost = h(t.Ghost)
	}
	lines := make([]Line, len(t.Lines))
	for i, l := range t.Lines {
		l.Place = h(l.Place)
		lines[i] = l
	}
	t.Lines = lines
	var edits []Edited
	for _, e := range t.Edits {
		edits = append(edits, Edited{e.Edit, h(e.Place)})
	}
	t.Edits = edits
	return t
}
