package mrz

import (
	"math"

	"idflow/vision"
)

// The strip of a line that is read once the print's plane is known: the capitals
// are 2.4 mm high and take about three fifths of it, half a character is left on
// either side. It is what the recognizer was trained on at its middle.
const (
	stripMM  = 3.9
	marginMM = 1.2
)

// straighten reads the best reading's lines again, from strips cut in the plane
// of the print as its characters show it, until that helps no more.
func (s *search) straighten() {
	const rounds = 3
	for range rounds {
		plane, ok := s.best.plane()
		if !ok {
			return
		}
		plane = s.level(plane, s.best.layout)
		if !s.widen(plane) && (s.done() || !s.try(s.best.layout, s.best.layout.strips(plane))) {
			return
		}
	}
}

// widen looks whether the lines of the best reading go on for longer, and says
// whether they do.
func (s *search) widen(plane vision.Homography) bool {
	if !s.best.narrow {
		return false
	}
	narrow, wider := s.best, s.best.layout.wider()
	narrow.narrow = false
	s.best = nil
	if s.try(wider, wider.strips(plane)) && s.best.clear(narrow.layout.width) > clearEnd {
		return true
	}
	s.best = narrow
	return false
}

// clearEnd is how clear characters that are there must be, nats a character:
// fillers that end a visa's lines have above -0.1, what stands beside shorter
// lines below -1.3 (eval mrz).
const clearEnd = -0.7

// clear is how clear the characters from a place on are to the end, nats a
// character.
func (r *reading) clear(from int) float64 {
	sum, n := 0.0, 0.0
	for i, l := range r.lines {
		for k := from; k < len(l.text); k++ {
			sum += float64(r.lattices[i].at(int(l.at[k]))[1+indexOf(l.text[k])])
			n++
		}
	}
	return sum / n
}

// strips are the lines' places in the picture for a plane of print.
func (l *layout) strips(plane vision.Homography) []vision.Quad {
	out := make([]vision.Quad, l.lines)
	for i := range out {
		out[i] = l.strip(plane, i, stripMM, marginMM)
	}
	return out
}

func (l *layout) strip(plane vision.Homography, line int, height, margin float64) vision.Quad {
	x0, x1 := -margin, float64(l.width)*characterMM+margin
	y0, y1 := float64(line)*lineMM-height/2, float64(line)*lineMM+height/2
	return vision.Quad{
		plane.Apply(vision.Point{X: x0, Y: y0}), plane.Apply(vision.Point{X: x1, Y: y0}),
		plane.Apply(vision.Point{X: x1, Y: y1}), plane.Apply(vision.Point{X: x0, Y: y1}),
	}
}

// plane maps millimetres of the print, from the left end of the first line's
// middle, to the picture: fitted to the places of all characters, those that
// stand off the others counting little. It is false where they tell no plane.
func (r *reading) plane() (vision.Homography, bool) {
	var print, seen []vision.Point
	var trust []float64
	for line, l := range r.lines {
		a := r.lattices[line]
		strip, ok := vision.NewHomography(vision.Quad{{X: 0, Y: -1}, {X: a.width, Y: -1}, {X: a.width, Y: 1}, {X: 0, Y: 1}}, r.quads[line])
		if !ok {
			return vision.Homography{}, false
		}
		for i, at := range l.at {
			print = append(print, vision.Point{X: (float64(i) + 0.5) * characterMM, Y: float64(line) * lineMM})
			seen = append(seen, strip.Apply(vision.Point{X: float64(at) + 0.5}))
			p := math.Exp(float64(a.at(int(at))[1+indexOf(l.text[i])]))
			trust = append(trust, p*p)
		}
	}
	pitch := r.quads[0].Width() / float64(r.layout.width)
	if len(r.lines) == 1 { // which alone tells no plane: as seen from straight above
		down := r.quads[0].Along().Normal().Mul(lineMM * pitch / characterMM)
		for i := range print {
			print = append(print, print[i].Add(vision.Point{Y: lineMM}))
			seen = append(seen, seen[i].Add(down))
			trust = append(trust, trust[i])
		}
	}
	return fitPlane(print, seen, trust, pitch)
}

// fitPlane fits with fewer and fewer say for what lies off.
func fitPlane(print, seen []vision.Point, trust []float64, pitch float64) (vision.Homography, bool) {
	const rounds = 4
	weights := append([]float64(nil), trust...)
	var h vision.Homography
	for range rounds {
		var ok bool
		if h, ok = vision.FitHomography(print, seen, weights); !ok {
			return h, false
		}
		for i := range weights {
			off := h.Apply(print[i]).Dist(seen[i]) / (0.3 * pitch)
			weights[i] = trust[i] / (1 + off*off)
		}
	}
	return h, true
}

// indexOf is the symbol of a character of Alphabet.
func indexOf(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return symbols - 1
}
