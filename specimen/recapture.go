package specimen

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"sync"

	"golang.org/x/image/draw"
)

// Carrier is what a document is shown on instead of itself.
type Carrier string

// The carriers.
const (
	Monitor Carrier = "monitor" // a desk monitor: its pixels are wider than the camera's
	Phone   Carrier = "phone"   // a telephone or tablet: its pixels are finer
	Laser   Carrier = "laser"   // a colour print of regular dots
	Inkjet  Carrier = "inkjet"  // a colour print of scattered dots
	Copy    Carrier = "copy"    // a black-and-white copy: toner in regular dots
)

// Carriers are all of them.
var Carriers = []Carrier{Monitor, Phone, Laser, Inkjet, Copy}

// Screen says that the carrier shines by itself.
func (m Carrier) Screen() bool { return m == Monitor || m == Phone }

// Recapture is how a picture of a document is shown to the camera. Lengths are in
// millimetres at the size of the document, which is shown as large as it is.
type Recapture struct {
	Carrier Carrier
	Seed    uint64
	Pitch   float64    // from pixel to pixel of the screen or from dot to dot of the print
	Angle   float64    // of the print's black dots' rows, in degrees; the other inks' follow from it
	Margin  [4]float64 // of screen or paper beside the document: left, top, right, bottom
	Bezel   float64    // frame around the screen
	Ground  uint8      // brightness of the margin: what the screen shows there
	Black   float64    // light that black still sends, 0 to 1
	Tint    [3]float64 // of white
	Gamma   float64    // contrast: 1 is that of the document
	Haze    float64    // the room in the screen's glass, 0 to 1
	Bands   float64    // depth of the stripes that a flickering backlight gives
}

// Recapture invents a showing on the carrier. The ranges are those of common
// devices: monitors of 90 to 140 pixels to the inch, telephones of 250 to 460;
// prints of 85 to 150 lines to the inch.
func (g *Generator) Recapture(m Carrier) Recapture {
	r := Recapture{Carrier: m, Seed: g.rand.Uint64(), Angle: 45, Gamma: g.within(0.95, 1.2)}
	switch m {
	case Monitor:
		r.Pitch = g.within(0.18, 0.28)
		r.Bezel = g.within(6, 22)
		r.Ground = pick(g, []uint8{0, 30, 60, 235, 255})
		for i := range r.Margin {
			r.Margin[i] = g.within(4, 70)
		}
	case Phone:
		r.Pitch = g.within(0.055, 0.1)
		r.Bezel = g.within(2, 8)
		r.Ground = pick(g, []uint8{0, 0, 0, 20, 255})
		for i := range r.Margin {
			r.Margin[i] = g.within(0, 9)
		}
	case Laser, Copy:
		r.Pitch = g.within(0.17, 0.3)
		r.Angle = pick(g, []float64{45, 45, 45, 0, 30})
	case Inkjet:
		r.Pitch = g.within(0.042, 0.085)
	default:
		panic(fmt.Sprintf("specimen: no carrier %q", m))
	}
	if m.Screen() {
		cold := g.within(0, 0.14)
		r.Tint = [3]float64{1 - cold, 1 - 0.35*cold, 1}
		r.Black, r.Haze, r.Bands = g.within(0.004, 0.025), g.within(0, 0.03), g.within(0, 0.05)
		return r
	}
	r.Tint = [3]float64{g.within(0.84, 0.9), g.within(0.85, 0.9), g.within(0.86, 0.94)}
	r.Black = g.within(0.03, 0.075)
	if m == Copy {
		r.Gamma = g.within(1, 1.5)
	}
	for i := range r.Margin {
		if r.Margin[i] = g.within(8, 60); g.rand.IntN(3) == 0 {
			r.Margin[i] = g.within(0, 2) // cut out
		}
	}
	return r
}

