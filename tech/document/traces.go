package document

import (
	"context"
	"fmt"
	"strings"

	"idflow"
	"idflow/vision"
	"idflow/vision/forgery"
	"idflow/vision/mrz"
)

// Reasons of traces.
const (
	Copied idflow.Reason = "document_copied"
	Edited idflow.Reason = "document_edited"
)

// copies are the traces of a document that does not lie there itself; the others
// are traces of editing.
var copies = map[forgery.Code]bool{forgery.Screen: true, forgery.Print: true, forgery.Grey: true}

// inks are the traces that speak of how a page is inked. A back with nothing but
// black text and a barcode says nothing by being grey.
var inks = map[forgery.Code]bool{forgery.Print: true, forgery.Grey: true}

// bare reports whether a picture shows neither a zone nor a portrait.
func (s *sight) bare() bool { return s.zone == nil && s.faces.Face == nil }

// sureCharacter is the probability from which a zone's character is known well
// enough to be compared with others of its kind.
const sureCharacter = 0.9

// inspect looks for traces of copying and editing on the first page of a
// picture. The portrait's rim is left out: where the face is does not tell where
// its picture ends.
func (t Technology) inspect(ctx context.Context, m *vision.Image, data []byte, s *sight) error {
	if len(s.sides) == 0 {
		return nil
	}
	first := s.sides[0]
	onto, ok := vision.NewHomography(first.page.Quad, onPage(first.straight))
	if !ok {
		return nil
	}
	in := forgery.Input{
		Picture: m, JPEG: data, Corners: first.page.Quad, Page: first.straight,
		PixelsPerMM: float64(first.straight.W) / first.page.Format.WidthMM,
	}
	if s.zone != nil {
		in.Zone = zoneLines(s.zone, onto)
	}
	report, err := t.Traces(ctx, in)
	if err != nil {
		return fmt.Errorf("look for traces: %w", err)
	}
	s.traces = report.Traces
	return nil
}

// onPage is the outline of a straightened page.
func onPage(m *vision.Image) vision.Quad {
	w, h := float64(m.W)-0.5, float64(m.H)-0.5
	return vision.Quad{{X: -0.5, Y: -0.5}, {X: w, Y: -0.5}, {X: w, Y: h}, {X: -0.5, Y: h}}
}

func through(q vision.Quad, h vision.Homography) vision.Quad {
	for i := range q {
		q[i] = h.Apply(q[i])
	}
	return q
}

// zoneLines are the zone's lines on the page, with a space for what is not sure.
func zoneLines(z *mrz.Result, onto vision.Homography) (lines []forgery.Line) {
	for i, l := range z.Lines {
		if i >= len(z.Document.Lines) {
			break
		}
		var text strings.Builder
		for k, c := range l.Characters {
			if c.P < sureCharacter || k >= len(z.Document.Lines[i]) {
				text.WriteByte(' ')
				continue
			}
			text.WriteByte(z.Document.Lines[i][k])
		}
		lines = append(lines, forgery.Line{Place: through(l.Place, onto), Text: text.String()})
	}
	return lines
}

// traceChecks are the traces of all pictures, the strongest of each code.
func traceChecks(sights []sight, s settings) (list []check) {
	for _, code := range forgery.Codes {
		strongest, seen := forgery.Trace{}, false
		for i := range sights {
			x := &sights[i]
			for _, t := range x.traces {
				if t.Code == code && !(x.bare() && inks[code]) && (!seen || t.Score > strongest.Score) {
					strongest, seen = t, true
				}
			}
		}
		if !seen {
			continue
		}
		c := check{Code: "trace." + string(code), Severity: s.Edits, Reason: Edited, Score: strongest.Score, Limit: forgery.Threshold(code), atMost: true, Result: checkOK}
		if copies[code] {
			c.Severity, c.Reason = s.Copies, Copied
		}
		if c.Score >= c.Limit {
			c.Result = checkFailed
		}
		list = append(list, c)
	}
	return list
}
