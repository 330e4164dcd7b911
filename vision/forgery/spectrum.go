package forgery

import (
	"math"
	"slices"
	"sync"

	"idflow/vision"
)

// tile is the side of the squares that spectra are taken of, in pixels.
const tile = 128

// maxTiles bounds the work on large pictures.
const maxTiles = 24

// twiddle is the roots of unity and the window of a tile.
var twiddle = sync.OnceValue(func() *struct {
	root    [tile / 2]complex64
	window  [tile]float32
	reverse [tile]int
} {
	t := &struct {
		root    [tile / 2]complex64
		window  [tile]float32
		reverse [tile]int
	}{}
	for i := range t.root {
		sin, cos := math.Sincos(-2 * math.Pi * float64(i) / tile)
		t.root[i] = complex(float32(cos), float32(sin))
	}
	for i := range t.window {
		t.window[i] = float32(0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/tile))
		r := 0
		for b := 1; b < tile; b <<= 1 {
			r <<= 1
			if i&b != 0 {
				r |= 1
			}
		}
		t.reverse[i] = r
	}
	return t
})

// fft transforms a row of tile values in place.
func fft(a []complex64) {
	t := twiddle()
	for i, j := range t.reverse {
		if i < j {
			a[i], a[j] = a[j], a[i]
		}
	}
	for n := 2; n <= tile; n <<= 1 {
		half, step := n/2, tile/n
		for s := 0; s < tile; s += n {
			lo, hi := a[s:s+half:s+half], a[s+half:s+n:s+n]
			for i := range lo {
				v := hi[i] * t.root[i*step]
				lo[i], hi[i] = lo[i]+v, lo[i]-v
			}
		}
	}
}

// spectrum is the power of brightness and of colour (red less blue) at the
// frequencies of a tile: [y][x], x from 0 to tile/2.
type spectrum struct{ luma, chroma [tile][tile/2 + 1]float32 }

// spectrumAt is that of the tile whose top left pixel is (x0, y0).
func spectrumAt(m *vision.Image, x0, y0 int, a *[tile][tile]complex64, s *spectrum) {
	win := &twiddle().window
	var meanY, meanC float32
	for y := range tile {
		p := m.Pix[3*((y0+y)*m.W+x0):][:3*tile]
		for x := range tile {
			r, g, b := float32(p[3*x]), float32(p[3*x+1]), float32(p[3*x+2])
			v := complex(0.299*r+0.587*g+0.114*b, r-b)
			a[y][x] = v
			meanY, meanC = meanY+real(v), meanC+imag(v)
		}
	}
	mean := complex(meanY/(tile*tile), meanC/(tile*tile))
	for y := range tile {
		for x := range tile {
			a[y][x] = (a[y][x] - mean) * complex(win[x]*win[y], 0)
		}
		fft(a[y][:])
	}
	var column [tile]complex64
	for x := range tile {
		for y := range tile {
			column[y] = a[y][x]
		}
		fft(column[:])
		for y := range tile {
			a[y][x] = column[y]
		}
	}
	// Two real pictures were transformed as one complex one: apart they are its
	// parts that are symmetric and not.
	for y := range tile {
		for x := range tile/2 + 1 {
			p, q := a[y][x], a[(tile-y)%tile][(tile-x)%tile]
			q = complex(real(q), -imag(q))
			l, c := (p+q)/2, (p-q)/2
			s.luma[y][x] = real(l)*real(l) + imag(l)*imag(l)
			s.chroma[y][x] = real(c)*real(c) + imag(c)*imag(c)
		}
	}
}

// bands is how many rings the frequencies are counted in.
const bands = 8

// rings is which ring a frequency belongs to: 0 to bands-1 from 0.06 to 0.5
// cycles a pixel, -1 for none (too low, or the harmonics of a JPEG's blocks).
var rings = sync.OnceValue(func() *[tile][tile/2 + 1]int8 {
	r := &[tile][tile/2 + 1]int8{}
	for y := range tile {
		fy := y
		if fy > tile/2 {
			fy -= tile
		}
		for x := range tile/2 + 1 {
			f := math.Hypot(float64(x), float64(fy)) / tile
			r[y][x] = int8((f - 0.06) / (0.5 - 0.06) * bands)
			block := func(v int) bool { v &= tile/8 - 1; return v <= 1 || v >= tile/8-1 }
			if f < 0.06 || f >= 0.5 || x <= 1 && block(fy) || abs(fy) <= 1 && block(x) {
				r[y][x] = -1
			}
		}
	}
	return r
})

func abs(v int) int { return max(v, -v) }

// ringFigures are the figures of one tile's spectrum: for each ring the logarithm
// of its mean power and how far its highest point stands out of its middle.
type ringFigures struct{ power, peak [bands]float64 }

func figuresOf(p *[tile][tile/2 + 1]float32, buf [][]float32) (f ringFigures) {
	ring := rings()
	for i := range buf {
		buf[i] = buf[i][:0]
	}
	for y := range tile {
		for x, v := range p[y] {
			if b := ring[y][x]; b >= 0 {
				buf[b] = append(buf[b], v)
			}
		}
	}
	for b, v := range buf {
		slices.Sort(v)
		var sum float64
		for _, x := range v {
			sum += float64(x)
		}
		middle := float64(v[len(v)/2]) + 1
		f.power[b] = math.Log(sum/float64(len(v)) + 1)
		// The third highest: a grid has several peaks, one of them is chance.
		f.peak[b] = math.Log((float64(v[len(v)-3]) + 1) / middle)
	}
	return f
}

