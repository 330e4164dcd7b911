package specimen

import (
	"fmt"
	"math"

	"idflow/vision"
)

// Camera is how a photograph is taken: where the document lies, in what light,
// and what the lens, the sensor and the encoder do to it. The zero value of a
// field is the absence of that flaw; Width, Height, Fill and Quality must be set.
type Camera struct {
	Seed          uint64 // of the ground, the noise and what else there is by chance
	Width, Height int    // of the picture as it is to be seen, in pixels

	Fill  float64    // share of the picture's width or height that the document takes, whichever is more; above 1 it is cut off
	Turn  float64    // of the document in the picture's plane, clockwise, in degrees
	Lean  [2]float64 // of the document about the horizontal and the vertical axis, in degrees
	Shift [2]float64 // of the document from the middle, as shares of width and height
	Open  bool       // a booklet's other page shows

	Ground   Ground
	Exposure float64    // in stops: 1 is twice as bright
	Warmth   float64    // -1 bluish to 1 yellowish
	Shade    float64    // how much darker the dark side is, 0 to 1
	Glare    float64    // brightness of a reflection on the document, 1 hides what is below
	GlareAt  [2]float64 // its middle, as shares of the document's width and height
	Shadow   float64    // depth of the photographer's shadow over a part, 0 to 1

	Blur    float64    // of the lens, standard deviation in pixels
	Motion  [2]float64 // of the hand, in pixels
	Noise   float64    // standard deviation at middle brightness, of 255
	Sharpen float64    // overshoot at edges, 0.5 is what phones do
	Quality int        // of the JPEG, 1 to 100
	// Mosaic takes each colour from a pixel of its own of a sensor twice as fine, as
	// real sensors do: grids as fine as the sensor's shimmer then, in colours too.
	Mosaic bool
	// Orientation is written into the file's EXIF block, and the rows stored such
	// that obeying it shows them upright; 0 writes none.
	Orientation vision.Orientation
}

// Ground is what the document lies on.
type Ground string

// The grounds.
const (
	Plain   Ground = "plain"
	Wood    Ground = "wood"
	Cloth   Ground = "cloth"
	Stone   Ground = "stone"
	Clutter Ground = "clutter" // a desk with sheets of text, cards, pens and a keyboard
)

// Level is how difficult a photograph is to read.
type Level string

// The levels.
const (
	Easy   Level = "easy"   // a careful person at a table in daylight
	Medium Level = "medium" // what people send
	Hard   Level = "hard"   // what a reader should still make something of
)

// Levels are all of them.
var Levels = []Level{Easy, Medium, Hard}

// circumstances are the ranges a level draws from.
type circumstances struct {
	fill, exposure, blur, noise [2]float64
	turn, lean, shift, warmth   float64 // up to this to either side
	shade, glare, shadow        float64 // up to this
	glareOften, motionOften     float64 // probability
	motion                      float64
	quality                     [2]int
	grounds                     []Ground
	upright                     float64 // probability of a picture that is higher than wide
}

var levels = map[Level]circumstances{
	Easy: {
		fill: [2]float64{0.8, 0.92}, turn: 3, lean: 6, shift: 0.02,
		exposure: [2]float64{-0.15, 0.15}, warmth: 0.25, shade: 0.15,
		blur: [2]float64{0.3, 0.55}, noise: [2]float64{0.6, 1.5}, quality: [2]int{90, 95},
		grounds: []Ground{Plain, Wood, Cloth, Stone},
	},
	Medium: {
		fill: [2]float64{0.74, 0.92}, turn: 9, lean: 14, shift: 0.04,
		exposure: [2]float64{-0.5, 0.3}, warmth: 0.6, shade: 0.4, glare: 0.5, glareOften: 0.4, shadow: 0.25,
		blur: [2]float64{0.5, 0.9}, noise: [2]float64{1.5, 3.5}, motion: 1, motionOften: 0.2, quality: [2]int{80, 90},
		grounds: []Ground{Plain, Wood, Cloth, Stone, Clutter, Clutter}, upright: 0.15,
	},
	Hard: {
		fill: [2]float64{0.62, 0.88}, turn: 25, lean: 24, shift: 0.07,
		exposure: [2]float64{-1.1, 0.5}, warmth: 1, shade: 0.6, glare: 0.9, glareOften: 0.6, shadow: 0.5,
		blur: [2]float64{0.8, 1.4}, noise: [2]float64{3, 7}, motion: 2, motionOften: 0.4, quality: [2]int{60, 80},
		grounds: []Ground{Wood, Cloth, Stone, Clutter, Clutter, Clutter}, upright: 0.25,
	},
}

// The size of a level's pictures.
const (
	photoLong  = 1300
	photoShort = 975
)

