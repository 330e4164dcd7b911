package vision

import "math"

// FitHomography is the map that takes each point of src to its counterpart in
// dst with the least weighted error (in the algebraic sense, on normalized
// coordinates; Hartley 1997). It is false for fewer than four points or when
// they do not span the plane. Nil weights are all one.
func FitHomography(src, dst []Point, weights []float64) (Homography, bool) {
	if len(src) < 4 || len(src) != len(dst) {
		return Homography{}, false
	}
	from, back := normalizing(src), normalizing(dst)
	var a [8][9]float64
	for i := range src {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		p, q := from.Apply(src[i]), back.Apply(dst[i])
		accumulate(&a, [9]float64{p.X, p.Y, 1, 0, 0, 0, -q.X * p.X, -q.X * p.Y, q.X}, w)
		accumulate(&a, [9]float64{0, 0, 0, p.X, p.Y, 1, -q.Y * p.X, -q.Y * p.Y, q.Y}, w)
	}
	if !eliminate(&a) {
		return Homography{}, false
	}
	h := Homography{8: 1}
	for i := range 8 {
		h[i] = a[i][8]
	}
	return back.Inverse().homography().after(h.after(from.homography())), true
}

// accumulate adds one equation, its right side last, to the normal equations.
func accumulate(a *[8][9]float64, row [9]float64, w float64) {
	for i := range 8 {
		for j := range row {
			a[i][j] += w * row[i] * row[j]
		}
	}
}

// normalizing moves points to a mean of zero and a mean distance of one from it.
func normalizing(ps []Point) Affine {
	var m Point
	for _, p := range ps {
		m = m.Add(p)
	}
	m = m.Mul(1 / float64(len(ps)))
	d := 0.0
	for _, p := range ps {
		d += p.Dist(m)
	}
	k := float64(len(ps)) / math.Max(d, 1e-9)
	return Affine{A: k, C: -k * m.X, E: k, F: -k * m.Y}
}

func (t Affine) homography() Homography {
	return Homography{t.A, t.B, t.C, t.D, t.E, t.F, 0, 0, 1}
}

// after is first g, then h.
func (h Homography) after(g Homography) Homography {
	var r Homography
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				r[3*i+j] += h[3*i+k] * g[3*k+j]
			}
		}
	}
	return r
}
