// Package ocr finds lines of text in pictures and reads them with networks that
// give, for each step along a line, the probability of each character (CTC).
// What the characters may be, and so what the text is, is for the caller.
package ocr

import (
	"context"
	"fmt"
	"math"
	"sync"

	"idflow/vision"
	"idflow/vision/onnx"
)

// Box is a piece of a text line: corners in reading order as far as the shape
// tells (the long side is the line; which of its ends comes first it does not
// tell), and how sure the network is, 0 to 1.
type Box struct {
	vision.Quad
	Score float64
}

// Detector finds text with PP-OCRv4's detection network (text_detect in the
// model manifest; DB, Liao et al. 2020). It is safe for concurrent use.
type Detector struct {
	net  *onnx.Net
	pool sync.Pool // of *segmentation
}

// NewDetector uses net, whose input is 1 x 3 x H x W with sides of multiples of
// 32 and whose output is 1 x 1 x H x W: the probability of text.
func NewDetector(net *onnx.Net) *Detector {
	return &Detector{net: net, pool: sync.Pool{New: func() any { return new(segmentation) }}}
}

// What PP-OCRv4 was trained with and is used with by PaddleOCR's own pipeline,
// but for minScore (0.6 there): faint print is worth a look here, as what is no
// zone is refused later.
const (
	gridStep  = 32
	threshold = 0.3 // of the probability of a pixel
	minScore  = 0.5 // of a box, the mean probability inside
	minSide   = 3.0 // of a box, pixels of the network's input
	unclip    = 1.6 // how much larger a box is than its shrunk core
)

// textNormalization is ImageNet's, applied in the order blue, green, red, as
// PaddleOCR does.
var textNormalization = vision.Normalization{
	Mean:  [3]float32{0.485 * 255, 0.456 * 255, 0.406 * 255},
	Scale: [3]float32{1 / (0.229 * 255), 1 / (0.224 * 255), 1 / (0.225 * 255)},
	BGR:   true,
}

// Detect finds the text in m, looked at with its long side scaled to about
// longSide pixels (the time grows with the square). Letters have to be some 8
// pixels high at that scale, lines not less than that apart.
func (d *Detector) Detect(ctx context.Context, m *vision.Image, longSide int) ([]Box, error) {
	if m.W == 0 || m.H == 0 {
		return nil, nil
	}
	s := d.pool.Get().(*segmentation)
	defer d.pool.Put(s)
	w, h := inputSize(m.W, m.H, longSide)
	s.resize(w, h)
	m.WarpInto(&s.canvas, m.Bounds().Onto(w, h))
	var boxes []Box
	err := d.net.Run(ctx, []int64{1, 3, int64(h), int64(w)},
		func(in []float32) { s.canvas.FillPlanar(in, textNormalization) },
		func(out onnx.Outputs) error {
			p := out.First()
			if len(p.Data) != w*h {
				return fmt.Errorf("text detector: %d values for %d x %d pixels", len(p.Data), w, h)
			}
			boxes = s.boxes(p.Data)
			return nil
		})
	if err != nil {
		return nil, err
	}
	kx, ky := float64(m.W)/float64(w), float64(m.H)/float64(h)
	for i := range boxes {
		boxes[i].Quad = boxes[i].Quad.Scaled(kx, ky)
	}
	return boxes, nil
}

func inputSize(w, h, longSide int) (int, int) {
	k := float64(longSide) / float64(max(w, h))
	side := func(n int) int { return max(1, int(math.Round(float64(n)*k/gridStep))) * gridStep }
	return side(w), side(h)
}
