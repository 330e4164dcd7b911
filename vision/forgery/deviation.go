package forgery

import (
	"math"
	"slices"

	"idflow/vision"
)

// deviations turns the characters' measures into how far they stand out.
func (in Input) deviations(all []*character) zoneLook {
	var look zoneLook
	n := len(all)
	total, place, font := make([]float64, n), make([]float64, n), make([]float64, n)
	z := make([]float64, n)
	for k, m := range zoneMeasures {
		spread := standardize(all, z, m.of, m.floor, m.signed, k < placeMeasures || m.name == "paper" || m.name == "darkness")
		look.values = append(look.values, most(all, z, 1, m.signed), most(all, z, 2, m.signed), most(all, z, 4, m.signed), spread)
		for i, v := range z {
			if !m.signed {
				v = max(v, 0)
			}
			v = min(v*v, 400)
			total[i] += v
			if k < placeMeasures {
				place[i] += v
			} else {
				font[i] += v
			}
		}
	}
	var likeness []float64
	for _, c := range all {
		if c.judged {
			likeness = append(likeness, c.likeness)
		}
	}
	slices.Sort(likeness)
	resolution := 0.0
	for _, l := range in.Zone {
		if n := len(l.Text); n > 0 {
			resolution = l.Place.Width() / float64(n) / 2.54
		}
	}
	resolution *= in.seenScale()
	for i := range total {
		total[i] = math.Sqrt(total[i])
	}
	look.values = append(look.values, quantile(likeness, 0.5), resolution, most(all, total, 2, false), most(all, total, 4, false))
	look.fontBox, look.placeBox = in.oddest(all, font), in.oddest(all, place)
	return look
}

// seenScale is how many pixels of the picture make one of the page.
func (in Input) seenScale() float64 {
	return math.Sqrt(math.Abs(in.Corners.Area()) / float64(in.Page.W*in.Page.H))
}

// standardize writes how far each character's measure is from what its place in
// the line lets expect, in robust standard deviations, and gives that deviation
// as a multiple of floor. Where bent is true the expectation changes along the
// line.
func standardize(all []*character, z []float64, of func(*character) float64, floor float64, signed, bent bool) float64 {
	clear(z)
	var rest []float64
	var members []int
	flush := func() {
		trend(all, members, z, of, bent)
		members = members[:0]
	}
	for i, c := range all {
		if i > 0 && all[i-1].line != c.line {
			flush()
		}
		if c.judged && !math.IsNaN(of(c)) {
			members = append(members, i)
		}
	}
	flush()
	// What is usual for a letter is no deviation: printers' fonts differ from
	// OCR-B as drawn in the standard.
	var byLetter [len(alphabet)][]float64
	for i, c := range all {
		if c.judged && !math.IsNaN(of(c)) {
			byLetter[c.letter] = append(byLetter[c.letter], z[i])
		}
	}
	for i, c := range all {
		if !c.judged || math.IsNaN(of(c)) {
			continue
		}
		if group := byLetter[c.letter]; len(group) > 3 {
			s := slices.Sorted(slices.Values(group))
			z[i] -= s[len(s)/2] * float64(len(s)-2) / float64(len(s))
		}
		rest = append(rest, math.Abs(z[i]))
	}
	slices.Sort(rest)
	spread := max(floor, 1.4826*quantile(rest, 0.5))
	for i := range z {
		z[i] /= spread
	}
	return spread / floor
}

// trend writes the members' residuals about a robust straight line, or about the
// median.
func trend(all []*character, members []int, z []float64, of func(*character) float64, bent bool) {
	if len(members) == 0 {
		return
	}
	values := make([]float64, len(members))
	for k, i := range members {
		values[k] = of(all[i])
	}
	var slope float64
	if bent && len(members) > 8 {
		// Theil and Sen's: the median of slopes between characters far apart.
		var slopes []float64
		for a := range members {
			for b := a + len(members)/3; b < len(members); b++ {
				slopes = append(slopes, (values[b]-values[a])/float64(all[members[b]].at-all[members[a]].at))
			}
		}
		slices.Sort(slopes)
		slope = quantile(slopes, 0.5)
	}
	level := make([]float64, len(members))
	for k, i := range members {
		values[k] -= slope * float64(all[i].at)
		level[k] = values[k]
	}
	slices.Sort(level)
	middle := quantile(level, 0.5)
	for k, i := range members {
		z[i] = values[k] - middle
	}
}

// most is the largest mean of n neighbours that are judged; of either sign where
// signed.
func most(all []*character, z []float64, n int, signed bool) float64 {
	best := 0.0
	for i := range all {
		var sum float64
		k := 0
		for j := i; j < len(all) && k < n && all[j].line == all[i].line; j++ {
			if all[j].judged {
				sum += z[j]
				k++
			}
		}
		if k == n {
			v := sum / float64(n)
			if signed {
				v = math.Abs(v)
			}
			best = max(best, v)
		}
	}
	return min(best, 60)
}

// oddest is the place of the four neighbours with the largest sum.
func (in Input) oddest(all []*character, z []float64) vision.Quad {
	best, at := -1.0, 0
	for i := range all {
		var sum float64
		for j := i; j < min(i+4, len(all)); j++ {
			if all[j].line == all[i].line {
				sum += z[j]
			}
		}
		if sum > best {
			best, at = sum, i
		}
	}
	c := all[at]
	l := in.Zone[c.line]
	n := float64(len(l.Text))
	share := func(a, b vision.Point, k float64) vision.Point { return a.Add(b.Sub(a).Mul(k)) }
	lo, hi := float64(c.at)/n, min(1, float64(c.at+4)/n)
	return vision.Quad{share(l.Place[0], l.Place[1], lo), share(l.Place[0], l.Place[1], hi), share(l.Place[3], l.Place[2], hi), share(l.Place[3], l.Place[2], lo)}
}
