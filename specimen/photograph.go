package specimen

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"idflow/vision"
)

// Photo is a photograph of a page.
type Photo struct {
	JPEG  []byte
	Image *image.RGBA // the same before compression, upright
	Truth Truth
}

// Photograph takes a picture of a page. The error is for a camera that cannot be:
// see [Camera].
func Photograph(p *Page, c Camera) (*Photo, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	to := c.corners(float64(p.Truth.Size.X), float64(p.Truth.Size.Y))
	h, ok := vision.NewHomography(pageCorners(p), to)
	back, ok2 := vision.NewHomography(to, pageCorners(p))
	if !ok || !ok2 {
		return nil, errors.New("specimen: the camera sees the document from its edge")
	}
	r := rand.New(rand.NewPCG(c.Seed, 0xca3e4a))
	f := c.scene(p, back, r)
	f.blur(c.Blur)
	f.shake(c.Motion[0], c.Motion[1])
	m := c.expose(f, r)
	sharpen(m, c.Sharpen)

	photo := &Photo{Image: m, Truth: p.Truth.through(func(q vision.Quad) vision.Quad {
		for i := range q {
			q[i] = h.Apply(q[i])
		}
		return q
	})}
	photo.Truth.Size = m.Rect.Size()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, stored(m, c.Orientation), &jpeg.Options{Quality: c.Quality}); err != nil {
		return nil, fmt.Errorf("specimen: encode a photograph: %w", err)
	}
	photo.JPEG = withOrientation(b.Bytes(), c.Orientation)
	return photo, nil
}

// pageCorners are the corners of the whole page in its own pixels, of which the
// side's may be a fraction short.
func pageCorners(p *Page) vision.Quad {
	x, y := p.size()
	x, y = x-0.5, y-0.5
	return vision.Quad{{X: -0.5, Y: -0.5}, {X: x, Y: -0.5}, {X: x, Y: y}, {X: -0.5, Y: y}}
}

// scene is the light that reaches the lens; back leads from the photograph to
// the page.
func (c Camera) scene(p *Page, back vision.Homography, r *rand.Rand) *frame {
	surface := newSurface(c.Ground, r)
	t := c.newTabletop(p, back, r)
	ground := c.table(t, back, surface)
	f := newFrame(c.Width, c.Height)
	for y := range f.h {
		row := f.pix[3*y*f.w:][:3*f.w]
		u, v, w := back[1]*float64(y)+back[2], back[4]*float64(y)+back[5], back[7]*float64(y)+back[8]
		for x := range f.w {
			k := 1 / w
			d := row[3*x : 3*x+3 : 3*x+3]
			var q rgb
			if c.Mosaic {
				q = t.mosaic(vision.Point{X: float64(x), Y: float64(y)}, back, ground)
			} else {
				q = t.seen(u*k, v*k, w > 0, ground, float64(x), float64(y))
			}
			d[0], d[1], d[2] = q[0], q[1], q[2]
			u, v, w = u+back[0], v+back[3], w+back[6]
		}
	}
	return f
}

// table is the ground at half the photograph's size, for it lies out of focus;
// what the page hides stays black.
func (c Camera) table(t *tabletop, back vision.Homography, s surface) *frame {
	half := newFrame(c.Width/2+2, c.Height/2+2)
	k := 1000 / float64(max(c.Width, c.Height))
	for y := range half.h {
		for x := range half.w {
			at := vision.Point{X: float64(2 * x), Y: float64(2 * y)}
			if p := back.Apply(at); t.outside(p.X, p.Y) < -8*t.edge {
				continue
			}
			v := s(at.X*k, at.Y*k)
			copy(half.pix[3*(y*half.w+x):], v[:])
		}
	}
	return half
}

// tabletop is the page on its table under the lamp.
type tabletop struct {
	page    *frame
	shrink  float64 // pixels of page to one of the printed side
	w, h    float64 // of the printed side
	corner  float64
	edge    float64 // width of the page's antialiased edge, in its pixels
	open    bool    // the other page of the booklet lies above
	gain    rgb     // exposure and colour of the light
	falloff [3]float64
	shadow  [4]float64
	glare   [5]float64 // x, y, brightness, length across and along
	// glareTurn is the sine and cosine of the direction of glare.
	glareTurn [2]float64
	carrier   *carrier // what the page is shown on, nil for itself
}

