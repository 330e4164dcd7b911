package doc

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"idflow/vision"
	"idflow/vision/onnx"
)

// NetName is the network of the model manifest that New wants.
//
// Source: own network (train/page), trained on drawn scenes.
const NetName = "page_find"

const (
	inputSize = 128 // input: 1 x 3 x 128 x 128, RGB, (v - 128) / 64, the whole picture squeezed to a square
	cells     = 32  // output: 1 x 2 x 32 x 32: probability of a page, and of a page's edge
)

// Finder finds pages. It is safe for concurrent use.
type Finder struct {
	net  *onnx.Net
	pool sync.Pool // of *look
}

// New uses the network NetName.
func New(net *onnx.Net) *Finder {
	return &Finder{net: net, pool: sync.Pool{New: func() any { return newLook() }}}
}

// look is what one picture at a time is looked at with.
type look struct {
	canvas  *vision.Image
	page    [cells * cells]float32
	edge    [cells * cells]float32
	regions regions
	refiner refiner
	hough   hough
}

func newLook() *look { return &look{canvas: vision.New(inputSize, inputSize)} }

// minSure is how sure a page must be to be given at all: what is less is no page
// in nine of ten cases (idflow eval pages).
const minSure = 0.5

// Find gives the pages in m, the likeliest first; several cards in one picture
// give several pages, and none gives none. A page that is cut off ends at the
// picture's edge or, where only a corner is missing, beyond it.
func (f *Finder) Find(ctx context.Context, m *vision.Image) ([]Page, error) {
	if m.W < 2 || m.H < 2 {
		return nil, nil
	}
	l := f.pool.Get().(*look)
	defer f.pool.Put(l)
	m.WarpInto(l.canvas, m.Bounds().Onto(inputSize, inputSize))
	err := f.net.Run(ctx, nil,
		func(in []float32) { l.canvas.FillPlanar(in, vision.Uniform(128, 1.0/64)) },
		func(out onnx.Outputs) error {
			p := out.First()
			if len(p.Data) != 2*cells*cells {
				return fmt.Errorf("page finder: %d values", len(p.Data))
			}
			copy(l.page[:], p.Data)
			copy(l.edge[:], p.Data[cells*cells:])
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("find pages: %w", err)
	}
	return l.pages(m), nil
}

const (
	// clearSides is how much of a page's sides is an edge where they are right for certain,
	clearSides = 0.95
	// clearer how much more it must be where other sides are to be preferred.
	clearer = 0.08
)

// pages turns what the network said into corners. Where its one region has
// sides that are no edges, quadrilaterals of straight edges are tried about it.
func (l *look) pages(m *vision.Image) []Page {
	kx, ky := float64(m.W)/cells, float64(m.H)/cells
	var out []Page
	l.refiner.open(m)
	defer l.refiner.close()
	found := l.regions.find(&l.page, &l.edge)
	seen := 0.0 // of the sides of the last page
	for _, r := range found {
		if q, ok := r.quad(); ok {
			p, share, ok := l.judge(m, asItLies(q.Scaled(kx, ky)), r.mean)
			if ok {
				out = append(out, p)
				seen = share
			}
		}
	}
	switch {
	case len(found) == 0:
	case len(out) == 0:
		if p, ok := l.whole(m); ok {
			return append(out, p)
		}
		fallthrough
	case len(found) == 1 && seen < clearSides:
		for _, c := range l.hough.find(m) {
			if p, share, ok := l.judge(m, c.quad, 1); ok && (len(out) == 0 || share > seen+clearer) {
				out = append(out[:0], p)
				seen = share
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Page) int { return cmp.Compare(b.Sure, a.Sure) })
	return out
}

// whole is a page that fills the picture to its edges, as scans show it.
func (l *look) whole(m *vision.Image) (Page, bool) {
	b := m.Bounds()
	q := vision.Quad{{X: b.X0, Y: b.Y0}, {X: b.X1, Y: b.Y0}, {X: b.X1, Y: b.Y1}, {X: b.X0, Y: b.Y1}}
	sure := overlap(q.Scaled(cells/float64(m.W), cells/float64(m.H)), &l.page)
	p := Page{Quad: q, Sure: sure}
	p.Format, p.OnSide = formatOf(q.Width() / q.Height())
	return p, sure >= minSure && plausible(q)
}

// judge puts q on the edges near it and says how sure it is that this is a page:
// by the network's mean probability there, by how well q covers what the network
// takes for a page, and by how much of the sides is an edge.
func (l *look) judge(m *vision.Image, q vision.Quad, mean float64) (p Page, seen float64, ok bool) {
	q, seen = l.refiner.refine(q, m)
	if !plausible(q) {
		return Page{}, 0, false
	}
	sure := mean * overlap(q.Scaled(cells/float64(m.W), cells/float64(m.H)), &l.page) * (0.4 + 0.6*seen)
	p = Page{Quad: q, Sure: sure}
	p.Format, p.OnSide = formatOf(proportion(q, m.W, m.H))
	return p, seen, sure >= minSure
}

// plausible says that q is convex and no narrow strip.
func plausible(q vision.Quad) bool {
	for i := range q {
		a, b := q[(i+1)&3].Sub(q[i]), q[(i+2)&3].Sub(q[(i+1)&3])
		if a.Cross(b) <= 0 {
			return false
		}
	}
	w, h := q.Width(), q.Height()
	const slim = 4.0 // a card that leans by 60 degrees is 1 : 3.2
	return w < slim*h && h < slim*w
}

// asItLies makes the corner the first whose edge leads to the right.
func asItLies(q vision.Quad) vision.Quad {
	best := q
	for turn := 1; turn < 4; turn++ {
		if t := q.Turned(turn); t.Along().X > best.Along().X {
			best = t
		}
	}
	return best
}