// Camera invents the circumstances of a photograph of the level, of 1300 x 975
// pixels or the other way round.
func (g *Generator) Camera(l Level) Camera {
	k, ok := levels[l]
	if !ok {
		panic(fmt.Sprintf("specimen: no level %q", l))
	}
	around := func(v float64) float64 { return g.within(-v, v) }
	of := func(r [2]float64) float64 { return g.within(r[0], r[1]) }
	c := Camera{
		Seed: g.rand.Uint64(), Width: photoLong, Height: photoShort,
		Fill: of(k.fill), Turn: around(k.turn), Lean: [2]float64{around(k.lean), around(k.lean)},
		Shift: [2]float64{around(k.shift), around(k.shift)}, Open: l != Easy,
		Ground: pick(g, k.grounds), Exposure: of(k.exposure), Warmth: around(k.warmth), Shade: g.within(0, k.shade),
		Blur: of(k.blur), Noise: of(k.noise), Sharpen: g.within(0.2, 0.6), Quality: g.between(k.quality[0], k.quality[1]),
	}
	if g.rand.Float64() < k.glareOften {
		c.Glare, c.GlareAt = g.within(0.2, k.glare), [2]float64{g.within(0.1, 0.95), g.within(0.05, 0.95)}
	}
	if g.rand.Float64() < k.motionOften {
		c.Motion = [2]float64{around(k.motion), around(k.motion)}
	}
	if k.shadow > 0 && g.rand.Float64() < 0.5 {
		c.Shadow = g.within(0.1, k.shadow)
	}
	if g.rand.Float64() < k.upright {
		c.Width, c.Height = c.Height, c.Width
		c.Fill = max(c.Fill, 0.8)
	}
	for i := range c.Shift {
		room := 0.45 * (1 - c.Fill)
		c.Shift[i] = min(max(c.Shift[i], -room), room)
	}
	return c
}

// Scan is a camera that sees the document as a flatbed scanner does: square,
// evenly lit and with a little of the lid around it, width pixels wide.
func Scan(width int) Camera {
	return Camera{Width: width, Height: width * 3 / 4, Fill: 0.94, Ground: Plain, Noise: 0.8, Blur: 0.3, Quality: 92}
}

// maxSide bounds the pixels of a photograph along either side.
const maxSide = 8192

func (c Camera) check() error {
	if c.Width < 16 || c.Height < 16 || c.Width > maxSide || c.Height > maxSide {
		return fmt.Errorf("specimen: a photograph of %d x %d pixels: want 16 to %d", c.Width, c.Height, maxSide)
	}
	if !(c.Fill > 0.05 && c.Fill < 4) {
		return fmt.Errorf("specimen: a document that fills %v of the picture: want 0.05 to 4", c.Fill)
	}
	if math.Abs(c.Lean[0]) > 60 || math.Abs(c.Lean[1]) > 60 {
		return fmt.Errorf("specimen: a document leaning by %v degrees: want up to 60", c.Lean)
	}
	return nil
}

// focal is the focal length as a share of the picture's longer side: that of a
// phone's main camera, 28 mm on film of 36.
const focal = 0.78

// corners is where the corners of a page of the given size (of any unit) come to
// lie.
func (c Camera) corners(w, h float64) vision.Quad {
	sinT, cosT := math.Sincos(c.Turn * math.Pi / 180)
	sinX, cosX := math.Sincos(c.Lean[0] * math.Pi / 180)
	sinY, cosY := math.Sincos(c.Lean[1] * math.Pi / 180)
	f := focal * float64(max(c.Width, c.Height))
	seen := func(away float64) (q vision.Quad) {
		for i, p := range [4]vision.Point{{X: -w / 2, Y: -h / 2}, {X: w / 2, Y: -h / 2}, {X: w / 2, Y: h / 2}, {X: -w / 2, Y: h / 2}} {
			// Leaning comes first, turning after it.
			x, y, z := p.X*cosY, p.Y*cosX+p.X*sinY*sinX, p.Y*sinX-p.X*sinY*cosX
			x, y = x*cosT-y*sinT, x*sinT+y*cosT
			q[i] = vision.Point{X: x, Y: y}.Mul(f / (away + z))
		}
		return q
	}
	// The document goes nearer or further until it fills what it is to fill.
	away := 2 * (w + h)
	q := seen(away)
	for range 12 {
		lo, hi := span(q)
		away *= max((hi.X-lo.X)/float64(c.Width), (hi.Y-lo.Y)/float64(c.Height)) / c.Fill
		away = max(away, 0.8*(w+h)*(math.Abs(sinX)+math.Abs(sinY)))
		q = seen(away)
	}
	lo, hi := span(q)
	to := vision.Point{X: float64(c.Width) * (0.5 + c.Shift[0]), Y: float64(c.Height) * (0.5 + c.Shift[1])}
	move := to.Sub(lo.Add(hi).Mul(0.5)).Sub(vision.Point{X: 0.5, Y: 0.5})
	for i := range q {
		q[i] = q[i].Add(move)
	}
	return q
}

// span is the upright box about q.
func span(q vision.Quad) (lo, hi vision.Point) {
	lo, hi = q[0], q[0]
	for _, p := range q[1:] {
		lo = vision.Point{X: min(lo.X, p.X), Y: min(lo.Y, p.Y)}
		hi = vision.Point{X: max(hi.X, p.X), Y: max(hi.Y, p.Y)}
	}
	return lo, hi
}
