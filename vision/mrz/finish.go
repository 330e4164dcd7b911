package mrz

import (
	"math"
	"slices"

	"idflow/vision"
)

// capitalMM is the height of capitals (OCR-B, size 1).
const capitalMM = 2.4

// A character below this margin over the next one, in nats, is worth further
// looks at its line.
const doubtful = 3

// strips heights of the further looks, millimetres.
var furtherLooks = []float64{3.4, 3.9, 4.5}

// finish makes the result of the best reading.
func (s *search) finish() Result {
	r := s.best
	plane, ok := r.plane()
	if !ok {
		plane, ok = vision.NewHomography(r.layout.corners(), vision.Quad{
			r.quads[0].Left(), r.quads[0].Right(), r.quads[len(r.quads)-1].Right(), r.quads[len(r.quads)-1].Left(),
		})
	}
	looks := s.believe(r, plane, ok)
	c := corrector{layout: r.layout, looks: looks, now: s.now, lines: likeliest(looks)}
	if !r.layout.accepts(string(c.lines[0])) {
		for i, l := range r.lines {
			c.lines[i] = slices.Clone(l.text)
		}
	}
	text, corrections := c.correct()
	out := Result{Document: r.layout.parse(text, s.now), Corrections: corrections, Print: plane}
	for i, line := range text {
		l := Line{Place: r.quads[i], Characters: characters(line, looks[i], r.layout.lineKinds[i])}
		if ok {
			l.Place = r.layout.strip(plane, i, capitalMM, 0)
		}
		out.Lines = append(out.Lines, l)
	}
	return out
}

// corners are the ends of the first and the last line in the plane of print.
func (l *layout) corners() vision.Quad {
	w, h := float64(l.width)*characterMM, float64(l.lines-1)*lineMM
	return vision.Quad{{}, {X: w}, {X: w, Y: h}, {Y: h}}
}

// believe is what each character may be. Lines in doubt are looked at again,
// more and less of their surroundings with them.
func (s *search) believe(r *reading, plane vision.Homography, ok bool) []*posterior {
	var b beliefs
	doubt := !r.document.ChecksOK()
	looks := make([]*posterior, len(r.lines))
	for i, a := range r.lattices {
		looks[i] = new(posterior)
		b.compute(a, r.layout.lineKinds[i], looks[i])
		doubt = doubt || looks[i].margin() < doubtful
	}
	if !doubt || !ok {
		return looks
	}
	for i, look := range looks {
		n := 1
		for _, height := range furtherLooks {
			var more posterior
			a := s.lattice(r.layout.strip(plane, i, height, marginMM))
			if a != nil && b.compute(a, r.layout.lineKinds[i], &more) {
				look.add(&more)
				n++
			}
		}
		look.scale(1 / float32(n))
	}
	return looks
}

// margin is that of the least sure position.
func (p *posterior) margin() float64 {
	least := math.Inf(1)
	for i := range p.positions {
		first, second := p.best(i)
		least = min(least, float64(p.at(i)[first]-p.at(i)[second]))
	}
	return least
}

func likeliest(looks []*posterior) [][]byte {
	lines := make([][]byte, len(looks))
	for i, p := range looks {
		for at := range p.positions {
			first, _ := p.best(at)
			lines[i] = append(lines[i], Alphabet[first])
		}
	}
	return lines
}

func characters(line string, p *posterior, kinds []kind) []Character {
	out := make([]Character, len(line))
	for i := range out {
		row := p.at(i)
		written := indexOf(line[i])
		other, second := p.best(i)
		if other == written {
			other = second
		}
		out[i] = Character{
			P: math.Exp(float64(row[written])), Other: string(Alphabet[other]), OtherP: math.Exp(float64(row[other])),
			Typical: kinds[i].allows(line[i]),
		}
	}
	return out
}
