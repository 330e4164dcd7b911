package specimen

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math"
	"math/rand/v2"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// Film is a moving picture made of stills, for a browser's fake camera: motion
// JPEG, which is JPEGs one behind the other. Chromium plays it in an endless loop
// at 30 frames a second with
//
//	--use-fake-device-for-media-stream --use-file-for-fake-video-capture=FILE.mjpeg
//
// and opens the file anew whenever a page opens the camera, so that replacing
// the file between two steps changes what the second one sees.
type Film struct {
	Width, Height int
	Frames        int     // of each still
	Sway          float64 // how far the hand moves the picture, as a share of its width; 0.004 is a calm one
	Noise         float64 // standard deviation of 255, new in every frame
	Quality       int     // of the JPEGs
	Seed          uint64
}

// Calm is a film as a steady hand makes it: two seconds of each still.
func Calm(width, height int) Film {
	return Film{Width: width, Height: height, Frames: 60, Sway: 0.004, Noise: 1.5, Quality: 88}
}

// Write films the stills, one behind the other. A still of other proportions is
// cut to the film's.
func (m Film) Write(w io.Writer, stills ...image.Image) error {
	if m.Width < 16 || m.Height < 16 || m.Width > maxSide || m.Height > maxSide || m.Frames < 1 {
		return fmt.Errorf("specimen: a film of %d frames of %d x %d pixels", m.Frames, m.Width, m.Height)
	}
	if len(stills) == 0 {
		return errors.New("specimen: a film of nothing")
	}
	r := rand.New(rand.NewPCG(m.Seed, 0xf11a))
	frame := image.NewRGBA(image.Rect(0, 0, m.Width, m.Height))
	var b bytes.Buffer
	for _, still := range stills {
		flat := toRGBA(still)
		sway := newSway(r, m.Sway*float64(m.Width))
		for i := range m.Frames {
			draw.ApproxBiLinear.Transform(frame, m.place(flat.Rect, sway, i), flat, flat.Rect, draw.Src, nil)
			addNoise(frame, m.Noise, r)
			b.Reset()
			if err := jpeg.Encode(&b, frame, &jpeg.Options{Quality: m.Quality}); err != nil {
				return fmt.Errorf("specimen: encode frame %d: %w", i, err)
			}
			if _, err := w.Write(b.Bytes()); err != nil {
				return fmt.Errorf("specimen: write frame %d: %w", i, err)
			}
		}
	}
	return nil
}

// place leads from a still to frame i. The still covers a little more than the
// frame so that no border shows when it sways.
func (m Film) place(still image.Rectangle, s sway, i int) f64.Aff3 {
	w, h := float64(m.Width), float64(m.Height)
	margin := 1 + 4*m.Sway
	k := margin * max(w/float64(still.Dx()), h/float64(still.Dy()))
	dx, dy, turn := s.at(float64(i) / 30)
	sin, cos := math.Sincos(turn)
	cx, cy := float64(still.Dx())/2, float64(still.Dy())/2
	return f64.Aff3{
		k * cos, -k * sin, w/2 + dx - k*(cos*cx-sin*cy),
		k * sin, k * cos, h/2 + dy - k*(sin*cx+cos*cy),
	}
}

// sway is the movement of a hand: a few slow swings that never fit together.
type sway struct {
	far   float64
	phase [6]float64
}

func newSway(r *rand.Rand, far float64) sway {
	s := sway{far: far}
	for i := range s.phase {
		s.phase[i] = 2 * math.Pi * r.Float64()
	}
	return s
}

// at is the shift in pixels and the turn in radians after t seconds.
func (s sway) at(t float64) (dx, dy, turn float64) {
	swing := func(hertz float64, i int) float64 { return math.Sin(2*math.Pi*hertz*t + s.phase[i]) }
	dx = s.far * (0.7*swing(0.5, 0) + 0.3*swing(1.3, 1))
	dy = s.far * (0.7*swing(0.4, 2) + 0.3*swing(1.7, 3))
	turn = s.far / 900 * (0.7*swing(0.3, 4) + 0.3*swing(1.1, 5))
	return dx, dy, turn
}

func addNoise(m *image.RGBA, sd float64, r *rand.Rand) {
	if sd <= 0 {
		return
	}
	gauss := gaussian()
	var bits uint64
	for i := 0; i < len(m.Pix); i += 4 {
		if i%20 == 0 {
			bits = r.Uint64()
		}
		n := float32(sd) * gauss[bits&4095]
		bits >>= 12
		p := m.Pix[i : i+3 : i+3]
		for c := range p {
			p[c] = uint8(min(max(float32(p[c])+n+0.5, 0), 255))
		}
	}
}

func toRGBA(m image.Image) *image.RGBA {
	if r, ok := m.(*image.RGBA); ok && r.Rect.Min == (image.Point{}) {
		return r
	}
	r := image.NewRGBA(image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy()))
	draw.Draw(r, r.Rect, m, m.Bounds().Min, draw.Src)
	return r
}

// selfieFace is how high the face box of a selfie stands in the frame, as a share
// of its height: the head then fills a capture page's oval.
const selfieFace = 0.5

// Selfie is a picture of w x h pixels as a front camera sees the portrait's
// holder: the face in the middle, of the size that a capture page asks for. Where
// the portrait ends too early, its edge goes on.
func Selfie(p Portrait, w, h int) (image.Image, error) {
	if p.Image == nil || p.Face.Empty() {
		return nil, errors.New("specimen: a selfie of nobody")
	}
	k := selfieFace * float64(h) / float64(p.Face.Dy())
	cx, cy := float64(p.Face.Min.X+p.Face.Max.X)/2, float64(p.Face.Min.Y+p.Face.Max.Y)/2
	// The brows-to-chin box lies a little below the middle of the head.
	left, top := cx-float64(w)/k/2, cy-0.52*float64(h)/k
	seen := image.Rect(int(left)-2, int(top)-2, int(left+float64(w)/k)+2, int(top+float64(h)/k)+2)
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	at := f64.Aff3{k, 0, -k * left, 0, k, -k * top}
	draw.CatmullRom.Transform(m, at, edged(p.Image, seen), seen, draw.Src, nil)
	return m, nil
}

// edged is the part r of a picture; beyond its edge the edge goes on.
func edged(m image.Image, r image.Rectangle) *image.RGBA {
	src := toRGBA(m)
	out := image.NewRGBA(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		sy := min(max(y-m.Bounds().Min.Y, 0), src.Rect.Dy()-1)
		for x := r.Min.X; x < r.Max.X; x++ {
			sx := min(max(x-m.Bounds().Min.X, 0), src.Rect.Dx()-1)
			out.SetRGBA(x, y, src.RGBAAt(sx, sy))
		}
	}
	return out
}
