package forgery

import (
	"math"
	"slices"

	"idflow/vision"
)

// gridCell is the side of the squares that block edges are counted in, in pixels.
const gridCell = 16

// gridFigures names the figures of the blocks that compression leaves: the
// strongest grid that is not the file's own in windows of three sizes, both ways
// together and the weaker of both; the same over the whole page; and how strong
// the file's own is, with how weak it gets.
var gridFigures = []string{
	"other grid, small", "other grid both, small", "other grid, middle", "other grid both, middle", "other grid, large", "other grid both, large",
	"other grid, page", "own grid, page", "own grid least, middle", "own grid least, large",
}

var gridWindows = [...][2]int{{6, 2}, {8, 3}, {10, 5}}

// phases are how much stronger the steps between pixels are at each of the eight
// columns (or rows) of a block, summed, with the number of steps.
type phases struct {
	sum, times [8]float32
	sq, n      float32
}

// count notes a step at a phase; large ones are print.
func (p *phases) count(at int, step float32) {
	const most = 5 // levels
	step = min(most, max(-most, step))
	p.sum[at] += step
	p.times[at]++
	p.sq += step * step
	p.n++
}

func (p *phases) add(q *phases) {
	for i, v := range q.sum {
		p.sum[i] += v
		p.times[i] += q.times[i]
	}
	p.sq += q.sq
	p.n += q.n
}

// excess is how far each phase is above the mean of the others, in standard
// errors.
func (p *phases) excess() (z [8]float64) {
	if p.n < 64 {
		return z
	}
	var all float32
	for _, v := range p.sum {
		all += v
	}
	middle := float64(all / p.n)
	sigma := math.Sqrt(max(0.02, float64(p.sq/p.n)-middle*middle))
	for i, v := range p.sum {
		n, rest := float64(p.times[i]), float64(p.n-p.times[i])
		if n < 8 || rest < 8 {
			continue
		}
		z[i] = (float64(v)/n - (float64(all)-float64(v))/rest) / (sigma * math.Sqrt(1/n+1/rest))
	}
	return z
}

// grid looks for parts that were compressed on another grid of blocks than the
// file's. It is false for what is no JPEG.
func (in Input) grid() (regional, bool) {
	if len(in.JPEG) < 2 || in.JPEG[0] != 0xff || in.JPEG[1] != 0xd8 {
		return regional{}, false
	}
	m := in.Picture
	r := in.Corners.Bounds().Intersect(m.Bounds())
	x0, y0 := max(gridCell, int(r.X0)&^(gridCell-1)), max(gridCell, int(r.Y0)&^(gridCell-1))
	w, h := (min(m.W-gridCell, int(r.X1))-x0)/gridCell, (min(m.H-gridCell, int(r.Y1))-y0)/gridCell
	if w < 10 || h < 5 {
		return regional{}, false
	}
	across, down := in.steps(x0, y0, w, h)
	var page [2]phases
	for i := range across {
		page[0].add(&across[i])
		page[1].add(&down[i])
	}
	whole := [2][8]float64{page[0].excess(), page[1].excess()}
	// The step from the last pixel of a block to the next one's first.
	own := [2]int{slices.Index(whole[0][:], slices.Max(whole[0][:])), slices.Index(whole[1][:], slices.Max(whole[1][:]))}
	var out regional
	var strongest float64
	var leasts [len(gridWindows)]float64
	for k, size := range gridWindows {
		var any, both float64
		least := math.Inf(1)
		for y := 0; y+size[1] <= h; y++ {
			for x := 0; x+size[0] <= w; x++ {
				var p [2]phases
				for j := range size[1] {
					for i := range size[0] {
						c := (y+j)*w + x + i
						p[0].add(&across[c])
						p[1].add(&down[c])
					}
				}
				a, d := p[0].excess(), p[1].excess()
				least = min(least, a[own[0]]+d[own[1]])
				oa, od := other(a, own[0]), other(d, own[1])
				any = max(any, oa, od)
				if v := min(oa, od); v > both {
					both = v
					if v > strongest {
						strongest = v
						out.box = in.onPage(vision.Rect{X0: float64(x0 + x*gridCell), Y0: float64(y0 + y*gridCell),
							X1: float64(x0 + (x+size[0])*gridCell), Y1: float64(y0 + (y+size[1])*gridCell)})
					}
				}
			}
		}
		out.values = append(out.values, any, both)
		leasts[k] = least
	}
	out.values = append(out.values, max(other(whole[0], own[0]), other(whole[1], own[1])),
		whole[0][own[0]]+whole[1][own[1]], leasts[1], leasts[2])
	return out, true
}

// other is the strongest phase that is not the file's own.
func other(z [8]float64, own int) float64 {
	best := math.Inf(-1)
	for i, v := range z {
		if i != own {
			best = max(best, v)
		}
	}
	return best
}

// steps counts the steps between neighbouring pixels beyond those on either side
// of them, in cells of the picture from (x0, y0) on: across and down. Where it
// is not calm there is print, and no seeing the edges of blocks.
func (in Input) steps(x0, y0, w, h int) (across, down []phases) {
	const calm = 5 // levels
	m := in.Picture
	across, down = make([]phases, w*h), make([]phases, w*h)
	width, height := w*gridCell+4, h*gridCell+4
	g := make([]float32, width*height)
	for y := range height {
		p := m.Pix[3*((y0+y-1)*m.W+x0-1):][:3*width]
		row := g[y*width:][:width]
		for x := range row {
			row[x] = 0.299*float32(p[3*x]) + 0.587*float32(p[3*x+1]) + 0.114*float32(p[3*x+2])
		}
	}
	size := func(v float32) float32 { return max(v, -v) }
	for y := range h * gridCell {
		row := g[(y+1)*width:]
		below, below2, above := g[(y+2)*width:], g[(y+3)*width:], g[y*width:]
		for x := range w * gridCell {
			c := (y/gridCell)*w + x/gridCell
			l, r := size(row[x]-row[x+1]), size(row[x+2]-row[x+3])
			if l < calm && r < calm {
				across[c].count((x0+x)&7, size(row[x+1]-row[x+2])-(l+r)/2)
			}
			u, d := size(above[x+1]-row[x+1]), size(below[x+1]-below2[x+1])
			if u < calm && d < calm {
				down[c].count((y0+y)&7, size(row[x+1]-below[x+1])-(u+d)/2)
			}
		}
	}
	return across, down
}
