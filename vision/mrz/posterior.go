package mrz

import (
	"math"
	"slices"
)

// posterior is how likely each character is at each position of a line, all
// ways to align the line considered: the logarithm of a probability,
// positions x symbols.
type posterior struct {
	positions int
	log       []float32
}

func (p *posterior) at(i int) []float32 { return p.log[i*symbols:][:symbols] }

// best is the likeliest symbol at a position and the one after it.
func (p *posterior) best(i int) (first, second int) {
	row := p.at(i)
	first, second = 0, 1
	if row[1] > row[0] {
		first, second = 1, 0
	}
	for s := 2; s < symbols; s++ {
		if row[s] > row[first] {
			first, second = s, first
		} else if row[s] > row[second] {
			second = s
		}
	}
	return first, second
}

// add multiplies by the probabilities of another look at the line; scale makes
// probabilities of the product again.
func (p *posterior) add(q *posterior) {
	for i := range p.log {
		p.log[i] += q.log[i]
	}
}

// scale raises the probabilities to a power and normalizes them.
func (p *posterior) scale(power float32) {
	for i := range p.positions {
		row := p.at(i)
		top := slices.Max(row)
		sum := 0.0
		for s := range row {
			row[s] = (row[s] - top) * power
			sum += math.Exp(float64(row[s]))
		}
		l := float32(math.Log(sum))
		for s := range row {
			row[s] -= l
		}
	}
}

// leastPosterior is the floor of a posterior: the alignment cannot be surer than
// the network is.
const leastPosterior = 1e-7

// beliefs computes posteriors by the forward-backward algorithm over the states
// of align; it holds the memory.
type beliefs struct {
	penalty []float32 // [position*symbols+symbol] as a factor
	p       []float32 // probabilities of the lattice
	blank   []float32 // [step*(n+1)+count], scaled
	char    []float32 // [(step*n+position)*symbols+symbol], scaled
	scale   []float32 // of each step

	backBlank, backBlankNext []float32
	backChar, backCharNext   []float32
	enter                    []float32 // [position]: sum over symbols of entering there next
	sums                     []float64 // positions x symbols
}

var penaltyFactors = func() (f [blank + 1][symbols]float32) {
	for k := range f {
		for s := range f[k] {
			f[k][s] = float32(math.Exp(float64(penalties[k][s])))
		}
	}
	return f
}()

// compute is the posterior of each position of a line of kinds. It is false
// where the line has too few steps.
func (b *beliefs) compute(a *logLattice, kinds []kind, out *posterior) bool {
	n := len(kinds)
	if a.steps < n {
		return false
	}
	b.prepare(a, kinds)
	for t := range a.steps {
		b.forward(t, n)
	}
	b.backward(a.steps, n)
	out.positions = n
	out.log = slices.Grow(out.log[:0], n*symbols)[:n*symbols]
	for i := range n {
		row, log := b.sums[i*symbols:][:symbols], out.at(i)
		total := 0.0
		for _, v := range row {
			total += v
		}
		if !(total > 0) {
			return false
		}
		for s, v := range row {
			log[s] = float32(math.Log(v/total + leastPosterior))
		}
	}
	return true
}

func (b *beliefs) prepare(a *logLattice, kinds []kind) {
	n := len(kinds)
	b.penalty = slices.Grow(b.penalty[:0], n*symbols)[:n*symbols]
	for i, k := range kinds {
		copy(b.penalty[i*symbols:], penaltyFactors[k][:])
	}
	b.p = slices.Grow(b.p[:0], len(a.p))[:len(a.p)]
	for i, v := range a.p {
		b.p[i] = float32(math.Exp(float64(v)))
	}
	b.blank = zeros(b.blank, a.steps*(n+1))
	b.char = zeros(b.char, a.steps*n*symbols)
	b.scale = zeros(b.scale, a.steps)
	b.backBlank, b.backBlankNext = zeros(b.backBlank, n+1), zeros(b.backBlankNext, n+1)
	b.backChar, b.backCharNext = zeros(b.backChar, n*symbols), zeros(b.backCharNext, n*symbols)
	b.enter = zeros(b.enter, n+1)
	b.sums = slices.Grow(b.sums[:0], n*symbols)[:n*symbols]
	clear(b.sums)
}

