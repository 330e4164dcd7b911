package doc_test

import (
	"math"
	"testing"

	"idflow/models/modelstest"
	"idflow/specimen"
	"idflow/vision"
	"idflow/vision/doc"
	"idflow/vision/onnx"
)

func finder(t testing.TB) *doc.Finder {
	t.Helper()
	dir := modelstest.Dir(t)
	library, err := dir.Runtime()
	if err != nil {
		t.Fatal(err)
	}
	if err := onnx.Init(library); err != nil {
		t.Fatal(err)
	}
	path, err := dir.Net(doc.NetName)
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

func photograph(t testing.TB, template string, change func(*specimen.Camera)) (*vision.Image, vision.Quad) {
	t.Helper()
	g := specimen.New(5)
	d, err := g.Document(template)
	if err != nil {
		t.Fatal(err)
	}
	p, err := specimen.Draw(d, specimen.Portrait{})
	if err != nil {
		t.Fatal(err)
	}
	c := g.Camera(specimen.Easy)
	change(&c)
	photo, err := specimen.Photograph(p, c)
	if err != nil {
		t.Fatal(err)
	}
	return vision.FromImage(photo.Image), photo.Truth.Corners
}

func TestFind(t *testing.T) {
	f := finder(t)
	tests := []struct {
		name, template string
		format         doc.Format
		change         func(*specimen.Camera)
	}{
		{"card", "utopia-id", doc.ID1, func(*specimen.Camera) {}},
		{"passport", "utopia-passport", doc.ID3, func(*specimen.Camera) {}},
		{"turned", "utopia-id", doc.ID1, func(c *specimen.Camera) { c.Turn, c.Fill = 35, 0.7 }},
		{"leaning", "utopia-id", doc.ID1, func(c *specimen.Camera) { c.Lean = [2]float64{20, -15} }},
		{"dark", "utopia-passport", doc.ID3, func(c *specimen.Camera) { c.Exposure = -1 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, truth := photograph(t, tt.template, tt.change)
			pages, err := f.Find(t.Context(), m)
			if err != nil || len(pages) != 1 {
				t.Fatalf("%d pages, %v, want one", len(pages), err)
			}
			p := pages[0]
			worst := 0.0
			for i := range p.Quad {
				worst = math.Max(worst, p.Quad[i].Dist(truth[i]))
			}
			if limit := 0.02 * truth[0].Dist(truth[2]); worst > limit {
				t.Errorf("a corner is %.1f pixels off, more than %.1f", worst, limit)
			}
			if p.Format != tt.format || p.OnSide {
				t.Errorf("taken for %s, on its side %v", p.Format.Name, p.OnSide)
			}
		})
	}
}

func TestFindNothing(t *testing.T) {
	f := finder(t)
	for _, ground := range []specimen.Ground{specimen.Plain, specimen.Wood, specimen.Cloth, specimen.Stone} {
		m, _ := photograph(t, "utopia-id", func(c *specimen.Camera) { c.Fill, c.Ground = 0.06, ground })
		pages, err := f.Find(t.Context(), m)
		if err != nil || len(pages) != 0 {
			t.Errorf("%s: %d pages, %v, want none", ground, len(pages), err)
		}
	}
	if pages, err := f.Find(t.Context(), &vision.Image{}); err != nil || len(pages) != 0 {
		t.Errorf("no picture: %d pages, %v", len(pages), err)
	}
}

func BenchmarkFind(b *testing.B) {
	f := finder(b)
	m, _ := photograph(b, "utopia-id", func(*specimen.Camera) {})
	for b.Loop() {
		if _, err := f.Find(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
}
