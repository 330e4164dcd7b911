package face

import (
	"math"
	"testing"

	"idflow/specimen/portraits"
	"idflow/vision"
)

// walk is a picture seen through a window that moves over it, frame by frame.
func walk(m *vision.Image, frames int) []*vision.Image {
	var out []*vision.Image
	for i := range frames {
		d := 4 * float64(i)
		out = append(out, m.CropResize(m.Bounds().Scale(0.9).Add(vision.Point{X: d, Y: d / 2}), 480, 480*m.H/m.W))
	}
	return out
}

func TestTrackerFollows(t *testing.T) {
	a := open(t)
	tr := a.NewTracker()
	for i, m := range walk(pixels(t, portraits.Load(t).Person("A").Pictures[0]), 8) {
		got, err := tr.Next(t.Context(), m, WantEyes|WantLive)
		if err != nil || got.Face == nil || len(got.Faces) != 1 {
			t.Fatalf("frame %d: %+v, %v", i, got.Faces, err)
		}
		if followed := got.Face.Detection.Score == 0; followed != (i > 0) {
			t.Errorf("frame %d: followed is %v", i, followed)
		}
		anew := analyze(t, a, m, WantEyes|WantLive).Face
		if iou := got.Face.Box.IoU(anew.Box); iou < 0.93 {
			t.Errorf("frame %d: box %v, detected anew %v", i, got.Face.Box, anew.Box)
		}
		if d := math.Abs(got.Face.Pose.Yaw - anew.Pose.Yaw); d > 3 {
			t.Errorf("frame %d: yaw differs by %.1f", i, d)
		}
		if math.Abs(got.Face.Live-anew.Live) > 0.1 || got.Face.Eyes.Closed() != anew.Eyes.Closed() {
			t.Errorf("frame %d: live %.3f and %.3f, eyes %v and %v", i, got.Face.Live, anew.Live, got.Face.Eyes, anew.Eyes)
		}
	}
}

func TestTrackerLosesAndFindsAgain(t *testing.T) {
	a := open(t)
	m := pixels(t, portraits.Load(t).Person("A").Pictures[0])
	tr := a.NewTracker()
	for i, c := range []struct {
		m    *vision.Image
		face bool
	}{{vision.New(m.W, m.H), false}, {m, true}, {m, true}, {vision.New(m.W, m.H), false}, {m, true}} {
		got, err := tr.Next(t.Context(), c.m, 0)
		if err != nil || (got.Face != nil) != c.face || (len(got.Faces) > 0) != c.face {
			t.Errorf("frame %d: face %v, %v", i, got.Face != nil, err)
		}
	}
}

func TestTrackerSeesOthersWhenAsked(t *testing.T) {
	a := open(t)
	set := portraits.Load(t)
	alone := pixels(t, set.Person("A").Pictures[0])
	both := beside(alone.H, []*vision.Image{alone, pixels(t, set.Person("B").Pictures[0])}, []float64{1, 0.8})
	tr := a.NewTracker()
	for i, c := range []struct {
		what  Want
		faces int
	}{{0, 2}, {0, 1}, {WantOthers, 2}, {0, 1}} {
		got, err := tr.Next(t.Context(), both, c.what)
		if err != nil || len(got.Faces) != c.faces {
			t.Errorf("frame %d: %d faces, want %d (%v)", i, len(got.Faces), c.faces, err)
		}
	}
}

func TestTrackerReset(t *testing.T) {
	a := open(t)
	m := pixels(t, portraits.Load(t).Person("A").Pictures[0])
	tr := a.NewTracker()
	for range 2 {
		got, err := tr.Next(t.Context(), m, 0)
		if err != nil || got.Face == nil || got.Face.Detection.Score == 0 {
			t.Errorf("not detected: %v", err)
		}
		tr.Reset()
	}
	if _, err := tr.Next(t.Context(), &vision.Image{}, 0); err == nil {
		t.Error("a frame of no pixels was taken")
	}
}

func TestTrackerDoesNotAllocate(t *testing.T) {
	a := open(t)
	m := pixels(t, portraits.Load(t).Person("A").Pictures[0])
	tr := a.NewTracker()
	ctx := t.Context()
	next := func() {
		if got, err := tr.Next(ctx, m, WantEyes|WantQuality|WantLive|WantOthers); err != nil || got.Face == nil {
			t.Fatal(err)
		}
	}
	next()
	next()
	if n := testing.AllocsPerRun(5, next); n > 0 {
		t.Errorf("%v allocations a frame", n)
	}
}
