package mrz

import (
	"cmp"
	"math"
	"slices"

	"idflow/vision"
	"idflow/vision/ocr"
)

// A small or slanted zone is found as one block instead of lines. The lines of a
// block show in how much the brightness changes along its rows: much where there
// is print, little between.
const (
	maxBlocks      = 4
	minBlockAspect = 3
	maxBlockAspect = 18
	minBlockWidth  = 0.15 // of the picture's long side

	blockPixels  = 512  // width that a block is looked at with
	blockAlong   = 0.08 // of its width, the margin at either end
	blockAcross  = 0.4  // of its height, the margin above and below
	maxSlope     = 0.08 // of the lines against the block
	slopeStep    = 0.005
	maxChange    = 60  // of brightness: beyond, an edge is an edge
	minBand      = 3   // rows of a line of print
	stripPerBand = 1.6 // height of a line's strip over that of its band
)

// blockLines looks for lines inside of the boxes that are too high for one.
func blockLines(m *vision.Image, boxes []ocr.Box) []vision.Quad {
	var blocks []vision.Quad
	for _, b := range boxes {
		a := b.Width() / b.Height()
		if a >= minBlockAspect && a <= maxBlockAspect && b.Width() >= minBlockWidth*float64(max(m.W, m.H)) {
			blocks = append(blocks, b.Quad)
		}
	}
	slices.SortFunc(blocks, func(a, b vision.Quad) int { return cmp.Compare(b.Width(), a.Width()) })
	var lines []vision.Quad
	for _, q := range blocks[:min(len(blocks), maxBlocks)] {
		lines = append(lines, newBlock(m, q).lines()...)
	}
	return slanted(lines)
}

// block is a piece of a picture with its lines about level.
type block struct {
	onto   vision.Homography // to the picture
	w, h   int
	change []uint8 // of brightness along the rows, w x h
}

func newBlock(m *vision.Image, q vision.Quad) *block {
	q = q.Grown(blockAlong*q.Width(), blockAcross*q.Height())
	b := &block{w: blockPixels, h: max(8, int(math.Round(blockPixels*q.Height()/q.Width())))}
	var ok bool
	if b.onto, ok = q.Onto(b.w, b.h); !ok {
		return &block{}
	}
	grey := m.WarpPerspective(b.onto, b.w, b.h).Gray(nil)
	b.change = make([]uint8, b.w*b.h)
	for y := range b.h {
		row, out := grey[y*b.w:][:b.w], b.change[y*b.w:][:b.w]
		for x := 1; x+1 < len(row); x++ {
			d := int(row[x+1]) - int(row[x-1])
			out[x] = uint8(min(max(d, -d), maxChange))
		}
	}
	return b
}

// lines are the places in the picture of the lines of print.
func (b *block) lines() []vision.Quad {
	if b.h == 0 {
		return nil
	}
	slope, profile := b.level()
	var out []vision.Quad
	for _, band := range bands(profile) {
		out = append(out, b.line(slope, band))
	}
	return out
}

// level is the slope at which print and gaps between lines differ most, and the
// sums along the rows at that slope.
func (b *block) level() (slope float64, profile []float64) {
	best := -1.0
	for k := -maxSlope; k <= maxSlope; k += slopeStep {
		p := b.project(k)
		sharp := 0.0
		for y := 1; y < len(p); y++ {
			sharp += (p[y] - p[y-1]) * (p[y] - p[y-1])
		}
		if sharp > best {
			best, slope, profile = sharp, k, p
		}
	}
	return slope, profile
}

func (b *block) project(slope float64) []float64 {
	p := make([]float64, b.h)
	for x := range b.w {
		shift := int(math.Round(slope * (float64(x) - float64(b.w)/2)))
		for y := max(0, -shift); y < min(b.h, b.h-shift); y++ {
			p[y] += float64(b.change[(y+shift)*b.w+x])
		}
	}
	return p
}

// bands are the runs of rows with more than the middle of most and least.
func bands(p []float64) [][2]int {
	least, most := slices.Min(p), slices.Max(p)
	middle := (least + most) / 2
	var out [][2]int
	for y := 0; y < len(p); y++ {
		from := y
		for y < len(p) && p[y] > middle {
			y++
		}
		if y-from >= minBand {
			out = append(out, [2]int{from, y})
		}
	}
	return out
}

// line is the place of the print of a band, without the empty ends.
func (b *block) line(slope float64, band [2]int) vision.Quad {
	const part = 8 // pixels, about a character
	sums := make([]float64, b.w/part)
	for i := range sums {
		for x := i * part; x < (i+1)*part; x++ {
			shift := int(math.Round(slope * (float64(x) - float64(b.w)/2)))
			for y := max(0, band[0]+shift); y < min(b.h, band[1]+shift); y++ {
				sums[i] += float64(b.change[y*b.w+x])
			}
		}
	}
	sorted := slices.Clone(sums)
	slices.Sort(sorted)
	enough := 0.35 * sorted[len(sorted)*3/4]
	first, last := 0, len(sums)-1
	for first < last && sums[first] < enough {
		first++
	}
	for first < last && sums[last] < enough {
		last--
	}
	x0, x1 := float64(first*part), float64((last+1)*part)
	y := float64(band[0]+band[1]-1) / 2
	half := stripPerBand * float64(band[1]-band[0]) / 2
	at := func(x, dy float64) vision.Point {
		return b.onto.Apply(vision.Point{X: x, Y: y + slope*(x-float64(b.w)/2) + dy})
	}
	return vision.Quad{at(x0, -half), at(x1, -half), at(x1, half), at(x0, half)}
}
