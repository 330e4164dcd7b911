package specimen

import (
	"math"

	"idflow/vision"
)

// before is the carrier with the camera in front of it, of which a pixel covers
// perPixel of the page's.
func (m *carrier) before(perPixel float64) *carrier {
	if !m.Carrier.Screen() {
		return m
	}
	// A pixel of the sensor, half as wide as one of the photograph, and a lens that
	// resolves what telephones' do.
	const sensor, lens = 0.5 / 3.46, 0.3
	seen := *m
	seen.mask = newMask(m.Pitch*PerMM, perPixel*math.Hypot(sensor, lens), m.Carrier == Phone)
	return &seen
}

// mosaic is what the four pixels of a sensor see that make up the photograph's
// pixel at p: one red, two green, one blue.
func (t *tabletop) mosaic(p vision.Point, back vision.Homography, ground *frame) rgb {
	var c rgb
	for i := range 4 {
		x, y := p.X-0.25+0.5*float64(i&1), p.Y-0.25+0.5*float64(i>>1)
		k := 1 / (back[6]*x + back[7]*y + back[8])
		u, v := (back[0]*x+back[1]*y+back[2])*k, (back[3]*x+back[4]*y+back[5])*k
		q := t.seen(u, v, k > 0, ground, x, y)
		switch i {
		case 0:
			c[0] = q[0]
		case 3:
			c[2] = q[2]
		default:
			c[1] += q[1] / 2
		}
	}
	return c
}

// shown is the light from (u, v) of a page on a carrier.
func (t *tabletop) shown(u, v float64, ground *frame, x, y float64) rgb {
	m := t.carrier
	out := m.outside(u, v)
	if m.Carrier.Screen() {
		if cover := min(1, max(0, 0.5-out/t.edge)); cover > 0 {
			c := m.emitted(t.picture(u, v), u, v, y)
			for i := range c {
				c[i] *= t.gain[1]
			}
			return t.reflect(c, u, v)
		}
		lit := t.light(x, y).times(0.6) // a room is darker than a screen
		c := ground.sample(x/2, y/2)
		if out < m.Bezel*PerMM {
			v := toLinear()[bezel.Y]
			c = rgb{v, v, v}
		}
		return rgb{c[0] * lit[0], c[1] * lit[1], c[2] * lit[2]}
	}
	lit := t.light(x, y)
	cover := float32(min(1, max(0, 0.5-out/t.edge)))
	var c rgb
	if cover < 1 {
		c = t.beside(u, v, out, ground.sample(x/2, y/2))
	}
	if cover > 0 {
		c = c.mix(t.reflect(t.picture(u, v), u, v), cover)
	}
	return rgb{c[0] * lit[0], c[1] * lit[1], c[2] * lit[2]}
}

// picture is the colour that the carrier shows at (u, v): the page, or the margin
// beside it.
func (t *tabletop) picture(u, v float64) rgb {
	cover := float32(min(1, max(0, 0.5-t.outside(u, v)/t.edge)))
	c := t.carrier.paper()
	if cover > 0 {
		c = c.mix(t.page.sample((u+0.5)*t.shrink-0.5, (v+0.5)*t.shrink-0.5), cover)
	}
	return c
}
