package main

import (
	"image"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"

	"idflow/vision"
	"idflow/vision/face"
)

// jaw are the mesh's vertices from ear to ear along the chin, left to right in
// the picture (MediaPipe's canonical face).
var jaw = []int{234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454}

// Vertices that the upper edge of a mask runs along.
const (
	cheekLeft, cheekRight   = 118, 347
	bridgeHigh, bridgeLow   = 6, 4
	lipTop                  = 0
	templeLeft, templeRight = 127, 356
	chin                    = 152
)

// cover draws a mask or a scarf over the face.
func cover(m *vision.Image, mesh *face.Mesh, r *rand.Rand) *vision.Image {
	switch x := r.Float64(); {
	case x < 0.45:
		return painted(m, outline(mesh, r, false), surgical(r), mesh, r)
	case x < 0.75:
		return painted(m, outline(mesh, r, false), cloth(r), mesh, r)
	case x < 0.87:
		return painted(m, outline(mesh, r, true), cloth(r), mesh, r) // a scarf
	default:
		return painted(m, beak(mesh, r), surgical(r), mesh, r)
	}
}

func at(mesh *face.Mesh, v int) vision.Point { return mesh.Points[v].Flat() }

func between(a, b vision.Point, t float64) vision.Point { return a.Mul(1 - t).Add(b.Mul(t)) }

// outline is the edge of a mask: along the jaw, a little outside of it, and over
// the nose. A scarf hangs down below the chin.
func outline(mesh *face.Mesh, r *rand.Rand, scarf bool) []vision.Point {
	c := between(at(mesh, bridgeLow), at(mesh, chin), 0.4)
	wide := 1 + 0.1*r.Float64()
	from := r.IntN(3) // how high it reaches at the ears
	var out []vision.Point
	for _, v := range jaw[from : len(jaw)-from] {
		out = append(out, c.Add(at(mesh, v).Sub(c).Mul(wide)))
	}
	if scarf {
		h := at(mesh, 10).Dist(at(mesh, chin))
		down := vision.Point{Y: h * (0.3 + 0.4*r.Float64())}
		for i := range out {
			if i > 2 && i < len(out)-3 {
				out[i] = out[i].Add(down)
			}
		}
	}
	high := 0.1 + 0.75*r.Float64() // on the nose
	nose := between(at(mesh, bridgeHigh), at(mesh, bridgeLow), high)
	low := r.Float64() * 0.5
	cheek := func(v, temple int) vision.Point {
		p := between(at(mesh, v), at(mesh, temple), 0.2)
		return between(p, vision.Point{X: p.X, Y: nose.Y}, low).Add(vision.Point{Y: 0.03 * r.NormFloat64() * mesh.Box().H()})
	}
	out = append(out, cheek(cheekRight, templeRight), nose, cheek(cheekLeft, templeLeft))
	return out
}

// beak is the edge of a mask that stands off the face, with a point before it.
func beak(mesh *face.Mesh, r *rand.Rand) []vision.Point {
	o := outline(mesh, r, false)
	c := at(mesh, bridgeLow)
	for i := range o {
		if d := o[i].Dist(c); i > 4 && i < 17 && d > 0 {
			o[i] = c.Add(o[i].Sub(c).Mul(0.92))
		}
	}
	return o
}

// fabric is a colour for each place, of the mask's own coordinates: 0 to 1 from
// side to side and from top to bottom.
type fabric func(u, v float64) [3]float64

func surgical(r *rand.Rand) fabric {
	colours := [][3]float64{{150, 195, 215}, {170, 210, 220}, {235, 238, 240}, {245, 245, 245}, {40, 40, 45}, {25, 27, 30}, {140, 200, 170}, {240, 190, 205}, {120, 165, 200}, {225, 225, 215}}
	c := colours[r.IntN(len(colours))]
	for i := range c {
		c[i] = min(255, max(0, c[i]*(1+0.08*r.NormFloat64())))
	}
	folds, deep := float64(3+r.IntN(3)), 0.04+0.12*r.Float64()
	ridge := r.Float64() < 0.3
	return func(u, v float64) [3]float64 {
		k := 1 - deep*math.Max(0, math.Sin(2*math.Pi*folds*v))
		if ridge {
			k = 1 - 0.35*math.Abs(u-0.5)
		}
		return [3]float64{c[0] * k, c[1] * k, c[2] * k}
	}
}

