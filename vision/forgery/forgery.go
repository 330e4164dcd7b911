// Package forgery measures what betrays that a picture does not show a document
// as it was issued: that it is shown on a screen or as a print, or that parts of
// it, or of the photograph, were altered afterwards.
//
// It proves nothing: a trace is a reason to look. What an edit leaves behind
// depends on who made it; a careful one, printed on the document itself, leaves
// less than an untouched document's own printer does. docs/FORGERY.md and
// "idflow eval forgery" say how often each kind is found, and how often it is
// seen where there is none.
package forgery

import (
	"context"
	"fmt"
	"math"

	"idflow/vision"
)

// Code says what a trace is a trace of.
type Code string

// The codes.
const (
	Screen       Code = "screen"        // the grid of a screen's pixels, its light, what lies beside the document
	Print        Code = "print"         // the dots of a print, its paper and its inks
	Grey         Code = "grey"          // a copy in black and white
	ZoneFont     Code = "mrz_font"      // characters of the zone that do not look like the rest of it
	ZoneBaseline Code = "mrz_baseline"  // characters of the zone beside their places
	Noise        Code = "noise"         // a part whose noise or sharpness is not the picture's
	Compression  Code = "compression"   // a part that was compressed on its own before
	PortraitEdge Code = "portrait_edge" // the portrait's rim, angle and noise
)

// Codes are all of them, in the order of a Report.
var Codes = []Code{Screen, Print, Grey, ZoneFont, ZoneBaseline, Noise, Compression, PortraitEdge}

// Input is a picture of a document and what is known about it.
type Input struct {
	Picture *vision.Image // as it was sent, upright
	JPEG    []byte        // the file; nil, or one that is no JPEG, leaves out what needs its grid
	Corners vision.Quad   // of the document in the picture, in its own reading order

	Page        *vision.Image // the document alone, straightened
	PixelsPerMM float64       // of Page
	Zone        []Line        // of the machine-readable zone; nil for none
	Portrait    vision.Quad   // on the page; zero for none
}

// Line is a line of the machine-readable zone: where it stands on the page, as
// wide as its characters' pitch asks and as high as capitals, and what it says.
// A character that is not sure is a space, and is not judged.
type Line struct {
	Place vision.Quad
	Text  string
}

// Trace is how much a picture looks as if something had been done to it.
type Trace struct {
	Code Code `json:"code"`
	// Score is 0 to 1. It orders pictures and is not a probability, since that
	// would need to know how many of them are forged; see Threshold.
	Score float64     `json:"score"`
	Box   vision.Quad `json:"box"` // on the page; zero for all of it
}

// Report is all traces that could be looked for, one of each code: without a
// zone, a portrait or a JPEG there are fewer.
type Report struct {
	Traces []Trace `json:"traces"`
}

// Trace is that of the code; false where it could not be looked for.
func (r Report) Trace(c Code) (Trace, bool) {
	for _, t := range r.Traces {
		if t.Code == c {
			return t, true
		}
	}
	return Trace{}, false
}

// Inspect looks for traces. The error is for an input without pixels or with
// corners nowhere near them, and for a context that ended.
func Inspect(ctx context.Context, in Input) (Report, error) {
	found, err := Measure(ctx, in)
	if err != nil {
		return Report{}, err
	}
	return Judge(found), nil
}

// Measured is the figures that the score of a trace is made of.
type Measured struct {
	Code   Code        `json:"code"`
	Values []float64   `json:"values"` // in the order of Figures(Code)
	Box    vision.Quad `json:"-"`
}

// Measure is the first half of Inspect: the figures without the judgement, which
// is what a judgement is learnt from.
func Measure(ctx context.Context, in Input) ([]Measured, error) {
	if in.Picture == nil || in.Page == nil || len(in.Picture.Pix) == 0 || len(in.Page.Pix) == 0 || !(in.PixelsPerMM > 0) {
		return nil, fmt.Errorf("forgery: no pixels to inspect")
	}
	for _, p := range in.Corners {
		if !(math.Abs(p.X) < 1e6 && math.Abs(p.Y) < 1e6) {
			return nil, fmt.Errorf("forgery: a corner at %v", p)
		}
	}
	var out []Measured
	whole := in.recapture()
	for _, c := range []Code{Screen, Print, Grey} {
		out = append(out, Measured{Code: c, Values: whole})
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if z, ok := in.zone(); ok {
		out = append(out,
			Measured{Code: ZoneFont, Values: z.values, Box: z.fontBox},
			Measured{Code: ZoneBaseline, Values: z.values, Box: z.placeBox})
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if n, ok := in.noise(); ok {
		out = append(out, Measured{Code: Noise, Values: n.values, Box: n.box})
	}
	if g, ok := in.grid(); ok {
		out = append(out, Measured{Code: Compression, Values: g.values, Box: g.box})
	}
	if p, ok := in.portrait(); ok {
		out = append(out, Measured{Code: PortraitEdge, Values: p, Box: in.Portrait})
	}
	return out, ctx.Err()
}

// Judge is the second half of Inspect.
func Judge(found []Measured) Report {
	var r Report
	for _, m := range found {
		r.Traces = append(r.Traces, Trace{Code: m.Code, Score: models()[m.Code].score(m.Values), Box: m.Box})
	}
	return r
}

// toPage maps the picture's pixels to the page's.
func (in Input) toPage() (vision.Homography, bool) {
	w, h := float64(in.Page.W)-0.5, float64(in.Page.H)-0.5
	return vision.NewHomography(in.Corners, vision.Quad{{X: -0.5, Y: -0.5}, {X: w, Y: -0.5}, {X: w, Y: h}, {X: -0.5, Y: h}})
}

// onPage is the box on the page of an upright rectangle of the picture.
func (in Input) onPage(r vision.Rect) vision.Quad {
	h, ok := in.toPage()
	if !ok {
		return vision.Quad{}
	}
	q := vision.Quad{{X: r.X0, Y: r.Y0}, {X: r.X1, Y: r.Y0}, {X: r.X1, Y: r.Y1}, {X: r.X0, Y: r.Y1}}
	for i := range q {
		q[i] = h.Apply(q[i])
	}
	b := q.Bounds()
	return vision.Quad{{X: b.X0, Y: b.Y0}, {X: b.X1, Y: b.Y0}, {X: b.X1, Y: b.Y1}, {X: b.X0, Y: b.Y1}}
}
