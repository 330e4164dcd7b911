package vision

import (
	"math"
	"testing"
)

func TestAffineInverse(t *testing.T) {
	f := Affine{1.5, -0.3, 12, 0.4, 0.9, -7}
	p := Point{31, -8}
	q := f.Inverse().Apply(f.Apply(p))
	near(t, "x", q.X, p.X, 1e-9)
	near(t, "y", q.Y, p.Y, 1e-9)
	near(t, "scale", f.Scale(), math.Sqrt(1.5*0.9+0.3*0.4), 1e-12)
}

func TestSimilarityRecovers(t *testing.T) {
	turn, k := 0.7, 2.3
	want := Affine{k * math.Cos(turn), -k * math.Sin(turn), 5, k * math.Sin(turn), k * math.Cos(turn), -9}
	src := []Point{{0, 0}, {10, 1}, {4, 8}, {-3, 6}}
	var dst []Point
	for _, p := range src {
		dst = append(dst, want.Apply(p))
	}
	got := Similarity(src, dst)
	for _, p := range src {
		near(t, "error", got.Apply(p).Dist(want.Apply(p)), 0, 1e-9)
	}
	// A mirrored face is not matched by mirroring: the map keeps its sense.
	for i := range dst {
		dst[i].X = -dst[i].X
	}
	got = Similarity(src, dst)
	if got.A*got.E-got.B*got.D <= 0 {
		t.Errorf("%+v mirrors", got)
	}
}

func TestHomography(t *testing.T) {
	src := Quad{{0, 0}, {100, 0}, {100, 60}, {0, 60}}
	dst := Quad{{10, 12}, {90, 5}, {120, 80}, {-4, 66}}
	h, ok := NewHomography(src, dst)
	if !ok {
		t.Fatal("no map")
	}
	for i := range src {
		near(t, "corner", h.Apply(src[i]).Dist(dst[i]), 0, 1e-9)
	}
	if _, ok := NewHomography(src, Quad{{0, 0}, {1, 1}, {2, 2}, {5, 0}}); ok {
		t.Error("three corners on one line gave a map")
	}
	if _, ok := NewHomography(Quad{}, dst); ok {
		t.Error("one place four times gave a map")
	}
	nan := Quad{{math.NaN(), 0}, {1, 0}, {1, 1}, {0, 1}}
	if _, ok := NewHomography(src, nan); ok {
		t.Error("NaN gave a map")
	}
}

func TestRect(t *testing.T) {
	a, b := Rect{0, 0, 10, 10}, Rect{5, 5, 15, 15}
	near(t, "IoU", a.IoU(b), 25.0/175, 1e-12)
	near(t, "IoU of strangers", a.IoU(Rect{20, 20, 30, 30}), 0, 0)
	if got := a.Scale(2); got != (Rect{-5, -5, 15, 15}) {
		t.Errorf("scaled to %v", got)
	}
	if !a.Contains(Point{10, 0}) || a.Contains(Point{10.1, 0}) {
		t.Error("Contains is wrong at the edge")
	}
}

func TestLetterboxHoldsThePicture(t *testing.T) {
	for _, size := range [][2]int{{640, 480}, {480, 640}, {100, 100}, {3, 1000}} {
		m := &Image{W: size[0], H: size[1]}
		back := m.Letterbox(128, 128).Inverse()
		b := m.Bounds()
		p, q := back.Apply(Point{b.X0, b.Y0}), back.Apply(Point{b.X1, b.Y1})
		near(t, "middle x", (p.X+q.X)/2, 63.5, 1e-9)
		near(t, "middle y", (p.Y+q.Y)/2, 63.5, 1e-9)
		near(t, "longer side", math.Max(q.X-p.X, q.Y-p.Y), 128, 1e-9)
	}
}

func TestRotateAndMirror(t *testing.T) {
	m := FromImage(corners(12, 8))
	for quarters, want := range map[int]string{-1: "gwrb", 0: "rgbw", 1: "brwg", 2: "wbgr", 3: "gwrb", 5: "brwg"} {
		if got := cornerColours(m.Rotate(quarters)); got != want {
			t.Errorf("%d quarters: %s, want %s", quarters, got, want)
		}
	}
	if got := cornerColours(m.Mirror()); got != "grwb" {
		t.Errorf("mirrored: %s", got)
	}
}

