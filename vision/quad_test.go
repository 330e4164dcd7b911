package vision

import "testing"

func TestQuadMeasures(t *testing.T) {
	q := Quad{{10, 20}, {50, 20}, {50, 30}, {10, 30}}
	if w, h := q.Width(), q.Height(); w != 40 || h != 10 {
		t.Errorf("%v x %v, want 40 x 10", w, h)
	}
	if a := q.Area(); a != 400 {
		t.Errorf("area %v, want 400", a)
	}
	if c := q.Center(); c != (Point{30, 25}) {
		t.Errorf("centre %v", c)
	}
	if q.Left() != (Point{10, 25}) || q.Right() != (Point{50, 25}) || q.Along() != (Point{1, 0}) {
		t.Errorf("ends %v and %v, direction %v", q.Left(), q.Right(), q.Along())
	}
	if got := q.Bounds(); got != (Rect{10, 20, 50, 30}) {
		t.Errorf("bounds %v", got)
	}
	if got := (Quad{q[0], q[3], q[2], q[1]}).Area(); got != -400 {
		t.Errorf("area of the reversed corners %v, want -400", got)
	}
}

func TestQuadMoves(t *testing.T) {
	q := Quad{{10, 20}, {50, 20}, {50, 30}, {10, 30}}
	if got, want := q.Turned(2), (Quad{{50, 30}, {10, 30}, {10, 20}, {50, 20}}); got != want {
		t.Errorf("turned by half: %v, want %v", got, want)
	}
	if got, want := q.Turned(1), (Quad{{10, 30}, {10, 20}, {50, 20}, {50, 30}}); got != want {
		t.Errorf("turned by a quarter: %v, want %v", got, want)
	}
	if got := q.Turned(1).Turned(3); got != q {
		t.Errorf("turned there and back: %v", got)
	}
	if got, want := q.Grown(2, 3), (Quad{{8, 17}, {52, 17}, {52, 33}, {8, 33}}); got != want {
		t.Errorf("grown: %v, want %v", got, want)
	}
	if got, want := q.Shifted(Point{1, 2}), (Quad{{11, 22}, {51, 22}, {51, 32}, {11, 32}}); got != want {
		t.Errorf("shifted: %v, want %v", got, want)
	}
	if got := q.Scaled(2, 2).Scaled(0.5, 0.5); got != q {
		t.Errorf("scaled there and back: %v", got)
	}
}

func TestUnitOfNothing(t *testing.T) {
	if got := (Point{}).Unit(); got != (Point{1, 0}) {
		t.Errorf("unit of no length is %v", got)
	}
	if got := (Point{1, 0}).Normal(); got != (Point{0, 1}) {
		t.Errorf("the normal of right is %v, want down", got)
	}
}
