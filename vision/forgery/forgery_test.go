package forgery_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"idflow/specimen"
	"idflow/vision"
	"idflow/vision/forgery"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

const perMM = 10

// input is a photograph with what is known of it.
func input(p *specimen.Photo, w, h float64) forgery.Input {
	m := must(vision.Decode(p.JPEG))
	in := forgery.Input{Picture: m, JPEG: p.JPEG, Corners: p.Truth.Corners, PixelsPerMM: perMM}
	on, _ := in.Corners.Onto(int(w*perMM), int(h*perMM))
	in.Page = m.WarpPerspective(on, int(w*perMM), int(h*perMM))
	to, _ := vision.NewHomography(in.Corners, vision.Quad{{}, {X: w * perMM}, {X: w * perMM, Y: h * perMM}, {Y: h * perMM}})
	through := func(q vision.Quad) vision.Quad {
		for i := range q {
			q[i] = to.Apply(q[i])
		}
		return q
	}
	for _, l := range p.Truth.Zone() {
		in.Zone = append(in.Zone, forgery.Line{Place: through(l.Place), Text: l.Text})
	}
	in.Portrait = through(p.Truth.Portrait)
	return in
}

// passport is a page, and a camera that sees it well.
func passport(seed uint64) (*specimen.Page, specimen.Camera) {
	g := specimen.New(seed)
	page := must(specimen.Draw(must(g.Document("utopia-passport")), specimen.Portrait{}))
	c := g.Camera(specimen.Easy)
	c.Mosaic = true
	return page, c
}

func TestInspect(t *testing.T) {
	for _, c := range []struct {
		name string
		of   func(*specimen.Page, specimen.Camera) *specimen.Photo
		want forgery.Code // the trace that must be seen, "" for none at all
	}{
		{"untouched", func(p *specimen.Page, c specimen.Camera) *specimen.Photo { return must(specimen.Photograph(p, c)) }, ""},
		{"on a monitor", shown(specimen.Monitor), forgery.Screen},
		{"printed", shown(specimen.Laser), forgery.Print},
		{"copied", shown(specimen.Copy), forgery.Grey},
		{"another font", edited(specimen.ZoneRetyped), forgery.ZoneFont},
		{"beside its place", edited(specimen.ZoneMoved), forgery.ZoneBaseline},
		{"glued portrait", edited(specimen.PortraitPasted), forgery.PortraitEdge},
	} {
		t.Run(c.name, func(t *testing.T) {
			page, camera := passport(11)
			photo := c.of(page, camera)
			r := must(forgery.Inspect(t.Context(), input(photo, 125, 88)))
			if len(r.Traces) != len(forgery.Codes) {
				t.Fatalf("%d traces were looked for, want all", len(r.Traces))
			}
			for i, trace := range r.Traces {
				if trace.Code != forgery.Codes[i] || !(trace.Score >= 0 && trace.Score <= 1) {
					t.Errorf("trace %d is %+v", i, trace)
				}
				passed := trace.Score >= forgery.Threshold(trace.Code)
				if trace.Code == c.want && !passed {
					t.Errorf("%s has the score %.3f of %.3f", trace.Code, trace.Score, forgery.Threshold(trace.Code))
				}
				if c.want == "" && passed {
					t.Errorf("%s has the score %.3f", trace.Code, trace.Score)
				}
			}
		})
	}
}

func shown(on specimen.Carrier) func(*specimen.Page, specimen.Camera) *specimen.Photo {
	return func(p *specimen.Page, c specimen.Camera) *specimen.Photo {
		return must(specimen.Photograph(must(specimen.New(3).Recapture(on).Of(p)), c))
	}
}

func edited(e specimen.Edit) func(*specimen.Page, specimen.Camera) *specimen.Photo {
	return func(p *specimen.Page, c specimen.Camera) *specimen.Photo {
		return must(specimen.Photograph(must(e.OnPage(p, 5, specimen.Portrait{})), c))
	}
}