// Of shows the page p in the way r says. What comes of it is photographed as the
// page itself; p stays as it is. The error is for a showing that cannot be.
func (r Recapture) Of(p *Page) (*Page, error) {
	if !(r.Pitch > 0.01 && r.Pitch < 2) {
		return nil, fmt.Errorf("specimen: a carrier with dots %v mm apart: want 0.01 to 2", r.Pitch)
	}
	m := &carrier{Recapture: r, curve: make([]float32, lightSteps+1)}
	for i := range m.curve {
		m.curve[i] = float32(r.Black + (1-r.Black)*math.Pow(float64(i)/lightSteps, r.Gamma))
	}
	w, h := float64(p.Image.Rect.Dx()), float64(p.Image.Rect.Dy())
	m.box = [4]float64{-r.Margin[0]*PerMM - 0.5, -r.Margin[1]*PerMM - 0.5, w - 0.5 + r.Margin[2]*PerMM, h - 0.5 + r.Margin[3]*PerMM}
	shown := *p
	shown.carrier, shown.Booklet = m, false
	shown.Image = r.reproduced(p.Image)
	return &shown, nil
}

// carrier is a Recapture about to be photographed.
type carrier struct {
	Recapture
	box  [4]float64 // of screen or paper, in the page's pixels: left, top, right, bottom
	mask *mask      // of a screen seen from where the camera stands
	// curve is the light that the screen sends for light of the document.
	curve []float32
}

// inkPerMM is the resolution that prints' dots are drawn at.
const inkPerMM = 2 * PerMM

// reproduced is the picture as the carrier makes it, without a screen's pixels.
func (r Recapture) reproduced(m *image.RGBA) *image.RGBA {
	if r.Carrier.Screen() {
		return m
	}
	b := image.Rect(0, 0, 2*m.Rect.Dx(), 2*m.Rect.Dy())
	wide := image.NewRGBA(b)
	draw.ApproxBiLinear.Scale(wide, b, m, m.Rect, draw.Src, nil)
	rnd := rand.New(rand.NewPCG(r.Seed, 0x1417))
	switch r.Carrier {
	case Laser:
		r.halftone(wide, rnd)
	case Inkjet:
		r.scatter(wide, rnd)
	case Copy:
		r.toner(wide, rnd)
	}
	return wide
}

// dots are the rows of a halftone: a dot grows out of every period.
type dots struct{ ax, ay, bx, by float64 }

func newDots(pitch, degrees float64) dots {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	k := cosineSteps / (pitch * inkPerMM)
	return dots{k * cos, k * sin, -k * sin, k * cos}
}

// cosine is a period of it.
const cosineSteps = 1024

var cosine = sync.OnceValue(func() *[cosineSteps]float64 {
	var t [cosineSteps]float64
	for i := range t {
		t[i] = math.Cos(2 * math.Pi * float64(i) / cosineSteps)
	}
	return &t
})

// over says how far the ink of coverage c covers the dot at (x, y), 0 to 1, with
// the soft edge of toner.
func (d dots) over(c, x, y float64) float64 {
	if c < 1e-3 {
		return 0
	}
	t := cosine()
	s := (t[int(d.ax*x+d.ay*y)&(cosineSteps-1)] + t[int(d.bx*x+d.by*y)&(cosineSteps-1)]) / 4 // -0.5 to 0.5
	// The spot function's own distribution is near enough to even.
	return min(1, max(0, 0.5+(s-(0.5-c))*6))
}

// halftone prints the picture in four inks, the rows of dots at the usual
// angles to each other (0, 15, 45 and 75 degrees).
func (r Recapture) halftone(m *image.RGBA, rnd *rand.Rand) {
	ink := [4]dots{newDots(r.Pitch, r.Angle-30), newDots(r.Pitch, r.Angle+30), newDots(r.Pitch, r.Angle-45), newDots(r.Pitch, r.Angle)}
	offset := [2]float64{100 * rnd.Float64(), 100 * rnd.Float64()}
	r.each(m, func(x, y int, c [3]float64) [3]float64 {
		cmyk := separate(c)
		for i := range cmyk {
			cmyk[i] = ink[i].over(cmyk[i], float64(x)+offset[0], float64(y)+offset[1])
		}
		return r.overprint(cmyk)
	})
}

// scatter prints it in drops that fall by chance, as many as the tone asks for.
func (r Recapture) scatter(m *image.RGBA, rnd *rand.Rand) {
	cell := r.Pitch * inkPerMM
	seed := rnd.Uint32()
	r.each(m, func(x, y int, c [3]float64) [3]float64 {
		cmyk := separate(c)
		for i := range cmyk {
			// Half of the drops' chance is their neighbours', so that they clump less.
			u, v := float64(x)/cell, float64(y)/cell
			t := float64(lattice(seed+uint32(i), uint32(u), uint32(v)))
			odd := float64((uint32(u)+uint32(v))&1) * 0.5
			t = 0.55*t + 0.45*(odd+0.25*float64(uint32(u)&1))
			cmyk[i] = min(1, max(0, 0.5+(cmyk[i]-t)*5))
		}
		return r.overprint(cmyk)
	})
}

