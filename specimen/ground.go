package specimen

import (
	"math"
	"math/rand/v2"
)

// rgb is light, linear, 1 being white paper in good light.
type rgb [3]float32

func (c rgb) times(k float32) rgb { return rgb{c[0] * k, c[1] * k, c[2] * k} }

func (c rgb) mix(d rgb, k float32) rgb {
	return rgb{c[0] + (d[0]-c[0])*k, c[1] + (d[1]-c[1])*k, c[2] + (d[2]-c[2])*k}
}

// surface gives the colour of a table at a place, in units of a thousandth of
// the picture's longer side.
type surface func(x, y float64) rgb

// newSurface makes a table of the kind.
func newSurface(kind Ground, r *rand.Rand) surface {
	seed := r.Uint32()
	turn := 2 * math.Pi * r.Float64()
	sin, cos := math.Sincos(turn)
	turned := func(s surface) surface {
		return func(x, y float64) rgb { return s(x*cos-y*sin, x*sin+y*cos) }
	}
	switch kind {
	case Wood:
		return turned(wood(seed, r))
	case Cloth:
		return turned(cloth(seed, r))
	case Stone:
		return stone(seed, r)
	case Clutter:
		base := pickSurface(seed, r)
		return scatter(turned(base), r)
	}
	c := pastel(r)
	return func(x, y float64) rgb { return c.times(0.94 + 0.06*smooth(seed, x/300, y/300)) }
}

func pickSurface(seed uint32, r *rand.Rand) surface {
	switch r.IntN(3) {
	case 0:
		return wood(seed, r)
	case 1:
		return cloth(seed, r)
	}
	return stone(seed, r)
}

// pastel is a colour that tables and sheets have.
func pastel(r *rand.Rand) rgb {
	v := 0.06 + 0.7*r.Float32()
	// Most are nearly grey, some are not.
	s := 0.15 + 0.6*r.Float32()*r.Float32()
	return rgb{v * (1 - s*r.Float32()), v * (1 - s*r.Float32()), v * (1 - s*r.Float32())}
}

func wood(seed uint32, r *rand.Rand) surface {
	v := 0.1 + 0.5*r.Float32()
	light := rgb{v, v * (0.55 + 0.2*r.Float32()), v * (0.25 + 0.2*r.Float32())}
	dark := light.times(0.45 + 0.2*r.Float32())
	plank := 120 + 160*r.Float64()
	return func(x, y float64) rgb {
		n := math.Floor(y / plank)
		at := y/plank - n
		x += 777 * n
		ring := smooth(seed, x/260, y/22)
		fibre := smooth(seed+1, x/70, y/2.6)
		k := 0.55*float32(0.5+0.5*math.Sin(float64(ring)*22+y/9)) + 0.35*fibre
		c := light.mix(dark, k).times(0.85 + 0.3*smooth(seed+2, n*7.3, 0.5))
		if at < 1.6/plank {
			c = c.times(0.35)
		}
		return c
	}
}

func cloth(seed uint32, r *rand.Rand) surface {
	c := pastel(r)
	stripe := pastel(r)
	every, fold := 30+90*r.Float64(), 180+200*r.Float64()
	weave := 2.2 + 1.5*r.Float64()
	striped := r.IntN(2) == 0
	return func(x, y float64) rgb {
		d := c
		if striped && math.Mod(math.Abs(x), every) < every/3 {
			d = stripe
		}
		k := 0.85 + 0.1*float32(math.Sin(2*math.Pi*x/weave)*math.Sin(2*math.Pi*y/weave))
		return d.times(k * (0.7 + 0.6*smooth(seed, x/fold, y/fold)))
	}
}

func stone(seed uint32, r *rand.Rand) surface {
	c, d := pastel(r), pastel(r)
	return func(x, y float64) rgb {
		k := 0.5*smooth(seed, x/90, y/90) + 0.3*smooth(seed+1, x/9, y/9) + 0.4*smooth(seed+2, x/2.2, y/2.2)
		return c.mix(d, min(1, max(0, 2.2*k-0.8)))
	}
}

// thing is something rectangular that lies about.
type thing struct {
	x, y, w, h float64 // middle and half sizes
	sin, cos   float64
	paint      func(u, v float64) rgb // u from 0 to 2w, v from 0 to 2h
}

