package face

import (
	"context"

	"idflow/vision"
	"idflow/vision/onnx"
)

// Eye state network: is an eye closed?
//
// Source: npm faceplugin-face-recognition-js 0.0.1 (model/fr_eye.onnx, MIT;
// training data not stated). Its values hold near the front and in fair light:
// an eye that looks down, or lies in profile or in the dark, reads closed. The
// share of height to width of the mesh's eye is no substitute: a laughing open
// eye (0.19) is lower than some closed ones (0.20).
const (
	eyeNet    = "fr_eye"
	eyeSize   = 24  // input: 1 x 1 x 24 x 24, grey, v / 255
	eyeMargin = 1.6 // side of the square over the distance of the corners
	eyeOutput = 2   // logits: closed, open
)

// Eyes are the probabilities, 0 to 1, that an eye is closed; over 0.5 is
// closed. Sides are the picture's.
type Eyes struct{ Left, Right float64 }

// Closed says that both are.
func (e Eyes) Closed() bool { return e.Left > 0.5 && e.Right > 0.5 }

type eyeStage struct {
	stage
	gray   []uint8
	closed float64
}

func newEyeStage(net *onnx.Net) *eyeStage {
	e := &eyeStage{stage: stage{net: net, canvas: vision.New(eyeSize, eyeSize)}}
	e.fill, e.read = e.draw, e.decode
	return e
}

func (e *eyeStage) measure(ctx context.Context, p *vision.Pyramid, m *Mesh) (eyes Eyes, err error) {
	if eyes.Left, err = e.one(ctx, p, m.at(vertexEyeLeftOuter), m.at(vertexEyeLeftInner)); err != nil {
		return Eyes{}, err
	}
	eyes.Right, err = e.one(ctx, p, m.at(vertexEyeRightInner), m.at(vertexEyeRightOuter))
	return eyes, err
}

func (e *eyeStage) one(ctx context.Context, p *vision.Pyramid, a, b vision.Point) (float64, error) {
	p.WarpInto(e.canvas, square(a.Add(b).Mul(0.5), eyeMargin*a.Dist(b), 0, eyeSize))
	err := e.run(ctx)
	return e.closed, err
}

func (e *eyeStage) draw(in []float32) {
	e.gray = e.canvas.Gray(e.gray)
	for i, v := range e.gray {
		in[i] = float32(v) / 255
	}
}

func (e *eyeStage) decode(out onnx.Outputs) error {
	logits, err := floats(out, "output", eyeOutput)
	if err != nil {
		return err
	}
	e.closed = softmax0(logits)
	return nil
}
