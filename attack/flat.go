package attack

import (
	"math"
	"math/rand/v2"

	"idflow/vision"
)

// sheet is a flat or bent picture held before the camera: a print, or a screen.
type sheet struct {
	surface
	texture  *vision.Image
	behind   *vision.Image
	distance float64
	zoomed   bool    // comes closer by showing a larger picture, not by moving
	strength float64 // how much further than a head it is turned to the same effect
}

const (
	sheetGrid  = 20
	sheetStill = 1.0
)

// newSheet holds a picture before the camera so that it covers share of the
// frame's height. bend is the radius of the cylinder it is bent about, in
// widths of the sheet; 0: flat.
func newSheet(picture, behind *vision.Image, share, bend float64) *sheet {
	s := &sheet{texture: picture, behind: behind, distance: 40, strength: 1.5}
	height := share * float64(webcam.h) * s.distance / webcam.focal
	width := height * float64(picture.W) / float64(picture.H)
	for j := range sheetGrid + 1 {
		for i := range sheetGrid + 1 {
			u, v := float64(i)/sheetGrid, float64(j)/sheetGrid
			p := vec{(u - 0.5) * width, (v - 0.5) * height, s.distance}
			if bend > 0 { // the middle is nearest, as a face's is
				r := bend * width
				sin, cos := math.Sincos((u - 0.5) / bend)
				p.x, p.z = r*sin, s.distance+r*(1-cos)
			}
			s.points = append(s.points, p)
			s.texels = append(s.texels, vision.Point{X: u * float64(picture.W-1), Y: v * float64(picture.H-1)})
		}
	}
	for j := range sheetGrid {
		for i := range sheetGrid {
			a := j*(sheetGrid+1) + i
			b, c, d := a+1, a+sheetGrid+1, a+sheetGrid+2
			s.triangles = append(s.triangles, [3]int{a, b, c}, [3]int{b, d, c})
		}
	}
	return s
}

// draw shows the sheet turned and moved; what else the posture asks for it
// cannot do.
func (s *sheet) draw(p posture) *vision.Image {
	pivot := vec{0, 0, s.distance}
	closer := p.closer
	if s.zoomed {
		closer = sheetStill
	}
	at := make([]vec, len(s.points))
	for i, v := range s.points {
		if s.zoomed {
			v.x, v.y = v.x*p.closer, v.y*p.closer
		}
		at[i] = turnAbout(v, pivot, s.strength*p.yaw, s.strength*p.pitch)
		at[i].z += s.distance * (1/max(closer, 0.1) - 1)
	}
	c := newCanvas(vision.New(webcam.w, webcam.h))
	copy(c.Pix, s.behind.Pix)
	c.draw(webcam, &s.surface, at, s.texture)
	return c.Image
}

// room is an out-of-focus background.
func room(r *rand.Rand) *vision.Image {
	small := vision.New(8, 6)
	base := 90 + r.IntN(60)
	for i := range small.Pix {
		small.Pix[i] = uint8(base + r.IntN(50) - 25)
	}
	return small.Resize(webcam.w, webcam.h)
}

// printed is what a printer makes of a picture: fewer colours, raised blacks,
// and a raster of dots.
func printed(m *vision.Image) *vision.Image {
	out := vision.New(m.W, m.H)
	for y := range m.H {
		for x := range m.W {
			i := 3 * (y*m.W + x)
			luma := (2*float64(m.Pix[i]) + 5*float64(m.Pix[i+1]) + float64(m.Pix[i+2])) / 8
			dot := 9 * math.Sin(float64(x)*1.9+float64(y)*1.1) * math.Sin(float64(y)*1.9-float64(x)*1.1)
			for c := range 3 {
				v := luma + 0.75*(float64(m.Pix[i+c])-luma) // paper has less colour
				out.Pix[i+c] = clamp(28 + 0.8*v + dot)
			}
		}
	}
	return out
}

// screened is what a camera sees of a screen that shows a picture: a bluish
// white, a pattern where its pixels meet the camera's, a reflection, and the
// black edge of the device.
func screened(m *vision.Image, r *rand.Rand) *vision.Image {
	edge := m.H / 14
	out := vision.New(m.W+2*edge, m.H+2*edge)
	for i := range out.Pix {
		out.Pix[i] = 12
	}
	period, tilt := 3+4*r.Float64(), 0.2+0.4*r.Float64()
	glareX, glareY, glareR := float64(m.W)*r.Float64(), float64(m.H)*0.3*r.Float64(), float64(m.H)*(0.15+0.15*r.Float64())
	for y := range m.H {
		for x := range m.W {
			i, o := 3*(y*m.W+x), 3*((y+edge)*out.W+x+edge)
			phase := 2 * math.Pi * (float64(x) + tilt*float64(y)) / period
			d := math.Hypot(float64(x)-glareX, float64(y)-glareY) / glareR
			glare := 70 * math.Exp(-d*d)
			for c, tint := range [3]float64{0.92, 0.97, 1.08} {
				moire := 7 * math.Sin(phase+2.1*float64(c))
				out.Pix[o+c] = clamp(10 + tint*float64(m.Pix[i+c]) + moire + glare)
			}
		}
	}
	return out
}

func clamp(v float64) uint8 { return uint8(min(max(v, 0), 255)) }
