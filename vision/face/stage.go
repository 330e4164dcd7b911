package face

import (
	"context"
	"fmt"

	"idflow/vision"
	"idflow/vision/onnx"
)

// stage is a network with the canvas on which its input is drawn. The functions
// it is run with are made once, so that a run allocates nothing. One stage does
// one thing at a time.
type stage struct {
	net    *onnx.Net
	canvas *vision.Image
	fill   func(in []float32)
	read   func(out onnx.Outputs) error
}

func (s *stage) run(ctx context.Context) error {
	return s.net.Run(ctx, nil, s.fill, s.read)
}

// floats is the output of that name, which has to have n numbers.
func floats(out onnx.Outputs, name string, n int) ([]float32, error) {
	t := out.Get(name)
	if len(t.Data) != n {
		return nil, fmt.Errorf("output %q has %d numbers, not %d: it is another network", name, len(t.Data), n)
	}
	return t.Data, nil
}

// square maps a canvas of size x size pixels onto a square of the picture about
// c, turned by tilt radians clockwise.
func square(c vision.Point, side, tilt float64, size int) vision.Affine {
	s, h := side/float64(size), float64(size-1)/2
	a, b := turned(s, tilt)
	return vision.Affine{A: a, B: -b, C: c.X - a*h + b*h, D: b, E: a, F: c.Y - b*h - a*h}
}
