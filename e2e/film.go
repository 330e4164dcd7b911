package e2e

import (
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"

	"idflow/specimen"
	"idflow/specimen/portraits"
)

// The sizes of the films, in pixels: a face as a webcam sees it, a document as a
// phone does that is held upright.
var (
	faceSize     = image.Pt(1280, 960)
	documentSize = image.Pt(1080, 1440)
)

// Films are the pictures of the walks in one folder: a film NAME.mjpeg for the
// camera and a photograph NAME.jpg to be uploaded of each.
//
//   - selfie: person A
//   - passport: a passport of person A, with another picture of A
//   - stranger: the same passport with somebody else's picture
func Films(dir string, set portraits.Set) error {
	a, b := set.Person("A"), set.Person("C")
	selfie, err := a.Pictures[1].Portrait()
	if err != nil {
		return err
	}
	face, err := specimen.Selfie(selfie, faceSize.X, faceSize.Y)
	if err != nil {
		return err
	}
	own, err := passport(a)
	if err != nil {
		return err
	}
	other, err := passport(b)
	if err != nil {
		return err
	}
	for name, still := range map[string]image.Image{"selfie": face, "passport": own, "stranger": other} {
		if err := film(filepath.Join(dir, name), still); err != nil {
			return fmt.Errorf("film of the %s: %w", name, err)
		}
	}
	return nil
}

// passport prints one with the person's first picture and lays it before the
// camera of a careful person.
func passport(p portraits.Person) (image.Image, error) {
	portrait, err := p.Pictures[0].Portrait()
	if err != nil {
		return nil, err
	}
	g := specimen.New(7)
	d, err := g.Document("utopia-passport")
	for err == nil && d.Holder.Sex != p.Sex {
		d, err = g.Document("utopia-passport")
	}
	if err != nil {
		return nil, err
	}
	page, err := specimen.Draw(d, portrait)
	if err != nil {
		return nil, err
	}
	c := g.Camera(specimen.Easy)
	c.Width, c.Height, c.Fill = documentSize.X, documentSize.Y, 0.85
	c.Turn, c.Lean, c.Shift = 1, [2]float64{2, -2}, [2]float64{}
	photo, err := specimen.Photograph(page, c)
	if err != nil {
		return nil, err
	}
	return photo.Image, nil
}

// film writes the still as a picture and as a film on a stand: a few frames that
// differ by the sensor's noise only.
func film(name string, still image.Image) error {
	picture, err := os.Create(name + ".jpg")
	if err != nil {
		return err
	}
	defer picture.Close()
	if err := jpeg.Encode(picture, still, &jpeg.Options{Quality: 92}); err != nil {
		return err
	}
	movie, err := os.Create(name + ".mjpeg")
	if err != nil {
		return err
	}
	defer movie.Close()
	m := specimen.Calm(still.Bounds().Dx(), still.Bounds().Dy())
	m.Frames, m.Sway = 2, 0
	return m.Write(movie, still)
}
