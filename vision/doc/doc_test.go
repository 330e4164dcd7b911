package doc

import (
	"math"
	"math/rand/v2"
	"testing"

	"idflow/vision"
)

func TestProportionUndoesPerspective(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const w, h = 1300, 975
	for _, f := range []Format{ID1, ID3} {
		for range 200 {
			turn, leanX, leanY := 6*r.Float64(), 0.5*r.NormFloat64(), 0.5*r.NormFloat64()
			leanX, leanY = max(-0.7, min(0.7, leanX)), max(-0.7, min(0.7, leanY))
			q := seenBy(f.WidthMM, f.HeightMM, turn, leanX, leanY, w, h)
			got := proportion(q, w, h)
			if want := f.WidthMM / f.HeightMM; math.Abs(got-want) > 1e-6*want {
				t.Fatalf("%s turned by %.2f and leaning by %.2f, %.2f: proportion %v, want %v", f.Name, turn, leanX, leanY, got, want)
			}
			if is, _ := formatOf(got); is != f {
				t.Fatalf("%s is taken for %s", f.Name, is.Name)
			}
			if is, side := formatOf(1 / got); is != f || !side {
				t.Fatalf("%s on its side is taken for %s", f.Name, is.Name)
			}
		}
	}
}

// seenBy is a page of w0 x h0 in front of a phone's camera.
func seenBy(w0, h0, turn, leanX, leanY float64, w, h int) vision.Quad {
	sinT, cosT := math.Sincos(turn)
	sinX, cosX := math.Sincos(leanX)
	sinY, cosY := math.Sincos(leanY)
	f, away := focal*float64(max(w, h)), 3*w0
	var q vision.Quad
	for i, p := range [4]vision.Point{{X: -w0 / 2, Y: -h0 / 2}, {X: w0 / 2, Y: -h0 / 2}, {X: w0 / 2, Y: h0 / 2}, {X: -w0 / 2, Y: h0 / 2}} {
		x, y, z := p.X*cosT-p.Y*sinT, p.X*sinT+p.Y*cosT, 0.0
		y, z = y*cosX-z*sinX, y*sinX+z*cosX
		x, z = x*cosY+z*sinY, -x*sinY+z*cosY
		q[i] = vision.Point{X: float64(w-1)/2 + f*x/(away+z), Y: float64(h-1)/2 + f*y/(away+z)}
	}
	return q
}

func TestRegionQuad(t *testing.T) {
	tests := []struct {
		name string
		quad vision.Quad
		far  float64 // in cells
	}{
		{"upright", vision.Quad{{X: 5.33, Y: 8}, {X: 26.67, Y: 8}, {X: 26.67, Y: 22}, {X: 5.33, Y: 22}}, 0.3},
		{"turned and leaning", vision.Quad{{X: 13.33, Y: 3.33}, {X: 28, Y: 13.33}, {X: 18, Y: 28.67}, {X: 4, Y: 17.33}}, 0.5},
		{"a corner missing", vision.Quad{{X: -2.67, Y: 9.33}, {X: 20, Y: 2.67}, {X: 25.33, Y: 22.67}, {X: 4, Y: 28}}, 1.3},
		{"small", vision.Quad{{X: 13.33, Y: 13.33}, {X: 19.33, Y: 14}, {X: 18.67, Y: 18}, {X: 12.67, Y: 17.33}}, 0.6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var page, edge [cells * cells]float32
			for i := range page {
				d := depth(tt.quad, vision.Point{X: float64(i % cells), Y: float64(i / cells)})
				page[i] = float32(min(1, max(0, 0.5+d)))
				edge[i] = float32(min(1, max(0, 1.5-math.Abs(d))))
			}
			var s regions
			found := s.find(&page, &edge)
			if len(found) != 1 {
				t.Fatalf("%d regions, want 1", len(found))
			}
			q, ok := found[0].quad()
			if !ok {
				t.Fatal("no quadrilateral")
			}
			q = asItLies(q)
			want := asItLies(tt.quad)
			for i := range q {
				if d := q[i].Dist(want[i]); d > tt.far {
					t.Errorf("corner %d at %.2f, want %.2f", i, q[i], want[i])
				}
			}
		})
	}
}

func TestTouchingPagesAreTwo(t *testing.T) {
	var page, edge [cells * cells]float32
	quads := []vision.Quad{
		{{X: 2.67, Y: 5.33}, {X: 15.33, Y: 5.33}, {X: 15.33, Y: 13.33}, {X: 2.67, Y: 13.33}},
		{{X: 16, Y: 5.33}, {X: 29.33, Y: 5.33}, {X: 29.33, Y: 13.33}, {X: 16, Y: 13.33}},
	}
	for i := range page {
		p := vision.Point{X: float64(i % cells), Y: float64(i / cells)}
		d := max(depth(quads[0], p), depth(quads[1], p))
		page[i] = float32(min(1, max(0, 0.5+d)))
		edge[i] = float32(min(1, max(0, 1.5-math.Abs(d))))
	}
	if n := len(new(regions).find(&page, &edge)); n != 2 {
		t.Errorf("%d regions, want 2", n)
	}
}

