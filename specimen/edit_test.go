package specimen_test

import (
	"bytes"
	"errors"
	"image"
	"testing"

	"idflow/specimen"
	"idflow/vision"
)

// An edit changes the picture where it says, and nowhere else.
func TestEditOnPage(t *testing.T) {
	page := must(specimen.Draw(must(specimen.New(1).Document("utopia-passport")), specimen.Portrait{}))
	plain := bytes.Clone(page.Image.Pix)
	for i, e := range specimen.Edits {
		t.Run(string(e), func(t *testing.T) {
			edited, err := e.OnPage(page, uint64(i), specimen.Portrait{})
			if !e.Printable() {
				if !errors.Is(err, specimen.ErrEdit) {
					t.Errorf("an edit of photographs was printed: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(page.Image.Pix, plain) {
				t.Error("the page itself changed")
			}
			in, out := changed(page.Image, edited.Image, edited.Truth.Edits[0].Place)
			if in < 0.03 {
				t.Errorf("%.3f of the place changed", in)
			}
			// New text may be longer than the old.
			if out > 0.01 {
				t.Errorf("%.3f of the rest changed", out)
			}
			if again := must(e.OnPage(page, uint64(i), specimen.Portrait{})); !bytes.Equal(again.Image.Pix, edited.Image.Pix) {
				t.Error("the same seed gave another picture")
			}
			before, after := page.Truth.Zone(), edited.Truth.Zone()
			if differs := before[0].Text != after[0].Text || before[1].Text != after[1].Text; differs != e.Zone() {
				t.Errorf("the zone's text changed: %v", differs)
			}
		})
	}
}

func TestEditOnPhoto(t *testing.T) {
	g := specimen.New(1)
	page := must(specimen.Draw(must(g.Document("utopia-passport")), specimen.Portrait{}))
	camera := g.Camera(specimen.Easy)
	camera.Width, camera.Height, camera.Quality = 800, 600, 98
	photo := must(specimen.Photograph(page, camera))
	for i, e := range specimen.Edits {
		t.Run(string(e), func(t *testing.T) {
			edited := must(e.OnPhoto(photo, uint64(i), specimen.Portrait{}, 98))
			if len(edited.Truth.Edits) != 1 || edited.Truth.Edits[0].Edit != e || len(photo.Truth.Edits) != 0 {
				t.Errorf("noted: %v, and in the original %v", edited.Truth.Edits, photo.Truth.Edits)
			}
			seen := must(vision.Decode(edited.JPEG)).RGBA()
			in, out := changed(photo.Image, seen, edited.Truth.Edits[0].Place)
			if in < 1.5*out {
				t.Errorf("%.3f of the place changed and %.3f of the rest", in, out)
			}
		})
	}
}

func TestNothingToEdit(t *testing.T) {
	page := must(specimen.Draw(must(specimen.New(1).Document("utopia-id")), specimen.Portrait{}))
	if _, err := specimen.ZoneMoved.OnPage(page, 1, specimen.Portrait{}); !errors.Is(err, specimen.ErrEdit) {
		t.Errorf("a zone was edited that is not there: %v", err)
	}
	if _, err := specimen.Edit("").OnPage(page, 1, specimen.Portrait{}); !errors.Is(err, specimen.ErrEdit) {
		t.Errorf("an edit of no kind was made: %v", err)
	}
}

// changed is the share of pixels inside and outside of q that differ.
func changed(a, b *image.RGBA, q vision.Quad) (in, out float64) {
	box := q.Bounds()
	var n, d [2]float64
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			p, r := a.RGBAAt(x, y), b.RGBAAt(x, y)
			k := 0
			if box.Contains(vision.Point{X: float64(x), Y: float64(y)}) {
				k = 1
			}
			n[k]++
			if abs(float64(p.R)-float64(r.R))+abs(float64(p.G)-float64(r.G))+abs(float64(p.B)-float64(r.B)) > 8 {
				d[k]++
			}
		}
	}
	return d[1] / max(n[1], 1), d[0] / max(n[0], 1)
}
