package doc

import (
	"math"
	"slices"

	"idflow/vision"
)

// regions are the connected cells that the network takes for pages.
type regions struct {
	owner [cells * cells]int32 // 0 for none
	stack []int32
	found []region
}

// region is one of them.
type region struct {
	count   int
	mean    float64        // probability of a page, over its cells
	outline []vision.Point // where the probability falls through one half, in cells
}

const (
	inside    = 0.5
	minRegion = 14 // cells: a page that fills a seventieth of the picture
)

// find are the regions of the page map. Pages whose edges touch are told apart
// by the map of edges.
func (s *regions) find(page, edge *[cells * cells]float32) []region {
	clear(s.owner[:])
	n := 0
	for i := range page {
		if s.owner[i] != 0 || !core(page, edge, i) {
			continue
		}
		if n == len(s.found) {
			s.found = append(s.found, region{})
		}
		r := &s.found[n]
		*r = region{outline: r.outline[:0]}
		s.fill(page, edge, i, int32(n+1), r)
		if r.count >= minRegion {
			r.mean /= float64(r.count)
			n++
		}
	}
	return s.found[:n]
}

// core is a cell that belongs to a page and does not lie between two.
func core(page, edge *[cells * cells]float32, i int) bool {
	return page[i] >= inside && page[i] >= 0.8*edge[i]
}

func (s *regions) fill(page, edge *[cells * cells]float32, at int, owner int32, r *region) {
	s.stack = append(s.stack[:0], int32(at))
	s.owner[at] = owner
	for len(s.stack) > 0 {
		i := int(s.stack[len(s.stack)-1])
		s.stack = s.stack[:len(s.stack)-1]
		r.count++
		r.mean += float64(page[i])
		x, y := i%cells, i/cells
		for d := range 4 {
			dx, dy := [4]int{1, 0, -1, 0}[d], [4]int{0, 1, 0, -1}[d]
			if x+dx < 0 || y+dy < 0 || x+dx >= cells || y+dy >= cells {
				r.outline = append(r.outline, vision.Point{X: float64(x) + 0.5*float64(dx), Y: float64(y) + 0.5*float64(dy)})
				continue
			}
			j := i + dy*cells + dx
			if core(page, edge, j) {
				if s.owner[j] == 0 {
					s.owner[j] = owner
					s.stack = append(s.stack, int32(j))
				}
				continue
			}
			k := fall(page, x, y, dx, dy)
			r.outline = append(r.outline, vision.Point{X: float64(x) + k*float64(dx), Y: float64(y) + k*float64(dy)})
		}
	}
}

// fall is how far from (x, y) in the direction (dx, dy) the probability falls
// through one half, or is least between two pages.
func fall(page *[cells * cells]float32, x, y, dx, dy int) float64 {
	const far = 3
	before := page[y*cells+x]
	for k := 1; k <= far; k++ {
		x, y = x+dx, y+dy
		if x < 0 || y < 0 || x >= cells || y >= cells {
			return float64(k) - 0.5
		}
		p := page[y*cells+x]
		if p < inside {
			return float64(k-1) + float64((before-inside)/(before-p))
		}
		if p > before {
			return float64(k - 1)
		}
		before = p
	}
	return 0.5
}

// quad is the quadrilateral about the outline, its sides laid through the
// outline's points. It is false where the outline is none of four sides.
func (r *region) quad() (vision.Quad, bool) {
	hull := convexHull(r.outline)
	for len(hull) > 4 {
		var ok bool
		if hull, ok = withoutCheapest(hull); !ok {
			return vision.Quad{}, false
		}
	}
	if len(hull) < 4 {
		return vision.Quad{}, false
	}
	q := vision.Quad(hull)
	for range 3 {
		next, ok := r.fit(q)
		if !ok {
			break
		}
		q = next
	}
	return q, true
}

