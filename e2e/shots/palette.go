package main

import (
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"slices"
)

// shrink writes the PNG from with 256 colours of its own to the file to, and
// gives that file's size in bytes.
func shrink(from, to string) (int64, error) {
	f, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		return 0, err
	}
	few := image.NewPaletted(m.Bounds(), palette(m, 256))
	draw.FloydSteinberg.Draw(few, few.Rect, m, m.Bounds().Min)
	out, err := os.Create(to)
	if err != nil {
		return 0, err
	}
	defer out.Close()
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(out, few); err != nil {
		return 0, err
	}
	info, err := out.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), out.Close()
}

// shade is a colour of the picture and how often it occurs.
type shade struct {
	rgb   [3]uint8
	often int
}

// even is how many colours, the most frequent ones, stay exactly as they are:
// those of a page's areas and letters, which would be seen to be speckled.
const even = 32

// palette chooses n colours for m: the most frequent ones, and the rest by median
// cut: the box of colours with the widest spread is halved until there are
// enough boxes, and each becomes its mean.
func palette(m image.Image, n int) color.Palette {
	all := shades(m)
	var p color.Palette
	for _, s := range all[:min(even, len(all))] {
		p = append(p, color.RGBA{s.rgb[0], s.rgb[1], s.rgb[2], 255})
	}
	if len(all) <= even {
		return p
	}
	boxes := [][]shade{all[even:]}
	for len(boxes) < n-even {
		widest, along, spread := 0, 0, 0
		for i, b := range boxes {
			if c, s := extent(b); s > spread {
				widest, along, spread = i, c, s
			}
		}
		if spread == 0 { // every colour has a box of its own
			break
		}
		a, b := halve(boxes[widest], along)
		boxes[widest] = a
		boxes = append(boxes, b)
	}
	for _, b := range boxes {
		p = append(p, mean(b))
	}
	return p
}

// shades are the colours of m, the most frequent first.
func shades(m image.Image) []shade {
	often := map[[3]uint8]int{}
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			r, g, b, _ := m.At(x, y).RGBA()
			often[[3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}]++
		}
	}
	var all []shade
	for rgb, n := range often {
		all = append(all, shade{rgb, n})
	}
	slices.SortFunc(all, func(a, b shade) int {
		return cmp.Or(b.often-a.often, slices.Compare(a.rgb[:], b.rgb[:])) // the same picture, the same palette
	})
	return all
}

// extent is the channel in which the colours lie furthest apart, and how far.
func extent(b []shade) (channel, spread int) {
	for c := range 3 {
		lo, hi := 255, 0
		for _, s := range b {
			lo, hi = min(lo, int(s.rgb[c])), max(hi, int(s.rgb[c]))
		}
		if hi-lo > spread {
			channel, spread = c, hi-lo
		}
	}
	return channel, spread
}

// halve cuts the box where as many colours lie below as above, whatever their
// frequency: a page's few even areas leave room for the shades of a photograph.
func halve(b []shade, channel int) (low, high []shade) {
	slices.SortStableFunc(b, func(x, y shade) int { return int(x.rgb[channel]) - int(y.rgb[channel]) })
	return b[:len(b)/2], b[len(b)/2:]
}

func mean(b []shade) color.Color {
	var sum [3]int
	total := 0
	for _, s := range b {
		for c := range sum {
			sum[c] += int(s.rgb[c]) * s.often
		}
		total += s.often
	}
	return color.RGBA{uint8(sum[0] / total), uint8(sum[1] / total), uint8(sum[2] / total), 255}
}