func TestRefineFindsTheEdge(t *testing.T) {
	for _, k := range []float64{1, 2.5} { // a small picture and one that is reduced
		w, h := int(600*k), int(450*k)
		m := vision.New(w, h)
		truth := vision.Quad{{X: 110, Y: 90}, {X: 470, Y: 120}, {X: 450, Y: 350}, {X: 90, Y: 310}}.Scaled(k, k)
		for y := range h {
			for x := range w {
				v := uint8(60)
				if d := depth(truth, vision.Point{X: float64(x), Y: float64(y)}); d > 0 {
					v = 180
					if math.Mod(d, 40*k) > 32*k { // print within
						v = 90
					}
				}
				for c := range 3 {
					m.Pix[3*(y*w+x)+c] = v
				}
			}
		}
		guess := truth
		for i, d := range []vision.Point{{X: 6, Y: -4}, {X: -5, Y: 5}, {X: 4, Y: 6}, {X: -6, Y: -3}} {
			guess[i] = guess[i].Add(d.Mul(k))
		}
		var r refiner
		r.open(m)
		got, seen := r.refine(guess, m)
		for i := range got {
			if d := got[i].Dist(truth[i]); d > 0.8*k {
				t.Errorf("scale %v: corner %d is %.2f off", k, i, d)
			}
		}
		if seen < 0.95 {
			t.Errorf("scale %v: edge seen along %.2f", k, seen)
		}
	}
}

func TestRefineDoesNotAllocate(t *testing.T) {
	m := vision.New(640, 480)
	q := vision.Quad{{X: 100, Y: 100}, {X: 500, Y: 100}, {X: 500, Y: 350}, {X: 100, Y: 350}}
	var r refiner
	r.open(m)
	r.refine(q, m)
	if n := testing.AllocsPerRun(5, func() { r.refine(q, m) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestStraighten(t *testing.T) {
	m := vision.New(400, 300)
	q := vision.Quad{{X: 50, Y: 60}, {X: 320, Y: 40}, {X: 350, Y: 240}, {X: 40, Y: 230}}
	s, err := Straighten(m, Page{Quad: q, Format: ID1}, 10)
	if err != nil || s.W != 856 || s.H != 540 {
		t.Errorf("upright: %v, %v", s, err)
	}
	s, err = Straighten(m, Page{Quad: q, Format: ID1, OnSide: true}, 10)
	if err != nil || s.W != 540 || s.H != 856 {
		t.Errorf("on its side: %v, %v", s, err)
	}
	if _, err := Straighten(m, Page{Format: ID1}, 10); err == nil {
		t.Error("no corners: no error")
	}
	if _, err := Straighten(m, Page{Quad: q, Format: ID1}, 1e6); err == nil {
		t.Error("too large: no error")
	}
}

func TestMeasure(t *testing.T) {
	// Print of half a millimetre at 8 pixels to the millimetre.
	const w, h = 900, 640
	draw := func(soft float64, paint func(x, y int, v float64) float64) *vision.Image {
		m := vision.New(w, h)
		for y := range h {
			for x := range w {
				v := 130 + 90*math.Tanh(math.Sin(float64(x)*math.Pi/4+0.4)*math.Sin(float64(y)*math.Pi/4+0.4)*10/(1+soft))/(1+soft/8)
				v = paint(x, y, v)
				for c := range 3 {
					m.Pix[3*(y*w+x)+c] = uint8(v)
				}
			}
		}
		return m
	}
	asIs := func(_, _ int, v float64) float64 { return v }
	page := Page{Quad: vision.Quad{{X: 107, Y: 104}, {X: 791.8, Y: 104}, {X: 791.8, Y: 535.8}, {X: 107, Y: 535.8}}, Format: ID1}
	good := Measure(draw(0, asIs), page)
	if math.Abs(good.PixelsPerMM-8) > 0.05 || good.Glare != 0 || good.CutOff != 0 || math.Abs(good.Exposure-0.5) > 0.4 || good.Contrast < 0.5 {
		t.Errorf("a good picture measures %+v", good)
	}
	if soft := Measure(draw(12, asIs), page); !(soft.Focus < good.Focus) {
		t.Errorf("focus %v of a soft picture, %v of a sharp one", soft.Focus, good.Focus)
	}
	bright := Measure(draw(0, func(x, _ int, v float64) float64 {
		if x >= 278 && x < 449 { // a quarter of the page
			return 255
		}
		return v
	}), page)
	if math.Abs(bright.Glare-0.26) > 0.02 {
		t.Errorf("glare %v, want about 0.26", bright.Glare)
	}
	if dark := Measure(draw(0, func(_, _ int, v float64) float64 { return v / 4 }), page); !(dark.Exposure < good.Exposure/3) || !(dark.Contrast < good.Contrast/3) {
		t.Errorf("a dark picture measures %+v", dark)
	}
	cut := page
	cut.Quad = page.Quad.Shifted(vision.Point{X: -107.5})
	if c := Measure(draw(0, asIs), cut).CutOff; math.Abs(c-0.2) > 0.03 { // the left edge and a little of two others
		t.Errorf("cut off %v, want about 0.2", c)
	}
	if z := Measure(draw(0, asIs), Page{Format: ID1}); z != (Quality{}) {
		t.Errorf("no corners measure %+v", z)
	}
}
