// Package doc finds the pages of documents in pictures, straightens them and
// measures how good a picture of them is. What stands on a page is for others.
package doc

import (
	"errors"
	"fmt"
	"math"

	"idflow/vision"
)

// Format is a size of pages, as they are read.
type Format struct {
	Name              string
	WidthMM, HeightMM float64
}

// The formats of documents: cards and small sheets (ISO/IEC 7810; the corners of
// ID-1 are round by 3.18 mm), a page of a passport, and a passport that lies
// open, whose page with the zone is the lower one (ICAO Doc 9303-4).
var (
	ID1    = Format{"ID-1", 85.60, 53.98}
	ID2    = Format{"ID-2", 105, 74}
	ID3    = Format{"ID-3", 125, 88}
	Spread = Format{"spread", 125, 176}
)

// Page is where a page lies in a picture.
type Page struct {
	// Quad is the corners, clockwise. The first is the upper left one as the page
	// lies: Find does not know which way it is read.
	Quad vision.Quad
	// Format is the likeliest one. ID-2 and ID-3 have the same proportions, so that
	// Find calls both ID-3; a zone tells them apart.
	Format Format
	// OnSide says that the page's width runs along the left and the right edge of
	// Quad: it lies turned by a quarter.
	OnSide bool
	// Sure is how sure it is that a page lies there and so, 0 to 1.
	Sure float64
}

// size is the page's as it lies, in millimetres.
func (p Page) size() (w, h float64) {
	if p.OnSide {
		return p.Format.HeightMM, p.Format.WidthMM
	}
	return p.Format.WidthMM, p.Format.HeightMM
}

// PixelsPerMM is the mean resolution of the picture on the page.
func (p Page) PixelsPerMM() float64 {
	return math.Sqrt(math.Abs(p.Quad.Area()) / (p.Format.WidthMM * p.Format.HeightMM))
}

// maxSide bounds what Straighten makes, in pixels.
const maxSide = 8192

// ErrFlat is the error for corners that enclose no page.
var ErrFlat = errors.New("the page's corners enclose nothing")

// Straighten is the page as a scanner would see it, as it lies, at pxPerMM pixels
// to the millimetre: ID-1 at 10 makes 856 x 540 pixels.
func Straighten(m *vision.Image, p Page, pxPerMM float64) (*vision.Image, error) {
	mmW, mmH := p.size()
	w, h := int(math.Round(mmW*pxPerMM)), int(math.Round(mmH*pxPerMM))
	if w < 1 || h < 1 || w > maxSide || h > maxSide {
		return nil, fmt.Errorf("straighten a page at %v pixels to the millimetre: %d x %d pixels", pxPerMM, w, h)
	}
	to, ok := p.Quad.Onto(w, h)
	if !ok {
		return nil, fmt.Errorf("straighten a page: %w", ErrFlat)
	}
	return m.WarpPerspective(to, w, h), nil
}
