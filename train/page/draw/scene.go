package main

import (
	"math"
	"math/rand/v2"

	"idflow/vision"
)

// focal is the focal length as a share of the picture's longer side: that of
// phones' main cameras, about.
const focal = 0.78

// placed is a page in a scene, whose longer side is 1.
type placed struct {
	printed
	corners vision.Quad
	back    vision.Homography // to the page's pixels
	other   *rgb              // the booklet's other page above, nil for none
	pattern uint32
}

// aspects are the pictures' heights over their widths, and the other way round.
var aspects = []float64{0.75, 0.75, 0.75, 0.5625, 0.667, 1}

func (s *stock) scene(r *rand.Rand) *scene {
	w, h := 1.0, aspects[r.IntN(len(aspects))]
	if r.IntN(2) == 0 {
		w, h = h, w
	}
	base := ground(r)
	if len(s.faces) > 0 && r.IntN(14) == 0 {
		f := s.faces[r.IntN(len(s.faces))]
		base = func(x, y float64) rgb {
			p := f.Pix[3*(min(f.H-1, max(0, int(y/h*float64(f.H))))*f.W+min(f.W-1, max(0, int(x/w*float64(f.W))))):]
			return rgb{float64(p[0]) / 255, float64(p[1]) / 255, float64(p[2]) / 255}
		}
	}
	var below, above []thing
	if r.IntN(3) > 0 {
		for range r.IntN(9) {
			below = append(below, clutter(r))
		}
	}
	pages := s.place(r, w, h)
	skin := rgb{0.85, 0.65, 0.52}.times(within(r, 0.3, 1.1))
	for _, p := range pages {
		if r.IntN(4) > 0 {
			continue
		}
		for range 1 + r.IntN(4) {
			i := r.IntN(4)
			k := within(r, 0.1, 0.9)
			edge := p.corners[i].Mul(1 - k).Add(p.corners[(i+1)&3].Mul(k))
			out := p.corners[i].Sub(p.corners[(i+1)&3]).Normal()
			above = append(above, finger(r, edge, out, p.corners.Width(), skin))
		}
	}
	look := func(x, y float64) rgb { return colourAt(vision.Point{X: x, Y: y}, base, below, above, pages) }
	out := &scene{picture: expose(r, w, h, look, pages)}
	for _, p := range pages {
		q := p.corners
		for i := range q {
			q[i] = vision.Point{X: q[i].X/w*size - 0.5, Y: q[i].Y/h*size - 0.5}
		}
		out.pages = append(out.pages, q)
	}
	return out
}

// place lays none, one or several pages into the picture, none over another.
func (s *stock) place(r *rand.Rand, w, h float64) []placed {
	n := []int{0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3}[r.IntN(14)]
	var out []placed
	for range 4 * n {
		if len(out) == n {
			break
		}
		fill := within(r, 0.35, 0.98)
		switch {
		case n > 1:
			fill = within(r, 0.25, 0.6)
		case r.IntN(10) == 0:
			fill = within(r, 0.98, 1.3)
		}
		p := placed{printed: s.page(r), pattern: r.Uint32()}
		p.corners = seen(r, float64(p.H)/float64(p.W), w, h, fill, n > 1)
		if !apart(p.corners, out) {
			continue
		}
		x, y := float64(p.W)-0.5, float64(p.H)-0.5
		back, ok := vision.NewHomography(p.corners, vision.Quad{{X: -0.5, Y: -0.5}, {X: x, Y: -0.5}, {X: x, Y: y}, {X: -0.5, Y: y}})
		if !ok {
			continue
		}
		p.back = back
		if p.corner < 0.03 && r.IntN(3) == 0 {
			c := colour(r).mix(rgb{1, 1, 1}, 0.6)
			p.other = &c
		}
		out = append(out, p)
	}
	return out
}

// apart says that q meets none of the pages' boxes.
func apart(q vision.Quad, pages []placed) bool {
	for _, p := range pages {
		if q.Bounds().Intersect(p.corners.Bounds()).Area() > 0 {
			return false
		}
	}
	return true
}

