package specimen_test

import (
	"bytes"
	"image"
	"math"
	"testing"

	"idflow/specimen"
)

func TestRecapture(t *testing.T) {
	page := must(specimen.Draw(must(specimen.New(1).Document("utopia-id")), specimen.Portrait{}))
	plain := bytes.Clone(page.Image.Pix)
	for _, c := range specimen.Carriers {
		t.Run(string(c), func(t *testing.T) {
			take := func() *specimen.Photo {
				g := specimen.New(5)
				shown := must(g.Recapture(c).Of(page))
				camera := g.Camera(specimen.Easy)
				camera.Width, camera.Height, camera.Mosaic = 640, 480, true
				return must(specimen.Photograph(shown, camera))
			}
			photo := take()
			if !bytes.Equal(photo.JPEG, take().JPEG) {
				t.Error("the same seed gave another picture")
			}
			if !bytes.Equal(page.Image.Pix, plain) {
				t.Error("the page itself changed")
			}
			colour := chroma(photo.Image)
			if grey := c == specimen.Copy; grey != (colour < 4) {
				t.Errorf("colours are %.1f apart; a copy's are less than 4, all others' more", colour)
			}
			if w := photo.Truth.Corners.Width(); w < 300 {
				t.Errorf("the document is %.0f pixels wide", w)
			}
		})
	}
	if _, err := (specimen.Recapture{Carrier: specimen.Laser}).Of(page); err == nil {
		t.Error("something without dots was shown")
	}
}

// chroma is the standard deviation of red less blue within the picture's middle.
func chroma(m *image.RGBA) float64 {
	var n, sum, squares float64
	b := m.Rect.Inset(m.Rect.Dy() / 3)
	// Means of 8 x 8 pixels: neither noise nor dots are meant.
	for y := b.Min.Y; y+8 <= b.Max.Y; y += 8 {
		for x := b.Min.X; x+8 <= b.Max.X; x += 8 {
			var d float64
			for i := range 64 {
				p := m.RGBAAt(x+i&7, y+i>>3)
				d += float64(p.R) - float64(p.B)
			}
			d /= 64
			n, sum, squares = n+1, sum+d, squares+d*d
		}
	}
	return math.Sqrt(max(0, squares/n-sum/n*sum/n))
}

func TestMosaicKeepsColours(t *testing.T) {
	page := must(specimen.Draw(must(specimen.New(1).Document("utopia-id")), specimen.Portrait{}))
	c := specimen.Scan(320)
	a := must(specimen.Photograph(page, c)).Image
	c.Mosaic = true
	b := must(specimen.Photograph(page, c)).Image
	var sum float64
	for i := range a.Pix {
		sum += math.Abs(float64(a.Pix[i]) - float64(b.Pix[i]))
	}
	if mean := sum / float64(len(a.Pix)); mean > 4 || mean == 0 {
		t.Errorf("the mosaic changes a pixel by %.2f; want little but something", mean)
	}
}
