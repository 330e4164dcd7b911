package forgery

import (
	"math"
	"slices"

	"idflow/vision"
)

// block is the side of the squares that noise is measured in, in pixels of the
// picture.
const block = 12

// regional is figures of a picture and the place they are most odd in.
type regional struct {
	values []float64
	box    vision.Quad
}

// noiseFigures names the figures of noise: for each measure the highest and the
// lowest means over windows of three sizes, in robust standard deviations.
var noiseFigures = func() []string {
	var n []string
	for _, m := range []string{"brightness", "flatness", "colour", "fine colour"} {
		for _, w := range []string{"small", "middle", "large"} {
			n = append(n, m+" most, "+w, m+" least, "+w)
		}
		n = append(n, m+" spread")
	}
	return append(n, "middle noise", "middle colour noise", "quiet both, small", "quiet both, middle", "quiet both, large")
}()

// noiseWindows are the windows' sizes in blocks.
var noiseWindows = [...][2]int{{3, 2}, {5, 2}, {8, 3}}

// grain is a block's measures.
type grain struct {
	on                                bool // on the page
	x, y                              float64
	light, texture                    float64
	brightness, flat, colour, fineRed float64
}

// noise compares the noise of the page's parts. It is false where the page has
// too few pixels.
func (in Input) noise() (regional, bool) {
	g, w, h, x0, y0 := in.grains()
	on := 0
	for i := range g {
		if g[i].on {
			on++
		}
	}
	if on < 200 {
		return regional{}, false
	}
	var out regional
	var oddest float64
	place := func(x, y, nx, ny int) {
		out.box = in.onPage(vision.Rect{X0: float64(x0 + x*block), Y0: float64(y0 + y*block), X1: float64(x0 + (x+nx)*block), Y1: float64(y0 + (y+ny)*block)})
	}
	var low [2][]float64
	for k, of := range []func(*grain) *float64{
		func(g *grain) *float64 { return &g.brightness },
		func(g *grain) *float64 { return &g.flat },
		func(g *grain) *float64 { return &g.colour },
		func(g *grain) *float64 { return &g.fineRed },
	} {
		z, spread := residuals(g, of)
		for _, size := range noiseWindows {
			hi, lo, at := extremes(g, z, w, h, size)
			out.values = append(out.values, hi, lo)
			if v := math.Abs(lo); k != 1 && v > oddest {
				oddest = v
				place(at%w, at/w, size[0], size[1])
			}
		}
		out.values = append(out.values, spread)
		if k == 0 || k == 2 {
			low[k/2] = z
		}
	}
	var n, c []float64
	both := make([]float64, len(g))
	for i := range g {
		if g[i].on {
			n, c = append(n, g[i].brightness), append(c, g[i].colour)
		}
		both[i] = math.Min(0, low[0][i]) + math.Min(0, low[1][i])
	}
	slices.Sort(n)
	slices.Sort(c)
	out.values = append(out.values, quantile(n, 0.5), quantile(c, 0.5))
	for _, size := range noiseWindows {
		_, lo, _ := extremes(g, both, w, h, size)
		out.values = append(out.values, lo)
	}
	return out, true
}

// grains are the blocks of the picture about the page, in rows of w.
func (in Input) grains() (g []grain, w, h, x0, y0 int) {
	m := in.Picture
	r := in.Corners.Bounds().Intersect(m.Bounds())
	x0, y0 = max(2, int(r.X0)), max(2, int(r.Y0))
	w, h = max(0, (min(m.W-2, int(r.X1))-x0)/block), max(0, (min(m.H-2, int(r.Y1))-y0)/block)
	g = make([]grain, w*h)
	stride := 3 * m.W
	luma := func(i int) int { return (77*int(m.Pix[i]) + 150*int(m.Pix[i+1]) + 29*int(m.Pix[i+2])) >> 6 }
	red := func(i int) int { return int(m.Pix[i]) - int(m.Pix[i+2]) }
	// The page's rim is not its paper.
	inner := in.Corners
	c := inner.Center()
	for i := range inner {
		inner[i] = c.Add(inner[i].Sub(c).Mul(0.97))
	}
	rows := make([][]int, block+2)
	for i := range rows {
		rows[i] = make([]int, w*block+2)
	}
	var fine, edges [block * block]int
	for by := range h {
		for j := range rows {
			i := (y0+by*block+j-1)*stride + 3*(x0-1)
			for x := range rows[j] {
				rows[j][x] = luma(i + 3*x)
			}
		}
		for bx := range w {
			b := &g[by*w+bx]
			px, py := x0+bx*block, y0+by*block
			b.x, b.y = float64(px+block/2), float64(py+block/2)
			if b.on = holds(inner, b.x, b.y); !b.on {
				continue
			}
			sum := 0
			for j := range block {
				up, row, down := rows[j][bx*block:], rows[j+1][bx*block:], rows[j+2][bx*block:]
				for i := range block {
					// The second difference both ways is blind to edges (Immerkær 1996).
					v := up[i] - 2*up[i+1] + up[i+2] - 2*(row[i]-2*row[i+1]+row[i+2]) + down[i] - 2*down[i+1] + down[i+2]
					fine[j*block+i] = abs(v)
					edges[j*block+i] = abs(row[i+2]-row[i]) + abs(down[i+1]-up[i+1])
					sum += row[i+1]
				}
			}
			b.light = float64(sum) / (4 * block * block)
			const most, some = block * block * 3 / 4, block * block * 2 / 5
			b.brightness = math.Log(float64(ranked(fine[:], some))/24 + 0.08)
			b.texture = math.Log(float64(ranked(edges[:], most))/8 + 0.3)
			b.flat = math.Log(float64(ranked(edges[:], some))/8 + 0.1)
			in.colourGrain(b, px, py, red)
		}
	}
	return g, w, h, x0, y0
}