// seen is where the corners of a page of that height over width come to lie.
func seen(r *rand.Rand, aspect, w, h, fill float64, anywhere bool) vision.Quad {
	turn := r.NormFloat64() * 10
	if r.IntN(4) == 0 {
		turn = 360 * r.Float64()
	}
	turn += float64(90 * []int{0, 0, 0, 1, 2, 3}[r.IntN(6)])
	sinT, cosT := math.Sincos(turn * math.Pi / 180)
	sinX, cosX := math.Sincos(r.NormFloat64() * 13 * math.Pi / 180)
	sinY, cosY := math.Sincos(r.NormFloat64() * 13 * math.Pi / 180)
	look := func(away float64) (q vision.Quad) {
		for i, p := range [4]vision.Point{{X: -1, Y: -aspect}, {X: 1, Y: -aspect}, {X: 1, Y: aspect}, {X: -1, Y: aspect}} {
			x, y, z := p.X*cosY, p.Y*cosX+p.X*sinY*sinX, p.Y*sinX-p.X*sinY*cosX
			x, y = x*cosT-y*sinT, x*sinT+y*cosT
			q[i] = vision.Point{X: x, Y: y}.Mul(focal / (away + z))
		}
		return q
	}
	away := 4.0
	for range 10 {
		b := look(away).Bounds()
		away = max(1.8, away*max(b.W()/w, b.H()/h)/fill)
	}
	q := look(away)
	b := q.Bounds()
	free := vision.Point{X: max(0, w-b.W()), Y: max(0, h-b.H())}
	k := 0.5
	if anywhere {
		k = 1
	}
	to := vision.Point{X: w/2 + k*free.X*(r.Float64()-0.5), Y: h/2 + k*free.Y*(r.Float64()-0.5)}
	if r.IntN(12) == 0 { // a corner or an edge is cut off
		to = to.Add(vision.Point{X: 0.12 * r.NormFloat64(), Y: 0.12 * r.NormFloat64()})
	}
	return q.Shifted(to.Sub(b.Center()))
}

func colourAt(at vision.Point, base surface, below, above []thing, pages []placed) rgb {
	for i := range above {
		if u, v, ok := above[i].covers(at); ok {
			return above[i].paint(u, v)
		}
	}
	for i := range pages {
		if c, ok := pages[i].at(at); ok {
			return c
		}
	}
	for i := range below {
		if u, v, ok := below[i].covers(at); ok {
			return below[i].paint(u, v)
		}
	}
	return base(at.X, at.Y)
}

// at is the page's colour there, and that of the booklet's other page.
func (p *placed) at(q vision.Point) (rgb, bool) {
	t := p.back.Apply(q)
	w, h := float64(p.W), float64(p.H)
	if !(t.X > -0.5 && t.X < w-0.5 && t.Y < h-0.5 && t.Y > -h) {
		return rgb{}, false
	}
	if t.Y <= -0.5 {
		if p.other == nil {
			return rgb{}, false
		}
		return p.other.times(0.85 + 0.15*noise(p.pattern, t.X/6, t.Y/6)).times(min(1, 0.6-t.Y/20)), true
	}
	radius := p.corner * w
	dx, dy := max(radius-t.X, t.X-(w-radius)), max(radius-t.Y, t.Y-(h-radius))
	if dx > 0 && dy > 0 && math.Hypot(dx, dy) > radius {
		return rgb{}, false
	}
	c := p.Pix[3*(min(p.H-1, max(0, int(t.Y+0.5)))*p.W+min(p.W-1, max(0, int(t.X+0.5)))):]
	return rgb{float64(c[0]) / 255, float64(c[1]) / 255, float64(c[2]) / 255}, true
}

// expose takes the picture: light, shadow, glare, blur and noise. Four samples
// make a pixel.
func expose(r *rand.Rand, w, h float64, look surface, pages []placed) *vision.Image {
	const fine = 2 * size
	m := vision.New(fine, fine)
	bright, tilt := math.Exp2(within(r, -1.2, 0.4)), 0.5*r.Float64()
	sin, cos := math.Sincos(2 * math.Pi * r.Float64())
	warm := within(r, -0.2, 0.2)
	var glare vision.Point
	shine, wide := 0.0, within(r, 0.02, 0.15)
	if len(pages) > 0 && r.IntN(3) == 0 {
		shine, glare = within(r, 0.2, 1.2), pages[0].corners.Center().Add(vision.Point{X: 0.15 * r.NormFloat64(), Y: 0.15 * r.NormFloat64()})
	}
	shadow, deep := within(r, -0.5, 0.5), 0.0
	if r.IntN(3) == 0 {
		deep = within(r, 0.1, 0.6)
	}
	for y := range fine {
		for x := range fine {
			px, py := (float64(x)+0.5)/fine*w, (float64(y)+0.5)/fine*h
			along := (px-w/2)*cos + (py-h/2)*sin
			k := bright * (1 - tilt*(along+0.3))
			if across := (px-w/2)*sin - (py-h/2)*cos; across > shadow {
				k *= 1 - deep*min(1, (across-shadow)*12)
			}
			c := look(px, py).times(k)
			if shine > 0 {
				d := vision.Point{X: px, Y: py}.Dist(glare) / wide
				c = c.mix(rgb{1, 1, 1}, min(1, shine*math.Exp(-d*d)))
			}
			p := m.Pix[3*(y*fine+x):]
			p[0], p[1], p[2] = share(c[0]*(1+warm)), share(c[1]), share(c[2]*(1-warm))
		}
	}
	if r.IntN(3) == 0 { // out of focus
		k := 2 + r.IntN(3)
		m = m.Resize(fine/k, fine/k).Resize(fine, fine)
	}
	m = m.Resize(size, size)
	sd := 8 * r.Float64() * r.Float64()
	for i, v := range m.Pix {
		m.Pix[i] = uint8(min(255, max(0, float64(v)+sd*r.NormFloat64()+0.5)))
	}
	return m
}
