package attack

import (
	"math"
	"slices"
	"strings"
	"testing"

	"idflow/vision"
)

func TestTriangulate(t *testing.T) {
	var points []vision.Point
	for j := range 6 {
		for i := range 6 {
			points = append(points, vision.Point{X: float64(i*10) + float64(j)*0.37, Y: float64(j*10) + float64(i*i)*0.13})
		}
	}
	area := 0.0
	seen := map[int]bool{}
	for _, tr := range triangulate(points) {
		a, b, c := points[tr[0]], points[tr[1]], points[tr[2]]
		area += math.Abs(b.Sub(a).Cross(c.Sub(a))) / 2
		for k, p := range points {
			if !slices.Contains(tr[:], k) && inCircle(a, b, c, p) {
				t.Fatalf("%v lies in the circle of %v", p, tr)
			}
		}
		for _, v := range tr {
			seen[v] = true
		}
	}
	if len(seen) != len(points) || area < 2400 || area > 2900 {
		t.Errorf("%d of %d points, area %.0f", len(seen), len(points), area)
	}
}

// checker is a picture whose every pixel tells where it was.
func checker() *vision.Image {
	m := vision.New(webcam.w, webcam.h)
	for y := range m.H {
		for x := range m.W {
			p := m.Pix[3*(y*m.W+x):]
			p[0], p[1], p[2] = uint8(x/2), uint8(y/2), 128
		}
	}
	return m
}

func TestSheetAtRestFillsItsShare(t *testing.T) {
	behind := vision.New(webcam.w, webcam.h)
	m := newSheet(checker(), behind, 0.8, 0).draw(posture{closer: 1})
	var inside int
	for i := 2; i < len(m.Pix); i += 3 {
		if m.Pix[i] > 100 {
			inside++
		}
	}
	if share := float64(inside) / float64(m.W*m.H); math.Abs(share-0.64) > 0.02 {
		t.Errorf("a sheet of 0.8 covers %.2f of the area", share)
	}
	mid := m.Pix[3*(180*m.W+240):][:2]
	if abs(int(mid[0])-120) > 2 || abs(int(mid[1])-90) > 2 {
		t.Errorf("the middle shows %v", mid)
	}
}

func abs(a int) int { return max(a, -a) }

func TestZoomedAndCloserSheetsGrowAlike(t *testing.T) {
	behind := vision.New(webcam.w, webcam.h)
	moved := newSheet(checker(), behind, 0.6, 0)
	zoomed := newSheet(checker(), behind, 0.6, 0)
	zoomed.zoomed = true
	a, b := moved.draw(posture{closer: 1.3}), zoomed.draw(posture{closer: 1.3})
	differ := 0
	for i := range a.Pix {
		if abs(int(a.Pix[i])-int(b.Pix[i])) > 3 {
			differ++
		}
	}
	if differ > len(a.Pix)/100 {
		t.Errorf("%d of %d values differ", differ, len(a.Pix))
	}
}

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		wrong, of int
		low, high float64
	}{{0, 0, 0, 1}, {0, 10, 0, 0.278}, {5, 10, 0.237, 0.763}, {10, 10, 0.722, 1}} {
		low, high := Interval(c.wrong, c.of)
		if math.Abs(low-c.low) > 0.001 || math.Abs(high-c.high) > 0.001 {
			t.Errorf("%d of %d: %.3f to %.3f", c.wrong, c.of, low, high)
		}
	}
}

func TestCounts(t *testing.T) {
	cases := []Case{{"a", Outcome{Verdict: "pass"}}, {"b", Outcome{Verdict: "retry"}}, {"c", Outcome{Verdict: "fail", Reasons: []string{"x"}}}, {"d", Outcome{Verdict: "no face"}}, {"e", Outcome{Verdict: "refused"}}, {"f", Outcome{Verdict: "review"}}}
	for _, attack := range []bool{true, false} {
		r := Result{Kind: Kind{Name: "k", Attack: attack}, Cases: cases}
		if c := r.Count(); c != (Counts{Shown: 5, Accepted: 1, Review: 1, Rejected: 2, Again: 1}) {
			t.Errorf("%+v", c)
		}
		want := 2
		if attack {
			want = 1
		}
		if r.Error() != want {
			t.Errorf("attack %v: %d errors", attack, r.Error())
		}
		var table, text strings.Builder
		report := &Report{Results: []Result{r}}
		if err := report.Table(&table); err != nil || !strings.Contains(table.String(), "gave up 1, x 1") {
			t.Errorf("%v in\n%s", err, table.String())
		}
		if err := report.Markdown(&text); err != nil || !strings.Contains(text.String(), "| k |") {
			t.Errorf("%v in\n%s", err, text.String())
		}
	}
}

func TestParseClip(t *testing.T) {
	var film []byte
	for range 3 {
		data, err := checker().EncodeJPEG(80)
		if err != nil {
			t.Fatal(err)
		}
		film = append(film, data...)
	}
	if c, err := ParseClip("c", film); err != nil || len(c.Frames) != 3 {
		t.Errorf("%d frames, %v", len(c.Frames), err)
	}
	if _, err := ParseClip("c", []byte("no film")); err == nil {
		t.Error("reads a film of nothing")
	}
}

func FuzzParseClip(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xd9\xff\xd8"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := ParseClip("c", data); err == nil && len(c.Frames) == 0 {
			t.Error("a film of nothing is no error")
		}
	})
}
