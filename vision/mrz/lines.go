package mrz

import (
	"cmp"
	"math"
	"slices"

	"idflow/vision"
	"idflow/vision/ocr"
)

// Lines of a zone are 76 to 112 mm long and their boxes some 4 mm high; half a
// line, as found where fillers are overlooked, is still worth a look.
const (
	minAspect = 7
	maxAspect = 45
	// minBoxAspect is that of a box that may be a part of a line.
	minBoxAspect = 2.2
)

// textLines joins the boxes that lie on one line and returns the places of
// those that may be of a zone, the likeliest first.
func textLines(boxes []ocr.Box) []vision.Quad {
	var parts []vision.Quad
	for _, b := range boxes {
		if b.Width() >= minBoxAspect*b.Height() {
			parts = append(parts, b.Quad)
		}
	}
	var lines []vision.Quad
	for _, group := range joined(parts) {
		q := union(group)
		if a := q.Width() / q.Height(); a >= minAspect && a <= maxAspect {
			lines = append(lines, q)
		}
	}
	rank(lines)
	return slanted(lines)
}

// slanted gives lines that stand over each other sides that lead from the end of
// one to that of the other, as the print's own columns do in perspective.
func slanted(lines []vision.Quad) []vision.Quad {
	out := slices.Clone(lines)
	for i, q := range lines {
		o, ok := partner(lines, q)
		if !ok {
			continue
		}
		normal := q.Along().Normal()
		half := func(d vision.Point) vision.Point { return d.Mul(q.Height() / 2 / d.Dot(normal)) }
		l, r := half(o.Left().Sub(q.Left())), half(o.Right().Sub(q.Right()))
		out[i] = vision.Quad{q.Left().Sub(l), q.Right().Sub(r), q.Right().Add(r), q.Left().Add(l)}
	}
	return out
}

// partner is the closest line that is about as long as q and could be the next
// one of a zone.
func partner(lines []vision.Quad, q vision.Quad) (vision.Quad, bool) {
	var best vision.Quad
	nearest := math.Inf(1)
	for _, o := range lines {
		if !stacked(o, q) || o.Width() < 0.85*q.Width() || q.Width() < 0.85*o.Width() {
			continue
		}
		if d := o.Center().Dist(q.Center()); d < nearest {
			best, nearest = o, d
		}
	}
	return best, !math.IsInf(nearest, 1)
}

// joined groups the parts that continue each other, the widest first.
func joined(parts []vision.Quad) [][]vision.Quad {
	slices.SortFunc(parts, func(a, b vision.Quad) int { return cmp.Compare(b.Width(), a.Width()) })
	group := make([]int, len(parts))
	for i := range group {
		group[i] = i
	}
	root := func(i int) int {
		for group[i] != i {
			i = group[i]
		}
		return i
	}
	for i := range parts {
		for j := i + 1; j < len(parts); j++ {
			if a, b := root(i), root(j); a != b && continues(parts[i], parts[j]) {
				group[max(a, b)] = min(a, b)
			}
		}
	}
	var out [][]vision.Quad
	at := map[int]int{}
	for i, p := range parts {
		r := root(i)
		if _, ok := at[r]; !ok {
			at[r] = len(out)
			out = append(out, nil)
		}
		out[at[r]] = append(out[at[r]], p)
	}
	return out
}

// continues says whether b, the shorter one, lies on a's line, not far from its
// end.
func continues(a, b vision.Quad) bool {
	ha, hb := a.Height(), b.Height()
	if hb > 1.7*ha || ha > 1.7*hb {
		return false
	}
	u := a.Along()
	if b.Width() > 3*hb && math.Abs(b.Along().Dot(u)) < 0.97 {
		return false
	}
	d := b.Center().Sub(a.Center())
	along, across := math.Abs(d.Dot(u)), math.Abs(d.Dot(u.Normal()))
	if across > 0.45*min(ha, hb)+0.02*along {
		return false
	}
	return along-a.Width()/2-b.Width()/2 <= 3*max(ha, hb)
}

// union is the place of all parts of a line, the first of which is the widest.
func union(parts []vision.Quad) vision.Quad {
	if len(parts) == 1 {
		return parts[0]
	}
	u := parts[0].Along()
	var left, right vision.Point
	from, to := math.Inf(1), math.Inf(-1)
	height := 0.0
	for _, q := range parts {
		l, r := q.Left(), q.Right()
		if l.Dot(u) > r.Dot(u) {
			l, r = r, l
		}
		if x := l.Dot(u); x < from {
			from, left = x, l
		}
		if x := r.Dot(u); x > to {
			to, right = x, r
		}
		height = max(height, q.Height())
	}
	down := right.Sub(left).Unit().Normal().Mul(height / 2)
	return vision.Quad{left.Sub(down), right.Sub(down), right.Add(down), left.Add(down)}
}

// rank orders lines by how much of a zone they may be: long ones that have
// others of their length close above or below.
func rank(lines []vision.Quad) {
	score := make(map[vision.Quad]float64, len(lines))
	for _, q := range lines {
		score[q] = q.Width() * (1 + float64(min(neighbours(lines, q), 2)))
	}
	slices.SortStableFunc(lines, func(a, b vision.Quad) int { return cmp.Compare(score[b], score[a]) })
}

// neighbours counts the lines that stand to q as lines of one zone do.
func neighbours(lines []vision.Quad, q vision.Quad) int {
	n := 0
	for _, o := range lines {
		if stacked(o, q) {
			n++
		}
	}
	return n
}

// stacked says whether o may be the line of a zone above or below q.
func stacked(o, q vision.Quad) bool {
	u, w := q.Along(), q.Width()
	d := o.Center().Sub(q.Center())
	across := math.Abs(d.Dot(u.Normal()))
	return across > 0.02*w && across < 0.2*w && math.Abs(d.Dot(u)) < 0.2*w && math.Abs(o.Along().Dot(u)) > 0.97 &&
		o.Width() > 0.7*w && o.Width() < 1.4*w
}
