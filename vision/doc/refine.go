package doc

import (
	"math"

	"idflow/vision"
)

// refiner moves the sides of a page onto the edges that the picture has near
// them.
type refiner struct {
	source  *vision.Image
	reduced vision.Image // the picture, so that its longer side is refineSide at most
	k       float64      // pixels of the picture to one of reduced
	steps   [samples][2*reach + 1]float32
	middle  [samples]vision.Point
}

const (
	refineSide = 640
	samples    = 72 // along a side
	reach      = 20 // how far from a side its edge is looked for, in pixels of reduced
	// A step of more than cap of 255 counts as one of cap: print beside the edge has
	// more contrast than many an edge, but not all along it.
	stepCap = 24
)

func (r *refiner) open(m *vision.Image) {
	r.source, r.k = m, 0
}

func (r *refiner) close() { r.source = nil }

// load reduces the picture when the first page was found in it.
func (r *refiner) load() {
	if r.k != 0 {
		return
	}
	m := r.source
	r.k = max(1, float64(max(m.W, m.H))/refineSide)
	w, h := max(2, int(math.Round(float64(m.W)/r.k))), max(2, int(math.Round(float64(m.H)/r.k)))
	if n := 3 * w * h; cap(r.reduced.Pix) < n {
		r.reduced = *vision.New(w, h)
	} else {
		r.reduced = vision.Image{W: w, H: h, Pix: r.reduced.Pix[:n]}
	}
	m.WarpInto(&r.reduced, m.Bounds().Onto(w, h))
}

// refine is q with its sides on edges, and the share of them along which there
// is an edge, 0 to 1. Sides at the picture's edge stay.
func (r *refiner) refine(q vision.Quad, m *vision.Image) (vision.Quad, float64) {
	r.load()
	kx, ky := float64(r.reduced.W)/float64(m.W), float64(r.reduced.H)/float64(m.H)
	small := q.Scaled(kx, ky)
	before := small
	seen := 0.0
	for range 2 {
		var sides [4]line
		seen = 0
		for i := range sides {
			l, s := r.side(small[i], small[(i+1)&3])
			sides[i] = l
			seen += s / 4
		}
		next, ok := meet(sides)
		if !ok {
			break
		}
		small = next
	}
	for i := range small {
		if !(small[i].Dist(before[i]) < 3*reach) {
			return q, seen
		}
	}
	return small.Scaled(1/kx, 1/ky), seen
}

// side is the edge near that from a to b, and along which share of it there is
// one.
func (r *refiner) side(a, b vision.Point) (line, float64) {
	u := b.Sub(a).Unit()
	w, h := float64(r.reduced.W), float64(r.reduced.H)
	mid := a.Add(b).Mul(0.5)
	const border = 3
	if min(mid.X, mid.Y, w-1-mid.X, h-1-mid.Y) < border {
		return line{mid, u}, 1 // the page is cut off there: no edge to be seen
	}
	r.sample(a, b)
	from, to := r.best()
	n := u.Normal()
	var f lineFit
	seen := 0
	for i := range samples {
		at := float64(from) + (float64(to)-float64(from))*position(i)
		off, step := r.peak(i, int(math.Round(at)))
		if step < stepCap/3 || math.Abs(off-at) > 2 {
			continue
		}
		seen++
		f.add(r.middle[i].Add(n.Mul(off)), 1)
	}
	share := float64(seen) / samples
	l, ok := f.line(u)
	if !ok || share < 0.3 {
		return line{mid, u}, share
	}
	return l, share
}

// position is where sample i lies on a side, 0 at its beginning and 1 at its end.
// Corners may be round: the outer parts are left out.
func position(i int) float64 { return 0.07 + 0.86*(float64(i)+0.5)/samples }

// sample measures the steps of colour across the side from a to b, along it and
// up to reach from it.
func (r *refiner) sample(a, b vision.Point) {
	n := b.Sub(a).Unit().Normal()
	var row [2*reach + 5][3]float32
	for i := range samples {
		c := a.Add(b.Sub(a).Mul(position(i)))
		r.middle[i] = c
		for j := range row {
			p := c.Add(n.Mul(float64(j - reach - 2)))
			row[j] = r.at(p)
		}
		for j := range r.steps[i] {
			most := float32(0)
			for k := range 3 {
				d := row[j+3][k] + row[j+4][k] - row[j][k] - row[j+1][k]
				most = max(most, d/2, -d/2)
			}
			r.steps[i][j] = most
		}
	}
}

// at is the colour at p, bilinearly; outside of the picture its edge goes on.
func (r *refiner) at(p vision.Point) [3]float32 {
	m := &r.reduced
	x, y := min(max(p.X, 0), float64(m.W-1)-0.001), min(max(p.Y, 0), float64(m.H-1)-0.001)
	ix, iy := int(x), int(y)
	fx, fy := float32(x-float64(ix)), float32(y-float64(iy))
	o := 3 * (iy*m.W + ix)
	s, t := m.Pix[o:o+6:o+6], m.Pix[o+3*m.W:o+3*m.W+6:o+3*m.W+6]
	var c [3]float32
	for k := range c {
		top := float32(s[k]) + (float32(s[k+3])-float32(s[k]))*fx
		low := float32(t[k]) + (float32(t[k+3])-float32(t[k]))*fx
		c[k] = top + (low-top)*fy
	}
	return c
}

// best is how far from the side the edge lies at the side's beginning and end.
// What the network said counts a little: of equal edges the nearer one is it.
func (r *refiner) best() (from, to int) {
	most := float32(-1)
	for a := -reach; a <= reach; a++ {
		for b := -reach; b <= reach; b++ {
			sum := float32(0)
			at, step := float32(a)+(float32(b)-float32(a))*float32(position(0)), (float32(b)-float32(a))*float32(0.86/samples)
			for i := range samples {
				sum += min(stepCap, r.steps[i][int(at+reach+0.5)])
				at += step
			}
			sum *= 1 - 0.4*float32(a*a+b*b)/(2*reach*reach)
			if sum > most {
				most, from, to = sum, a, b
			}
		}
	}
	return from, to
}

// peak is where about at the step is highest, between the pixels, and how high.
func (r *refiner) peak(i, at int) (float64, float32) {
	s := &r.steps[i]
	best := -1
	for j := max(1, at+reach-2); j <= min(2*reach-1, at+reach+2); j++ {
		if best < 0 || s[j] > s[best] {
			best = j
		}
	}
	if best < 0 {
		return 0, 0
	}
	l, c, h := s[best-1], s[best], s[best+1]
	off := float32(0)
	if d := l - 2*c + h; d < 0 {
		off = min(0.5, max(-0.5, (l-h)/(2*d)))
	}
	return float64(float32(best-reach) + off), c
}
