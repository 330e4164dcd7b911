package ocr

import (
	"math"
	"slices"

	"idflow/vision"
)

// segmentation turns a map of probabilities into boxes; it holds the memory for
// that between pictures.
type segmentation struct {
	canvas vision.Image
	p      []float32 // the map, w x h
	w, h   int
	runs   []run
	rows   []int32 // rows[y] is the first run of row y; one more than rows
	heads  []int32 // the roots that have boxes to come, in order
	points []vision.Point
	hull   []vision.Point
}

// run is the pixels x0 to x1 of a row, all above the threshold. Runs that touch
// form a component, named by its first run.
type run struct {
	y, x0, x1 int32
	parent    int32
	next      int32 // of the same component, -1 at its end
	last      int32 // of a root: the component's last run
}

func (s *segmentation) resize(w, h int) {
	s.w, s.h = w, h
	s.canvas.W, s.canvas.H = w, h
	s.canvas.Pix = slices.Grow(s.canvas.Pix[:0], 3*w*h)[:3*w*h]
}

// boxes finds the rectangles of the components, in pixels of the map, enlarged
// to hold the whole text.
func (s *segmentation) boxes(p []float32) []Box {
	s.p = p
	s.findRuns()
	s.connect()
	var out []Box
	for _, head := range s.heads {
		if b, ok := s.box(head); ok {
			out = append(out, b)
		}
	}
	return out
}

func (s *segmentation) findRuns() {
	s.runs, s.rows = s.runs[:0], s.rows[:0]
	for y := range s.h {
		s.rows = append(s.rows, int32(len(s.runs)))
		row := s.p[y*s.w:][:s.w]
		for x := 0; x < len(row); x++ {
			if row[x] <= threshold {
				continue
			}
			from := x
			for x < len(row) && row[x] > threshold {
				x++
			}
			i := int32(len(s.runs))
			s.runs = append(s.runs, run{int32(y), int32(from), int32(x - 1), i, -1, i})
		}
	}
	s.rows = append(s.rows, int32(len(s.runs)))
}

// connect joins runs of neighbouring rows that touch, corners included.
func (s *segmentation) connect() {
	for y := 1; y < s.h; y++ {
		above, here := s.rows[y-1], s.rows[y]
		for above < s.rows[y] && here < s.rows[y+1] {
			a, b := &s.runs[above], &s.runs[here]
			if a.x0 <= b.x1+1 && b.x0 <= a.x1+1 {
				s.join(above, here)
			}
			if a.x1 < b.x1 {
				above++
			} else {
				here++
			}
		}
	}
	s.heads = s.heads[:0]
	for i := range s.runs {
		if s.runs[i].parent == int32(i) {
			s.heads = append(s.heads, int32(i))
		}
	}
}

func (s *segmentation) root(i int32) int32 {
	for s.runs[i].parent != i {
		s.runs[i].parent = s.runs[s.runs[i].parent].parent
		i = s.runs[i].parent
	}
	return i
}

func (s *segmentation) join(a, b int32) {
	a, b = s.root(a), s.root(b)
	if a == b {
		return
	}
	if b < a {
		a, b = b, a
	}
	s.runs[b].parent = a
	s.runs[s.runs[a].last].next = b
	s.runs[a].last = s.runs[b].last
}

// box is the rectangle of a component, false for one that is no text.
func (s *segmentation) box(head int32) (Box, bool) {
	s.points = s.points[:0]
	for i := head; i >= 0; i = s.runs[i].next {
		r := s.runs[i]
		// The corners of the pixels, not their centres.
		x0, x1, y := float64(r.x0)-0.5, float64(r.x1)+0.5, float64(r.y)
		s.points = append(s.points, vision.Point{X: x0, Y: y - 0.5}, vision.Point{X: x1, Y: y - 0.5},
			vision.Point{X: x0, Y: y + 0.5}, vision.Point{X: x1, Y: y + 0.5})
	}
	s.hull = convexHull(s.hull[:0], s.points)
	q := smallestRectangle(s.hull)
	w, h := q.Width(), q.Height()
	if min(w, h) < minSide {
		return Box{}, false
	}
	score := s.mean(q)
	if score < minScore {
		return Box{}, false
	}
	d := w * h * unclip / (2 * (w + h))
	return Box{q.Grown(d, d), score}, true
}

// mean is the mean probability inside of q, a convex quadrilateral.
func (s *segmentation) mean(q vision.Quad) float64 {
	b := q.Bounds()
	var sum float64
	n := 0
	for y := max(0, int(math.Ceil(b.Y0))); y <= min(s.h-1, int(b.Y1)); y++ {
		from, to := crossing(q, float64(y))
		x0, x1 := max(0, int(math.Ceil(from))), min(s.w-1, int(math.Floor(to)))
		if x1 < x0 {
			continue
		}
		for _, v := range s.p[y*s.w+x0 : y*s.w+x1+1] {
			sum += float64(v)
		}
		n += x1 - x0 + 1
	}
	return sum / float64(max(n, 1))
}

// crossing is where the row y enters and leaves q.
func crossing(q vision.Quad, y float64) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for i, a := range q {
		b := q[(i+1)%4]
		if (a.Y < y) == (b.Y < y) {
			continue
		}
		x := a.X + (b.X-a.X)*(y-a.Y)/(b.Y-a.Y)
		from, to = min(from, x), max(to, x)
	}
	return from, to
}

// convexHull appends the hull of points to dst, clockwise as seen in a picture
// (Andrew's monotone chain). It sorts points.
func convexHull(dst, points []vision.Point) []vision.Point {
	slices.SortFunc(points, func(a, b vision.Point) int {
		if a.X != b.X {
			return sign(a.X - b.X)
		}
		return sign(a.Y - b.Y)
	})
	half := func(start int, p vision.Point) {
		for len(dst) >= start+2 && dst[len(dst)-1].Sub(dst[len(dst)-2]).Cross(p.Sub(dst[len(dst)-2])) <= 0 {
			dst = dst[:len(dst)-1]
		}
		dst = append(dst, p)
	}
	for _, p := range points {
		half(0, p)
	}
	start := len(dst) - 1
	for i := len(points) - 2; i >= 0; i-- {
		half(start, points[i])
	}
	return dst[:len(dst)-1]
}

func sign(v float64) int {
	if v < 0 {
		return -1
	}
	if v > 0 {
		return 1
	}
	return 0
}

// smallestRectangle is the smallest one about a hull, its long side the reading
// direction, which points to the right, or down if the line stands.
func smallestRectangle(hull []vision.Point) vision.Quad {
	best := math.Inf(1)
	var q vision.Quad
	for i, a := range hull {
		u := hull[(i+1)%len(hull)].Sub(a).Unit()
		v := u.Normal()
		x0, x1, y0, y1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for _, p := range hull {
			x, y := p.Dot(u), p.Dot(v)
			x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
		}
		if area := (x1 - x0) * (y1 - y0); area < best {
			best = area
			at := func(x, y float64) vision.Point { return u.Mul(x).Add(v.Mul(y)) }
			q = vision.Quad{at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)}
		}
	}
	return readable(q)
}

// readable turns a rectangle so that its long side is the top, and the reading
// direction points to the right, or down where it is steeper than leaning.
func readable(q vision.Quad) vision.Quad {
	if q.Width() < q.Height() {
		q = q.Turned(1)
	}
	u := q.Along()
	const leaning = 0.3 // about the sine of 17 degrees: what still counts as standing
	if steep := math.Abs(u.X) < leaning; steep && u.Y < 0 || !steep && u.X < 0 {
		q = q.Turned(2)
	}
	return q
}