// ranked is the value that would be at k if v were sorted (Hoare 1961); v is
// left in another order.
func ranked(v []int, k int) int {
	for lo, hi := 0, len(v)-1; lo < hi; {
		pivot := v[(lo+hi)/2]
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return v[k]
		}
	}
	return v[k]
}

// colourGrain measures the noise of colour, between pixels and between pairs of
// them, which is as fine as most JPEGs keep it.
func (in Input) colourGrain(b *grain, px, py int, red func(int) int) {
	stride := 3 * in.Picture.W
	var pair, fine int
	for j := 0; j < block; j += 2 {
		i := (py+j)*stride + 3*px
		last, before := 0, 0
		for k := 0; k < block; k += 2 {
			v := red(i+3*k) + red(i+3*k+3) + red(i+stride+3*k) + red(i+stride+3*k+3)
			if k >= 4 {
				pair += min(abs(v-2*last+before), 80)
			}
			before, last = last, v
			fine += min(abs(red(i+3*k)-red(i+stride+3*k+3)), 20)
		}
	}
	b.colour = math.Log(float64(pair)/(4*24) + 0.15)
	b.fineRed = math.Log(float64(fine)/36 + 0.1)
}

// residuals are what a measure has beyond what brightness, texture and place let
// expect, in robust standard deviations, and that deviation itself.
func residuals(g []grain, of func(*grain) *float64) ([]float64, float64) {
	const terms = 7
	row := func(b *grain) [terms]float64 {
		l := b.light/128 - 1
		return [terms]float64{1, l, l * l, b.texture, b.texture * b.texture, b.x / 1000, b.y / 1000}
	}
	z := make([]float64, len(g))
	weight := make([]float64, len(g))
	for i := range weight {
		weight[i] = 1
	}
	sigma := 1.0
	for range 4 {
		var a [terms][terms + 1]float64
		for i := range g {
			if !g[i].on {
				continue
			}
			r, v := row(&g[i]), *of(&g[i])
			for p := range terms {
				for q := range terms {
					a[p][q] += weight[i] * r[p] * r[q]
				}
				a[p][terms] += weight[i] * r[p] * v
			}
		}
		for p := range terms {
			a[p][p] += 1e-6
		}
		k := solve(a[:])
		var rest []float64
		for i := range g {
			if !g[i].on {
				continue
			}
			r := row(&g[i])
			z[i] = *of(&g[i])
			for p := range terms {
				z[i] -= k[p] * r[p]
			}
			rest = append(rest, math.Abs(z[i]))
		}
		slices.Sort(rest)
		sigma = max(0.04, 1.4826*quantile(rest, 0.5))
		for i := range g {
			// Tukey's biweight: what stands far out has no say.
			u := z[i] / (4.7 * sigma)
			weight[i] = max(0, 1-u*u) * max(0, 1-u*u)
		}
	}
	for i := range z {
		z[i] = min(8, max(-8, z[i]/sigma))
	}
	return z, sigma
}

// solve is Gauss' elimination with row exchange.
func solve(a [][8]float64) []float64 {
	n := len(a)
	for c := range n {
		p := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p] = a[p], a[c]
		if a[c][c] == 0 {
			continue
		}
		for r := range n {
			if r == c {
				continue
			}
			f := a[r][c] / a[c][c]
			for k := c; k <= n; k++ {
				a[r][k] -= f * a[c][k]
			}
		}
	}
	k := make([]float64, n)
	for i := range k {
		if a[i][i] != 0 {
			k[i] = a[i][n] / a[i][i]
		}
	}
	return k
}

// extremes are the highest and the lowest mean of windows that lie on the page,
// times the root of their size as chance would have it, and where the lowest is.
func extremes(g []grain, z []float64, w, h int, size [2]int) (hi, lo float64, at int) {
	n := math.Sqrt(float64(size[0] * size[1]))
	for y := 0; y+size[1] <= h; y++ {
	next:
		for x := 0; x+size[0] <= w; x++ {
			var sum float64
			for j := range size[1] {
				for i := range size[0] {
					k := (y+j)*w + x + i
					if !g[k].on {
						continue next
					}
					sum += z[k]
				}
			}
			sum /= n
			hi = max(hi, sum)
			if sum < lo {
				lo, at = sum, y*w+x
			}
		}
	}
	return hi, lo, at
}