// scatter lays things on a table.
func scatter(base surface, r *rand.Rand) surface {
	things := make([]thing, 6+r.IntN(6))
	for i := range things {
		t := &things[i]
		t.x, t.y = 1100*r.Float64()-50, 850*r.Float64()-50
		t.sin, t.cos = math.Sincos(2 * math.Pi * r.Float64())
		switch r.IntN(5) {
		case 0:
			t.w, t.h, t.paint = 3+3*r.Float64(), 90+60*r.Float64(), pen(r)
		case 1:
			t.w, t.h, t.paint = 150+80*r.Float64(), 60+30*r.Float64(), keyboard(r)
		case 2:
			t.w, t.h, t.paint = 90+40*r.Float64(), 55+25*r.Float64(), card(r)
		default:
			t.w, t.h, t.paint = 160+140*r.Float64(), 200+200*r.Float64(), sheetOfText(r)
		}
	}
	return func(x, y float64) rgb {
		shade := float32(1)
		for i := len(things) - 1; i >= 0; i-- {
			t := &things[i]
			dx, dy := x-t.x, y-t.y
			u, v := dx*t.cos+dy*t.sin, dy*t.cos-dx*t.sin
			out := max(math.Abs(u)-t.w, math.Abs(v)-t.h)
			if out < 0 {
				return t.paint(u+t.w, v+t.h).times(shade)
			}
			if out < 12 {
				shade *= 1 - 0.3*float32(1-out/12)
			}
		}
		return base(x, y).times(shade)
	}
}

func pen(r *rand.Rand) func(u, v float64) rgb {
	c := rgb{r.Float32() * 0.7, r.Float32() * 0.5, r.Float32() * 0.7}
	return func(u, v float64) rgb { return c.times(0.5 + 0.5*float32(math.Sin(u))) }
}

func keyboard(r *rand.Rand) func(u, v float64) rgb {
	key := 14 + 6*r.Float64()
	v0 := 0.03 + 0.5*r.Float32()
	return func(u, v float64) rgb {
		if math.Mod(u, key) < 2 || math.Mod(v, key) < 2 {
			return rgb{v0, v0, v0}.times(0.3)
		}
		if mu, mv := math.Mod(u, key)/key, math.Mod(v, key)/key; mu > 0.3 && mu < 0.5 && mv > 0.3 && mv < 0.6 {
			return rgb{0.6, 0.6, 0.6}
		}
		return rgb{v0, v0, v0}
	}
}

func card(r *rand.Rand) func(u, v float64) rgb {
	c, d := pastel(r), pastel(r)
	return func(u, v float64) rgb {
		if v > 18 && v < 36 {
			return d
		}
		return c
	}
}

func sheetOfText(r *rand.Rand) func(u, v float64) rgb {
	seed, line := r.Uint32(), 8+8*r.Float64()
	white := 0.6 + 0.25*r.Float32()
	return func(u, v float64) rgb {
		c := rgb{white, white, white * 0.96}
		row := math.Floor(v / line)
		if at := v/line - row; row > 2 && at > 0.35 && at < 0.75 && u > 20 {
			if smooth(seed, u/(line*0.35), row*3.7) > 0.42 && smooth(seed+1, u/60, row*5.1) > 0.25 {
				return c.times(0.18)
			}
		}
		return c
	}
}

// smooth is noise of 0 to 1 that changes over a distance of about 1.
func smooth(seed uint32, x, y float64) float32 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := uint32(int32(fx)), uint32(int32(fy))
	u, v := float32(x-fx), float32(y-fy)
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	a, b := lattice(seed, ix, iy), lattice(seed, ix+1, iy)
	c, d := lattice(seed, ix, iy+1), lattice(seed, ix+1, iy+1)
	top, bottom := a+(b-a)*u, c+(d-c)*u
	return top + (bottom-top)*v
}

// lattice is a random number of 0 to 1 for a place.
func lattice(seed, x, y uint32) float32 {
	h := seed ^ x*0x9e3779b1 ^ y*0x85ebca77
	h = (h ^ h>>15) * 0x2c1b3c6d
	h = (h ^ h>>12) * 0x297a2d39
	return float32(h>>8) / (1 << 24)
}
