package vision

import "math"

// Resize scales m to w x h pixels with a triangle filter as wide as the
// reduction asks, so that no source pixel is skipped: slower and finer than
// CropResize. A picture of that size already is returned itself.
func (m *Image) Resize(w, h int) *Image {
	if w == m.W && h == m.H {
		return m
	}
	o := New(w, h)
	if m.W == 0 || m.H == 0 {
		return o
	}
	wide := make([]float32, 3*w*m.H)
	columns := triangles(m.W, w)
	for y := range m.H {
		resizeRow(wide[3*y*w:][:3*w], m.Pix[3*y*m.W:][:3*m.W], columns)
	}
	sum := make([]float32, 3*w)
	for y, f := range triangles(m.H, h) {
		clear(sum)
		for i, k := range f.weights {
			for x, v := range wide[3*(f.first+i)*w:][:3*w] {
				sum[x] += k * v
			}
		}
		d := o.Pix[3*y*w:][:3*w]
		for x, v := range sum {
			d[x] = uint8(v + 0.5) // weights are positive with the sum 1
		}
	}
	return o
}

func resizeRow(dst []float32, src []uint8, columns []filter) {
	for x, f := range columns {
		var r, g, b float32
		s := src[3*f.first:]
		for i, k := range f.weights {
			p := s[3*i : 3*i+3 : 3*i+3]
			r, g, b = r+k*float32(p[0]), g+k*float32(p[1]), b+k*float32(p[2])
		}
		dst[3*x], dst[3*x+1], dst[3*x+2] = r, g, b
	}
}

// filter is how one destination pixel is mixed from a run of source pixels.
type filter struct {
	first   int
	weights []float32
}

func triangles(src, dst int) []filter {
	scale := float64(src) / float64(dst)
	radius := math.Max(1, scale)
	out := make([]filter, dst)
	for i := range out {
		c := (float64(i)+0.5)*scale - 0.5
		first := max(0, int(math.Ceil(c-radius)))
		last := min(src-1, int(math.Floor(c+radius)))
		w := make([]float32, 0, last-first+1)
		var sum float64
		for j := first; j <= last; j++ {
			v := math.Max(0, 1-math.Abs(float64(j)-c)/radius)
			w = append(w, float32(v))
			sum += v
		}
		for j := range w {
			w[j] /= float32(sum)
		}
		out[i] = filter{first, w}
	}
	return out
}
