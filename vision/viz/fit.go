package viz

import (
	"math"

	"idflow/vision"
)

// clue is a text of a template that may have been seen: where it belongs and
// where a line has it.
type clue struct {
	mm     vision.Point // the middle of its left edge
	px     vision.Point
	weight float64 // letters
	alike  float64
	item   int // which text of the template
	line   *line
	whole  bool // the line says little else
}

// Numbers of the search for a template.
const (
	minAlike  = 0.62 // of a text to what was read, to be a clue
	strong    = 0.8  // likewise, to place a template by
	near      = 3.5  // mm from its place at which a clue counts for 1/e
	inlier    = 2.5  // mm, when the place is fitted
	maxWeight = 24   // letters
	minPair   = 14   // mm between two clues that place a template
	maxPairs  = 60
	wandered  = 0.75 // what a score is worth where the page is not the whole picture
)

// placement is where a template lies on a page: from millimetres to pixels.
type placement struct {
	vision.Affine
	score float64 // 0 to 1: the share of the template's texts that are in their places
	part  bool    // the page is a part of the picture
}

// place finds where the template lies. It is tried as the whole page and by
// each pair of clues.
func (t *model) place(s *sheet, clues []clue) placement {
	whole := vision.Affine{A: float64(s.m.W) / t.Size[0], C: -0.5, E: float64(s.m.H) / t.Size[1], F: -0.5}
	best := placement{Affine: whole, score: t.score(whole, clues)}
	pairs := 0
	for i, a := range clues {
		for _, b := range clues[:i] {
			if a.alike < strong || b.alike < strong || a.item == b.item || a.mm.Dist(b.mm) < minPair || pairs >= maxPairs {
				continue
			}
			turn := vision.Similarity([]vision.Point{a.mm, b.mm}, []vision.Point{a.px, b.px})
			if k := turn.Scale() / whole.Scale(); k < 0.4 || k > 1.3 || math.Abs(turn.B) > 0.2*turn.Scale() || turn.A < 0 {
				continue
			}
			pairs++
			if score := wandered * t.score(turn, clues); score > best.score+0.05 {
				best = placement{turn, score, true}
			}
		}
	}
	for range 2 {
		better := refined(best.Affine, clues)
		if t.score(better, clues) >= t.score(best.Affine, clues) {
			best.Affine = better
		}
	}
	return best
}

// score is the share of the template's texts that clues have in their places.
func (t *model) score(to vision.Affine, clues []clue) float64 {
	scale := to.Scale()
	if !(scale > 0) {
		return 0
	}
	best := make([]float64, len(t.items))
	for _, c := range clues {
		d := to.Apply(c.mm).Dist(c.px) / scale
		v := c.alike * math.Exp(-d*d/(near*near))
		best[c.item] = max(best[c.item], v)
	}
	var sum, all [2]float64 // of labels and of titles
	for i, it := range t.items {
		k := 0
		if it.title {
			k = 1
		}
		sum[k] += best[i] * it.weight
		all[k] += it.weight
	}
	switch {
	case all[1] == 0: // labels alone, the fewer the less they say
		return sum[0] / (all[0] + fewLabels)
	case all[0] == 0:
		return sum[1] / all[1]
	}
	return titles*sum[1]/all[1] + (1-titles)*sum[0]/all[0]
}

// titles is the share that they have in a score: labels are small and the first
// to become unreadable.
const titles = 0.5

// fewLabels are so many letters that half of them could be another document's.
const fewLabels = 60

// refined is the affine map nearest to the clues that agree with a map; it is
// held to that map's directions where they say little.
func refined(to vision.Affine, clues []clue) vision.Affine {
	scale := to.Scale()
	var n [3][3]float64
	var x, y [3]float64
	for _, c := range clues {
		d := c.px.Sub(to.Apply(c.mm))
		if math.Hypot(d.X, d.Y) > inlier*scale || c.alike < strong {
			continue
		}
		w := math.Sqrt(c.weight) * c.alike
		v := [3]float64{c.mm.X, c.mm.Y, 1}
		for i := range v {
			for j := range v {
				n[i][j] += w * v[i] * v[j]
			}
			x[i] += w * v[i] * d.X
			y[i] += w * v[i] * d.Y
		}
	}
	if n[2][2] == 0 {
		return to
	}
	// Clues reach some tens of mm; this much holds what they leave open.
	const hold = 15000.0
	n[0][0] += hold
	n[1][1] += hold
	a, ok := solve3(n, x)
	b, ok2 := solve3(n, y)
	if !ok || !ok2 {
		return to
	}
	to.A, to.B, to.C = to.A+a[0], to.B+a[1], to.C+a[2]
	to.D, to.E, to.F = to.D+b[0], to.E+b[1], to.F+b[2]
	return to
}

// solve3 solves n x = v by Cramer's rule.
func solve3(n [3][3]float64, v [3]float64) ([3]float64, bool) {
	det := func(m [3][3]float64) float64 {
		return m[0][0]*(m[1][1]*m[2][2]-m[1][2]*m[2][1]) - m[0][1]*(m[1][0]*m[2][2]-m[1][2]*m[2][0]) + m[0][2]*(m[1][0]*m[2][1]-m[1][1]*m[2][0])
	}
	d := det(n)
	if math.Abs(d) < 1e-9 {
		return v, false
	}
	var out [3]float64
	for k := range 3 {
		m := n
		for i := range 3 {
			m[i][k] = v[i]
		}
		out[k] = det(m) / d
	}
	return out, true
}
