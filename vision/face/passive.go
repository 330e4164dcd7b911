package face

import (
	"context"
	"math"

	"idflow/vision"
	"idflow/vision/onnx"
)

// Passive liveness: does one picture show a face, or a print or a screen that
// shows a face?
//
// Source: the MiniFASNet shape of minivision's Silent-Face-Anti-Spoofing
// (Apache-2.0), own weights from npm faceplugin-face-recognition-js 0.0.1
// (model/fr_liveness.onnx, MIT; training data not stated). The colours are blue
// first: fed red first, living faces fall (0.26 instead of 0.997).
//
// Measured on few pictures: 5 of 5 prints and screens below 0.14; a paper face
// held up (0.92) and a worn mask (0.998) pass. Of 136 genuine photographs 3 are
// below 0.5 and 15 below 0.9; of the frames of seven clips of people at a camera
// none is below 0.94, and the medians are over 0.998. So it is one signal, best
// taken as a median over frames, and never the decision.
const (
	passiveNet    = "fr_liveness"
	passiveSize   = 128 // input: 1 x 3 x 128 x 128, BGR, 0 to 255
	passiveMargin = 2.7 // side of the crop over that of the face's box
	passiveOutput = 3   // logits; class 0 is alive
)

type passiveStage struct {
	stage
	live float64
}

func newPassiveStage(net *onnx.Net) *passiveStage {
	s := &passiveStage{stage: stage{net: net, canvas: vision.New(passiveSize, passiveSize)}}
	s.fill, s.read = s.draw, s.decode
	return s
}

// passiveBrow is how far above the mesh, in its heights, the box ends that the
// network's margin refers to: the mean of where UltraLight draws it, over 126
// pictures, and steadier from frame to frame than that.
const passiveBrow = 0.14

// measure takes the mesh's box in the upright picture.
func (s *passiveStage) measure(ctx context.Context, p *vision.Pyramid, mesh vision.Rect) (float64, error) {
	mesh.Y0 -= passiveBrow * mesh.H()
	r := surroundings(p.Image(), mesh, passiveMargin)
	p.WarpInto(s.canvas, r.Onto(passiveSize, passiveSize))
	err := s.run(ctx)
	return s.live, err
}

// surroundings enlarges box by margin about its middle, or by as much as the
// picture has, and shifts it into the picture: the network never saw padding.
func surroundings(m *vision.Image, box vision.Rect, margin float64) vision.Rect {
	all := m.Bounds()
	k := min(margin, all.W()/box.W(), all.H()/box.H())
	r := box.Scale(k)
	dx := math.Max(0, all.X0-r.X0) + math.Min(0, all.X1-r.X1)
	dy := math.Max(0, all.Y0-r.Y0) + math.Min(0, all.Y1-r.Y1)
	return vision.Rect{X0: r.X0 + dx, Y0: r.Y0 + dy, X1: r.X1 + dx, Y1: r.Y1 + dy}
}

func (s *passiveStage) draw(in []float32) {
	n := vision.Uniform(0, 1)
	n.BGR = true
	s.canvas.FillPlanar(in, n)
}

func (s *passiveStage) decode(out onnx.Outputs) error {
	logits, err := floats(out, "output", passiveOutput)
	if err != nil {
		return err
	}
	s.live = softmax0(logits)
	return nil
}
