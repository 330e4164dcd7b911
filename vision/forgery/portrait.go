package forgery

import (
	"math"
	"slices"

	"idflow/vision"
)

// A side of the portrait is looked at in a strip of rimLong x rimWide pixels,
// rimMM millimetres to either side of where the frame is said to be, from the
// outside in.
const (
	rimLong = 96
	rimWide = 64
	rimMM   = 3.2
)

// portraitFigures names the figures of a portrait's rim. The sides are ordered by
// the figure, since it is not known which one is glued worst.
var portraitFigures = func() []string {
	var n []string
	for _, f := range []string{"edge", "sharpness", "dip outside", "peak inside", "straightness"} {
		n = append(n, f+" least", f+" second", f+" third", f+" most")
	}
	return append(n, "tilt", "tilt agreement", "shadow below right", "rim above left", "noise inside", "colour noise inside", "fine inside", "fine outside")
}()

// rim is what a side of the portrait looks like.
type rim struct {
	edge, sharpness, dip, peak, straight float64
	tilt                                 float64 // of the edge against the page, clockwise, in radians
}

// portrait looks at the rim of the portrait. It is false where there is none, or
// it is too small to see.
func (in Input) portrait() ([]float64, bool) {
	q := in.Portrait
	if q == (vision.Quad{}) || q.Width() < 40 || q.Height() < 40 {
		return nil, false
	}
	mm := in.PixelsPerMM
	var sides [4]rim
	for i := range sides {
		sides[i] = in.side(q[i], q[(i+1)&3], mm)
	}
	var out []float64
	for _, of := range []func(*rim) float64{
		func(r *rim) float64 { return r.edge }, func(r *rim) float64 { return r.sharpness },
		func(r *rim) float64 { return r.dip }, func(r *rim) float64 { return r.peak },
		func(r *rim) float64 { return r.straight },
	} {
		v := []float64{of(&sides[0]), of(&sides[1]), of(&sides[2]), of(&sides[3])}
		slices.Sort(v)
		out = append(out, v...)
	}
	var tilt, weight float64
	for _, s := range sides {
		tilt, weight = tilt+s.tilt*s.straight, weight+s.straight
	}
	tilt /= max(weight, 1e-6)
	var apart float64
	for _, s := range sides {
		apart += math.Abs(s.tilt-tilt) * s.straight
	}
	apart /= max(weight, 1e-6)
	out = append(out, math.Abs(tilt)*180/math.Pi, apart*180/math.Pi,
		sides[1].dip+sides[2].dip-sides[0].dip-sides[3].dip, sides[0].peak+sides[3].peak-sides[1].peak-sides[2].peak)
	return append(out, in.insideOut(q)...), true
}

// side looks across the edge from a to b, which runs clockwise about the
// portrait.
func (in Input) side(a, b vision.Point, mm float64) rim {
	along := b.Sub(a).Unit()
	inward := along.Normal()
	// The corners belong to the other sides.
	a, b = a.Add(along.Mul(0.08*a.Dist(b))), b.Sub(along.Mul(0.08*a.Dist(b)))
	d := inward.Mul(rimMM * mm)
	h, ok := vision.Quad{a.Sub(d), b.Sub(d), b.Add(d), a.Add(d)}.Onto(rimLong, rimWide)
	if !ok {
		return rim{}
	}
	g := in.Page.WarpPerspective(h, rimLong, rimWide).Gray(nil)
	// The line along which steps across are largest, at any small tilt.
	const tilts = 13 // from -3 to 3 degrees
	perPixel := 2 * rimMM * mm / rimWide
	lengthRatio := a.Dist(b) / rimLong / perPixel // pixels across to a step along
	var best rim
	bestAt, bestSlope := 0.0, 0.0
	for t := range tilts {
		angle := (float64(t)/(tilts-1) - 0.5) * 6 * math.Pi / 180
		slope := math.Tan(angle) * lengthRatio
		for at := 10; at < rimWide-10; at++ {
			var sum float64
			for x := range rimLong {
				y := float64(at) + slope*(float64(x)-rimLong/2)
				if y < 2 || y > rimWide-4 {
					continue
				}
				i := int(y)*rimLong + x
				sum += min(40, math.Abs(float64(g[i+rimLong])-float64(g[i-rimLong])))
			}
			if sum > best.edge {
				best.edge, best.tilt, bestAt, bestSlope = sum, angle, float64(at), slope
			}
		}
	}
	best.edge /= rimLong
	in.profile(&best, g, bestAt, bestSlope, perPixel/mm)
	return best
}

