package specimen

import "math"

// mask is how bright a screen's red, green and blue stripes are along a row of
// pixels and down a column of them, as a lens and a sensor's pixel see them: the
// stripes' own shapes smoothed by both.
type mask struct {
	pitch   float64 // in the page's pixels
	across  [3][maskSteps]float32
	down    [maskSteps]float32
	shiftBy float64 // every other row's stripes, in pixels of the screen: 0 or a half
}

const maskSteps = 128

// Dark shares of a pixel, between its stripes and between its rows. Source: the
// usual opening of 60 to 75 % of liquid crystal screens.
const (
	stripeGap = 0.12 // of the pixel's width, at each stripe
	rowGap    = 0.22 // of its height
)

// newMask is the mask of a screen of the pitch, seen through a point spread of
// the standard deviation sigma; both are in the page's pixels.
func newMask(pitch, sigma float64, diamond bool) *mask {
	m := &mask{pitch: pitch}
	if diamond {
		m.shiftBy = 0.5
	}
	var open [maskSteps]float32
	for c := range 3 {
		clear(open[:])
		for i := range open {
			at := (float64(i) + 0.5) / maskSteps
			if lo := float64(c) / 3; at > lo+stripeGap/2 && at < lo+1.0/3-stripeGap/2 {
				open[i] = 1
			}
		}
		m.across[c] = spread(open, sigma/pitch)
	}
	for i := range open {
		open[i] = 1
		if (float64(i)+0.5)/maskSteps > 1-rowGap {
			open[i] = 0
		}
	}
	m.down = spread(open, sigma/pitch)
	return m
}

// spread smooths a periodic row and gives it the mean 1.
func spread(row [maskSteps]float32, sigma float64) (out [maskSteps]float32) {
	// The first harmonics are all that gets through any lens worth the work.
	const harmonics = 8
	var mean float64
	for _, v := range row {
		mean += float64(v) / maskSteps
	}
	for i := range out {
		out[i] = 1
	}
	for n := 1; n <= harmonics; n++ {
		pass := math.Exp(-2 * math.Pi * math.Pi * sigma * sigma * float64(n*n))
		if pass < 1e-4 {
			break
		}
		var re, im float64
		for i, v := range row {
			sin, cos := math.Sincos(2 * math.Pi * float64(n*i) / maskSteps)
			re, im = re+float64(v)*cos, im+float64(v)*sin
		}
		k := 2 * pass / maskSteps / mean
		for i := range out {
			sin, cos := math.Sincos(2 * math.Pi * float64(n*i) / maskSteps)
			out[i] += float32(k * (re*cos + im*sin))
		}
	}
	return out
}

// at is the share of each colour at (u, v) of the page, 1 on average.
func (m *mask) at(u, v float64) rgb {
	x, y := u/m.pitch, v/m.pitch
	row := math.Floor(y)
	if int(row)&1 == 1 {
		x += m.shiftBy
	}
	i, j := int((x-math.Floor(x))*maskSteps), int((y-row)*maskSteps)
	d := m.down[min(j, maskSteps-1)]
	i = min(i, maskSteps-1)
	return rgb{m.across[0][i] * d, m.across[1][i] * d, m.across[2][i] * d}
}
