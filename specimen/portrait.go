package specimen

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
)

// Portrait is the picture of a holder.
type Portrait struct {
	Image image.Image     // upright; nil prints a silhouette
	Face  image.Rectangle // from the brows to the chin
	// Crisp prints it with a hard edge, as many issuers do; without, its edges are
	// soft.
	Crisp bool
}

// How a face stands in a printed portrait: the face box's width is this share of
// the frame's, and its middle is this far down. It gives the head the 70 to 80 %
// of the height that ICAO Doc 9303-3 asks for.
const (
	faceWidth = 0.60
	faceDown  = 0.54
)

// crop is the part of the picture that fills a frame of w x h.
func (p Portrait) crop(w, h float64) image.Rectangle {
	cw := float64(p.Face.Dx()) / faceWidth
	ch := cw * h / w
	cx := float64(p.Face.Min.X+p.Face.Max.X) / 2
	cy := float64(p.Face.Min.Y+p.Face.Max.Y) / 2
	b := p.Image.Bounds()
	// A picture that is too tight is used up to its edges.
	k := min(1, float64(b.Dx())/cw, float64(b.Dy())/ch)
	cw, ch = cw*k, ch*k
	x := min(max(cx-cw/2, float64(b.Min.X)), float64(b.Max.X)-cw)
	y := min(max(cy-ch*faceDown, float64(b.Min.Y)), float64(b.Max.Y)-ch)
	return image.Rect(int(x), int(y), int(x+cw), int(y+ch))
}

// portrait prints p into the frame, weakened to the degree strength (0 to 1),
// with the dull colours, soft edges and printed-over pattern of a document.
func (s *sheet) portrait(p Portrait, f Frame, strength float64) {
	r := pixels(f.Box)
	m := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	if p.Image == nil {
		silhouette(m)
	} else {
		draw.CatmullRom.Scale(m, m.Rect, p.Image, p.crop(f.Box[2], f.Box[3]), draw.Src, nil)
	}
	dull(m, f.Grey)
	for y := range r.Dy() {
		for x := range r.Dx() {
			c := m.RGBAAt(x, y)
			a := strength
			if !p.Crisp {
				a *= feather(x, r.Dx()) * feather(y, r.Dy())
			}
			s.blend(r.Min.X+x, r.Min.Y+y, color.NRGBA{c.R, c.G, c.B, 255}, a)
		}
	}
}

// feather fades the outermost part of an edge of n pixels.
func feather(i, n int) float64 {
	const soft = 0.6 * PerMM
	d := float64(min(i, n-1-i)) + 1
	return min(1, 0.35+0.65*d/soft)
}

// dull takes the picture's colours to what comes out of a document printer:
// fewer, flatter, and with the line screen of laser engraving where grey.
func dull(m *image.RGBA, grey bool) {
	w := m.Rect.Dx()
	for y := range m.Rect.Dy() {
		screen := 0.0
		if grey {
			screen = 5 * math.Sin(2*math.Pi*float64(y)/4)
		}
		for p := m.Pix[y*m.Stride:][:4*w]; len(p) >= 4; p = p[4:] {
			luma := 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
			colour := 0.62
			if grey {
				colour = 0
			}
			for c := range 3 {
				v := luma + colour*(float64(p[c])-luma)
				p[c] = clamp(24 + v*0.85 + screen)
			}
		}
	}
}

func clamp(v float64) uint8 { return uint8(min(255, max(0, v+0.5))) }

// silhouette is the head and shoulders of nobody.
func silhouette(m *image.RGBA) {
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			u, v := (float64(x)+0.5)/w-0.5, (float64(y)+0.5)/h
			head := math.Hypot(u/0.25, (v-0.42)/0.27) < 1
			body := math.Hypot(u/0.45, (v-1.05)/0.33) < 1
			c := color.RGBA{214, 218, 222, 255}
			if head || body {
				c = color.RGBA{140, 146, 154, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
}