// common is what the spectra of all tiles have in common: a grid's peaks are
// nearly the same everywhere, print's are not.
type common struct {
	sum   [tile][tile/2 + 1]float32
	tiles int
}

// add takes the logarithm of each power, or of a neighbour's where that is
// higher: perspective moves peaks a little from tile to tile.
func (c *common) add(p *[tile][tile/2 + 1]float32, row *[tile][tile/2 + 1]float32) {
	for y := range tile {
		for x, v := range p[y] {
			if x > 0 {
				v = max(v, p[y][x-1])
			}
			if x < tile/2 {
				v = max(v, p[y][x+1])
			}
			row[y][x] = v
		}
	}
	for y := range tile {
		up, down := &row[(y+tile-1)%tile], &row[(y+1)%tile]
		for x := range c.sum[y] {
			v := max(row[y][x], up[x], down[x])
			c.sum[y][x] += float32(math.Log2(float64(v) + 1))
		}
	}
	c.tiles++
}

// peaks are how far the most common frequency stands out of those about it, in
// three ranges: below a fifth, up to a third and above that, in cycles a pixel.
func (c *common) peaks() (out [3]float64) {
	const reach, skip = 9, 3
	// Sums over rectangles, with the rows going round.
	var sums [tile + 2*reach + 1][tile/2 + 2]float64
	for y := range tile + 2*reach {
		row := &c.sum[(y-reach+tile)%tile]
		var sum float64
		for x, v := range row {
			sum += float64(v)
			sums[y+1][x+1] = sums[y][x+1] + sum
		}
	}
	box := func(x, y, r int) (sum, n float64) {
		x0, x1 := max(0, x-r), min(tile/2, x+r)+1
		y0, y1 := y+reach-r, y+reach+r+1
		return sums[y1][x1] - sums[y0][x1] - sums[y1][x0] + sums[y0][x0], float64((x1 - x0) * (y1 - y0))
	}
	for y := range tile {
		fy := y
		if fy > tile/2 {
			fy -= tile
		}
		for x := range tile/2 + 1 {
			f := math.Hypot(float64(x), float64(fy)) / tile
			onBlock := func(v int) bool { v &= tile/8 - 1; return v <= 2 || v >= tile/8-2 }
			if f < 0.09 || abs(fy) <= 2 && onBlock(x) || x <= 2 && onBlock(fy) {
				continue
			}
			wide, nw := box(x, y, reach)
			near, nn := box(x, y, skip)
			d := float64(c.sum[y][x]) - (wide-near)/(nw-nn)
			k := 0
			if f >= 1.0/3 {
				k = 2
			} else if f >= 0.2 {
				k = 1
			}
			out[k] = max(out[k], d/float64(max(1, c.tiles)))
		}
	}
	return out
}

// spectra are the figures of tiles spread over the part of the picture that q
// covers, and the peaks that all have in common.
func spectra(m *vision.Image, q vision.Quad) (luma, chroma []ringFigures, peaks [2][3]float64) {
	r := q.Bounds().Intersect(m.Bounds())
	nx, ny := max(1, int(r.W()/tile)), max(1, int(r.H()/tile))
	for nx*ny > maxTiles {
		if nx > ny {
			nx--
		} else {
			ny--
		}
	}
	a, s := new([tile][tile]complex64), new(spectrum)
	buf := make([][]float32, bands)
	both, scratch := new([2]common), new([tile][tile/2 + 1]float32)
	for j := range ny {
		for i := range nx {
			cx := r.X0 + (float64(i)+0.5)*r.W()/float64(nx)
			cy := r.Y0 + (float64(j)+0.5)*r.H()/float64(ny)
			x0, y0 := int(cx)-tile/2, int(cy)-tile/2
			if x0 < 0 || y0 < 0 || x0+tile > m.W || y0+tile > m.H || !holds(q, cx, cy) {
				continue
			}
			spectrumAt(m, x0, y0, a, s)
			luma = append(luma, figuresOf(&s.luma, buf))
			chroma = append(chroma, figuresOf(&s.chroma, buf))
			both[0].add(&s.luma, scratch)
			both[1].add(&s.chroma, scratch)
		}
	}
	return luma, chroma, [2][3]float64{both[0].peaks(), both[1].peaks()}
}

// holds says whether (x, y) lies in q, whose corners run clockwise.
func holds(q vision.Quad, x, y float64) bool {
	p := vision.Point{X: x, Y: y}
	for i := range q {
		if q[(i+1)&3].Sub(q[i]).Cross(p.Sub(q[i])) < 0 {
			return false
		}
	}
	return true
}

// quantile is the share k of sorted values, 0 for none.
func quantile(v []float64, k float64) float64 {
	if len(v) == 0 {
		return 0
	}
	return v[min(len(v)-1, int(k*float64(len(v))))]
}
