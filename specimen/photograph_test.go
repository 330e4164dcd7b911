package specimen_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"

	"idflow/specimen"
	"idflow/vision"
)

// What the truth says lies somewhere is what one sees there.
func TestPhotographTruth(t *testing.T) {
	for _, c := range []struct {
		level specimen.Level
		least float64 // correlation with the page
	}{{specimen.Easy, 0.8}, {specimen.Medium, 0.65}} {
		g := specimen.New(1)
		page := must(specimen.Draw(must(g.Document("utopia-id")), specimen.Portrait{}))
		camera := g.Camera(c.level)
		camera.Glare = 0
		photo := must(specimen.Photograph(page, camera))
		if photo.Truth.Size != (image.Point{X: camera.Width, Y: camera.Height}) {
			t.Errorf("the truth's size is %v, the camera's %d x %d", photo.Truth.Size, camera.Width, camera.Height)
		}
		for i, l := range photo.Truth.Lines {
			if l.Role != specimen.Value || len(l.Text) < 4 {
				continue
			}
			a, b := patch(page.Image, page.Truth.Lines[i].Place), patch(photo.Image, l.Place)
			if r := correlation(a, b); r < c.least {
				t.Errorf("%s: %q looks different by %.2f at %v", c.level, l.Text, r, l.Place)
			}
		}
	}
}

// patch is the brightness at 240 x 16 places of q.
func patch(m *image.RGBA, q vision.Quad) []float64 {
	const w, h = 240, 16
	on, _ := q.Onto(w, h)
	var out []float64
	for y := range h {
		for x := range w {
			p := on.Apply(vision.Point{X: float64(x), Y: float64(y)})
			c := m.RGBAAt(int(math.Round(p.X)), int(math.Round(p.Y)))
			out = append(out, float64(color.GrayModel.Convert(c).(color.Gray).Y))
		}
	}
	return out
}

func correlation(a, b []float64) float64 {
	var ma, mb float64
	for i := range a {
		ma, mb = ma+a[i]/float64(len(a)), mb+b[i]/float64(len(b))
	}
	var ab, aa, bb float64
	for i := range a {
		ab += (a[i] - ma) * (b[i] - mb)
		aa += (a[i] - ma) * (a[i] - ma)
		bb += (b[i] - mb) * (b[i] - mb)
	}
	return ab / math.Sqrt(aa*bb)
}

func TestMarkSurvivesThePhotograph(t *testing.T) {
	for _, l := range specimen.Levels {
		g := specimen.New(3)
		page := must(specimen.Draw(must(g.Document("utopia-id")), specimen.Portrait{}))
		c := small(g.Camera(l))
		c.Glare, c.Warmth = 0, 0
		photo := must(specimen.Photograph(page, c))
		for _, line := range photo.Truth.Lines {
			if line.Role != specimen.Mark {
				continue
			}
			if share := redder(photo.Image, line.Place); share < 0.12 {
				t.Errorf("%s: %.2f of the mark's place is red", l, share)
			}
		}
	}
}

func TestOrientation(t *testing.T) {
	page := must(specimen.Draw(must(specimen.New(1).Document("utopia-id")), specimen.Portrait{}))
	for o := vision.Orientation(0); o <= 8; o++ {
		t.Run(fmt.Sprint(o), func(t *testing.T) {
			c := specimen.Scan(200)
			c.Orientation = o
			photo := must(specimen.Photograph(page, c))
			seen, err := vision.Decode(photo.JPEG)
			if err != nil {
				t.Fatal(err)
			}
			want := vision.FromImage(photo.Image)
			if seen.W != want.W || seen.H != want.H {
				t.Fatalf("seen as %d x %d, want %d x %d", seen.W, seen.H, want.W, want.H)
			}
			sum := 0
			for i := range seen.Pix {
				d := int(seen.Pix[i]) - int(want.Pix[i])
				sum += max(d, -d)
			}
			if mean := float64(sum) / float64(len(seen.Pix)); mean > 4 {
				t.Errorf("the picture differs by %.1f a pixel from the one taken", mean)
			}
		})
	}
}