// fit lays each side through the points nearest to it, those near the corners
// and those far off left out.
func (r *region) fit(q vision.Quad) (vision.Quad, bool) {
	var lines [4]line
	for side := range q {
		a, b := q[side], q[(side+1)&3]
		u, length := b.Sub(a).Unit(), a.Dist(b)
		var f lineFit
		for _, p := range r.outline {
			d := p.Sub(a)
			along, off := d.Dot(u), math.Abs(u.Cross(d))
			if along < 0.12*length || along > 0.88*length || off > 1.5 || nearest(q, p) != side {
				continue
			}
			f.add(p, 1)
		}
		l, ok := f.line(u)
		if !ok {
			l = line{a, u}
		}
		lines[side] = l
	}
	return meet(lines)
}

// nearest is the side that p lies nearest to.
func nearest(q vision.Quad, p vision.Point) int {
	best, least := 0, math.Inf(1)
	for i := range q {
		u := q[(i+1)&3].Sub(q[i]).Unit()
		if d := math.Abs(u.Cross(p.Sub(q[i]))); d < least {
			best, least = i, d
		}
	}
	return best
}

// overlap is the intersection over union of q with what the network takes for a
// page inside q and about it, both in cells.
func overlap(q vision.Quad, page *[cells * cells]float32) float64 {
	b := q.Grown(1, 1).Bounds()
	both, either := 0.0, 0.0
	for y := max(0, int(b.Y0)); y <= min(cells-1, int(b.Y1)+1); y++ {
		for x := max(0, int(b.X0)); x <= min(cells-1, int(b.X1)+1); x++ {
			d := depth(q, vision.Point{X: float64(x), Y: float64(y)})
			if d < -1.5 {
				continue
			}
			in, is := min(1, max(0, 0.5+d)), float64(page[y*cells+x])
			both += min(in, is)
			either += max(in, is)
		}
	}
	if either == 0 {
		return 0
	}
	return both / either
}

// depth is how far p lies within q, less than 0 outside.
func depth(q vision.Quad, p vision.Point) float64 {
	least := math.Inf(1)
	for i := range q {
		least = min(least, q[(i+1)&3].Sub(q[i]).Unit().Cross(p.Sub(q[i])))
	}
	return least
}

// convexHull is the corners of the hull, clockwise (Andrew 1979). It sorts ps.
func convexHull(ps []vision.Point) []vision.Point {
	slices.SortFunc(ps, func(a, b vision.Point) int {
		if a.X != b.X {
			return int(math.Copysign(1, a.X-b.X))
		}
		switch {
		case a.Y < b.Y:
			return -1
		case a.Y > b.Y:
			return 1
		}
		return 0
	})
	var hull []vision.Point
	half := func(p vision.Point, floor int) {
		for n := len(hull); n >= floor+2 && hull[n-1].Sub(hull[n-2]).Cross(p.Sub(hull[n-1])) <= 0; n = len(hull) {
			hull = hull[:n-1]
		}
		hull = append(hull, p)
	}
	for _, p := range ps {
		half(p, 0)
	}
	floor := len(hull) - 1
	for i := len(ps) - 2; i >= 0; i-- {
		half(ps[i], floor)
	}
	if len(hull) > 1 {
		hull = hull[:len(hull)-1]
	}
	return hull
}

// withoutCheapest leaves out the side whose neighbours, made longer until they
// meet, add the least area.
func withoutCheapest(hull []vision.Point) ([]vision.Point, bool) {
	n := len(hull)
	best, least := -1, math.Inf(1)
	var at vision.Point
	for i := range hull {
		a, b, c, d := hull[(i+n-1)%n], hull[i], hull[(i+1)%n], hull[(i+2)%n]
		u, v := b.Sub(a), c.Sub(d)
		// The two meet beyond b and c only where together they turn by less than half.
		cross := u.Cross(v)
		if cross >= 0 {
			continue
		}
		k := c.Sub(b).Cross(v) / cross
		if k < 0 {
			continue
		}
		p := b.Add(u.Mul(k))
		if area := math.Abs(c.Sub(b).Cross(p.Sub(b))) / 2; area < least {
			best, least, at = i, area, p
		}
	}
	if best < 0 {
		return nil, false
	}
	next := (best + 1) % n
	hull[best] = at
	return slices.Delete(hull, next, next+1), true
}
