package mrz

import "idflow/vision"

// Frame is where the page lies about a zone, in the millimetres of Result.Print:
// its left and upper edge, and its size. The zones are where ICAO Doc 9303-4 to
// -7 puts them; on a page a zone may stand a millimetre off.
type Frame struct{ X, Y, Width, Height float64 }

var frames = map[Layout]Frame{
	TD1:       {-4.7, -35.8, 85.6, 53.98},
	TD2:       {-5.5, -58.2, 105, 74},
	TD3:       {-6.5, -72.2, 125, 88},
	MRVA:      {-4.2, -64.2, 120, 80},
	MRVB:      {-5.5, -58.2, 105, 74},
	FrenchID:  {-5.5, -58.2, 105, 74},
	RussianID: {-6.5, -72.2, 125, 88},
}

// Frame is the page's, false for layouts that stand anywhere.
func (l Layout) Frame() (Frame, bool) {
	f, ok := frames[l]
	return f, ok
}

// Page is where the corners of the page must be, going by the zone alone: those
// beside it within a millimetre or two, those far from it only roughly.
func (r Result) Page() (vision.Quad, bool) {
	if r.Document == nil {
		return vision.Quad{}, false
	}
	f, ok := r.Document.Layout.Frame()
	if !ok {
		return vision.Quad{}, false
	}
	var q vision.Quad
	for i, c := range [4]vision.Point{{X: f.X, Y: f.Y}, {X: f.X + f.Width, Y: f.Y}, {X: f.X + f.Width, Y: f.Y + f.Height}, {X: f.X, Y: f.Y + f.Height}} {
		q[i] = r.Print.Apply(c)
	}
	return q, true
}
