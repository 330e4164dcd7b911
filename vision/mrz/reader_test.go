package mrz_test

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"idflow/models/modelstest"
	"idflow/specimen"
	"idflow/vision"
	"idflow/vision/mrz"
	"idflow/vision/onnx"
)

// The zones of the layouts that no template is drawn with, on bare paper.
func TestReadNationalLayouts(t *testing.T) {
	r := mrz.NewReader(openNet(t, "text_detect"), openNet(t, "mrz_crnn"))
	for _, c := range []struct {
		layout mrz.Layout
		above  string // a line that is not part of the zone
		lines  []string
	}{
		{mrz.FrenchID, "", []string{"IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<", "8806923102858CORINNE<<<<<<<6512068F6"}},
		{mrz.FrenchDL, "", []string{"D1FRA13AA000026181231MARTIN<<9"}},
		{mrz.SwissDL, "AAA001D<<", []string{"FACHE305142128097<<800126<<<<<", "MARCHAND<<FABIENNE<<<<<<<<<<<<"}},
		{mrz.SwissDL, "KDB462I<<", []string{"FACHE000916386001<<640812<<<<<", "DE<ROSSI<<GIAN<LUCA<<<<<<<<<<<"}},
	} {
		lines := c.lines
		if c.above != "" {
			lines = slices.Concat([]string{c.above}, lines)
		}
		got, err := r.Read(context.Background(), print(t, lines), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		if got.Document == nil || got.Document.Layout != c.layout || !slices.Equal(got.Document.Lines, c.lines) {
			t.Errorf("%s: read %+v", c.lines, got.Document)
		}
	}
}

func openNet(t *testing.T, name string) *onnx.Net {
	t.Helper()
	files := modelstest.Dir(t)
	library, err := files.Runtime()
	if err == nil {
		err = onnx.Init(library)
	}
	if err != nil {
		t.Fatal(err)
	}
	path, err := files.Net(name)
	if err != nil {
		t.Fatal(err)
	}
	n, err := onnx.Open(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n
}

// print sets the lines in OCR-B, ten characters to the inch, at 12 pixels a millimetre.
func print(t *testing.T, lines []string) *vision.Image {
	t.Helper()
	const pitch, height, size = 30.5, 78, 46
	face, err := opentype.NewFace(specimen.OCRB(), &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewRGBA(image.Rect(0, 0, 200+int(pitch*float64(len(lines[len(lines)-1]))), 260+height*len(lines)))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.RGBA{236, 232, 222, 255}), image.Point{}, draw.Src)
	for i, line := range lines {
		for k, c := range line {
			d := font.Drawer{Dst: m, Src: image.NewUniform(color.RGBA{28, 26, 34, 255}), Face: face,
				Dot: fixed.Point26_6{X: fixed.Int26_6((100 + pitch*float64(k)) * 64), Y: fixed.I(160 + height*i)}}
			d.DrawString(string(c))
		}
	}
	return vision.FromImage(m)
}