func TestFlawsShow(t *testing.T) {
	page := must(specimen.Draw(must(specimen.New(1).Document("utopia-id")), specimen.Portrait{}))
	plain := specimen.Camera{Width: 200, Height: 150, Fill: 0.9, Ground: specimen.Plain, Quality: 90}
	base := must(specimen.Photograph(page, plain)).Image
	for name, change := range map[string]func(*specimen.Camera){
		"exposure": func(c *specimen.Camera) { c.Exposure = -1 },
		"warmth":   func(c *specimen.Camera) { c.Warmth = 1 },
		"shade":    func(c *specimen.Camera) { c.Shade = 0.5 },
		"glare":    func(c *specimen.Camera) { c.Glare, c.GlareAt = 0.9, [2]float64{0.5, 0.5} },
		"shadow":   func(c *specimen.Camera) { c.Shadow = 0.5 },
		"blur":     func(c *specimen.Camera) { c.Blur = 1.5 },
		"motion":   func(c *specimen.Camera) { c.Motion = [2]float64{3, 1} },
		"noise":    func(c *specimen.Camera) { c.Noise = 8 },
		"sharpen":  func(c *specimen.Camera) { c.Sharpen = 1 },
		"lean":     func(c *specimen.Camera) { c.Lean = [2]float64{20, 10} },
		"turn":     func(c *specimen.Camera) { c.Turn = 10 },
		"ground":   func(c *specimen.Camera) { c.Ground = specimen.Clutter },
	} {
		t.Run(name, func(t *testing.T) {
			c := plain
			change(&c)
			m := must(specimen.Photograph(page, c)).Image
			if bytes.Equal(m.Pix, base.Pix) {
				t.Error("nothing changed")
			}
		})
	}
}

func TestCamerasThatCannotBe(t *testing.T) {
	page := must(specimen.Draw(must(specimen.New(1).Document("utopia-id")), specimen.Portrait{}))
	for name, change := range map[string]func(*specimen.Camera){
		"no pixels":  func(c *specimen.Camera) { c.Width = 0 },
		"too many":   func(c *specimen.Camera) { c.Height = 1 << 20 },
		"no size":    func(c *specimen.Camera) { c.Fill = 0 },
		"not a size": func(c *specimen.Camera) { c.Fill = math.NaN() },
		"edge on":    func(c *specimen.Camera) { c.Lean[0] = 90 },
	} {
		t.Run(name, func(t *testing.T) {
			c := specimen.Scan(320)
			change(&c)
			if _, err := specimen.Photograph(page, c); err == nil {
				t.Error("a picture was taken")
			}
		})
	}
}

func TestFilm(t *testing.T) {
	still := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for i := range still.Pix {
		still.Pix[i] = uint8(i * 7 / 13)
	}
	film := specimen.Calm(160, 120)
	film.Frames = 3
	var b bytes.Buffer
	if err := film.Write(&b, still, still); err != nil {
		t.Fatal(err)
	}
	frames := bytes.Split(b.Bytes(), []byte("\xff\xd8\xff"))[1:]
	if len(frames) != 6 {
		t.Fatalf("%d frames, want 6", len(frames))
	}
	for i, f := range frames {
		m, err := jpeg.Decode(bytes.NewReader(append([]byte("\xff\xd8\xff"), f...)))
		if err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		if m.Bounds().Size() != (image.Point{X: 160, Y: 120}) {
			t.Errorf("frame %d is %v", i, m.Bounds())
		}
		if i > 0 && bytes.Equal(f, frames[i-1]) {
			t.Errorf("frame %d is the one before", i)
		}
	}
	if err := film.Write(&b); err == nil {
		t.Error("nothing was filmed")
	}
	if err := (specimen.Film{}).Write(&b, still); err == nil {
		t.Error("a film of no size was written")
	}
}

func TestSelfie(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 300, 200))
	face := image.Rect(120, 40, 220, 140)
	for y := range 200 {
		for x := range 300 {
			c := color.RGBA{0, 0, 200, 255}
			if (image.Point{X: x, Y: y}).In(face) {
				c = color.RGBA{200, 0, 0, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	got := must(specimen.Selfie(specimen.Portrait{Image: m, Face: face}, 640, 480))
	if got.Bounds() != image.Rect(0, 0, 640, 480) {
		t.Fatalf("the selfie is %v", got.Bounds())
	}
	red := image.Rectangle{}
	for y := range 480 {
		for x := range 640 {
			if r, _, b, _ := got.At(x, y).RGBA(); r > b {
				red = red.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	for _, corner := range []image.Point{{0, 0}, {639, 0}, {0, 479}, {639, 479}} {
		if _, _, b, _ := got.At(corner.X, corner.Y).RGBA(); b < 190<<8 {
			t.Errorf("the edge does not go on to %v: %v", corner, got.At(corner.X, corner.Y))
		}
	}
	if abs(float64(red.Dy()-240)) > 4 || abs(float64(red.Min.X+red.Max.X-640)) > 4 {
		t.Errorf("the face is at %v; want it half as high as the picture and in its middle", red)
	}
	if _, err := specimen.Selfie(specimen.Portrait{}, 640, 480); err == nil {
		t.Error("a selfie of nobody was taken")
	}
}
