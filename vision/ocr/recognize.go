package ocr

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"idflow/vision"
	"idflow/vision/onnx"
)

// Recognizer reads lines of text with a network of our own kind: input 1 x 1 x
// Height x W (grey, mean 0 and deviation 1), output 1 x W/4 x classes, the
// probabilities of blank and of each character. It is safe for concurrent use.
type Recognizer struct {
	net      *onnx.Net
	alphabet string
	classes  int // without blank
	stretch  float64
	pool     sync.Pool // of *strip
}

// Height is that of a line as the network sees it, in pixels.
const Height = 24

const (
	stepWidth  = 4    // pixels of the strip for one step
	widthGrid  = 64   // widths are multiples of it, so that few shapes are kept in memory
	minWidth   = 64   // pixels of the strip
	maxWidth   = 2048 // likewise: 80 times the height
	contrast   = 8    // added to the deviation, as in training, so that empty paper stays flat
	sharpness  = 1.3  // source pixels a pixel of the strip may cover before they are averaged
	maxAverage = 4    // how many source pixels are averaged in each direction at most
)

// NewRecognizer uses net for the characters of alphabet, single bytes in the
// order of the network's classes, behind blank.
func NewRecognizer(net *onnx.Net, alphabet string) *Recognizer {
	r := NewStretched(net, len(alphabet), 1)
	r.alphabet = alphabet
	return r
}

// NewStretched uses net for so many classes (without blank), of which the
// caller knows what they mean. stretch is by how much wider the network's lines
// are than what they show: more than 1 gives narrow letters room.
func NewStretched(net *onnx.Net, classes int, stretch float64) *Recognizer {
	return &Recognizer{net: net, classes: classes, stretch: stretch, pool: sync.Pool{New: func() any { return new(strip) }}}
}

// Alphabet is the characters, in the order of classes 1 and up; "" for a
// recognizer of classes.
func (r *Recognizer) Alphabet() string { return r.alphabet }

// Read reads the line at q of m into l, whose memory it reuses.
func (r *Recognizer) Read(ctx context.Context, m *vision.Image, q vision.Quad, l *Lattice) error {
	s := r.pool.Get().(*strip)
	defer r.pool.Put(s)
	if !s.cut(m, q, r.stretch) {
		*l = Lattice{P: l.P[:0]}
		return nil
	}
	classes := r.classes + 1
	return r.net.Run(ctx, []int64{1, 1, Height, int64(s.padded)}, s.fill, func(out onnx.Outputs) error {
		p := out.First()
		if len(p.Data) != s.padded/stepWidth*classes {
			return fmt.Errorf("read a line: %d values for %d steps of %d classes", len(p.Data), s.padded/stepWidth, classes)
		}
		l.Classes, l.Steps = classes, (s.width+stepWidth-1)/stepWidth
		l.Width = float64(s.width) / stepWidth
		l.P = append(l.P[:0], p.Data[:l.Steps*classes]...)
		return nil
	})
}

// strip is a line cut out of a picture, and the memory for it.
type strip struct {
	warped        vision.Image
	grey          []float32 // width x Height
	width, padded int
}

// cut straightens the line at q. It is false for a place that has no extent.
func (s *strip) cut(m *vision.Image, q vision.Quad, stretch float64) bool {
	w, h := q.Width(), q.Height()
	if !(w >= 1 && h >= 1) {
		return false
	}
	s.width = int(min(max(math.Round(stretch*Height*w/h), minWidth), maxWidth))
	s.padded = (s.width + widthGrid - 1) / widthGrid * widthGrid
	k := averaged(max(h/Height, w/float64(s.width)))
	s.warped.W, s.warped.H = s.width*k, Height*k
	n := 3 * s.warped.W * s.warped.H
	s.warped.Pix = slices.Grow(s.warped.Pix[:0], n)[:n]
	onto, ok := q.Onto(s.warped.W, s.warped.H)
	if !ok {
		return false
	}
	m.WarpPerspectiveInto(&s.warped, onto)
	s.average(k)
	return true
}

// averaged is by how much larger a line is cut out, to be averaged down to
// size, where one pixel of the strip covers so many of the picture.
func averaged(scale float64) int {
	if scale <= sharpness {
		return 1
	}
	return min(int(math.Ceil(scale)), maxAverage)
}

// average makes grey from the warped picture, which is k times larger.
func (s *strip) average(k int) {
	s.grey = slices.Grow(s.grey[:0], s.width*Height)[:s.width*Height]
	scale := 1 / float32(k*k)
	for y := range Height {
		row := s.grey[y*s.width:][:s.width]
		clear(row)
		for dy := range k {
			p := s.warped.Pix[3*(y*k+dy)*s.warped.W:]
			for x := range row {
				var sum uint32
				for range k {
					sum += 299*uint32(p[0]) + 587*uint32(p[1]) + 114*uint32(p[2])
					p = p[3:]
				}
				row[x] += float32(sum) * (scale / 1000)
			}
		}
	}
}

// fill writes the strip as the network wants it; what lies behind its end is
// the mean.
func (s *strip) fill(in []float32) {
	mean, deviation := moments(s.grey)
	scale := 1 / (deviation + contrast)
	for y := range Height {
		row := in[y*s.padded:][:s.padded]
		for x, v := range s.grey[y*s.width:][:s.width] {
			row[x] = (v - mean) * scale
		}
		clear(row[s.width:])
	}
}

func moments(v []float32) (mean, deviation float32) {
	var sum, squares float64
	for _, x := range v {
		sum += float64(x)
		squares += float64(x) * float64(x)
	}
	n := float64(len(v))
	m := sum / n
	return float32(m), float32(math.Sqrt(max(0, squares/n-m*m)))
}
