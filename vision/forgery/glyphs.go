package forgery

import (
	_ "embed"
	"math"
	"strings"
	"sync"
)

// A character of the zone is looked at in a cell of cellW x cellH pixels: as wide
// as the pitch of 2.54 mm (ICAO Doc 9303-3, 4.4), with the middle of the capitals
// in its middle.
const (
	cellW   = 24
	cellH   = 42
	cellMM  = cellW / 2.54 // pixels to a millimetre
	capital = 2.4 * cellMM // height of capitals
)

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"

// glyphFile is the coverage of each cell by the letters of alphabet in OCR-B, 0
// to 255, row by row. TestGlyphs -update draws it from the font of package
// specimen (public domain).
//
//go:embed glyphs.bin
var glyphFile []byte

// focuses are the blurs that letters are compared under, standard deviations in
// pixels of a cell.
var focuses = [...]float64{0.9, 1.4, 2, 2.8, 3.8}

// glyph is a letter as it looks through a lens.
type glyph struct {
	ink    [cellW * cellH]float32 // 0 to 1
	mean   float32                // over the cell
	norm   float32                // root of the sum of squares about the mean
	area   float32                // sum of ink
	top    float64                // first row whose ink reaches half of the densest
	bottom float64
	edges  float32 // sum of squared differences from pixel to pixel
}

// glyphs are all letters under each focus.
var glyphs = sync.OnceValue(func() *[len(focuses)][len(alphabet)]glyph {
	all := new([len(focuses)][len(alphabet)]glyph)
	for f, sigma := range focuses {
		for i := range alphabet {
			g := &all[f][i]
			raw := glyphFile[i*cellW*cellH:][:cellW*cellH]
			for k, v := range raw {
				g.ink[k] = float32(v) / 255
			}
			soften(g.ink[:], cellW, cellH, sigma)
			g.measure()
		}
	}
	return all
})

func letterIndex(c byte) int { return strings.IndexByte(alphabet, c) }

func (g *glyph) measure() {
	var sum, squares float64
	for _, v := range g.ink {
		sum, squares = sum+float64(v), squares+float64(v)*float64(v)
	}
	n := float64(len(g.ink))
	g.mean, g.area = float32(sum/n), float32(sum)
	g.norm = float32(math.Sqrt(max(1e-9, squares-sum*sum/n)))
	g.edges = edgesOf(g.ink[:], cellW, cellH)
	g.top, g.bottom = extent(g.ink[:], cellW, cellH)
}

func edgesOf(p []float32, w, h int) (sum float32) {
	for y := range h - 1 {
		for x := range w - 1 {
			i := y*w + x
			dx, dy := p[i+1]-p[i], p[i+w]-p[i]
			sum += dx*dx + dy*dy
		}
	}
	return sum
}

// extent is between which rows the ink lies, to fractions of a row: where the
// darkest pixel of a row passes half of the darkest of all.
func extent(p []float32, w, h int) (top, bottom float64) {
	var rows [cellH]float32
	var most float32
	for y := range h {
		for x := range w {
			rows[y] = max(rows[y], p[y*w+x])
		}
		most = max(most, rows[y])
	}
	half := most / 2
	top, bottom = 0, float64(h-1)
	for y := 1; y < h; y++ {
		if rows[y] >= half {
			if d := rows[y] - rows[y-1]; d > 0 {
				top = float64(y) - float64((rows[y]-half)/d)
			}
			break
		}
	}
	for y := h - 2; y >= 0; y-- {
		if rows[y] >= half {
			if d := rows[y] - rows[y+1]; d > 0 {
				bottom = float64(y) + float64((rows[y]-half)/d)
			}
			break
		}
	}
	return top, bottom
}

// soften blurs p by a Gaussian of the standard deviation sigma, edges going on.
func soften(p []float32, w, h int, sigma float64) {
	reach := int(math.Ceil(2.6 * sigma))
	k := make([]float32, reach+1)
	var sum float32
	for i := range k {
		k[i] = float32(math.Exp(-float64(i*i) / (2 * sigma * sigma)))
		sum += k[i]
		if i > 0 {
			sum += k[i]
		}
	}
	for i := range k {
		k[i] /= sum
	}
	tmp := make([]float32, len(p))
	for y := range h {
		for x := range w {
			v := k[0] * p[y*w+x]
			for i := 1; i <= reach; i++ {
				v += k[i] * (p[y*w+max(x-i, 0)] + p[y*w+min(x+i, w-1)])
			}
			tmp[y*w+x] = v
		}
	}
	for y := range h {
		for x := range w {
			v := k[0] * tmp[y*w+x]
			for i := 1; i <= reach; i++ {
				v += k[i] * (tmp[max(y-i, 0)*w+x] + tmp[min(y+i, h-1)*w+x])
			}
			p[y*w+x] = v
		}
	}
}
