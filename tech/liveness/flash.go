package liveness

import (
	"math"
	"math/rand/v2"
	"strconv"

	"idflow"
)

// Screen-flash: the screen fills with colours drawn by chance, and skin that is
// near it takes on a little of each. A picture on paper does, too; one on a
// screen, and a stream that was made beforehand, does not. In daylight nobody's
// skin does, so a missing answer is for a human to look at and declines nobody.
const (
	flashColours  = 4
	flashSettle   = 300   // milliseconds from a colour's telling until it counts: page, screen and camera need that
	minFlash      = 0.5   // correlation; see docs/LIVENESS.md
	minFlashShare = 0.005 // of the screen's light in what the skin gives back; noise of a camera and of its JPEGs comes to 0.001
	flashReadable = 2     // frames of every colour, or nothing is said
)

// palette is what a screen may show. Full colours, one after the other with at
// most three changes a second, keep to WCAG 2.3.1; red against blue is left
// out, since it is what photosensitive people bear least.
var palette = []string{"#ffffff", "#00ff00", "#0000ff", "#00ffff", "#ffff00"}

// drawColours draws colours, no two alike in a row.
func drawColours(rng *rand.Rand) (list []string) {
	for _, i := range rng.Perm(len(palette))[:flashColours] {
		list = append(list, palette[i])
	}
	return list
}

// flash correlates what the screen showed with how the skin changed.
func (v *verdict) flash(log transcript) {
	if len(log.Challenge.Colours) == 0 {
		return
	}
	r, share, ok := flashAnswer(log)
	if !ok {
		v.against(idflow.Unclear, FlashUnseen)
		return
	}
	// Four colours go together with mere noise often enough; noise is small.
	v.hold(idflow.AtLeast("flash.answer", r, minFlash), idflow.Unclear, FlashUnseen)
	v.hold(idflow.AtLeast("flash.share", share, minFlashShare), idflow.Unclear, FlashUnseen)
}

// flashAnswer is how the skin's chroma follows that of the colours, both less
// their means: the correlation, -1 to 1, and the slope, which is the share of the
// screen in the light on the face.
func flashAnswer(log transcript) (r, share float64, ok bool) {
	var shown, skin [][2]float64
	for _, colour := range log.Challenge.Colours {
		answer, ok := skinUnder(log, colour)
		light, valid := chromaOf(colour)
		if !ok || !valid {
			return 0, 0, false
		}
		shown, skin = append(shown, light), append(skin, answer)
	}
	r, share = correlation(shown, skin)
	return r, share, true
}

// skinUnder is the mean chroma of the skin while a colour was shown.
func skinUnder(log transcript, colour string) (mean [2]float64, ok bool) {
	n, since := 0.0, int64(-1)
	for _, f := range log.Frames {
		if f.Colour != colour {
			continue
		}
		if since < 0 {
			since = f.At
		}
		if f.At-since < flashSettle || f.Face == nil {
			continue
		}
		c := chroma(float64(f.Skin[0]), float64(f.Skin[1]), float64(f.Skin[2]))
		mean[0], mean[1], n = mean[0]+c[0], mean[1]+c[1], n+1
	}
	if n < flashReadable {
		return mean, false
	}
	return [2]float64{mean[0] / n, mean[1] / n}, true
}

// chroma is the shares of red and of blue.
func chroma(r, g, b float64) [2]float64 {
	sum := max(1, r+g+b)
	return [2]float64{r / sum, b / sum}
}

func chromaOf(colour string) ([2]float64, bool) {
	if len(colour) != 7 {
		return [2]float64{}, false
	}
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	return chroma(float64(n>>16&255), float64(n>>8&255), float64(n&255)), err == nil
}

// correlation of two lists of points, each less its mean, and the slope of b over
// a; 0 where one does not vary.
func correlation(a, b [][2]float64) (r, slope float64) {
	n := float64(len(a))
	var meanA, meanB [2]float64
	for i := range a {
		for c := range 2 {
			meanA[c] += a[i][c] / n
			meanB[c] += b[i][c] / n
		}
	}
	var ab, aa, bb float64
	for i := range a {
		for c := range 2 {
			x, y := a[i][c]-meanA[c], b[i][c]-meanB[c]
			ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
		}
	}
	if aa == 0 || bb == 0 {
		return 0, 0
	}
	return ab / math.Sqrt(aa*bb), ab / aa
}
