package mrz

import (
	"context"
	"fmt"
	"time"

	"idflow/vision"
	"idflow/vision/ocr"
	"idflow/vision/onnx"
)

// Reader finds and reads zones in pictures. It is safe for concurrent use.
type Reader struct {
	text  *ocr.Detector
	lines *ocr.Recognizer
}

// NewReader uses the networks text_detect and mrz_crnn of the model manifest.
func NewReader(textDetect, mrzCRNN *onnx.Net) *Reader {
	return &Reader{ocr.NewDetector(textDetect), ocr.NewRecognizer(mrzCRNN, Alphabet)}
}

// longSides are the sizes at which text is looked for: the first is enough for a
// document that fills half of the picture.
var longSides = []int{640, 960}

// Read looks for a zone in m, turned in any direction. That there is none is not
// an error: the Result has no Document then. The centuries of dates follow from
// now.
func (r *Reader) Read(ctx context.Context, m *vision.Image, now time.Time) (Result, error) {
	s := &search{r: r, ctx: ctx, m: m, now: now, known: map[vision.Quad]*logLattice{}}
	for _, side := range longSides {
		boxes, err := r.text.Detect(ctx, m, side)
		if err != nil {
			return Result{}, fmt.Errorf("find text: %w", err)
		}
		if err := s.run(textLines(boxes)); err != nil {
			return Result{}, fmt.Errorf("read a line: %w", err)
		}
		if !s.done() {
			if err := s.run(blockLines(m, boxes)); err != nil {
				return Result{}, fmt.Errorf("read a line: %w", err)
			}
		}
		if s.done() {
			break
		}
	}
	if s.best != nil && !s.best.credible() {
		s.best = nil
	}
	if s.best == nil {
		return Result{}, nil
	}
	return s.finish(), s.err
}
