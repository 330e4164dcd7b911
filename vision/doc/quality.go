package doc

import (
	"math"

	"idflow/vision"
)

// Quality is how good a picture of a page is. The limits named are
// recommendations, measured with `idflow eval pages`; the judging is for others.
type Quality struct {
	// PixelsPerMM is the mean resolution on the page. The smallest print, capitals
	// of 1.5 mm, needs 6 to be read; a zone's capitals of 2.4 mm need 4.
	PixelsPerMM float64 `json:"pixels_per_mm"`
	// Focus is how much finer detail the picture has than the same picture made
	// soft, at 8 pixels to the millimetre or what the picture has if that is less: 0
	// for none, towards 1 for print with sharp edges (Crété et al. 2007, The blur
	// effect). Noise raises it a little.
	Focus float64 `json:"focus"`
	// Glare is the share of the page's area where light has drowned the print: spots
	// of more than a square millimetre with no colour below 245 of 255. 0 to 1.
	Glare float64 `json:"glare"`
	// Exposure is the median brightness of the page (luma), 0 for black to 1 for
	// white.
	Exposure float64 `json:"exposure"`
	// Contrast is the difference between the brightness of the page's brighter and
	// darker parts (the 95th and the 5th of a hundred), 0 to 1.
	Contrast float64 `json:"contrast"`
	// CutOff is the share of the page's outline that lies at the picture's edge,
	// within a hundredth of the longer side, or beyond it. 0 to 1; a page of which
	// nothing is missing has 0.
	CutOff float64 `json:"cut_off"`
}

const (
	focusPerMM = 8.0 // what capitals of 1.5 mm are read well at
	lightPerMM = 4.0 // fine enough to measure light
	spotMM     = 1.25
	drowned    = 245 // of 255, in all three colours
	edgeShare  = 0.01
	// inner is how much of the page focus and light are measured on: its edge may
	// show the table.
	inner = 0.03
)

// Measure measures the picture of the page p in m. A page whose corners enclose
// nothing has the zero Quality.
func Measure(m *vision.Image, p Page) Quality {
	native := p.PixelsPerMM()
	if !(native > 0) {
		return Quality{}
	}
	q := Quality{PixelsPerMM: native, CutOff: cutOff(p.Quad, m)}
	p.Quad = within(p.Quad)
	if s, err := Straighten(m, p, min(native, lightPerMM)); err == nil {
		gray := s.Gray(nil)
		q.Glare = glare(s, int(math.Max(1, math.Round(spotMM*min(native, lightPerMM)))))
		q.Exposure, q.Contrast = brightness(gray)
	}
	if s, err := Straighten(m, p, min(native, focusPerMM)); err == nil {
		q.Focus = focus(s.Gray(nil), s.W, s.H)
	}
	return q
}

// within is the inner part of the page, in perspective.
func within(q vision.Quad) vision.Quad {
	h, ok := vision.NewHomography(vision.Quad{{}, {X: 1}, {X: 1, Y: 1}, {Y: 1}}, q)
	if !ok {
		return q
	}
	const a, b = inner, 1 - inner
	return vision.Quad{h.Apply(vision.Point{X: a, Y: a}), h.Apply(vision.Point{X: b, Y: a}), h.Apply(vision.Point{X: b, Y: b}), h.Apply(vision.Point{X: a, Y: b})}
}

// cutOff is the share of the outline at the picture's edge.
func cutOff(q vision.Quad, m *vision.Image) float64 {
	b := m.Bounds()
	d := edgeShare * float64(max(m.W, m.H))
	b = vision.Rect{X0: b.X0 + d, Y0: b.Y0 + d, X1: b.X1 - d, Y1: b.Y1 - d}
	const steps = 64
	length, out := 0.0, 0.0
	for i := range q {
		a, e := q[i], q[(i+1)&3]
		piece := a.Dist(e) / steps
		for s := range steps {
			p := a.Add(e.Sub(a).Mul((float64(s) + 0.5) / steps))
			length += piece
			if !b.Contains(p) {
				out += piece
			}
		}
	}
	return out / length
}

// glare is the share of spots of side x side pixels in which all is drowned.
func glare(m *vision.Image, side int) float64 {
	n, white := 0, 0
	for y := 0; y+side <= m.H; y += side {
		for x := 0; x+side <= m.W; x += side {
			n++
			if blank(m, x, y, side) {
				white++
			}
		}
	}
	if n == 0 {
		return 0
	}
	return float64(white) / float64(n)
}

func blank(m *vision.Image, x0, y0, side int) bool {
	for y := y0; y < y0+side; y++ {
		for _, v := range m.Pix[3*(y*m.W+x0):][:3*side] {
			if v < drowned {
				return false
			}
		}
	}
	return true
}

// brightness is the median, and the distance from the 5th to the 95th of a
// hundred.
func brightness(gray []uint8) (median, contrast float64) {
	var count [256]int
	for _, v := range gray {
		count[v]++
	}
	at := func(share float64) float64 {
		left := int(share * float64(len(gray)))
		for v, n := range count {
			if left -= n; left < 0 {
				return float64(v) / 255
			}
		}
		return 1
	}
	return at(0.5), at(0.95) - at(0.05)
}

// softness is how many neighbours each pixel is averaged with for comparison
// (nine in a row, as in Crété et al.).
const softness = 4

// focus is the share of the differences between neighbouring pixels that
// softening takes away, the less of the two directions.
func focus(gray []uint8, w, h int) float64 {
	if w <= 2*softness+1 || h <= 2*softness+1 {
		return 0
	}
	return min(lost(gray, w, h, 1, w), lost(gray, h, w, w, 1))
}

// lost is that along the rows, whose pixels are step apart; line is from row to
// row. n is a row's length and rows how many there are.
func lost(gray []uint8, n, rows, step, line int) float64 {
	var sharp, gone float64
	for y := range rows {
		row := gray[y*line:]
		// The differences of neighbours, and of the means about them.
		for x := softness + 1; x < n-softness; x++ {
			change := int(row[(x+softness)*step]) - int(row[(x-softness-1)*step])
			d := math.Abs(float64(int(row[x*step]) - int(row[(x-1)*step])))
			s := math.Abs(float64(change)) / (2*softness + 1)
			sharp += d
			gone += max(0, d-s)
		}
	}
	if sharp == 0 {
		return 0
	}
	return gone / sharp
}
