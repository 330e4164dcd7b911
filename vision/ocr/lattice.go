package ocr

// Lattice is what the network makes of a line: the probability of each class at
// each step from left to right. Class 0 is blank; P[step*Classes+class].
type Lattice struct {
	Steps, Classes int
	P              []float32
	Width          float64 // of the line, in steps; the last one may be a part of a step
}

// At is the probabilities of one step.
func (l *Lattice) At(step int) []float32 { return l.P[step*l.Classes:][:l.Classes] }

// Glyph is one character as the network sees it.
type Glyph struct {
	Class int     // 1 and up
	Step  float64 // where, the middle of its steps
	P     float32 // its highest probability
}

// Greedy appends the likeliest class of every step to dst, repeats and blanks
// left out.
func (l *Lattice) Greedy(dst []Glyph) []Glyph {
	last := 0
	for t := range l.Steps {
		row := l.At(t)
		best := 0
		for c, p := range row {
			if p > row[best] {
				best = c
			}
		}
		switch {
		case best == 0:
		case best == last:
			g := &dst[len(dst)-1]
			g.P = max(g.P, row[best])
			g.Step += 0.5 // the middle moves by half a step for each one more
		default:
			dst = append(dst, Glyph{best, float64(t), row[best]})
		}
		last = best
	}
	return dst
}
