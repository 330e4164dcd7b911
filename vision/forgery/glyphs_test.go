package forgery

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"os"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

var update = flag.Bool("update", false, "draw glyphs.bin anew")

func TestGlyphs(t *testing.T) {
	file, err := os.ReadFile("../../specimen/fonts/OCRBS.otf")
	if err != nil {
		t.Fatal(err)
	}
	f, err := sfnt.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, r := range alphabet {
		b.Write(drawGlyph(t, f, r))
	}
	if *update {
		if err := os.WriteFile("glyphs.bin", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), glyphFile) && !*update {
		t.Error("glyphs.bin is not what the font gives; run with -update if the font has changed")
	}
}

// drawGlyph is the letter in the middle of its cell.
func drawGlyph(t *testing.T, f *sfnt.Font, r rune) []byte {
	const em = 1000
	var buf sfnt.Buffer
	load := func(r rune) (sfnt.Segments, float32) {
		i, err := f.GlyphIndex(&buf, r)
		if err != nil || i == 0 {
			t.Fatalf("no %q: %v", r, err)
		}
		s, err := f.LoadGlyph(&buf, i, fixed.I(em), nil)
		if err != nil {
			t.Fatal(err)
		}
		s = append(sfnt.Segments(nil), s...)
		a, err := f.GlyphAdvance(&buf, i, fixed.I(em), font.HintingNone)
		if err != nil {
			t.Fatal(err)
		}
		return s, float32(a) / 64
	}
	h, _ := load('H')
	b := h.Bounds()
	high := float32(b.Max.Y-b.Min.Y) / 64
	k := float32(capital) / high
	s, advance := load(r)
	x0, y0 := cellW/2-k*advance/2, float32(cellH)/2+capital/2
	at := func(p fixed.Point26_6) (float32, float32) {
		return x0 + k*float32(p.X)/64, y0 + k*float32(p.Y)/64
	}
	raster := vector.NewRasterizer(cellW, cellH)
	for i, seg := range s {
		ax, ay := at(seg.Args[0])
		switch seg.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				raster.ClosePath()
			}
			raster.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			raster.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			bx, by := at(seg.Args[1])
			raster.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			bx, by := at(seg.Args[1])
			cx, cy := at(seg.Args[2])
			raster.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	raster.ClosePath()
	m := image.NewAlpha(image.Rect(0, 0, cellW, cellH))
	raster.Draw(m, m.Rect, image.NewUniform(color.Opaque), image.Point{})
	return m.Pix
}
