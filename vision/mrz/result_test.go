package mrz

import (
	"testing"

	"idflow/vision"
)

func TestResultOfAField(t *testing.T) {
	line := make([]Character, 30)
	for i := range line {
		line[i].P = 0.99
	}
	line[7].P, line[20].P = 0.4, 0.1
	r := Result{
		Lines: []Line{{Characters: line}, {Characters: line}},
		Print: vision.Homography{10, 0, 100, 0, 10, 50, 0, 0, 1},
	}
	for _, c := range []struct {
		name  string
		field Field
		want  float64
	}{
		{"sure", Field{At: []Span{{0, 0, 7}}}, 0.99},
		{"one in doubt", Field{At: []Span{{0, 5, 14}}}, 0.4},
		{"in two places", Field{At: []Span{{0, 5, 14}, {1, 15, 21}}}, 0.1},
		{"empty", Field{At: []Span{{0, 7, 7}}}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := r.Confidence(c.field); got != c.want {
				t.Errorf("confidence %v, want %v", got, c.want)
			}
		})
	}
	got := r.Box(Span{Line: 1, From: 10, To: 20})
	want := vision.Quad{{X: 354, Y: 101.5}, {X: 608, Y: 101.5}, {X: 608, Y: 125.5}, {X: 354, Y: 125.5}}
	for i := range want {
		if got[i].Dist(want[i]) > 1e-6 {
			t.Errorf("corner %d at %v, want %v", i, got[i], want[i])
		}
	}
}
