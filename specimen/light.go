package specimen

import (
	"image"
	"math"
	"sync"
)

// frame is a picture in linear light, RGB interleaved.
type frame struct {
	w, h int
	pix  []float32
}

func newFrame(w, h int) *frame { return &frame{w, h, make([]float32, 3*w*h)} }

// toLinear is the light of each sRGB value (IEC 61966-2-1).
var toLinear = sync.OnceValue(func() *[256]float32 {
	var t [256]float32
	for i := range t {
		v := float64(i) / 255
		if v <= 0.04045 {
			t[i] = float32(v / 12.92)
		} else {
			t[i] = float32(math.Pow((v+0.055)/1.055, 2.4))
		}
	}
	return &t
})

// lightSteps is how finely toDisplay knows light.
const lightSteps = 4096

// toDisplay is the sRGB value, 0 to 255, of light in steps of 1/lightSteps.
var toDisplay = sync.OnceValue(func() *[lightSteps + 1]float32 {
	var t [lightSteps + 1]float32
	for i := range t {
		v := float64(i) / lightSteps
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		t[i] = float32(255 * v)
	}
	return &t
})

// reduced is the page in linear light, shrunk by averaging to about k of its
// size (k up to 1): a photograph that sees it smaller must not alias.
func reduced(m *image.RGBA, k float64) *frame {
	lin := toLinear()
	w, h := m.Rect.Dx(), m.Rect.Dy()
	fw, fh := max(2, int(float64(w)*min(k, 1)+0.5)), max(2, int(float64(h)*min(k, 1)+0.5))
	f := newFrame(fw, fh)
	if fw == w && fh == h {
		for y := range h {
			linearRow(f.pix[3*y*w:][:3*w], m.Pix[y*m.Stride:], lin)
		}
		return f
	}
	xs := spans(w, fw)
	wide, row := make([]float32, 3*w), make([]float32, 3*fw)
	for y, from := range spans(h, fh) {
		out := f.pix[3*y*fw:][:3*fw]
		for _, part := range from {
			linearRow(wide, m.Pix[part.at*m.Stride:], lin)
			shrinkRow(row, wide, xs)
			for i, v := range row {
				out[i] += v * part.weight
			}
		}
	}
	return f
}

func linearRow(d []float32, s []uint8, lin *[256]float32) {
	for ; len(d) >= 3; d, s = d[3:], s[4:] {
		d[0], d[1], d[2] = lin[s[0]], lin[s[1]], lin[s[2]]
	}
}

func shrinkRow(d, s []float32, xs [][]part) {
	for x, from := range xs {
		var r, g, b float32
		for _, p := range from {
			q := s[3*p.at : 3*p.at+3 : 3*p.at+3]
			r, g, b = r+q[0]*p.weight, g+q[1]*p.weight, b+q[2]*p.weight
		}
		d[3*x], d[3*x+1], d[3*x+2] = r, g, b
	}
}

// part is a source pixel's share in a destination pixel.
type part struct {
	at     int
	weight float32
}

// spans says which of n pixels make up each of m, m being at most n.
func spans(n, m int) [][]part {
	out := make([][]part, m)
	k := float64(n) / float64(m)
	for i := range out {
		lo, hi := float64(i)*k, float64(i+1)*k
		for j := int(lo); j < n && float64(j) < hi; j++ {
			cover := min(hi, float64(j+1)) - max(lo, float64(j))
			if cover > 1e-9 {
				out[i] = append(out[i], part{j, float32(cover / k)})
			}
		}
	}
	return out
}

// sample is the light at (x, y), between pixels, the edge going on for ever. The
// frame has at least 2 x 2 pixels.
func (f *frame) sample(x, y float64) rgb {
	// Never at the last pixel itself, so that there is always one after it.
	const short = 1 - 1e-6
	x, y = min(max(x, 0), float64(f.w-2)+short), min(max(y, 0), float64(f.h-2)+short)
	ix, iy := int(x), int(y)
	u, v := float32(x-float64(ix)), float32(y-float64(iy))
	o := 3 * (iy*f.w + ix)
	a := f.pix[o : o+6 : o+6]
	o += 3 * f.w
	b := f.pix[o : o+6 : o+6]
	w11 := u * v
	w10, w01 := v-w11, u-w11
	w00 := 1 - u - w10
	return rgb{
		a[0]*w00 + a[3]*w01 + b[0]*w10 + b[3]*w11,
		a[1]*w00 + a[4]*w01 + b[1]*w10 + b[4]*w11,
		a[2]*w00 + a[5]*w01 + b[2]*w10 + b[5]*w11,
	}
}

// blur is a lens out of focus: a Gaussian of the given standard deviation, made
// of passes of three pixels.
func (f *frame) blur(sigma float64) {
	if sigma <= 0 {
		return
	}
	variance := sigma * sigma
	passes := int(math.Ceil(variance / 0.66)) // a pass adds 2a, a up to a third
	a := float32(variance / float64(passes) / 2)
	keep, last := make([]float32, 3*f.w), make([]float32, 3*f.w)
	for range passes {
		for y := range f.h {
			blurRow(f.pix[3*y*f.w:][:3*f.w], a)
		}
		f.blurColumns(a, keep, last)
	}
}

func blurRow(p []float32, a float32) {
	l := [3]float32{p[0], p[1], p[2]}
	for i := 0; i+5 < len(p); i += 3 {
		q := p[i : i+6 : i+6]
		for c := range 3 {
			v := q[c]
			q[c] = v + a*(l[c]+q[3+c]-2*v)
			l[c] = v
		}
	}
}

func (f *frame) blurColumns(a float32, keep, last []float32) {
	copy(last, f.pix)
	n := 3 * f.w
	for y := 0; y < f.h-1; y++ {
		p, below := f.pix[y*n:][:n], f.pix[(y+1)*n:][:n]
		copy(keep, p)
		for i := range p {
			p[i] += a * (last[i] + below[i] - 2*p[i])
		}
		keep, last = last, keep
	}
}

// shake smears the picture along (dx, dy), in whole pixels.
func (f *frame) shake(dx, dy float64) {
	n := int(math.Ceil(math.Hypot(dx, dy))) + 1
	if n < 2 {
		return
	}
	out := make([]float32, len(f.pix))
	for i := range n {
		t := float64(i)/float64(n-1) - 0.5
		ox, oy := int(math.Round(t*dx)), int(math.Round(t*dy))
		for y := range f.h {
			src := f.pix[3*f.w*min(max(y+oy, 0), f.h-1):][:3*f.w]
			addShifted(out[3*f.w*y:][:3*f.w], src, ox, 1/float32(n))
		}
	}
	f.pix = out
}

// addShifted adds k times the row src, from ox pixels further on, to dst; the
// ends of src go on for ever.
func addShifted(dst, src []float32, ox int, k float32) {
	w := len(src) / 3
	for x := range w {
		from := src[3*min(max(x+ox, 0), w-1):][:3]
		d := dst[3*x:][:3]
		d[0], d[1], d[2] = d[0]+k*from[0], d[1]+k*from[1], d[2]+k*from[2]
	}
}

// gaussian is a table of a normal distribution: any 12 bits by chance pick a
// number of mean 0 and standard deviation 1.
var gaussian = sync.OnceValue(func() *[4096]float32 {
	var t [4096]float32
	for i := range t {
		t[i] = float32(math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/4096-1))
	}
	return &t
})
