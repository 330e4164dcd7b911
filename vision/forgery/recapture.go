package forgery

import (
	"fmt"
	"math"
	"slices"
)

// recaptureFigures names the figures of a recapture, in order.
var recaptureFigures = func() []string {
	var n []string
	for _, channel := range []string{"luma", "chroma"} {
		for b := range bands {
			n = append(n, fmt.Sprintf("%s power %d", channel, b))
		}
		for b := range bands {
			n = append(n, fmt.Sprintf("%s peak %d", channel, b))
		}
		n = append(n, channel+" highest peak, most tiles", channel+" highest peak, any tile")
	}
	return append(n, "black", "white", "white red", "white blue", "colour spread", "vivid",
		"light falls across", "light falls down", "light bends",
		"beside brightness", "beside spread", "beside colour", "beside smoothness",
		"luma common peak, low", "luma common peak, middle", "luma common peak, high",
		"chroma common peak, low", "chroma common peak, middle", "chroma common peak, high")
}()

// recapture are the figures that tell a document from a showing of it.
func (in Input) recapture() []float64 {
	out := make([]float64, 0, len(recaptureFigures))
	luma, chroma, peaks := spectra(in.Picture, in.Corners)
	for _, channel := range [][]ringFigures{luma, chroma} {
		out = append(out, ringMedians(channel)...)
	}
	out = append(out, in.tone()...)
	out = append(out, in.beside()...)
	out = append(out, peaks[0][:]...)
	return append(out, peaks[1][:]...)
}

func ringMedians(tiles []ringFigures) []float64 {
	var out []float64
	v := make([]float64, len(tiles))
	each := func(k float64, of func(ringFigures) float64) {
		for i, t := range tiles {
			v[i] = of(t)
		}
		slices.Sort(v)
		out = append(out, quantile(v, k))
	}
	for b := range bands {
		each(0.5, func(f ringFigures) float64 { return f.power[b] })
	}
	for b := range bands {
		each(0.5, func(f ringFigures) float64 { return f.peak[b] })
	}
	highest := func(f ringFigures) float64 { return slices.Max(f.peak[2:]) }
	each(0.25, highest)
	each(0.9, highest)
	return out
}

// toneGrid is into how many cells a side of the page is divided to see its
// light and colours: no dots, no noise and hardly any print show at that size.
const toneGrid = 16

// tone is what light and colours say: black and white points, the light's tint,
// how far colours spread about it, and how the paper's light changes.
func (in Input) tone() []float64 {
	cells := in.Page.Resize(6*toneGrid, 4*toneGrid)
	n := cells.W * cells.H
	lumas := make([]float64, n)
	for i := range n {
		p := cells.Pix[3*i:][:3]
		lumas[i] = 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
	}
	sorted := slices.Sorted(slices.Values(lumas))
	black, white := quantile(sorted, 0.01), quantile(sorted, 0.9)
	var sum [3]float64
	for i, l := range lumas {
		if l >= quantile(sorted, 0.6) {
			for c := range 3 {
				sum[c] += float64(cells.Pix[3*i+c])
			}
		}
	}
	green := sum[1] + 1
	tint := [3]float64{sum[0] / green, 1, sum[2] / green}
	// Colours apart from the light's own: a grey picture has none left.
	chromas := make([]float64, n)
	for i := range n {
		p := cells.Pix[3*i:][:3]
		g := float64(p[1])
		chromas[i] = math.Abs(float64(p[0])-g*tint[0]) + math.Abs(float64(p[2])-g*tint[2])
	}
	slices.Sort(chromas)
	out := []float64{black, white, tint[0], tint[2], quantile(chromas, 0.5), quantile(chromas, 0.98)}
	return append(out, slopes(lumas, cells.W, cells.H)...)
}

// slopes are how the light of the paper changes across and down the page and
// towards its middle, as shares of its brightness.
func slopes(l []float64, w, h int) []float64 {
	// The brightest of each 6 x 4 cells is paper.
	var p [6][4]float64
	for i := range p {
		for j := range p[i] {
			for y := j * h / 4; y < (j+1)*h/4; y++ {
				for x := i * w / 6; x < (i+1)*w/6; x++ {
					p[i][j] = max(p[i][j], l[y*w+x])
				}
			}
		}
	}
	var across, down, bend, mean float64
	for i := range p {
		for j, v := range p[i] {
			x, y := (float64(i)-2.5)/2.5, (float64(j)-1.5)/1.5
			across, down, mean = across+v*x, down+v*y, mean+v
			bend += v * (x*x + y*y - 1.02)
		}
	}
	mean = max(mean, 1)
	return []float64{math.Abs(across) / mean, math.Abs(down) / mean, bend / mean}
}

// beside is what lies a little outside of the page: paper and screens go on
// there. Its brightness as a share of the page's white, how far that spreads, its
// colour, and how rough it is.
func (in Input) beside() []float64 {
	m := in.Picture
	c := in.Corners.Center()
	var v, colour, rough []float64
	const steps = 48
	for side := range 4 {
		a, b := in.Corners[side], in.Corners[(side+1)&3]
		for i := range steps {
			p := a.Add(b.Sub(a).Mul((float64(i) + 0.5) / steps))
			p = c.Add(p.Sub(c).Mul(1.035))
			x, y := int(p.X), int(p.Y)
			if x < 2 || y < 2 || x >= m.W-2 || y >= m.H-2 {
				continue
			}
			q := m.Pix[3*(y*m.W+x):]
			w := m.Pix[3*(y*m.W+x-2):]
			l := 0.299*float64(q[0]) + 0.587*float64(q[1]) + 0.114*float64(q[2])
			v = append(v, l)
			colour = append(colour, float64(q[0])-float64(q[2]))
			rough = append(rough, math.Abs(float64(q[1])-float64(w[1])))
		}
	}
	if len(v) < steps/2 {
		return []float64{-1, -1, 0, -1}
	}
	slices.Sort(v)
	slices.Sort(colour)
	slices.Sort(rough)
	return []float64{quantile(v, 0.5), quantile(v, 0.85) - quantile(v, 0.15), quantile(colour, 0.5), quantile(rough, 0.5)}
}

// Figures names the figures that a code is measured by.
func Figures(c Code) []string {
	switch c {
	case Screen, Print, Grey:
		return recaptureFigures
	case ZoneFont, ZoneBaseline:
		return zoneFigures
	case Noise:
		return noiseFigures
	case Compression:
		return gridFigures
	case PortraitEdge:
		return portraitFigures
	}
	return nil
}