func cloth(r *rand.Rand) fabric {
	a := [3]float64{255 * r.Float64(), 255 * r.Float64(), 255 * r.Float64()}
	b := [3]float64{255 * r.Float64(), 255 * r.Float64(), 255 * r.Float64()}
	if r.Float64() < 0.25 { // in the colours of skin, which are the hard ones
		k := 0.4 + 0.6*r.Float64()
		a = [3]float64{235 * k, 190 * k, 160 * k}
		b = a
	}
	fu, fv, kind, turn := 2+18*r.Float64(), 2+18*r.Float64(), r.IntN(4), r.Float64()*math.Pi
	return func(u, v float64) [3]float64 {
		s, c := math.Sincos(turn)
		x, y := u*c-v*s, u*s+v*c
		var t float64
		switch kind {
		case 1: // stripes
			t = 0.5 + 0.5*math.Sin(2*math.Pi*fu*x)
		case 2: // checks
			t = 0.25 * (2 + math.Sin(2*math.Pi*fu*x) + math.Sin(2*math.Pi*fv*y))
		case 3: // dots
			if math.Sin(2*math.Pi*fu*x)*math.Sin(2*math.Pi*fv*y) > 0.6 {
				t = 1
			}
		}
		var out [3]float64
		for i := range out {
			out[i] = a[i]*(1-t) + b[i]*t
		}
		return out
	}
}

// painted fills the outline with the fabric, in the light that falls on the face.
func painted(m *vision.Image, edge []vision.Point, f fabric, mesh *face.Mesh, r *rand.Rand) *vision.Image {
	alpha := filled(m.W, m.H, edge)
	box := bounds(edge)
	light := m.Resize(10, 10).Resize(m.W, m.H) // the light, without the features
	mean := skinLight(light, mesh)
	follow, thin := 0.5+0.5*r.Float64(), 0.0
	if r.Float64() < 0.1 {
		thin = 0.25 * r.Float64() // what lies beneath shows through
	}
	out := *m
	out.Pix = append([]uint8(nil), m.Pix...)
	grain := 1 + 5*r.Float64()
	for y := range m.H {
		for x := range m.W {
			a := float64(alpha.AlphaAt(x, y).A) / 255 * (1 - thin)
			if a == 0 {
				continue
			}
			c := f((float64(x)-box.X0)/box.W(), (float64(y)-box.Y0)/box.H())
			i := 3 * (y*m.W + x)
			luma := 0.3*float64(light.Pix[i]) + 0.59*float64(light.Pix[i+1]) + 0.11*float64(light.Pix[i+2])
			k := 1 + follow*(luma/mean-1)
			k *= 0.55 + 0.45*min(1.6, mean/120) // a dark picture has dark masks
			for ch := range 3 {
				v := c[ch]*k + grain*r.NormFloat64()
				out.Pix[i+ch] = uint8(min(255, max(0, float64(m.Pix[i+ch])*(1-a)+v*a)))
			}
		}
	}
	return &out
}

// filled is how much of each pixel lies inside of the edge.
func filled(w, h int, edge []vision.Point) *image.Alpha {
	z := vector.NewRasterizer(w, h)
	for i, p := range edge {
		if i == 0 {
			z.MoveTo(float32(p.X), float32(p.Y))
			continue
		}
		z.LineTo(float32(p.X), float32(p.Y))
	}
	z.ClosePath()
	alpha := image.NewAlpha(image.Rect(0, 0, w, h))
	z.DrawOp = draw.Src
	z.Draw(alpha, alpha.Bounds(), image.Opaque, image.Point{})
	return alpha
}

func bounds(edge []vision.Point) vision.Rect {
	b := vision.Rect{X0: edge[0].X, Y0: edge[0].Y, X1: edge[0].X, Y1: edge[0].Y}
	for _, p := range edge {
		b.X0, b.X1, b.Y0, b.Y1 = min(b.X0, p.X), max(b.X1, p.X), min(b.Y0, p.Y), max(b.Y1, p.Y)
	}
	return b
}

// skinLight is the mean brightness over the face.
func skinLight(m *vision.Image, mesh *face.Mesh) float64 {
	sum, n := 0.0, 0.0
	for _, p := range mesh.Points {
		x, y := int(p.X), int(p.Y)
		if x < 0 || y < 0 || x >= m.W || y >= m.H {
			continue
		}
		i := 3 * (y*m.W + x)
		sum += 0.3*float64(m.Pix[i]) + 0.59*float64(m.Pix[i+1]) + 0.11*float64(m.Pix[i+2])
		n++
	}
	return max(20, sum/max(1, n))
}
