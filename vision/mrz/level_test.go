package mrz

import (
	"math"
	"testing"

	"idflow/vision"
)

// ruled is a picture in which strokes stand along the lines of a zone of the
// plane.
func ruled(plane vision.Homography, l *layout) *vision.Image {
	m := vision.New(800, 300)
	for i := range m.Pix {
		m.Pix[i] = 220
	}
	for line := range l.lines {
		for x := 0.0; x < float64(l.width)*characterMM; x += 0.02 {
			if math.Mod(x, 1) > 0.4 {
				continue
			}
			for y := -capitalMM / 2; y < capitalMM/2; y += 0.05 {
				p := plane.Apply(vision.Point{X: x, Y: float64(line)*lineMM + y})
				copy(m.Pix[3*(int(p.Y+0.5)*m.W+int(p.X+0.5)):], []uint8{30, 30, 30})
			}
		}
	}
	return m
}

func TestLevelFindsTheLines(t *testing.T) {
	l := find(TD3)
	truth := vision.Homography{6, 0.3, 60, 0.2, 6, 120, 0, 0.0002, 1}
	s := &search{m: ruled(truth, l)}
	for _, c := range []struct {
		name          string
		offset, slope float64
	}{
		{"already there", 0, 0},
		{"too low", 2, 0},
		{"too high", -2, 0},
		{"tilted", 0, 3.0 / 112},
		{"tilted and low", 1.5, -3.0 / 112},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := s.level(sheared(truth, c.offset, c.slope), l)
			for _, p := range []vision.Point{{X: 0, Y: 0}, {X: 111, Y: 0}, {X: 111, Y: lineMM}} {
				if off := got.Apply(p).Dist(truth.Apply(p)) / 6; off > 0.5 {
					t.Errorf("%v is %.1f mm off", p, off)
				}
			}
		})
	}
}
