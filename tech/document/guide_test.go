package document

import (
	"context"
	"testing"
	"time"

	"idflow"
	"idflow/models/modelstest"
	"idflow/specimen"
	"idflow/tech"
	"idflow/vision"
	"idflow/vision/doc"
	"idflow/vision/onnx"
)

// frame is what a page sends of a document before its camera.
func frame(t testing.TB, template string, change func(*specimen.Camera)) []byte {
	t.Helper()
	g := specimen.New(11)
	d, err := g.Document(template)
	if err != nil {
		t.Fatal(err)
	}
	p, err := specimen.Draw(d, specimen.Portrait{})
	if err != nil {
		t.Fatal(err)
	}
	c := g.Camera(specimen.Easy)
	c.Width, c.Height, c.Fill = 1440, 908, 0.8
	c.Glare, c.Shadow, c.Motion = 0, 0, [2]float64{}
	change(&c)
	photo, err := specimen.Photograph(p, c)
	if err != nil {
		t.Fatal(err)
	}
	m := vision.FromImage(photo.Image)
	k := float64(guideSide) / float64(max(m.W, m.H))
	m = m.Resize(int(k*float64(m.W)), int(k*float64(m.H)))
	data, err := m.EncodeJPEG(guideQuality)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestGuideSaysWhatIsAmiss(t *testing.T) {
	pages := openPages(t)
	for _, c := range []struct {
		name   string
		change func(*specimen.Camera)
		want   string
	}{
		{"good", func(*specimen.Camera) {}, sayHold},
		{"turned a little, on cloth", func(c *specimen.Camera) { c.Turn, c.Ground = 6, specimen.Cloth }, sayHold},
		{"far", func(c *specimen.Camera) { c.Fill = 0.4 }, sayNearer},
		{"cut off", func(c *specimen.Camera) { c.Shift = [2]float64{0.25, 0} }, sayWhole},
		{"glare", func(c *specimen.Camera) { c.Glare, c.GlareAt = 1, [2]float64{0.5, 0.5} }, sayGlare},
		{"blurred", func(c *specimen.Camera) { c.Blur = 12 }, saySharp},
		{"dark", func(c *specimen.Camera) { c.Exposure = -3 }, sayLight},
		{"night", func(c *specimen.Camera) { c.Exposure = -7 }, sayLight},
	} {
		for _, template := range templates {
			t.Run(c.name+" "+template, func(t *testing.T) {
				data := frame(t, template, c.change)
				g := &guide{pages: pages}
				advice, err := g.See(t.Context(), tech.Frame{JPEG: data})
				if err != nil {
					t.Fatal(err)
				}
				if advice.Say != c.want || advice.Done {
					m, _ := vision.Decode(data)
					found, _ := pages.Find(t.Context(), m)
					for _, p := range found {
						t.Logf("%+v %+v share %.2f", p, doc.Measure(m, p), p.Quad.Area()/float64(m.W*m.H))
					}
					t.Errorf("it says %q, want %q", advice.Say, c.want)
				}
			})
		}
	}
}

var templates = []string{"kazakhstan-id", "utopia-passport"}

// placed finds a page where the test puts it, in a picture that is fit for it.
type placed struct{ at vision.Quad }

func (l *placed) Find(context.Context, *vision.Image) ([]doc.Page, error) {
	return []doc.Page{{Quad: l.at, Format: doc.ID1, Sure: 1}}, nil
}

func TestGuideWaitsUntilItIsStill(t *testing.T) {
	data := frame(t, templates[0], func(*specimen.Camera) {})
	there := vision.Quad{{X: 48, Y: 30}, {X: 432, Y: 30}, {X: 432, Y: 272}, {X: 48, Y: 272}}
	elsewhere := there
	for i := range elsewhere {
		elsewhere[i].X += 25
	}
	p := &placed{}
	g := &guide{pages: p}
	for i, c := range []struct {
		at   time.Duration
		quad vision.Quad
		say  string
		hold float64
	}{
		{0, there, sayHold, 0},
		{400, there, sayHold, 0.5},
		{600, elsewhere, sayHold, 0}, // it moved: from the beginning
		{1000, elsewhere, sayHold, 0.5},
		{1400, elsewhere, sayNow, 1},
		{1500, elsewhere, sayNow, 1},
	} {
		p.at = c.quad
		advice, err := g.See(t.Context(), tech.Frame{JPEG: data, At: c.at * time.Millisecond})
		if err != nil || advice.Say != c.say || advice.Hold != c.hold {
			t.Errorf("frame %d: %+v, %v; want %s, %v", i+1, advice, err, c.say, c.hold)
		}
	}
}

func TestGuideOutlivesWhatIsNoFrame(t *testing.T) {
	g, err := Technology{Pages: &placed{}}.Hint(nil, idflow.Capture{})
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{nil, []byte("no picture"), picture(t, both)[:40], picture(t, maxGuideSide+1)} {
		if advice, err := g.See(t.Context(), tech.Frame{JPEG: data}); err != nil || advice.Say != sayShow {
			t.Errorf("%d bytes: %+v, %v", len(data), advice, err)
		}
	}
}

func BenchmarkGuide(b *testing.B) {
	g := &guide{pages: openPages(b)}
	data := frame(b, templates[0], func(*specimen.Camera) {})
	for b.Loop() {
		if _, err := g.See(b.Context(), tech.Frame{JPEG: data}); err != nil {
			b.Fatal(err)
		}
	}
}

func openPages(t testing.TB) *doc.Finder {
	t.Helper()
	files := modelstest.Dir(t)
	library, err := files.Runtime()
	if err == nil {
		err = onnx.Init(library)
	}
	if err != nil {
		t.Fatal(err)
	}
	path, err := files.Net(doc.NetName)
	if err != nil {
		t.Fatal(err)
	}
	net, err := onnx.Open(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(net.Close)
	return doc.New(net)
}
