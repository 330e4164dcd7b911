package mrz

import (
	"math"

	"idflow/vision"
)

// Where lines of print lie shows in how much the brightness changes along the
// rows: much where there are characters, little between the lines. The
// characters' places along a line do not tell it.
const (
	levelPerMM  = 4.0 // pixels
	levelAround = 5.0 // mm above the first and below the last line
	levelParts  = 8   // of the length
	levelReach  = 3.0 // mm that the lines may lie off, at the middle and at the ends
	levelStep   = 0.25
)

// level moves the plane up or down, and its ends against each other, so that its
// lines lie on those of the print.
func (s *search) level(plane vision.Homography, l *layout) vision.Homography {
	rows := s.rowChanges(plane, l)
	best, offset, tilt := math.Inf(-1), 0.0, 0.0
	for o := -levelReach; o <= levelReach; o += levelStep {
		for t := -levelReach; t <= levelReach; t += levelStep {
			// What is there counts for more than a little gain.
			score := rows.contrast(o, t, l.lines) * (1 - 0.02*(math.Abs(o)+math.Abs(t)))
			if score > best {
				best, offset, tilt = score, o, t
			}
		}
	}
	return sheared(plane, offset-tilt, 2*tilt/(float64(l.width)*characterMM))
}

// sheared is the plane with y + offset + slope x in the place of y.
func sheared(h vision.Homography, offset, slope float64) vision.Homography {
	for i := range 3 {
		h[3*i], h[3*i+2] = h[3*i]+slope*h[3*i+1], h[3*i+2]+offset*h[3*i+1]
	}
	return h
}

// rowSums is, for each part of the length, the sum of changes in all rows above
// each row.
type rowSums [levelParts][]float64

func (s *search) rowChanges(plane vision.Homography, l *layout) *rowSums {
	width, height := float64(l.width)*characterMM, float64(l.lines-1)*lineMM+2*levelAround
	w, h := int(width*levelPerMM), int(height*levelPerMM)
	corner := func(x, y float64) vision.Point { return plane.Apply(vision.Point{X: x, Y: y}) }
	q := vision.Quad{corner(0, -levelAround), corner(width, -levelAround), corner(width, height-levelAround), corner(0, height-levelAround)}
	sums := new(rowSums)
	for i := range sums {
		sums[i] = make([]float64, h+1)
	}
	onto, ok := q.Onto(w, h)
	if !ok {
		return sums
	}
	grey := s.m.WarpPerspective(onto, w, h).Gray(nil)
	for y := range h {
		row := grey[y*w:][:w]
		for i := range sums {
			sum := 0
			for x := max(1, i*w/levelParts); x < min(w-1, (i+1)*w/levelParts); x++ {
				d := int(row[x+1]) - int(row[x-1])
				sum += min(max(d, -d), maxChange)
			}
			sums[i][y+1] = sums[i][y] + float64(sum)
		}
	}
	return sums
}

// contrast is how much more changes on the lines than between them, if they lie
// offset mm lower in the middle, and tilt mm lower still at the right end.
func (r *rowSums) contrast(offset, tilt float64, lines int) float64 {
	const half, gap = capitalMM / 2, lineMM / 2
	score := 0.0
	for i, sums := range r {
		at := levelAround + offset + tilt*(2*(float64(i)+0.5)/levelParts-1)
		between := func(y0, y1 float64) float64 {
			last := float64(len(sums) - 1)
			a, b := int(min(max(y0*levelPerMM, 0), last)), int(min(max(y1*levelPerMM, 0), last))
			return sums[b] - sums[a]
		}
		for range lines {
			on := between(at-half, at+half)
			off := between(at-gap, at-half) + between(at+half, at+gap)
			score += on - off*half/(gap-half)
			at += lineMM
		}
	}
	return score
}
