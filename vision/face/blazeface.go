package face

import (
	"context"

	"idflow/vision"
	"idflow/vision/onnx"
)

// BlazeFace short range: the detector of MediaPipe, for faces within about two
// metres of a phone (the face at least about a tenth of the picture's longer
// side).
//
// Source: Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection
// on Mobile GPUs", 2019; weights and constants from npm @mediapipe/face_mesh
// 0.4.1657299874 (face_detection_short_range.tflite, Apache-2.0). Measured: it
// finds 13,232 of the 13,233 faces of LFW.
const (
	blazeNet   = "mp_facedet_short"
	blazeSize  = 128 // input: 1 x 128 x 128 x 3, RGB, (v - 127.5) / 127.5
	blazeScore = 0.5 // least score; MediaPipe's own
	blazeMerge = 0.3 // IoU from which two detections are of one face; MediaPipe's own
)

// blazeGrids are the anchors: in each cell of a grid over the input so many.
var blazeGrids = [...]struct{ cells, each int }{{16, 2}, {8, 6}}

const blazeAnchors = 16*16*2 + 8*8*6

// blazeBox is how many numbers an anchor has: centre, size and six marks, each
// as an offset from the anchor in pixels of the input.
const blazeBox = 16

type blazeFace struct {
	stage
	anchors   []vision.Point // in pixels of the input
	turn      int
	toPicture vision.Affine
	found     []Detection
}

func newBlazeFace(net *onnx.Net) *blazeFace {
	b := &blazeFace{stage: stage{net: net, canvas: vision.New(blazeSize, blazeSize)}}
	b.fill, b.read = b.draw, b.decode
	for _, g := range blazeGrids {
		cell := float64(blazeSize) / float64(g.cells)
		for y := range g.cells {
			for x := range g.cells {
				for range g.each {
					// Half a pixel less, as networks count from the pixel's corner.
					b.anchors = append(b.anchors, vision.Point{X: (float64(x)+0.5)*cell - 0.5, Y: (float64(y)+0.5)*cell - 0.5})
				}
			}
		}
	}
	return b
}

// detect gives the faces of the picture, seen after so many quarter turns
// clockwise, in the picture's own coordinates, best first; they are valid until
// the next call.
func (b *blazeFace) detect(ctx context.Context, p *vision.Pyramid, turn int) ([]Detection, error) {
	b.turn, b.toPicture = turn, p.Image().LetterboxTurned(blazeSize, blazeSize, turn)
	p.WarpInto(b.canvas, b.toPicture)
	if err := b.run(ctx); err != nil {
		return nil, err
	}
	b.found = merge(b.found, blazeMerge, true)
	return b.found, nil
}

func (b *blazeFace) draw(in []float32) {
	b.canvas.FillInterleaved(in, vision.Uniform(127.5, 1/127.5))
}

func (b *blazeFace) decode(out onnx.Outputs) error {
	scores, err := floats(out, "scores", blazeAnchors)
	if err != nil {
		return err
	}
	boxes, err := floats(out, "boxes", blazeAnchors*blazeBox)
	if err != nil {
		return err
	}
	b.found = b.found[:0]
	for i, logit := range scores {
		if score := sigmoid(logit); score >= blazeScore {
			b.found = append(b.found, b.detection(b.anchors[i], boxes[blazeBox*i:][:blazeBox], score))
		}
	}
	return nil
}

func (b *blazeFace) detection(anchor vision.Point, r []float32, score float64) Detection {
	at := func(x, y float64) vision.Point {
		return b.toPicture.Apply(vision.Point{X: anchor.X + x, Y: anchor.Y + y})
	}
	x, y, w, h := float64(r[0]), float64(r[1]), float64(r[2]), float64(r[3])
	d := Detection{Box: box(at(x-w/2, y-h/2), at(x+w/2, y+h/2)), Score: score, HasMarks: true, turn: b.turn}
	for i := range d.Marks { // the network's order is ours: it names sides by the person's
		d.Marks[i] = at(float64(r[4+2*i]), float64(r[5+2*i]))
	}
	return d
}
