package face

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"idflow/models/modelstest"
	"idflow/specimen/portraits"
	"idflow/vision"
	"idflow/vision/onnx"
)

// open gives a test the networks.
func open(t testing.TB) *Analyzer {
	t.Helper()
	dir := modelstest.Dir(t)
	library, err := dir.Runtime()
	if err == nil {
		err = onnx.Init(library)
	}
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(dir.Net, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

func pixels(t testing.TB, p portraits.Picture) *vision.Image {
	t.Helper()
	m, err := vision.Decode(p.JPEG)
	if err != nil {
		t.Fatalf("%s: %v", p.Name, err)
	}
	return m
}

func analyze(t testing.TB, a *Analyzer, m *vision.Image, what Want) Analysis {
	t.Helper()
	r, err := a.Analyze(t.Context(), m, what)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAnalyzePortraits(t *testing.T) {
	a := open(t)
	for _, who := range portraits.Load(t) {
		for _, p := range who.Pictures {
			r := analyze(t, a, pixels(t, p), WantAll)
			if r.Face == nil || len(r.Faces) != 1 || r.Turn != 0 {
				t.Errorf("%s: faces %v, turn %d", p.Name, r.Faces, r.Turn)
				continue
			}
			f := r.Face
			truth := vision.Rect{X0: float64(p.Face.Min.X), Y0: float64(p.Face.Min.Y), X1: float64(p.Face.Max.X), Y1: float64(p.Face.Max.Y)}
			if iou := f.Box.IoU(truth); iou < 0.5 {
				t.Errorf("%s: box %v, want about %v (IoU %.2f)", p.Name, f.Box, truth, iou)
			}
			if f.Mesh.Confidence < 0.95 {
				t.Errorf("%s: mesh confidence %.3f", p.Name, f.Mesh.Confidence)
			}
			if closed := p.Note == portraits.EyesClosed; f.Eyes.Closed() != closed {
				t.Errorf("%s: eyes %+v, closed is %v", p.Name, f.Eyes, closed)
			}
			if n := norm(f.Embedding); math.Abs(n-1) > 1e-5 {
				t.Errorf("%s: embedding of length %g", p.Name, n)
			}
			if !f.Quality.plausible() {
				t.Errorf("%s: quality %+v", p.Name, f.Quality)
			}
			if who.Name == "A" && f.Live < 0.9 {
				t.Errorf("%s: live %.3f", p.Name, f.Live)
			}
		}
	}
}

func norm(v []float32) float64 {
	var s float64
	for _, x := range v {
		s += float64(x) * float64(x)
	}
	return math.Sqrt(s)
}

func (q Quality) plausible() bool {
	return q.EyeDistance > 30 && q.Sharpness > 20 && q.Brightness > 40 && q.Brightness < 220 &&
		q.Contrast > 20 && q.Clipped >= 0 && q.Clipped < 0.6 && q.Asymmetry >= 0 && q.Asymmetry < 2 && q.Inside > 0.8 && q.Inside <= 1
}

func TestEmbeddingsTellPeopleApart(t *testing.T) {
	a := open(t)
	type shot struct {
		who, name string
		v         []float32
	}
	var shots []shot
	for _, who := range portraits.Load(t) {
		for _, p := range who.Pictures {
			r := analyze(t, a, pixels(t, p), WantEmbedding)
			shots = append(shots, shot{who.Name, p.Name, r.Face.Embedding})
		}
	}
	for i, x := range shots {
		for _, y := range shots[:i] {
			s := Similarity(x.v, y.v)
			if (x.who == y.who) != (s > 0.42) {
				t.Errorf("%s and %s: %.3f", x.name, y.name, s)
			}
		}
	}
}

func TestAnalyzeFindsTheWayUp(t *testing.T) {
	a := open(t)
	for _, who := range portraits.Load(t) {
		p := who.Pictures[0]
		m := pixels(t, p)
		upright := analyze(t, a, m, WantEmbedding)
		for turn := 1; turn < 4; turn++ {
			r := analyze(t, a, m.Rotate(4-turn), WantEmbedding)
			if r.Face == nil || r.Turn != turn {
				t.Errorf("%s: turned by %d, found %d (face %v)", p.Name, turn, r.Turn, r.Face != nil)
				continue
			}
			if r.Image.W != m.W || !slices.Equal(r.Image.Pix, m.Pix) {
				t.Errorf("%s: turned by %d, the picture is not the upright one", p.Name, turn)
			}
			if iou := r.Face.Box.IoU(upright.Face.Box); iou < 0.9 {
				t.Errorf("%s: turned by %d, box %v instead of %v", p.Name, turn, r.Face.Box, upright.Face.Box)
			}
			if s := Similarity(r.Face.Embedding, upright.Face.Embedding); s < 0.95 {
				t.Errorf("%s: turned by %d, similarity to itself %.3f", p.Name, turn, s)
			}
		}
	}
}

func TestMirrorSwapsSides(t *testing.T) {
	a := open(t)
	set := portraits.Load(t)
	for _, name := range []string{"A", "B", "D"} {
		m := pixels(t, set.Person(name).Pictures[0])
		f, g := analyze(t, a, m, WantEyes).Face, analyze(t, a, m.Mirror(), WantEyes).Face
		const slack = 5 // degrees: the network is not symmetrical
		if math.Abs(f.Pose.Yaw+g.Pose.Yaw) > slack || math.Abs(f.Pose.Roll+g.Pose.Roll) > slack || math.Abs(f.Pose.Pitch-g.Pose.Pitch) > slack {
			t.Errorf("%s: pose %+v, mirrored %+v", name, f.Pose, g.Pose)
		}
		if math.Abs(f.Eyes.Left-g.Eyes.Right) > 0.3 || math.Abs(f.Eyes.Right-g.Eyes.Left) > 0.3 {
			t.Errorf("%s: eyes %+v, mirrored %+v", name, f.Eyes, g.Eyes)
		}
	}
}

// leaned turns a picture about its middle, degrees clockwise.
func leaned(m *vision.Image, degrees float64) *vision.Image {
	c, s := turned(1, -degrees*math.Pi/180)
	x, y := float64(m.W-1)/2, float64(m.H-1)/2
	return m.Warp(vision.Affine{A: c, B: -s, C: x - c*x + s*y, D: s, E: c, F: y - s*x - c*y}, m.W, m.H)
}

func TestRollFollowsTheHead(t *testing.T) {
	a := open(t)
	m := pixels(t, portraits.Load(t).Person("A").Pictures[0])
	level := analyze(t, a, m, 0).Face.Pose.Roll
	for _, lean := range []float64{-40, -20, 20, 40} {
		got := analyze(t, a, leaned(m, lean), 0).Face.Pose.Roll - level
		if math.Abs(got-lean) > 4 {
			t.Errorf("leaning by %g reads %.1f", lean, got)
		}
	}
}

// beside puts pictures next to each other, each scaled to a height.
func beside(height int, ms []*vision.Image, scale []float64) *vision.Image {
	var parts []*vision.Image
	width := 0
	for i, m := range ms {
		h := int(float64(height) * scale[i])
		parts = append(parts, m.Resize(m.W*h/m.H, h))
		width += parts[i].W
	}
	o, x := vision.New(width, height), 0
	for _, p := range parts {
		for y := range p.H {
			copy(o.Pix[3*(y*width+x):], p.Pix[3*y*p.W:][:3*p.W])
		}
		x += p.W
	}
	return o
}

func TestAnalyzeSeveralFaces(t *testing.T) {
	a := open(t)
	set := portraits.Load(t)
	big, small := pixels(t, set.Person("A").Pictures[0]), pixels(t, set.Person("D").Pictures[0])
	r := analyze(t, a, beside(480, []*vision.Image{small, big}, []float64{0.6, 1}), WantAll)
	if len(r.Faces) != 2 || r.Face == nil {
		t.Fatalf("faces %v", r.Faces)
	}
	if r.Faces[0] != r.Face.Box || r.Faces[0].Area() < r.Faces[1].Area() {
		t.Errorf("not the largest first: %v", r.Faces)
	}
	if got := r.SecondRatio(); got < 0.1 || got > 0.9 {
		t.Errorf("ratio %.2f", got)
	}
	alone := analyze(t, a, big, WantEmbedding)
	if s := Similarity(alone.Face.Embedding, r.Face.Embedding); s < 0.9 {
		t.Errorf("the largest face is not the one expected: %.3f", s)
	}
	if alone.SecondRatio() != 0 {
		t.Errorf("ratio of a single face %.2f", alone.SecondRatio())
	}
}

func TestAnalyzeTinyFace(t *testing.T) {
	a := open(t)
	m := pixels(t, portraits.Load(t).Person("A").Pictures[0])
	f := vision.New(640, 480)
	tiny := m.Resize(m.W/6, m.H/6) // a face of about 45 pixels
	for y := range tiny.H {
		copy(f.Pix[3*((y+200)*f.W+300):], tiny.Pix[3*y*tiny.W:][:3*tiny.W])
	}
	r := analyze(t, a, f, WantQuality)
	if r.Face == nil {
		t.Fatal("not found")
	}
	if d := r.Face.Quality.EyeDistance; d < 10 || d > 35 {
		t.Errorf("eyes %.1f px apart", d)
	}
}

func TestAnalyzeNoFace(t *testing.T) {
	a := open(t)
	noise := vision.New(320, 240)
	for i, v := 0, uint32(1); i < len(noise.Pix); i++ {
		v = v*1664525 + 1013904223
		noise.Pix[i] = uint8(v >> 24)
	}
	for name, m := range map[string]*vision.Image{
		"black": vision.New(640, 480), "noise": noise, "one pixel": vision.New(1, 1), "thin": vision.New(2000, 1), "tall": vision.New(1, 3000),
	} {
		r := analyze(t, a, m, WantAll)
		if r.Face != nil || len(r.Faces) != 0 || r.Turn != 0 || r.Image != m {
			t.Errorf("%s: %+v", name, r.Faces)
		}
		if r.Portrait() != nil {
			t.Errorf("%s: a portrait", name)
		}
	}
	if _, err := a.Analyze(t.Context(), &vision.Image{}, 0); err == nil {
		t.Error("a picture of no pixels was analysed")
	}
}

func TestAnalyzeIsDeterministic(t *testing.T) {
	a := open(t)
	m := pixels(t, portraits.Load(t).Person("B").Pictures[0])
	want := analyze(t, a, m, WantAll)
	done := make(chan error)
	for range 4 {
		go func() {
			got, err := a.Analyze(t.Context(), m, WantAll)
			if err == nil && (got.Face.Mesh != want.Face.Mesh || got.Face.Live != want.Face.Live ||
				got.Face.Eyes != want.Face.Eyes || got.Face.Quality != want.Face.Quality || !slices.Equal(got.Face.Embedding, want.Face.Embedding)) {
				err = errors.New("another result")
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestAnalyzeStopsWithTheContext(t *testing.T) {
	a := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Analyze(ctx, vision.New(64, 64), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestOpenNamesTheMissingNet(t *testing.T) {
	missing := errors.New("not here")
	if _, err := Open(func(string) (string, error) { return "", missing }, 1); !errors.Is(err, missing) {
		t.Errorf("%v", err)
	}
}

func TestMeasureOneOfSeveral(t *testing.T) {
	a := open(t)
	set := portraits.Load(t)
	m := beside(480, []*vision.Image{pixels(t, set.Person("A").Pictures[0]), pixels(t, set.Person("B").Pictures[0])}, []float64{1, 1})
	ds, err := a.Detect(t.Context(), m)
	if err != nil || len(ds) != 2 {
		t.Fatalf("%v, %v", ds, err)
	}
	for _, d := range ds {
		f, err := a.Measure(t.Context(), m, d, WantEmbedding)
		if err != nil || f.Box.IoU(d.Box) < 0.4 || len(f.Embedding) != embeddingLen {
			t.Errorf("%v: %v, %v", d.Box, f.Box, err)
		}
	}
}

func TestPortraitShowsHeadAndShoulders(t *testing.T) {
	a := open(t)
	m := pixels(t, portraits.Load(t).Person("A").Pictures[0])
	r := analyze(t, a, m, 0)
	p := r.Portrait()
	again := analyze(t, a, p, WantEmbedding)
	if again.Face == nil {
		t.Fatal("no face in the portrait")
	}
	box := again.Face.Box
	if share := box.H() / float64(p.H); share < 0.4 || share > 0.7 {
		t.Errorf("the face is %.2f of the portrait's height", share)
	}
	if c := box.Center().X / float64(p.W); math.Abs(c-0.5) > 0.1 {
		t.Errorf("the face stands at %.2f of the width", c)
	}
	whole := analyze(t, a, m, WantEmbedding)
	if s := Similarity(whole.Face.Embedding, again.Face.Embedding); s < 0.95 {
		t.Errorf("similarity of the portrait to the picture %.3f", s)
	}
}

func ExampleSimilarity() {
	fmt.Println(Similarity([]float32{1, 0}, []float32{0, 2}), Similarity([]float32{3, 0}, []float32{5, 0}), Similarity(nil, []float32{1}))
	// Output: 0 1 0
}