func zeros(s []float32, n int) []float32 {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

func (b *beliefs) row(t int) []float32 { return b.p[t*(symbols+1):][:symbols+1] }

// into is the mass that enters position i at step t, before the symbol's
// penalty and probability: from blank, and from each symbol of the position
// before, which is given with its total.
func (b *beliefs) into(t, i, n int) (blank float32, before []float32, total float32) {
	if t == 0 {
		if i == 0 {
			blank = 1
		}
		return blank, nil, 0
	}
	blank = b.blank[(t-1)*(n+1)+i]
	if i > 0 {
		before = b.char[((t-1)*n+i-1)*symbols:][:symbols]
		for _, v := range before {
			total += v
		}
	}
	return blank, before, total
}

func (b *beliefs) forward(t, n int) {
	row := b.row(t)
	blank, char := b.blank[t*(n+1):][:n+1], b.char[t*n*symbols:][:n*symbols]
	sum := float32(0)
	for i := range min(n, t+1) {
		fromBlank, before, total := b.into(t, i, n)
		var stay []float32
		if t > 0 {
			stay = b.char[((t-1)*n+i)*symbols:][:symbols]
		}
		penalty, out := b.penalty[i*symbols:][:symbols], char[i*symbols:][:symbols]
		for s := range out {
			v := fromBlank + total
			if before != nil {
				v -= before[s]
			}
			v = max(v, 0) * penalty[s] // rounding may leave less than nothing
			if stay != nil {
				v += stay[s]
			}
			out[s] = v * row[1+s]
			sum += out[s]
		}
		blank[i] = (fromBlank + total) * row[0]
		sum += blank[i]
	}
	if t >= n { // all characters written, blank goes on
		fromBlank, _, total := b.into(t, n, n)
		blank[n] = (fromBlank + total) * row[0]
		sum += blank[n]
	}
	b.scale[t] = max(sum, math.SmallestNonzeroFloat32)
	k := 1 / b.scale[t]
	for i := range blank {
		blank[i] *= k
	}
	for i := range char[:min(n, t+1)*symbols] {
		char[i] *= k
	}
}

// backward goes from the last step to the first and sums up what enters each
// position as each symbol.
func (b *beliefs) backward(steps, n int) {
	b.backBlank[n] = 1
	for s := range symbols {
		b.backChar[(n-1)*symbols+s] = 1
	}
	for t := steps - 1; t >= 0; t-- {
		b.collect(t, n)
		if t > 0 {
			b.back(t, n)
		}
	}
}

// collect adds the mass that enters at step t, given what comes after it.
func (b *beliefs) collect(t, n int) {
	row := b.row(t)
	k := 1 / b.scale[t]
	for i := range min(n, t+1) {
		fromBlank, before, total := b.into(t, i, n)
		penalty, after := b.penalty[i*symbols:][:symbols], b.backChar[i*symbols:][:symbols]
		sums := b.sums[i*symbols:][:symbols]
		for s := range sums {
			v := fromBlank + total
			if before != nil {
				v -= before[s]
			}
			sums[s] += float64(max(v, 0) * penalty[s] * row[1+s] * after[s] * k)
		}
	}
}

// back moves the backward masses from after step t to before it.
func (b *beliefs) back(t, n int) {
	row := b.row(t)
	k := 1 / b.scale[t]
	for i := range n {
		sum := float32(0)
		penalty, after := b.penalty[i*symbols:][:symbols], b.backChar[i*symbols:][:symbols]
		for s := range after {
			sum += penalty[s] * row[1+s] * after[s]
		}
		b.enter[i] = sum
	}
	b.enter[n] = 0
	for i := n; i >= 0; i-- {
		b.backBlankNext[i] = (row[0]*b.backBlank[i] + b.enter[i]) * k
	}
	for i := range n {
		after, out := b.backChar[i*symbols:][:symbols], b.backCharNext[i*symbols:][:symbols]
		on := row[0]*b.backBlank[i+1] + b.enter[i+1]
		for s := range out {
			v := on + row[1+s]*after[s]
			if i+1 < n {
				v -= b.penalty[(i+1)*symbols+s] * row[1+s] * b.backChar[(i+1)*symbols+s]
			}
			out[s] = max(v, 0) * k
		}
	}
	b.backBlank, b.backBlankNext = b.backBlankNext, b.backBlank
	b.backChar, b.backCharNext = b.backCharNext, b.backChar
}
