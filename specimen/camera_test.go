package specimen

import (
	"testing"

	"idflow/vision"
)

func TestCameraShowsTheWholeDocument(t *testing.T) {
	for _, l := range Levels {
		for seed := range uint64(200) {
			for key, tmpl := range templates {
				size := tmpl.Sides[0].Size
				c := New(seed).Camera(l)
				q := c.corners(size[0]*PerMM, size[1]*PerMM)
				whole := vision.Rect{X0: -0.5, Y0: -0.5, X1: float64(c.Width) - 0.5, Y1: float64(c.Height) - 0.5}
				for _, p := range q {
					if !whole.Contains(p) {
						t.Errorf("%s %s %d: the corner %v is not in the picture %v", l, key, seed, p, whole)
					}
				}
				if q.Area() <= 0 {
					t.Errorf("%s %s %d: the document is seen from behind", l, key, seed)
				}
				b := q.Bounds()
				if fill := max(b.W()/float64(c.Width), b.H()/float64(c.Height)); fill < c.Fill-0.01 || fill > c.Fill+0.01 {
					t.Errorf("%s %s %d: fills %.3f of the picture, want %.3f", l, key, seed, fill, c.Fill)
				}
			}
		}
	}
}

// A document too near for its lean would reach behind the lens.
func TestCameraKeepsItsDistance(t *testing.T) {
	c := Camera{Width: 400, Height: 300, Fill: 3.9, Lean: [2]float64{60, -60}, Turn: 45}
	for _, p := range c.corners(1500, 1000) {
		if !(p.X > -1e4 && p.X < 1e4 && p.Y > -1e4 && p.Y < 1e4) {
			t.Errorf("a corner lies at %v", p)
		}
	}
}
