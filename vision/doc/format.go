package doc

import (
	"math"

	"idflow/vision"
)

// focal is the focal length of a phone's main camera as a share of the picture's
// longer side (28 mm on film of 36 x 24).
const focal = 0.78

// proportion is the width over the height of the rectangle that shows as q in a
// picture of w x h pixels taken by a phone: what leaning away has shortened counts
// in full (Zhang and He 2004, with the focal length known).
func proportion(q vision.Quad, w, h int) float64 {
	to, ok := vision.NewHomography(vision.Quad{{}, {X: 1}, {X: 1, Y: 1}, {Y: 1}}, q)
	if !ok {
		return 0
	}
	f := focal * float64(max(w, h))
	cx, cy := float64(w-1)/2, float64(h-1)/2
	column := func(i int) float64 {
		z := to[6+i]
		return math.Hypot(math.Hypot(to[i]-cx*z, to[3+i]-cy*z)/f, z)
	}
	return column(0) / column(1)
}

// formatOf is the format of those proportions, and whether the page lies on its
// side.
func formatOf(proportion float64) (f Format, onSide bool) {
	if onSide = proportion < 1; onSide {
		proportion = 1 / proportion
	}
	// Half way between ID-1's 1.586 and the 1.42 of the others.
	if proportion > 1.5 {
		return ID1, onSide
	}
	return ID3, onSide
}
