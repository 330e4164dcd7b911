package vision

import (
	"hash/crc32"
	"math"
	"testing"
)

func crc(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

// ramp has twice its column for red and twice its row for green, so that a
// colour tells the place it came from, exactly even where four are averaged.
func ramp(w, h int) *Image {
	m := New(w, h)
	for y := range h {
		for x := range w {
			p := m.Pix[3*(y*w+x):]
			p[0], p[1], p[2] = uint8(2*x), uint8(2*y), 100
		}
	}
	return m
}

// scene is smooth with edges, for benchmarks and comparisons.
func scene(w, h int) *Image {
	m := New(w, h)
	for y := range h {
		for x := range w {
			p := m.Pix[3*(y*w+x):]
			v := 128 + 100*math.Sin(float64(x)/9)*math.Cos(float64(y)/13)
			p[0], p[1], p[2] = uint8(v), uint8(255-v), uint8((x+y)&0xff)
		}
	}
	return m
}

func at(m *Image, x, y int) (r, g, b int) {
	p := m.Pix[3*(y*m.W+x):]
	return int(p[0]), int(p[1]), int(p[2])
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance || math.IsNaN(got) {
		t.Errorf("%s is %g, want %g", what, got, want)
	}
}

func TestWarpIdentity(t *testing.T) {
	m := scene(31, 17)
	got := m.Warp(Affine{A: 1, E: 1}, 31, 17)
	for i := range m.Pix {
		if m.Pix[i] != got.Pix[i] {
			t.Fatalf("byte %d is %d, want %d", i, got.Pix[i], m.Pix[i])
		}
	}
}

func TestWarpShowsWhereItCameFrom(t *testing.T) {
	m := ramp(125, 120)
	turn := math.Pi / 6
	a, b := 1.5*math.Cos(turn), 1.5*math.Sin(turn)
	maps := map[string]Affine{
		"shifted": {A: 1, C: 20.5, E: 1, F: 30.25},
		"turned":  {A: a, B: -b, C: 40, D: b, E: a, F: 20},
		"halved":  {A: 2.5, C: 10, E: 2.5, F: 10},
		"quarter": {A: 4.7, C: 10.2, E: 4.7, F: 9.8},
	}
	p := NewPyramid(m)
	for name, f := range maps {
		got := m.Warp(f, 24, 24)
		viaPyramid := New(24, 24)
		p.WarpInto(viaPyramid, f)
		for _, at2 := range [][2]int{{3, 3}, {20, 4}, {10, 20}} {
			want := f.Apply(Point{float64(at2[0]), float64(at2[1])})
			for how, o := range map[string]*Image{"Warp": got, "Pyramid": viaPyramid} {
				r, g, _ := at(o, at2[0], at2[1])
				near(t, name+" "+how+" x", float64(r)/2, want.X, 0.3)
				near(t, name+" "+how+" y", float64(g)/2, want.Y, 0.3)
			}
		}
	}
}

func TestWarpOutsideIsBlack(t *testing.T) {
	m := New(10, 10)
	for i := range m.Pix {
		m.Pix[i] = 200
	}
	got := m.Warp(Affine{A: 1, C: -4.5, E: 1, F: -5}, 20, 20)
	for _, c := range []struct {
		x, y, want int
	}{{0, 0, 0}, {4, 10, 100}, {5, 10, 200}, {13, 14, 200}, {14, 10, 100}, {15, 10, 0}, {10, 4, 0}, {10, 15, 0}} {
		if r, _, _ := at(got, c.x, c.y); r != c.want {
			t.Errorf("pixel %d,%d is %d, want %d", c.x, c.y, r, c.want)
		}
	}
}

func TestWarpStandsNonsense(t *testing.T) {
	m := scene(40, 30)
	for name, f := range map[string]Affine{
		"NaN":       {A: math.NaN(), E: 1},
		"infinite":  {A: 1, C: math.Inf(1), E: 1},
		"huge":      {A: 1e30, E: 1e30},
		"far":       {A: 1, C: 1e12, E: 1},
		"flat":      {},
		"no return": Affine{A: 1, B: 1, D: 1, E: 1}.Inverse(),
	} {
		for how, warp := range map[string]func() *Image{
			"Image": func() *Image { return m.Warp(f, 8, 8) },
			"Pyramid": func() *Image {
				o := New(8, 8)
				NewPyramid(m).WarpInto(o, f)
				return o
			},
			"empty": func() *Image { return (&Image{}).Warp(f, 8, 8) },
		} {
			if o := warp(); len(o.Pix) != 3*64 {
				t.Errorf("%s %s: %d bytes", name, how, len(o.Pix))
			}
		}
	}
}

func TestWarpDoesNotAllocate(t *testing.T) {
	m, dst := scene(640, 480), New(192, 192)
	p := NewPyramid(m)
	f := Rect{100, 100, 580, 470}.Onto(192, 192)
	p.WarpInto(dst, f)
	if n := testing.AllocsPerRun(5, func() {
		p.Reset(m)
		p.WarpInto(dst, f)
		m.WarpInto(dst, Affine{A: 1.9, E: 1.9})
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestHalveMeans(t *testing.T) {
	m := &Image{W: 3, H: 2, Pix: []uint8{0, 10, 20, 4, 10, 20, 99, 99, 99, 8, 10, 21, 8, 14, 21, 99, 99, 99}}
	var got Image
	halve(&got, m)
	if got.W != 1 || got.H != 1 || got.Pix[0] != 5 || got.Pix[1] != 11 || got.Pix[2] != 21 {
		t.Errorf("%+v", got)
	}
	for _, size := range [][2]int{{1, 1}, {1, 7}, {7, 1}, {2, 2}, {5, 3}} {
		halve(&got, scene(size[0], size[1]))
		if got.W != max(1, size[0]/2) || got.H != max(1, size[1]/2) {
			t.Errorf("%v halves to %d x %d", size, got.W, got.H)
		}
	}
}

func TestResizeKeepsTheMean(t *testing.T) {
	m := scene(100, 80)
	mean := func(m *Image) float64 {
		var s float64
		for _, v := range m.Pix {
			s += float64(v)
		}
		return s / float64(len(m.Pix))
	}
	for _, size := range [][2]int{{50, 40}, {13, 7}, {333, 222}, {1, 1}, {100, 3}} {
		near(t, "mean", mean(m.Resize(size[0], size[1])), mean(m), 2)
	}
	if m.Resize(100, 80) != m {
		t.Error("the same size makes a copy")
	}
}

func TestResizePlaces(t *testing.T) {
	got := ramp(120, 100).Resize(30, 50)
	r, g, _ := at(got, 20, 30)
	near(t, "x", float64(r)/2, 20*4+1.5, 0.3)
	near(t, "y", float64(g)/2, 30*2+0.5, 0.3)
}

func TestWarpPerspective(t *testing.T) {
	m := ramp(127, 127)
	q := Quad{{30, 20}, {100, 30}, {120, 110}, {10, 90}}
	for _, size := range [][2]int{{60, 50}, {180, 140}, {20, 16}, {10, 8}} {
		w, h := size[0], size[1]
		f, ok := q.Onto(w, h)
		if !ok {
			t.Fatal("no map")
		}
		got := m.WarpPerspective(f, w, h)
		for _, p := range [][2]int{{w / 2, h / 2}, {w / 5, h / 4}, {w - w/4, h - h/5}} {
			want := f.Apply(Point{float64(p[0]), float64(p[1])})
			r, g, _ := at(got, p[0], p[1])
			near(t, "x", float64(r)/2, want.X, 0.4)
			near(t, "y", float64(g)/2, want.Y, 0.4)
		}
	}
}

func TestWarpPerspectiveRepeatsTheEdge(t *testing.T) {
	m := ramp(20, 10)
	f, _ := Quad{{-20.5, -10.5}, {39.5, -10.5}, {39.5, 19.5}, {-20.5, 19.5}}.Onto(60, 30)
	got := m.WarpPerspective(f, 60, 30)
	for _, c := range [][4]int{{0, 0, 0, 0}, {59, 29, 19, 9}, {30, 0, 10, 0}, {0, 15, 0, 5}} {
		if r, g, _ := at(got, c[0], c[1]); r != 2*c[2] || g != 2*c[3] {
			t.Errorf("pixel %v is %d, %d", c, r, g)
		}
	}
	for _, h := range []Homography{{}, {0: math.NaN()}, {0: 1e300, 4: 1e300, 8: 1e-300}, {0: 1, 4: 1, 6: -1, 8: 5}} {
		m.WarpPerspective(h, 9, 9)
		(&Image{}).WarpPerspective(h, 9, 9)
	}
}

func BenchmarkWarp192(b *testing.B) {
	m, dst := scene(640, 480), New(192, 192)
	f := Affine{A: 1.4, B: -0.2, C: 100, D: 0.2, E: 1.4, F: 60}
	b.ReportAllocs()
	for b.Loop() {
		m.WarpInto(dst, f)
	}
}

func BenchmarkWarp128Reduced(b *testing.B) {
	m, dst := scene(640, 480), New(128, 128)
	p := NewPyramid(m)
	f := m.Letterbox(128, 128)
	b.ReportAllocs()
	for b.Loop() {
		p.Reset(m)
		p.WarpInto(dst, f)
	}
}

func BenchmarkWarpPerspective(b *testing.B) {
	m, dst := scene(1300, 900), New(800, 50)
	f, _ := Quad{{100, 700}, {1200, 650}, {1210, 720}, {105, 760}}.Onto(800, 50)
	b.ReportAllocs()
	for b.Loop() {
		m.WarpPerspectiveInto(dst, f)
	}
}

func BenchmarkResize1300(b *testing.B) {
	m := scene(1300, 900)
	for b.Loop() {
		m.Resize(960, 665)
	}
}
