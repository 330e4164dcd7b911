package doc

import (
	"math"
	"slices"

	"idflow/vision"
)

// hough looks for quadrilaterals of straight edges, for pictures in which the
// network alone leaves the corners open (Duda and Hart 1972, each edge voting for
// the lines along it only).
type hough struct {
	small   vision.Image
	dx, dy  []float32 // the steepest colour's gradient
	steep   []float32 // its length
	sorted  []float32
	votes   []float32
	lines   []houghLine
	level   float32 // of an edge
	bestFew []candidate
}

type houghLine struct {
	turn int // of the normal, in degrees, 0 to 179
	off  float64
}

// candidate is a quadrilateral and how well its sides are covered by edges.
type candidate struct {
	quad  vision.Quad // in pixels of the reduced picture
	score float64
}

const (
	houghSide   = 300
	turns       = 180
	houghLines  = 18
	candidates  = 6
	leastArea   = 0.06 // of the picture
	wideTurn    = 28   // between opposite sides, in degrees
	leastCorner = 55
)

var turnSin, turnCos = func() (s, c [turns]float64) {
	for t := range s {
		s[t], c[t] = math.Sincos(float64(t) * math.Pi / turns)
	}
	return
}()

// find gives a few quadrilaterals, the best first, in pixels of m.
func (h *hough) find(m *vision.Image) []candidate {
	k := max(1, float64(max(m.W, m.H))/houghSide)
	w, ht := max(16, int(float64(m.W)/k)), max(16, int(float64(m.H)/k))
	if n := 3 * w * ht; cap(h.small.Pix) < n {
		h.small = *vision.New(w, ht)
	} else {
		h.small = vision.Image{W: w, H: ht, Pix: h.small.Pix[:n]}
	}
	m.WarpInto(&h.small, m.Bounds().Onto(w, ht))
	h.gradient()
	h.vote()
	h.bestFew = h.bestFew[:0]
	h.combine()
	for i := range h.bestFew {
		c := &h.bestFew[i]
		c.quad = asItLies(c.quad.Scaled(float64(m.W)/float64(w), float64(m.H)/float64(ht)))
	}
	return h.bestFew
}