// profile measures the edge found along its line: how sharp it is, and what is
// just outside and inside of it.
func (in Input) profile(r *rim, g []uint8, at, slope, mmPerPixel float64) {
	const reach = 8
	var sum, squares [2*reach + 1]float64
	agree, n := 0.0, 0.0
	for x := range rimLong {
		y := at + slope*(float64(x)-rimLong/2)
		if y < reach || y >= rimWide-reach-1 {
			continue
		}
		f := y - math.Floor(y)
		for k := range sum {
			i := (int(y)+k-reach)*rimLong + x
			v := float64(g[i])*(1-f) + float64(g[i+rimLong])*f
			sum[k] += v
			squares[k] += v * v
		}
		i := int(y)*rimLong + x
		if math.Abs(float64(g[i+rimLong])-float64(g[i-rimLong])) > 10 {
			agree++
		}
		n++
	}
	if n == 0 {
		return
	}
	for k := range sum {
		sum[k] /= n
	}
	step := math.Abs((sum[2*reach]+sum[2*reach-2]+sum[2*reach-4])-(sum[0]+sum[2]+sum[4]))/3 + 4
	var steepest float64
	for k := 1; k < 2*reach; k++ {
		steepest = max(steepest, math.Abs(sum[k+1]-sum[k-1]))
	}
	r.sharpness = steepest / step / (2 * mmPerPixel) // shares of the step in a millimetre
	outside := (sum[0] + sum[1] + sum[2]) / 3
	r.dip = (outside - slices.Min(sum[3:reach+2])) / 20
	insideLevel := (sum[2*reach] + sum[2*reach-1] + sum[2*reach-2]) / 3
	r.peak = (slices.Max(sum[reach-1:2*reach-2]) - insideLevel) / 20
	r.straight = agree / n
}

// insideOut compares noise within the portrait with that of the page beside it.
func (in Input) insideOut(q vision.Quad) []float64 {
	b := q.Bounds()
	type sample struct{ fine, colour []float64 }
	var s [2]sample
	m := in.Page
	reach := vision.Rect{X0: b.X0 - b.W()/2, Y0: b.Y0 - b.H()/4, X1: b.X1 + b.W(), Y1: b.Y1 + b.H()/4}.Intersect(m.Bounds())
	for y := max(2, int(reach.Y0)); y < min(m.H-2, int(reach.Y1)); y += 3 {
		for x := max(2, int(reach.X0)); x < min(m.W-2, int(reach.X1)); x += 3 {
			k := 0
			if b.Contains(vision.Point{X: float64(x), Y: float64(y)}) {
				k = 1
			}
			o := 3 * (y*m.W + x)
			up, down := o-3*m.W, o+3*m.W
			var v [2]float64
			for i, of := range []func(int) float64{
				func(i int) float64 {
					return 0.3*float64(m.Pix[i]) + 0.59*float64(m.Pix[i+1]) + 0.11*float64(m.Pix[i+2])
				},
				func(i int) float64 { return float64(m.Pix[i]) - float64(m.Pix[i+2]) },
			} {
				v[i] = of(up-3) - 2*of(up) + of(up+3) - 2*(of(o-3)-2*of(o)+of(o+3)) + of(down-3) - 2*of(down) + of(down+3)
			}
			s[k].fine = append(s[k].fine, math.Abs(v[0]))
			s[k].colour = append(s[k].colour, math.Abs(v[1]))
		}
	}
	level := func(v []float64) float64 {
		slices.Sort(v)
		return math.Log(quantile(v, 0.4) + 0.5)
	}
	out, inside := level(s[0].fine), level(s[1].fine)
	return []float64{inside - out, level(s[1].colour) - level(s[0].colour), inside, out}
}