func (c Camera) newTabletop(p *Page, back vision.Homography, r *rand.Rand) *tabletop {
	w, h := p.size()
	mid := vision.Point{X: float64(c.Width) / 2, Y: float64(c.Height) / 2}
	a, b := back.Apply(mid), back.Apply(mid.Add(vision.Point{X: 1}))
	perPixel := max(a.Dist(b), 0.05) // pixels of the side to one of the photograph
	t := &tabletop{
		w: w, h: h, corner: p.Corner, edge: perPixel,
		open: c.Open && p.Booklet,
	}
	fine := 1.25 / perPixel
	if c.Mosaic {
		fine *= 2
	}
	t.page = reduced(p.Image, fine*w/float64(p.Image.Rect.Dx()))
	if p.carrier != nil {
		t.carrier = p.carrier.before(perPixel)
	}
	t.shrink = float64(t.page.w) / w

	bright := math.Exp2(c.Exposure) * 0.92
	t.gain = rgb{float32(bright * (1 + 0.14*c.Warmth)), float32(bright), float32(bright * (1 - 0.2*c.Warmth))}
	// The light falls off towards a side by chance.
	sin, cos := math.Sincos(2 * math.Pi * r.Float64())
	size := float64(max(c.Width, c.Height))
	t.falloff = [3]float64{c.Shade * cos / size, c.Shade * sin / size, 1 - c.Shade*(cos*mid.X+sin*mid.Y)/size - c.Shade/3}
	// The shadow's edge crosses the picture at a distance from its middle.
	sin, cos = math.Sincos(2 * math.Pi * r.Float64())
	off := (r.Float64() - 0.3) * size / 3
	t.shadow = [4]float64{cos, sin, -(cos*mid.X + sin*mid.Y) + off, c.Shadow}
	across, along := (0.05+0.08*r.Float64())*w, (0.08+0.16*r.Float64())*w
	turn := math.Pi * r.Float64()
	t.glare = [5]float64{c.GlareAt[0] * w, c.GlareAt[1] * h, c.Glare, across, along}
	t.glareTurn[0], t.glareTurn[1] = math.Sincos(turn)
	return t
}

// seen is the light from (u, v) of the side, which the photograph shows at
// (x, y); front is false behind the horizon, where there is only ground.
func (t *tabletop) seen(u, v float64, front bool, ground *frame, x, y float64) rgb {
	if t.carrier != nil && front {
		return t.shown(u, v, ground, x, y)
	}
	c, lit := t.look(u, v, front, ground, x/2, y/2), t.light(x, y)
	return rgb{c[0] * lit[0], c[1] * lit[1], c[2] * lit[2]}
}

// light is the lamp's at a pixel of the photograph.
func (t *tabletop) light(x, y float64) rgb {
	k := max(0.1, t.falloff[0]*x+t.falloff[1]*y+t.falloff[2])
	if t.shadow[3] > 0 {
		const soft = 90
		d := t.shadow[0]*x + t.shadow[1]*y + t.shadow[2]
		k *= 1 - t.shadow[3]*min(1, max(0, 0.5+d/soft))
	}
	return t.gain.times(float32(k))
}

// look is what is seen at (u, v) of the side: the page where it lies, else the
// ground, which at that place is at (gx, gy) of its own frame. Behind the horizon
// (front is false) there is only ground.
func (t *tabletop) look(u, v float64, front bool, ground *frame, gx, gy float64) rgb {
	if !front {
		return ground.sample(gx, gy)
	}
	out := t.outside(u, v)
	cover := float32(min(1, max(0, 0.5-out/t.edge)))
	var c rgb
	if cover < 1 {
		c = t.beside(u, v, out, ground.sample(gx, gy))
	}
	if cover > 0 {
		p := t.page.sample((u+0.5)*t.shrink-0.5, (v+0.5)*t.shrink-0.5)
		c = c.mix(t.reflect(p, u, v), cover)
	}
	return c
}

// shade is how far a page on a table shades what is beside it, in pixels of the
// page.
const shade = 7 * PerMM

// beside is the ground c at (u, v), which lies out pixels off the page, with the
// page's shade and the booklet's other page.
func (t *tabletop) beside(u, v, out float64, c rgb) rgb {
	near, other := out, math.Inf(1)
	if t.open {
		other = t.outsideOther(u, v)
		near = max(0, min(near, other))
	}
	if near < shade {
		k := 1 - near/shade
		c = c.times(float32(1 - 0.5*k*k*k))
	}
	if v < 0 && other < t.edge {
		c = c.mix(otherPage(u, v), float32(min(1, max(0, 0.5-other/t.edge))))
	}
	return c
}

