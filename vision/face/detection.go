package face

import (
	"cmp"
	"math"
	"slices"

	"idflow/vision"
)

// Detection is a detector's word that there is a face.
type Detection struct {
	Box      vision.Rect // about from the brows to the chin; taller when UltraLight's
	Score    float64     // 0 to 1
	Marks    [6]vision.Point
	HasMarks bool // UltraLight gives none

	turn int // by how many quarters clockwise the picture stood turned for the detector
}

// The places that Detection.Marks holds; sides are the picture's.
const (
	MarkEyeLeft = iota
	MarkEyeRight
	MarkNose
	MarkMouth
	MarkEarLeft
	MarkEarRight
)

// tilt is by how much the line between the eyes leans, in radians clockwise.
func (d *Detection) tilt() float64 {
	if !d.HasMarks {
		return -math.Pi / 2 * float64(d.turn)
	}
	e := d.Marks[MarkEyeRight].Sub(d.Marks[MarkEyeLeft])
	return math.Atan2(e.Y, e.X)
}

// merge reduces ds, in place, to one detection a face: those that overlap a
// better one by more than limit (IoU) give way to it, or with blend are
// averaged into it by their scores, as MediaPipe does.
func merge(ds []Detection, limit float64, blend bool) []Detection {
	slices.SortStableFunc(ds, func(a, b Detection) int { return cmp.Compare(b.Score, a.Score) })
	kept := 0
	for len(ds) > kept {
		best, rest := ds[kept], ds[kept:][:0]
		var sum blended
		for i, d := range ds[kept:] {
			if i == 0 || best.Box.IoU(d.Box) > limit {
				sum.add(&d)
			} else {
				rest = append(rest, d)
			}
		}
		if blend {
			sum.mean(&best)
		}
		ds = slices.Insert(ds[:kept+len(rest)], kept, best) // never grows: at least best left rest
		kept++
	}
	return ds
}

// blended sums up detections by their scores.
type blended struct {
	weight float64
	d      Detection
}

func (b *blended) add(d *Detection) {
	w := d.Score
	b.weight += w
	b.d.Box.X0 += w * d.Box.X0
	b.d.Box.Y0 += w * d.Box.Y0
	b.d.Box.X1 += w * d.Box.X1
	b.d.Box.Y1 += w * d.Box.Y1
	for i, p := range d.Marks {
		b.d.Marks[i] = b.d.Marks[i].Add(p.Mul(w))
	}
}

// mean gives d the average place; its score stays that of the best.
func (b *blended) mean(d *Detection) {
	k := 1 / b.weight
	r := b.d.Box
	d.Box = vision.Rect{X0: r.X0 * k, Y0: r.Y0 * k, X1: r.X1 * k, Y1: r.Y1 * k}
	for i, p := range b.d.Marks {
		d.Marks[i] = p.Mul(k)
	}
}

// turned is d in the picture m after it was turned.
func (d Detection) turned(m *vision.Image, quarters int) Detection {
	d.Box = d.Box.Turned(m, quarters)
	t := m.Unturned(quarters).Inverse()
	for i, p := range d.Marks {
		d.Marks[i] = t.Apply(p)
	}
	d.turn = (d.turn - quarters) & 3
	return d
}

// box is the upright rectangle with the opposite corners p and q.
func box(p, q vision.Point) vision.Rect {
	return vision.Rect{X0: min(p.X, q.X), Y0: min(p.Y, q.Y), X1: max(p.X, q.X), Y1: max(p.Y, q.Y)}
}

func sigmoid(x float32) float64 { return 1 / (1 + math.Exp(-float64(x))) }

// softmax0 is the probability of the first class.
func softmax0(logits []float32) float64 {
	var sum float64
	for _, v := range logits {
		sum += math.Exp(float64(v - logits[0]))
	}
	return 1 / sum
}