func TestUnturned(t *testing.T) {
	m := ramp(30, 20)
	for q := range 4 {
		v, back := m.Rotate(q), m.Unturned(q)
		for _, p := range [][2]int{{0, 0}, {7, 3}, {v.W - 1, v.H - 2}} {
			want := back.Apply(Point{float64(p[0]), float64(p[1])})
			r, g, _ := at(v, p[0], p[1])
			near(t, "x", float64(r)/2, want.X, 0)
			near(t, "y", float64(g)/2, want.Y, 0)
		}
		a, b := v.Warp(v.Letterbox(12, 12), 12, 12), m.Warp(m.LetterboxTurned(12, 12, q), 12, 12)
		for i := range a.Pix {
			near(t, "letterboxed", float64(a.Pix[i]), float64(b.Pix[i]), 1)
		}
		whole := m.Bounds().Turned(m, q)
		if whole != v.Bounds() {
			t.Errorf("%d quarters: bounds %v, want %v", q, whole, v.Bounds())
		}
	}
}

func TestThen(t *testing.T) {
	f, g := Affine{1, 2, 3, 4, 5, 6}, Affine{-2, 1, 0, 3, 1, 9}
	p := Point{7, -3}
	if got, want := f.Then(g).Apply(p), g.Apply(f.Apply(p)); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestCrop(t *testing.T) {
	m := ramp(30, 20)
	got := m.Crop(Rect{4.2, 3, 10, 7.9})
	if got.W != 6 || got.H != 5 {
		t.Fatalf("%d x %d", got.W, got.H)
	}
	if r, g, _ := at(got, 0, 0); r != 2*5 || g != 2*3 {
		t.Errorf("first pixel from %d, %d", r/2, g/2)
	}
	if got := m.Crop(m.Bounds().Scale(3)); got.W != 30 || got.H != 20 {
		t.Errorf("beyond the edge: %d x %d", got.W, got.H)
	}
	for _, r := range []Rect{{40, 0, 50, 10}, {5, 5, 4, 4}, {X0: math.NaN(), X1: math.NaN()}, {X0: -1e300, X1: -1e299}} {
		if got := m.Crop(r); got.W*got.H != 0 {
			t.Errorf("%v gives %d x %d", r, got.W, got.H)
		}
	}
}

func TestFill(t *testing.T) {
	m := &Image{W: 2, H: 1, Pix: []uint8{10, 20, 30, 40, 50, 60}}
	n := Normalization{Mean: [3]float32{1, 2, 3}, Scale: [3]float32{1, 2, 10}, BGR: true}
	got := make([]float32, 6)
	check := func(how string, want ...float32) {
		t.Helper()
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", how, got, want)
				return
			}
		}
	}
	m.FillPlanar(got, n)
	check("planar", 29, 59, 36, 96, 70, 370)
	m.FillInterleaved(got, n)
	check("interleaved", 29, 36, 70, 59, 96, 370)
	m.FillInterleaved(got, Uniform(10, 0.5))
	check("uniform", 0, 5, 10, 15, 20, 25)
}

func TestGray(t *testing.T) {
	m := &Image{W: 3, H: 1, Pix: []uint8{255, 255, 255, 255, 0, 0, 10, 200, 30}}
	got := m.Gray(nil)
	for i, want := range []uint8{255, 76, 124} {
		if got[i] != want {
			t.Errorf("pixel %d is %d, want %d", i, got[i], want)
		}
	}
}

func TestEncodeJPEG(t *testing.T) {
	m := FromImage(corners(64, 48))
	data, err := m.EncodeJPEG(90)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data)
	if err != nil || cornerColours(got) != "rgbw" {
		t.Errorf("%v", err)
	}
	if _, err := (&Image{}).EncodeJPEG(90); err == nil {
		t.Error("a picture of no pixels was encoded")
	}
}
