package mrz

import (
	"math"

	"idflow/vision"
)

// Result is what was found in a picture.
type Result struct {
	Document    *Document    `json:"document"` // nil where there is no zone
	Lines       []Line       `json:"lines,omitempty"`
	Corrections []Correction `json:"corrections,omitempty"` // what stands in Document otherwise than it was read
	// Print maps millimetres of the print, right and down from the left end of the
	// first line at half height, to pixels of the picture: characters are 2.54 mm
	// apart, lines 6.35 mm.
	Print vision.Homography `json:"-"`
}

// Line is where a line of the zone stands, and how sure its characters are.
type Line struct {
	Place      vision.Quad `json:"place"` // as high as capitals
	Characters []Character `json:"characters"`
}

// Character is how sure a character is. A correction may have made the one in
// the document another than the likeliest.
type Character struct {
	P       float64 `json:"p"`       // probability of the one in the document, 0 to 1
	Other   string  `json:"other"`   // the likeliest of the others
	OtherP  float64 `json:"other_p"` // its probability
	Typical bool    `json:"typical"` // of the kind that belongs in the place
}

// Margin is how much likelier the least sure character of a field is than the
// next one, as the logarithm of the ratio: 0 for a toss-up, 3 for 20 to 1; less
// than 0 where a correction went against what was read. It is infinite for a
// field that has no character.
func (r Result) Margin(f Field) float64 {
	least := math.Inf(1)
	for _, s := range f.At {
		for i := s.From; i < s.To; i++ {
			c := r.Lines[s.Line].Characters[i]
			least = min(least, math.Log(c.P/c.OtherP))
		}
	}
	return least
}

// Confidence is the probability of the least sure character of a field, 0 to 1;
// 1 for a field that has no character.
func (r Result) Confidence(f Field) float64 {
	least := 1.0
	for _, s := range f.At {
		for _, c := range r.Lines[s.Line].Characters[s.From:s.To] {
			least = min(least, c.P)
		}
	}
	return least
}

// Box is where the characters of a span stand in the picture, as high as
// capitals. It is as wide as the characters are apart.
func (r Result) Box(s Span) vision.Quad {
	at := func(character int, across float64) vision.Point {
		return r.Print.Apply(vision.Point{X: float64(character) * characterMM, Y: float64(s.Line)*lineMM + across})
	}
	const half = capitalMM / 2
	return vision.Quad{at(s.From, -half), at(s.To, -half), at(s.To, half), at(s.From, half)}
}

// PixelsPerMM is the resolution of the picture at the zone.
func (r Result) PixelsPerMM() float64 {
	if len(r.Lines) == 0 {
		return 0
	}
	w := 0.0
	for _, l := range r.Lines {
		w += l.Place.Width() / (float64(len(l.Characters)) * characterMM)
	}
	return w / float64(len(r.Lines))
}