// toner copies it in black.
func (r Recapture) toner(m *image.RGBA, rnd *rand.Rand) {
	ink := newDots(r.Pitch, r.Angle)
	seed := rnd.Uint32()
	r.each(m, func(x, y int, c [3]float64) [3]float64 {
		luma := 0.299*c[0] + 0.587*c[1] + 0.114*c[2]
		dark := min(1, max(0, 0.5+(0.47-luma)*(0.9*r.Gamma)))
		k := ink.over(dark, float64(x), float64(y))
		// Toner lies unevenly and dust is copied too.
		k *= 0.94 + 0.12*float64(smooth(seed, float64(x)/9, float64(y)/9)) - 0.06
		if lattice(seed+1, uint32(x/3), uint32(y/3)) > 0.9996 {
			k = 0.9
		}
		return r.overprint([4]float64{3: k})
	})
}

// each replaces every pixel by what f makes of it: the share of paper that is to
// stay free of ink in, by red, green and blue, and light out.
func (r Recapture) each(m *image.RGBA, f func(x, y int, c [3]float64) [3]float64) {
	display := toDisplay()
	var free [256]float64
	for i := range free {
		free[i] = math.Pow(float64(i)/255, 1.6*r.Gamma)
	}
	w := m.Rect.Dx()
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride:][:4*w]
		for x := range w {
			p := row[4*x : 4*x+3 : 4*x+3]
			c := f(x, y, [3]float64{free[p[0]], free[p[1]], free[p[2]]})
			for i, v := range c {
				p[i] = uint8(display[int(min(1, max(0, v))*lightSteps)] + 0.5)
			}
		}
	}
}

// separate is the coverage of cyan, magenta, yellow and black that leaves free
// what c says.
func separate(c [3]float64) [4]float64 {
	var ink [4]float64
	k := 1.0
	for i, v := range c {
		ink[i] = 1 - v
		k = min(k, ink[i])
	}
	k = max(0, k-0.35) / 0.65 // black from the middle tones on
	for i := range 3 {
		ink[i] = min(1, max(0, (ink[i]-k)/max(1e-3, 1-k)))
	}
	ink[3] = k
	return ink
}

// inks is the light of each colour that an ink lets through: of toners and
// drops, which are not as pure as light.
var inks = [4][3]float64{{0.06, 0.42, 0.72}, {0.72, 0.07, 0.32}, {0.88, 0.76, 0.08}, {0.035, 0.035, 0.04}}

func (r Recapture) overprint(cmyk [4]float64) [3]float64 {
	out := r.Tint
	for i, cover := range cmyk {
		for c := range 3 {
			out[c] *= 1 - cover*(1-inks[i][c])
		}
	}
	for c := range 3 {
		out[c] = r.Black*r.Tint[c] + (1-r.Black)*out[c]
	}
	return out
}

// paper is the blank margin's light.
func (m *carrier) paper() rgb {
	if m.Carrier.Screen() {
		v := toLinear()[m.Recapture.Ground]
		return rgb{v, v, v}
	}
	return rgb{float32(m.Tint[0]), float32(m.Tint[1]), float32(m.Tint[2])}
}

// outside is how far (u, v) lies outside of screen or paper, negative inside.
func (m *carrier) outside(u, v float64) float64 {
	return max(m.box[0]-u, u-m.box[2], m.box[1]-v, v-m.box[3])
}

// emitted is the light of a screen that shows the colour c at (u, v), and at the
// row y of the photograph.
func (m *carrier) emitted(c rgb, u, v, y float64) rgb {
	k := m.mask.at(u, v)
	band := 1 + m.Bands*math.Sin(y/37+float64(m.Seed&7))
	for i := range c {
		light := m.curve[int(min(1, c[i])*lightSteps)]
		c[i] = light*k[i]*float32(m.Tint[i]*band) + float32(m.Haze)
	}
	return c
}

// bezel is the colour of a screen's frame.
var bezel = color.Gray{Y: 26}
