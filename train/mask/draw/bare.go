package main

import (
	"math"
	"math/rand/v2"

	"idflow/vision"
	"idflow/vision/face"
)

// distract draws what bare faces may have about the mouth: a beard, a shadow, a
// mask pulled down under the chin, a garment up to the chin. Most stay as they are.
func distract(m *vision.Image, mesh *face.Mesh, r *rand.Rand) *vision.Image {
	switch x := r.Float64(); {
	case x < 0.15:
		return bearded(m, mesh, r)
	case x < 0.25:
		return painted(m, below(mesh, r), cloth(r), mesh, r)
	case x < 0.35:
		return painted(m, below(mesh, r), surgical(r), mesh, r)
	}
	return m
}

// below is the edge of what is worn under the chin.
func below(mesh *face.Mesh, r *rand.Rand) []vision.Point {
	h := at(mesh, 10).Dist(at(mesh, chin))
	up := 0.02 + 0.05*r.Float64()
	var out []vision.Point
	for _, v := range jaw[3 : len(jaw)-3] {
		out = append(out, at(mesh, v).Add(vision.Point{Y: -up * h}))
	}
	for _, v := range []int{361, 132} {
		out = append(out, at(mesh, v).Add(vision.Point{Y: h * (0.5 + 0.3*r.Float64())}))
	}
	return out
}

// bearded darkens chin and cheeks by hair.
func bearded(m *vision.Image, mesh *face.Mesh, r *rand.Rand) *vision.Image {
	edge := outline(mesh, r, false)
	mouth := at(mesh, 13)
	nose := at(mesh, lipTop)
	n := len(edge)
	edge[n-3], edge[n-2], edge[n-1] = between(edge[n-3], mouth, 0.5), nose, between(edge[n-1], mouth, 0.5)
	alpha := filled(m.W, m.H, edge)
	hair := [][3]float64{{40, 30, 25}, {70, 50, 35}, {25, 22, 22}, {120, 90, 60}, {150, 150, 150}}[r.IntN(5)]
	dense := 0.3 + 0.6*r.Float64()
	lips := m.Bounds().H() * 0.05
	out := *m
	out.Pix = append([]uint8(nil), m.Pix...)
	for y := range m.H {
		for x := range m.W {
			a := float64(alpha.AlphaAt(x, y).A) / 255 * dense
			if a == 0 {
				continue
			}
			if d := math.Hypot((float64(x)-mouth.X)/1.8, float64(y)-mouth.Y); d < lips {
				continue // the lips show
			}
			a *= 0.5 + 0.5*r.Float64()
			i := 3 * (y*m.W + x)
			for c := range 3 {
				out.Pix[i+c] = uint8(float64(m.Pix[i+c])*(1-a) + hair[c]*a)
			}
		}
	}
	return &out
}

// photograph changes light and sharpness as cameras do.
func photograph(m *vision.Image, r *rand.Rand) *vision.Image {
	out := *m
	out.Pix = append([]uint8(nil), m.Pix...)
	gamma, gain := math.Exp(0.25*r.NormFloat64()), 0.6+0.6*r.Float64()
	cast := [3]float64{1 + 0.1*r.NormFloat64(), 1, 1 + 0.12*r.NormFloat64()}
	grey := r.Float64() < 0.2
	slope, noise := 0.5*r.NormFloat64(), 8*r.Float64()*r.Float64()
	for i := 0; i < len(out.Pix); i += 3 {
		x := float64(i/3%m.W)/float64(m.W) - 0.5
		if grey {
			l := uint8(0.3*float64(out.Pix[i]) + 0.59*float64(out.Pix[i+1]) + 0.11*float64(out.Pix[i+2]))
			out.Pix[i], out.Pix[i+1], out.Pix[i+2] = l, l, l
		}
		n := noise * r.NormFloat64()
		for c := range 3 {
			k := gain
			if !grey {
				k *= cast[c]
			}
			v := 255*math.Pow(float64(out.Pix[i+c])/255, gamma)*k*(1+slope*x) + n
			out.Pix[i+c] = uint8(min(255, max(0, v)))
		}
	}
	p := &out
	if r.Float64() < 0.5 { // fewer pixels, and a JPEG of them
		w := 70 + r.IntN(120)
		p = p.Resize(w, w).Resize(m.W, m.H)
	}
	if jpeg, err := p.EncodeJPEG(40 + r.IntN(55)); err == nil && r.Float64() < 0.7 {
		if q, err := vision.Decode(jpeg); err == nil {
			p = q
		}
	}
	return p
}
