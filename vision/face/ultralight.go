package face

import (
	"context"

	"idflow/vision"
	"idflow/vision/onnx"
)

// UltraLight RFB-320: the second detector, which finds smaller faces than
// BlazeFace and is asked where that finds none.
//
// Source: Linzaer, "Ultra-Light-Fast-Generic-Face-Detector-1MB" (RFB-320,
// trained on WIDER FACE); weights from npm faceplugin-face-recognition-js 0.0.1
// (model/fr_detect.onnx, MIT).
const (
	ultraNet   = "fr_detect"
	ultraW     = 320 // input: 1 x 3 x 240 x 320, RGB, (v - 127) / 128
	ultraH     = 240
	ultraPrior = 4420
	ultraScore = 0.65 // least score; the project's own is 0.7, the package's 0.65
	ultraMerge = 0.4
)

type ultraLight struct {
	stage
	turn      int
	toPicture vision.Affine
	found     []Detection
}

func newUltraLight(net *onnx.Net) *ultraLight {
	u := &ultraLight{stage: stage{net: net, canvas: vision.New(ultraW, ultraH)}}
	u.fill, u.read = u.draw, u.decode
	return u
}

// detect is as blazeFace.detect.
func (u *ultraLight) detect(ctx context.Context, p *vision.Pyramid, turn int) ([]Detection, error) {
	u.turn, u.toPicture = turn, p.Image().LetterboxTurned(ultraW, ultraH, turn)
	p.WarpInto(u.canvas, u.toPicture)
	if err := u.run(ctx); err != nil {
		return nil, err
	}
	u.found = merge(u.found, ultraMerge, false)
	return u.found, nil
}

func (u *ultraLight) draw(in []float32) {
	u.canvas.FillPlanar(in, vision.Uniform(127, 1.0/128))
}

func (u *ultraLight) decode(out onnx.Outputs) error {
	scores, err := floats(out, "scores", 2*ultraPrior) // background, face
	if err != nil {
		return err
	}
	boxes, err := floats(out, "boxes", 4*ultraPrior) // corners, in shares of the input
	if err != nil {
		return err
	}
	at := func(x, y float32) vision.Point {
		return u.toPicture.Apply(vision.Point{X: float64(x)*ultraW - 0.5, Y: float64(y)*ultraH - 0.5})
	}
	u.found = u.found[:0]
	for i := range ultraPrior {
		if score := float64(scores[2*i+1]); score >= ultraScore {
			b := boxes[4*i:][:4]
			u.found = append(u.found, Detection{Box: box(at(b[0], b[1]), at(b[2], b[3])), Score: score, turn: u.turn})
		}
	}
	return nil
}