// The box of a trace in the zone is where the characters were moved.
func TestBox(t *testing.T) {
	page, camera := passport(12)
	photo := edited(specimen.ZoneMoved)(page, camera)
	in := input(photo, 125, 88)
	trace, ok := must(forgery.Inspect(t.Context(), in)).Trace(forgery.ZoneBaseline)
	if !ok {
		t.Fatal("the zone was not looked at")
	}
	to, _ := vision.NewHomography(in.Corners, vision.Quad{{}, {X: 1250}, {X: 1250, Y: 880}, {Y: 880}})
	where := photo.Truth.Edits[0].Place
	for i := range where {
		where[i] = to.Apply(where[i])
	}
	if box := trace.Box.Bounds(); box.Intersect(where.Bounds()).Area() < 0.3*box.Area() {
		t.Errorf("the box is %v, the edit at %v", box, where.Bounds())
	}
}

func TestWhatCannotBeLookedFor(t *testing.T) {
	page, camera := passport(13)
	in := input(must(specimen.Photograph(page, camera)), 125, 88)
	in.Zone, in.JPEG, in.Portrait = nil, nil, vision.Quad{}
	r := must(forgery.Inspect(t.Context(), in))
	for _, c := range []forgery.Code{forgery.ZoneFont, forgery.ZoneBaseline, forgery.Compression, forgery.PortraitEdge} {
		if _, ok := r.Trace(c); ok {
			t.Errorf("%s was looked for without anything to see it in", c)
		}
	}
}

func TestFiguresHaveNames(t *testing.T) {
	page, camera := passport(14)
	for _, m := range must(forgery.Measure(t.Context(), input(must(specimen.Photograph(page, camera)), 125, 88))) {
		if names := forgery.Figures(m.Code); len(names) != len(m.Values) {
			t.Errorf("%s has %d figures and %d names", m.Code, len(m.Values), len(names))
		}
		for i, v := range m.Values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%s: %s is %v", m.Code, forgery.Figures(m.Code)[i], v)
			}
		}
	}
}

func TestOddInputs(t *testing.T) {
	blank := vision.New(300, 200)
	square := vision.Quad{{X: 10, Y: 10}, {X: 290, Y: 10}, {X: 290, Y: 190}, {X: 10, Y: 190}}
	nan := math.NaN()
	nowhere := vision.Quad{{X: nan}, {X: nan}, {X: nan}, {X: nan}}
	jpeg := []byte{0xff, 0xd8}
	for name, in := range map[string]forgery.Input{
		"nothing":         {},
		"no page":         {Picture: blank, Corners: square, PixelsPerMM: 10},
		"no scale":        {Picture: blank, Page: blank, Corners: square},
		"corners nowhere": {Picture: blank, Page: blank, Corners: nowhere, PixelsPerMM: 10},
	} {
		if _, err := forgery.Inspect(t.Context(), in); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, in := range map[string]forgery.Input{
		"blank":            {Picture: blank, Page: blank, Corners: square, PixelsPerMM: 10, JPEG: jpeg},
		"one pixel":        {Picture: vision.New(1, 1), Page: vision.New(1, 1), Corners: square, PixelsPerMM: 10, JPEG: jpeg, Portrait: square},
		"corners outside":  {Picture: blank, Page: blank, Corners: square.Shifted(vision.Point{X: -9000, Y: 9e5}), PixelsPerMM: 10, JPEG: jpeg},
		"no area":          {Picture: blank, Page: blank, PixelsPerMM: 10, JPEG: jpeg},
		"portrait nowhere": {Picture: blank, Page: blank, Corners: square, PixelsPerMM: 10, Portrait: nowhere},
		"zone nowhere":     {Picture: blank, Page: blank, Corners: square, PixelsPerMM: 10, Zone: []forgery.Line{{Place: nowhere, Text: "P<UTO"}, {Place: square, Text: strings.Repeat("<", 100)}, {}}},
		"blank zone":       {Picture: blank, Page: blank, Corners: square, PixelsPerMM: 10, Zone: []forgery.Line{{Place: square, Text: strings.Repeat("<é 7", 8)}}},
	} {
		if _, err := forgery.Inspect(t.Context(), in); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := forgery.Inspect(ctx, forgery.Input{Picture: blank, Page: blank, Corners: square, PixelsPerMM: 10}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled inspection: %v", err)
	}
}

func BenchmarkInspect(b *testing.B) {
	page, camera := passport(15)
	in := input(must(specimen.Photograph(page, camera)), 125, 88)
	for b.Loop() {
		must(forgery.Inspect(b.Context(), in))
	}
}