// outside is how far (u, v) lies outside of the page, negative inside.
func (t *tabletop) outside(u, v float64) float64 {
	x, y := math.Abs(u-t.w/2+0.5)-t.w/2+t.corner, math.Abs(v-t.h/2+0.5)-t.h/2+t.corner
	if t.open && v < t.h/2 {
		// At the fold the page has no round corners.
		y = -v - 0.5
		return max(x-t.corner, y)
	}
	if x > 0 && y > 0 {
		return math.Hypot(x, y) - t.corner
	}
	return max(x, y) - t.corner
}

// outsideOther is how far (u, v) lies outside of the booklet's other page.
func (t *tabletop) outsideOther(u, v float64) float64 {
	return max(-u-0.5, u-t.w+0.5, -v-t.h, v+0.5)
}

// otherPage is the page above the data page, pale and dark towards the fold.
func otherPage(u, v float64) rgb {
	wave := float32(0.012 * math.Sin(v/9+3*math.Sin(u/60)))
	k := float32(1 - 0.55*math.Exp(v/(2.5*PerMM)))
	return rgb{0.72 + wave, 0.71 + wave, 0.64 + wave}.times(k)
}

// reflect adds the lamp's reflection in the laminate to the page's colour c.
func (t *tabletop) reflect(c rgb, u, v float64) rgb {
	if t.glare[2] <= 0 {
		return c
	}
	du, dv := u-t.glare[0], v-t.glare[1]
	a, b := (du*t.glareTurn[1]+dv*t.glareTurn[0])/t.glare[3], (dv*t.glareTurn[1]-du*t.glareTurn[0])/t.glare[4]
	d := a*a + b*b
	if d > 12 {
		return c
	}
	g := float32(t.glare[2] * 1.3 * math.Exp(-d/2))
	return rgb{c[0] + g, c[1] + g, c[2] + g}
}

// expose turns light into a picture, with the sensor's noise.
func (c Camera) expose(f *frame, r *rand.Rand) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, f.w, f.h))
	display, gauss := toDisplay(), gaussian()
	// Light sensors are noisy a pixel at a time, colour over larger patches.
	patch := f.w/3 + 1
	tints := make([][2]float32, patch)
	own, tinted := float32(c.Noise*0.8), float32(c.Noise*0.6)
	for y := range f.h {
		if y%3 == 0 && c.Noise > 0 {
			for i := range tints {
				n := r.Uint64()
				tints[i] = [2]float32{tinted * gauss[n&4095], tinted * gauss[n>>12&4095]}
			}
		}
		src, dst := f.pix[3*y*f.w:][:3*f.w], m.Pix[y*m.Stride:][:4*f.w]
		var bits uint64
		for x := range f.w {
			if x%5 == 0 {
				bits = r.Uint64()
			}
			n := own * gauss[bits&4095]
			bits >>= 12
			tint := &tints[x/3]
			s, d := src[3*x:3*x+3:3*x+3], dst[4*x:4*x+4:4*x+4]
			d[0] = level(display, s[0], n+tint[0])
			d[1] = level(display, s[1], n)
			d[2] = level(display, s[2], n+tint[1])
			d[3] = 255
		}
	}
	return m
}

// level is the value of a pixel for light and noise; dark pixels are noisier
// after development, white ones are full.
func level(display *[lightSteps + 1]float32, light, noise float32) uint8 {
	v := display[int(min(max(light, 0), 1)*lightSteps)]
	v += noise * (1.25 - v*(0.7/255))
	return uint8(min(max(v+0.5, 0), 255))
}

// sharpen adds to each pixel the degree k of its difference from its neighbours'
// mean, as the phone's software does.
func sharpen(m *image.RGBA, k float64) {
	if k <= 0 {
		return
	}
	src := bytes.Clone(m.Pix)
	q := int32(k * 256 / 4)
	w, h := m.Rect.Dx(), m.Rect.Dy()
	for y := 1; y < h-1; y++ {
		row := y * m.Stride
		for i := row + 4; i < row+4*(w-1); i++ {
			if i&3 == 3 {
				continue
			}
			v := int32(src[i])
			d := 4*v - int32(src[i-4]) - int32(src[i+4]) - int32(src[i-m.Stride]) - int32(src[i+m.Stride])
			m.Pix[i] = uint8(min(255, max(0, v+d*q>>8)))
		}
	}
}
