package main

import (
	"math"
	"math/rand/v2"

	"idflow/vision"
)

// rgb is a colour, 0 to 1.
type rgb [3]float64

func (c rgb) times(k float64) rgb { return rgb{c[0] * k, c[1] * k, c[2] * k} }

func (c rgb) mix(d rgb, k float64) rgb {
	return rgb{c[0] + (d[0]-c[0])*k, c[1] + (d[1]-c[1])*k, c[2] + (d[2]-c[2])*k}
}

// surface gives the colour at a place; the picture's longer side is 1.
type surface func(x, y float64) rgb

func within(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

// colour is any that things have: mostly dull, sometimes not.
func colour(r *rand.Rand) rgb {
	v := within(r, 0.05, 0.98)
	s := 0.9 * r.Float64() * r.Float64()
	return rgb{v * (1 - s*r.Float64()), v * (1 - s*r.Float64()), v * (1 - s*r.Float64())}
}

// ground is what things lie on.
func ground(r *rand.Rand) surface {
	seed := r.Uint32()
	c, d := colour(r), colour(r)
	if r.IntN(2) == 0 {
		d = c.times(within(r, 0.6, 1.3))
	}
	sin, cos := math.Sincos(2 * math.Pi * r.Float64())
	turned := func(x, y float64) (float64, float64) { return x*cos - y*sin, x*sin + y*cos }
	wide := within(r, 0.01, 0.25)
	switch r.IntN(7) {
	case 0: // wood
		fine := within(r, 0.004, 0.03)
		return func(x, y float64) rgb {
			x, y = turned(x, y)
			plank := math.Floor(y / wide)
			k := 0.6*noise(seed, x*3+17*plank, y/fine) + 0.4*noise(seed+1, x*12, y/fine*4)
			if y/wide-plank < 0.02/wide*0.2 {
				return c.times(0.3)
			}
			return c.mix(d, k)
		}
	case 1: // tiles or checked cloth
		gap := within(r, 0.05, 0.5)
		return func(x, y float64) rgb {
			x, y = turned(x, y)
			if frac(x/wide) < gap != (frac(y/wide) < gap) {
				return c
			}
			return d.times(0.9 + 0.2*noise(seed, x*40, y*40))
		}
	case 2: // stripes
		gap := within(r, 0.05, 0.6)
		return func(x, y float64) rgb {
			x, _ = turned(x, y)
			if frac(x/wide) < gap {
				return c
			}
			return d
		}
	case 3: // stone, carpet
		fine := within(r, 0.004, 0.05)
		return func(x, y float64) rgb {
			k := 0.5*noise(seed, x/fine, y/fine) + 0.5*noise(seed+1, x*6, y*6)
			return c.mix(d, min(1, max(0, 2*k-0.5)))
		}
	case 4: // a printed sheet that fills the picture
		s := sheet(r)
		k := within(r, 0.8, 2)
		return func(x, y float64) rgb {
			x, y = turned(x-0.5, y-0.5)
			return s(0.5+x/k, 0.5+y/k)
		}
	case 5: // folds
		return func(x, y float64) rgb {
			x, y = turned(x, y)
			return c.times(0.6 + 0.6*noise(seed, x/wide/2, y*2))
		}
	}
	return func(x, y float64) rgb { return c.times(0.9 + 0.15*noise(seed, 3*x, 3*y)) }
}

// sheet is a printed page that is no document, with u and v from 0 to 1.
func sheet(r *rand.Rand) surface {
	seed, line, word := r.Uint32(), within(r, 0.015, 0.06), within(r, 0.01, 0.05)
	white, ink := colour(r).mix(rgb{1, 1, 1}, 0.7), colour(r).times(0.4)
	margin := within(r, 0, 0.12)
	return func(u, v float64) rgb {
		row := math.Floor(v / line)
		if at := v/line - row; at > 0.35 && at < 0.75 && u > margin && u < 1-margin && v > margin && v < 1-margin &&
			noise(seed, u/word, row*3.7) > 0.4 && noise(seed+1, u*5, row*5.1) > 0.25 {
			return ink
		}
		return white
	}
}

// keys is a keyboard.
func keys(r *rand.Rand) surface {
	key, c := within(r, 0.05, 0.12), colour(r)
	letter := colour(r)
	return func(u, v float64) rgb {
		a, b := frac(u/key), frac(v/key/2.2)
		switch {
		case a < 0.12 || b < 0.12:
			return c.times(0.3)
		case a > 0.4 && a < 0.6 && b > 0.3 && b < 0.6:
			return letter
		}
		return c
	}
}

// thing is something that lies about.
type thing struct {
	at       vision.Point
	w, h     float64 // half
	sin, cos float64
	round    bool
	paint    surface
}

// covers says where on the thing p is, from 0 to 1.
func (t *thing) covers(p vision.Point) (u, v float64, ok bool) {
	d := p.Sub(t.at)
	u, v = (d.X*t.cos+d.Y*t.sin)/t.w, (d.Y*t.cos-d.X*t.sin)/t.h
	if t.round {
		return (u + 1) / 2, (v + 1) / 2, u*u+v*v < 1
	}
	return (u + 1) / 2, (v + 1) / 2, math.Abs(u) < 1 && math.Abs(v) < 1
}

// clutter is one thing by chance.
func clutter(r *rand.Rand) thing {
	t := thing{at: vision.Point{X: within(r, -0.1, 1.1), Y: within(r, -0.1, 0.9)}}
	t.sin, t.cos = math.Sincos(2 * math.Pi * r.Float64())
	switch r.IntN(6) {
	case 0: // a pen, a cable, an edge
		c := colour(r)
		t.w, t.h, t.paint = within(r, 0.1, 0.9), within(r, 0.004, 0.03), func(_, v float64) rgb { return c.times(0.6 + 0.4*v) }
	case 1:
		t.w, t.h, t.paint = within(r, 0.15, 0.4), within(r, 0.06, 0.15), keys(r)
	case 2: // a phone, a box, a table's end
		c, seed := colour(r), r.Uint32()
		t.w, t.h, t.paint = within(r, 0.05, 0.6), within(r, 0.05, 0.5), func(u, v float64) rgb { return c.times(0.9 + 0.2*noise(seed, 2*u, 2*v)) }
	case 3: // a cup, a plate, a coin
		c, d := colour(r), colour(r)
		t.w = within(r, 0.02, 0.3)
		t.h, t.round, t.paint = t.w*within(r, 0.7, 1), true, func(u, v float64) rgb {
			if math.Hypot(u-0.5, v-0.5) > 0.42 {
				return d
			}
			return c
		}
	default:
		t.w = within(r, 0.12, 0.5)
		t.h, t.paint = t.w*within(r, 1.2, 1.8), sheet(r)
	}
	return t
}

// finger reaches from a page's edge outwards.
func finger(r *rand.Rand, edge, out vision.Point, page float64, skin rgb) thing {
	seed := r.Uint32()
	long := page * within(r, 0.2, 0.5)
	d := out.Unit()
	t := thing{at: edge.Add(d.Mul(long * within(r, 0.5, 0.95))), w: long, h: page * within(r, 0.05, 0.12), round: true}
	t.sin, t.cos = d.Y, d.X
	t.paint = func(u, v float64) rgb {
		return skin.times(0.75 + 0.35*math.Sin(math.Pi*v)).times(0.95 + 0.1*noise(seed, 9*u, 9*v))
	}
	return t
}

func frac(v float64) float64 { return v - math.Floor(v) }

// noise is 0 to 1 and changes over a distance of about 1.
func noise(seed uint32, x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := uint32(int32(fx)), uint32(int32(fy))
	u, v := x-fx, y-fy
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	a, b := lattice(seed, ix, iy), lattice(seed, ix+1, iy)
	c, d := lattice(seed, ix, iy+1), lattice(seed, ix+1, iy+1)
	top, bottom := a+(b-a)*u, c+(d-c)*u
	return top + (bottom-top)*v
}

func lattice(seed, x, y uint32) float64 {
	h := seed ^ x*0x9e3779b1 ^ y*0x85ebca77
	h = (h ^ h>>15) * 0x2c1b3c6d
	h = (h ^ h>>12) * 0x297a2d39
	return float64(h>>8) / (1 << 24)
}
