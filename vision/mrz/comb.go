package mrz

import (
	"math"

	"idflow/vision/ocr"
)

// comb is where the characters of a line stand: the middle of character i is at
// (p i + q) / (r i + 1) steps, evenly spaced but for the perspective.
type comb struct{ p, q, r float64 }

// at is the place of character i, which need not be whole.
func (c comb) at(i float64) float64 { return (c.p*i + c.q) / (c.r*i + 1) }

// index is the character at a place.
func (c comb) index(step float64) float64 { return (step - c.q) / (c.p - c.r*step) }

// fitComb numbers glyphs and fits where they stand; the first glyph is character
// 0. Glyphs that stand between others are left out. It is false where the glyphs
// are not evenly spaced.
func fitComb(glyphs []ocr.Glyph, gap float64) (comb, bool) {
	index := number(glyphs, gap)
	var c comb
	const rounds = 3
	for range rounds {
		var ok bool
		if c, ok = solveComb(glyphs, index); !ok {
			return comb{}, false
		}
		for k, g := range glyphs {
			i := c.index(g.Step)
			index[k] = math.Round(i)
			if math.Abs(i-index[k]) > stray {
				index[k] = -1
			}
		}
	}
	// The numbers may have come to begin elsewhere.
	if first := c.index(glyphs[0].Step); math.Abs(first) > 0.5 {
		return comb{}, false
	}
	return c, true
}

// evenness is the share of glyphs that stand in their places, give or take a
// fifth of a character; two fifths of glyphs do so by chance.
func (c comb) evenness(glyphs []ocr.Glyph) float64 {
	n := 0
	for _, g := range glyphs {
		if i := c.index(g.Step); math.Abs(i-math.Round(i)) < 0.2 {
			n++
		}
	}
	return float64(n) / float64(len(glyphs))
}

// stray is how far off its place a glyph may stand, in characters.
const stray = 0.35

// number counts characters from glyph to glyph, from the steadiest part of the
// line to both ends, by the gap that the ones before had. -1 is a glyph between
// others.
func number(glyphs []ocr.Glyph, gap float64) []float64 {
	index := make([]float64, len(glyphs))
	middle := steadiest(glyphs)
	walk := func(by int) {
		last, local := middle, gap
		for k := middle + by; k >= 0 && k < len(glyphs); k += by {
			d := math.Abs(glyphs[k].Step - glyphs[last].Step)
			n := math.Round(d / local)
			if n == 0 {
				index[k] = math.NaN()
				continue
			}
			index[k] = index[last] + float64(by)*n
			if n <= 2 {
				local = 0.75*local + 0.25*d/n
			}
			last = k
		}
	}
	walk(1)
	walk(-1)
	first := index[0]
	for k := 0; math.IsNaN(first); k++ {
		first = index[k]
	}
	for k, i := range index {
		if index[k] = i - first; math.IsNaN(i) {
			index[k] = -1
		}
	}
	return index
}

// steadiest is the glyph about which the gaps differ least.
func steadiest(glyphs []ocr.Glyph) int {
	const about = 3
	best, least := len(glyphs)/2, math.Inf(1)
	for k := about; k+about < len(glyphs); k++ {
		shortest, longest := math.Inf(1), 0.0
		for j := k - about; j < k+about; j++ {
			d := glyphs[j+1].Step - glyphs[j].Step
			shortest, longest = min(shortest, d), max(longest, d)
		}
		if spread := longest / shortest; spread < least {
			best, least = k, spread
		}
	}
	return best
}

// solveComb fits p, q and r to the numbered glyphs: p i + q - r i x = x is linear
// in them. Perspective is held to what a tilted document shows.
func solveComb(glyphs []ocr.Glyph, index []float64) (comb, bool) {
	var a [3][4]float64
	n := 0
	for k, g := range glyphs {
		if index[k] < 0 {
			continue
		}
		n++
		row := [4]float64{index[k], 1, -index[k] * g.Step, g.Step}
		w := float64(g.P)
		for i := range 3 {
			for j := range 4 {
				a[i][j] += w * row[i] * row[j]
			}
		}
	}
	if n < 4 {
		return comb{}, false
	}
	// No perspective, unless the glyphs say so.
	length := glyphs[len(glyphs)-1].Step
	a[2][2] += 50 * length * length
	if !eliminate3(&a) {
		return comb{}, false
	}
	c := comb{a[0][3], a[1][3], a[2][3]}
	const steepest = 0.5 / 44 // the last character of 44 is twice as near as the first
	return c, c.p > 0 && math.Abs(c.r) < steepest
}

// eliminate3 solves three equations in place; the solution is the last column.
func eliminate3(a *[3][4]float64) bool {
	for c := range 3 {
		p := c
		for r := c + 1; r < 3; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p] = a[p], a[c]
		if math.Abs(a[c][c]) < 1e-12 {
			return false
		}
		for r := range 3 {
			if r == c {
				continue
			}
			f := a[r][c] / a[c][c]
			for k := c; k < 4; k++ {
				a[r][k] -= f * a[c][k]
			}
		}
	}
	for i := range 3 {
		a[i][3] /= a[i][i]
	}
	return true
}
