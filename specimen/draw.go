package specimen

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"golang.org/x/image/font/sfnt"

	"idflow/vision"
)

// Page is one side of a document, printed, as a perfect scanner would see it at
// PerMM.
type Page struct {
	Image  *image.RGBA
	Corner float64 // radius of the side's corners, in pixels
	// Booklet says that the side is a page of a booklet, whose other page lies
	// above it.
	Booklet bool
	Truth   Truth

	carrier *carrier // what it is shown on, nil where it lies there itself
}

// size is the side's in pixels; Image is finer where it is a print of it.
func (p *Page) size() (w, h float64) {
	return float64(p.Truth.Size.X), float64(p.Truth.Size.Y)
}

// Size of the characters of a machine-readable zone, in millimetres: ten to the
// inch, capitals of OCR-B size I (ICAO Doc 9303-3, 4.4; ISO 1073-2), and the
// distance from line to line.
const (
	zonePitch   = 2.54
	zoneCapital = 2.4
	zoneLine    = 6.35
)

// Draw prints the side that d names with the portrait p. The error is for a
// document that cannot be printed: an unknown template or side, data that its
// machine-readable zone cannot hold, a letter no font has.
func Draw(d Document, p Portrait) (*Page, error) {
	t, err := find(d.Template)
	if err != nil {
		return nil, err
	}
	side, err := t.side(d.Side)
	if err != nil {
		return nil, err
	}
	d.Side = side.Name
	s := newSheet(side)
	page := &Page{Image: s.RGBA, Corner: side.Corner * PerMM, Booklet: side.Booklet}
	page.Truth = Truth{
		Document: d,
		Size:     s.Rect.Size(),
		Corners:  box(0, 0, side.Size[0], side.Size[1]),
	}
	if err := s.paper(rand.New(rand.NewPCG(d.Seed, 0x9a9e4))); err != nil {
		return nil, fmt.Errorf("draw %s: %w", d.Template, err)
	}
	s.portraits(p, &page.Truth)
	for _, write := range []func(Document, *Truth) error{s.texts, s.fields, s.barcodes, s.zone, s.mark} {
		if err := write(d, &page.Truth); err != nil {
			return nil, fmt.Errorf("draw %s: %w", d.Template, err)
		}
	}
	return page, nil
}

func (s *sheet) portraits(p Portrait, t *Truth) {
	if f := s.side.Portrait; f != nil {
		s.portrait(p, *f, 1)
		t.Portrait = box(f.Box[0], f.Box[1], f.Box[2], f.Box[3])
	}
	if f := s.side.Ghost; f != nil {
		s.portrait(p, *f, 0.45)
		t.Ghost = box(f.Box[0], f.Box[1], f.Box[2], f.Box[3])
	}
}

func (s *sheet) texts(_ Document, t *Truth) error {
	for _, x := range s.side.Texts {
		if err := s.line(t, Fixed, "", x.Text, x.Style, x.X, x.Y); err != nil {
			return err
		}
	}
	return nil
}

func (s *sheet) fields(d Document, t *Truth) error {
	for _, f := range s.side.Fields {
		value, err := d.printed(f)
		if err != nil {
			return err
		}
		st := f.Style.or(s.side.Values)
		if f.Label != "" {
			at := [2]float64{f.X, f.Y - 1.12*st.Size}
			if f.LabelAt != nil {
				at = *f.LabelAt
			}
			if err := s.line(t, Label, f.Key, f.Label, s.side.Labels, at[0], at[1]); err != nil {
				return err
			}
		}
		if err := s.line(t, Value, f.Key, value, st, f.X, f.Y); err != nil {
			return err
		}
	}
	return nil
}

// line prints text and notes it; nothing is printed for nothing.
func (s *sheet) line(t *Truth, role Role, key, text string, st Style, x, y float64) error {
	if text == "" {
		return nil
	}
	if st.Width == 0 && st.Turn == 0 && st.Align == "" {
		st.Width = s.side.Size[0] - x - 2
	}
	q, err := s.print(text, st, x, y)
	if err != nil {
		return err
	}
	t.Lines = append(t.Lines, Line{Role: role, Key: key, Text: text, Place: q})
	return nil
}

// zone prints the machine-readable zone of a side that has one.
func (s *sheet) zone(d Document, t *Truth) error {
	at := s.side.MRZ
	if at == nil {
		return nil
	}
	lines, err := d.MRZ()
	if err != nil {
		return err
	}
	f := fonts["ocrb"]()
	size, err := s.capital(f)
	if err != nil {
		return err
	}
	ink, err := parseColour("#16161c")
	if err != nil {
		return err
	}
	s.zoneBand(at[1] - zoneCapital - 2.2)
	t.MRZ = lines
	for i, text := range lines {
		x, y := at[0], at[1]+zoneLine*float64(i)
		for k, r := range text {
			g, err := s.set.glyph(f, r)
			if err != nil {
				return err
			}
			// The letter stands in the middle of its cell.
			left := x + zonePitch*(float64(k)+0.5) - size*g.advance/unitsPerEm/2
			s.ink([]laid{{g, 0}}, vision.Affine{A: size, C: left, E: size, F: y}, ink)
		}
		t.Lines = append(t.Lines, Line{Role: MRZ, Text: text,
			Place: box(x, y-zoneCapital, zonePitch*float64(len(text)), zoneCapital)})
	}
	return nil
}

// capital is the em at which the font's H is as high as the zone's capitals.
func (s *sheet) capital(f *sfnt.Font) (float64, error) {
	g, err := s.set.glyph(f, 'H')
	if err != nil {
		return 0, err
	}
	lo, hi := extent([]laid{{g, 0}})
	return zoneCapital / (hi.Y - lo.Y), nil
}

// How SPECIMEN stands across the visual zone.
const (
	markText  = "SPECIMEN"
	markAngle = -18 * math.Pi / 180
	markAlpha = 92 // of 255
)

// mark prints SPECIMEN across the visual zone, beside the portrait: no side
// leaves the press without.
func (s *sheet) mark(_ Document, t *Truth) error {
	left, right, bottom := 0.0, s.side.Size[0], s.side.Size[1]
	if f := s.side.Portrait; f != nil && f.Box[0] < right/3 {
		left = f.Box[0] + 0.6*f.Box[2]
	}
	if at := s.side.MRZ; at != nil {
		bottom = at[1] - zoneCapital
	}
	if at := s.side.Licence; at != nil {
		bottom = at[1]
	}
	f, err := fontOf("bold")
	if err != nil {
		return err
	}
	w, err := s.set.width(f, markText)
	if err != nil {
		return err
	}
	// As large as the zone allows in width and in height.
	long := 0.86 * min((right-left)/math.Cos(markAngle), bottom/(math.Sin(-markAngle)+0.9/w))
	st := Style{Font: "bold", Size: long / w, Align: "centre"}
	// The middle of the capitals, not the baseline, is to be in the centre.
	x, y := (left+right)/2, bottom/2
	x, y = x-0.36*st.Size*math.Sin(markAngle), y+0.36*st.Size*math.Cos(markAngle)
	q, err := s.printTurned(markText, st, x, y, markAngle, color.NRGBA{186, 24, 54, markAlpha})
	if err != nil {
		return err
	}
	t.Lines = append(t.Lines, Line{Role: Mark, Text: markText, Place: q})
	return nil
}
