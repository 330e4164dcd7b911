package vision

import (
	"math/rand/v2"
	"testing"
)

func TestFitHomographyFindsTheMap(t *testing.T) {
	want, ok := NewHomography(Quad{{0, 0}, {100, 0}, {100, 20}, {0, 20}}, Quad{{310, 205}, {1210, 400}, {1190, 520}, {300, 290}})
	if !ok {
		t.Fatal("no map")
	}
	r := rand.New(rand.NewPCG(1, 2))
	var src, dst []Point
	var weights []float64
	for i := range 60 {
		p := Point{r.Float64() * 100, r.Float64() * 20}
		q, w := want.Apply(p), 1.0
		if i%10 == 0 { // worthless points
			q, w = q.Add(Point{300, -200}), 0
		}
		src, dst, weights = append(src, p), append(dst, q), append(weights, w)
	}
	got, ok := FitHomography(src, dst, weights)
	if !ok {
		t.Fatal("no fit")
	}
	for _, p := range src {
		if d := got.Apply(p).Dist(want.Apply(p)); d > 1e-6 {
			t.Fatalf("%v is mapped %v pixels off", p, d)
		}
	}
}

func TestFitHomographyRefuses(t *testing.T) {
	line := []Point{{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}}
	if _, ok := FitHomography(line, line, nil); ok {
		t.Error("points on one line span no plane")
	}
	if _, ok := FitHomography(line[:3], line[:3], nil); ok {
		t.Error("three points are not enough")
	}
}