func resized(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// gradient is taken over five pixels, which print is too fine for.
func (h *hough) gradient() {
	w, ht := h.small.W, h.small.H
	n := w * ht
	h.dx, h.dy, h.steep = resized(h.dx, n), resized(h.dy, n), resized(h.steep, n)
	h.sorted = h.sorted[:0]
	p := h.small.Pix
	for y := 2; y < ht-2; y++ {
		for x := 2; x < w-2; x++ {
			i := y*w + x
			for c := range 3 {
				o := 3*i + c
				at := func(dx, dy int) float32 { return float32(p[o+3*(dy*w+dx)]) }
				gx := at(2, 0) + at(1, 0) + at(1, 1) + at(1, -1) - at(-2, 0) - at(-1, 0) - at(-1, 1) - at(-1, -1)
				gy := at(0, 2) + at(0, 1) + at(1, 1) + at(-1, 1) - at(0, -2) - at(0, -1) - at(1, -1) - at(-1, -1)
				if v := gx*gx + gy*gy; v > h.steep[i] {
					h.dx[i], h.dy[i], h.steep[i] = gx, gy, v
				}
			}
			h.steep[i] = float32(math.Sqrt(float64(h.steep[i])))
			h.sorted = append(h.sorted, h.steep[i])
		}
	}
	slices.Sort(h.sorted)
	h.level = max(24, h.sorted[len(h.sorted)*88/100])
}

// vote finds the strongest lines.
func (h *hough) vote() {
	w, ht := h.small.W, h.small.H
	r := int(math.Hypot(float64(w), float64(ht))) + 2
	h.votes = resized(h.votes, turns*2*r)
	for y := 2; y < ht-2; y++ {
		for x := 2; x < w-2; x++ {
			i := y*w + x
			if h.steep[i] < h.level {
				continue
			}
			turn := int(math.Round(math.Atan2(float64(h.dy[i]), float64(h.dx[i])) * turns / math.Pi))
			v := min(1, h.steep[i]/(3*h.level))
			for d := -4; d <= 4; d++ {
				t := ((turn+d)%turns + turns) % turns
				off := float64(x)*turnCos[t] + float64(y)*turnSin[t]
				h.votes[t*2*r+int(math.Round(off))+r] += v * (1 - float32(max(d, -d))/6)
			}
		}
	}
	h.lines = h.lines[:0]
	for range houghLines {
		best := 0
		for i, v := range h.votes {
			if v > h.votes[best] {
				best = i
			}
		}
		if h.votes[best] < 10 {
			return
		}
		turn, off := best/(2*r), best%(2*r)-r
		h.lines = append(h.lines, houghLine{turn, float64(off)})
		for dt := -6; dt <= 6; dt++ {
			t, o := turn+dt, off
			if t < 0 || t >= turns { // the same line seen from the other side
				t, o = (t+turns)%turns, -o
			}
			for k := max(0, o-6+r); k <= min(2*r-1, o+6+r); k++ {
				h.votes[t*2*r+k] = 0
			}
		}
	}
}

// between is the angle between two lines, 0 to 90 degrees.
func between(a, b houghLine) int {
	d := a.turn - b.turn
	d = max(d, -d)
	return min(d, turns-d)
}

func crossing(a, b houghLine) vision.Point {
	d := turnCos[a.turn]*turnSin[b.turn] - turnSin[a.turn]*turnCos[b.turn]
	return vision.Point{X: (a.off*turnSin[b.turn] - b.off*turnSin[a.turn]) / d, Y: (b.off*turnCos[a.turn] - a.off*turnCos[b.turn]) / d}
}

// combine tries two lines that run alike with two that run across.
func (h *hough) combine() {
	for i, a := range h.lines {
		for _, b := range h.lines[i+1:] {
			if between(a, b) > wideTurn {
				continue
			}
			for k, c := range h.lines {
				if between(a, c) < leastCorner || between(b, c) < leastCorner {
					continue
				}
				for _, d := range h.lines[k+1:] {
					if between(c, d) > wideTurn || between(a, d) < leastCorner || between(b, d) < leastCorner {
						continue
					}
					h.try(vision.Quad{crossing(a, c), crossing(a, d), crossing(b, d), crossing(b, c)})
				}
			}
		}
	}
}

// try keeps q among the best few if it may be a page.
func (h *hough) try(q vision.Quad) {
	w, ht := float64(h.small.W), float64(h.small.H)
	area := q.Area()
	if area < 0 {
		q[1], q[3] = q[3], q[1]
		area = -area
	}
	if area < leastArea*w*ht || area > 0.98*w*ht {
		return
	}
	const out = 0.03 * houghSide
	for _, p := range q {
		if p.X < -out || p.Y < -out || p.X > w+out || p.Y > ht+out {
			return
		}
	}
	long := q.Width() / q.Height()
	if long = max(long, 1/long); long < 1.1 || long > 2.3 {
		return
	}
	sum, least := 0.0, 1.0
	for i := range q {
		s := h.support(q[i], q[(i+1)&3])
		sum += s
		least = min(least, s)
	}
	h.keep(candidate{q, sum/4 + 0.5*least + 0.35*math.Sqrt(area/(w*ht))})
}

func (h *hough) keep(c candidate) {
	at, _ := slices.BinarySearchFunc(h.bestFew, c, func(a, b candidate) int {
		if a.score > b.score {
			return -1
		}
		return 1
	})
	if at == candidates {
		return
	}
	if len(h.bestFew) == candidates {
		h.bestFew = h.bestFew[:candidates-1]
	}
	h.bestFew = slices.Insert(h.bestFew, at, c)
}

// support is the share of the side from a to b along which there is an edge that
// runs its way.
func (h *hough) support(a, b vision.Point) float64 {
	n := int(a.Dist(b))
	if n < 8 {
		return 0
	}
	u := b.Sub(a).Unit()
	v := u.Normal()
	w := h.small.W
	hit := 0
	for i := 0; i < n; i += 2 {
		p := a.Add(u.Mul(float64(i)))
		for o := -2.0; o <= 2; o++ {
			x, y := int(p.X+o*v.X+0.5), int(p.Y+o*v.Y+0.5)
			if x < 2 || y < 2 || x >= w-2 || y >= h.small.H-2 {
				continue
			}
			k := y*w + x
			if s := h.steep[k]; s > 0.6*h.level && math.Abs(float64(h.dx[k])*v.X+float64(h.dy[k])*v.Y) > 0.85*float64(s) {
				hit += 2
				break
			}
		}
	}
	return min(1, float64(hit)/float64(n))
}
