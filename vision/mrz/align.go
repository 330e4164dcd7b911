package mrz

import (
	"math"
	"slices"

	"idflow/vision/ocr"
)

// symbols is the number of characters; the network's class 0 is blank and class
// k+1 is Alphabet[k].
const symbols = len(Alphabet)

// outOfKind is what a character costs that its position should not hold, in
// nats. It is no more than doubt: what is plainly printed is read as it is, so
// that a forged digit in a nationality shows.
const outOfKind = 5

// floor keeps the logarithm of a probability finite.
const floor = 1e-5

const never = float32(-1e9)

// penalties[kind][symbol] is 0 or -outOfKind.
var penalties = func() (p [blank + 1][symbols]float32) {
	for k := range p {
		for s := range p[k] {
			if !kind(k).allows(Alphabet[s]) {
				p[k][s] = -outOfKind
			}
		}
	}
	return p
}()

// logLattice is a line as the network sees it, in logarithms.
type logLattice struct {
	steps int
	width float64   // of the line, in steps
	p     []float32 // steps x (symbols+1), blank first
}

// set takes over l, whose classes are blank and Alphabet.
func (a *logLattice) set(l *ocr.Lattice) {
	a.steps, a.width = l.Steps, l.Width
	a.p = slices.Grow(a.p[:0], len(l.P))[:len(l.P)]
	for i, p := range l.P {
		a.p[i] = float32(math.Log(float64(p) + floor))
	}
}

func (a *logLattice) at(step int) []float32 { return a.p[step*(symbols+1):][:symbols+1] }

// alignment is the likeliest way to read a line as a given number of characters.
type alignment struct {
	text  []byte
	score float64   // its log-likelihood, nats
	at    []float32 // the step of each character, the middle of its run
}

// aligner holds the memory for align.
type aligner struct {
	blank, blankNext []float32 // [count]: so many characters are written, blank goes on
	char, charNext   []float32 // [position*symbols+symbol]: the last character is that one
	fromBlank        []int8    // per step, like blank: 0 stays, else 1+symbol
	fromChar         []int8    // per step, like char: 0 stays, 1 from blank, else 2+symbol
	steps            int
}

func (v *aligner) resize(steps, n int) {
	grow := func(s []float32, n int) []float32 {
		s = slices.Grow(s[:0], n)[:n]
		for i := range s {
			s[i] = never
		}
		return s
	}
	v.blank, v.blankNext = grow(v.blank, n+1), grow(v.blankNext, n+1)
	v.char, v.charNext = grow(v.char, n*symbols), grow(v.charNext, n*symbols)
	v.fromBlank = slices.Grow(v.fromBlank[:0], steps*(n+1))[:steps*(n+1)]
	v.fromChar = slices.Grow(v.fromChar[:0], steps*n*symbols)[:steps*n*symbols]
}

// align finds the likeliest path through the lattice that writes exactly one
// character for each of kinds (CTC: a character may go on for several steps, and
// a blank parts two equal ones). It is false where the line has too few steps.
func (v *aligner) align(a *logLattice, kinds []kind, out *alignment) bool {
	n := len(kinds)
	if a.steps < n {
		return false
	}
	v.resize(a.steps, n)
	v.steps = a.steps
	v.blank[0] = 0
	for t := range a.steps {
		v.step(a.at(t), kinds, t)
	}
	return v.trace(a, n, out)
}

// step moves all states on by one step with the log-probabilities row.
func (v *aligner) step(row []float32, kinds []kind, t int) {
	n := len(kinds)
	fromBlank := v.fromBlank[t*(n+1):][:n+1]
	fromChar := v.fromChar[t*n*symbols:][:n*symbols]
	from, last := band(t, v.steps, n)
	first, second := v.lastOf(from - 1) // of the character before
	rest, how := v.blank[from], int8(0)
	if first.score > rest {
		rest, how = first.score, 1+first.symbol
	}
	v.blankNext[from], fromBlank[from] = rest+row[0], how
	if from > 0 {
		v.forget(from - 1)
	}
	for i := from; i < last; i++ {
		old, next := v.char[i*symbols:][:symbols], v.charNext[i*symbols:][:symbols]
		back := fromChar[i*symbols:][:symbols]
		penalty := &penalties[kinds[i]]
		blank := v.blank[i]
		nextFirst, nextSecond := best2{never, -1}, best2{never, -1}
		for s := range old {
			before := first
			if int(before.symbol) == s {
				before = second
			}
			enter, how := blank, int8(1)
			if before.score > enter {
				enter, how = before.score, 2+before.symbol
			}
			stay := old[s]
			if stay > nextFirst.score {
				nextSecond, nextFirst = nextFirst, best2{stay, int8(s)}
			} else if stay > nextSecond.score {
				nextSecond = best2{stay, int8(s)}
			}
			if enter += penalty[s]; enter > stay {
				stay, back[s] = enter, how
			} else {
				back[s] = 0
			}
			next[s] = stay + row[1+s]
		}
		first, second = nextFirst, nextSecond
		rest, how = v.blank[i+1], 0
		if first.score > rest {
			rest, how = first.score, 1+first.symbol
		}
		v.blankNext[i+1], fromBlank[i+1] = rest+row[0], how
	}
	v.blank, v.blankNext = v.blankNext, v.blank
	v.char, v.charNext = v.charNext, v.char
}

// band is the positions that the step may be at: as far along the line as the
// step is along the lattice, give or take some characters, for a line may begin
// late, end early or be seen at a slant.
func band(t, steps, n int) (from, to int) {
	middle, reach := n*t/steps, 4+n/6
	return max(0, middle-reach), min(n, t+1, middle+reach+1)
}

// forget makes the states of a position that the band has left impossible.
func (v *aligner) forget(i int) {
	v.blankNext[i] = never
	next := v.charNext[i*symbols:][:symbols]
	for s := range next {
		next[s] = never
	}
}

// lastOf is the best two symbols of a position before this step.
func (v *aligner) lastOf(i int) (first, second best2) {
	first, second = best2{never, -1}, best2{never, -1}
	if i < 0 {
		return first, second
	}
	for s, p := range v.char[i*symbols:][:symbols] {
		if p > first.score {
			first, second = best2{p, int8(s)}, first
		} else if p > second.score {
			second = best2{p, int8(s)}
		}
	}
	return first, second
}

type best2 struct {
	score  float32
	symbol int8
}

// trace goes back from the best end.
func (v *aligner) trace(a *logLattice, n int, out *alignment) bool {
	score, symbol := v.blank[n], -1
	for s, p := range v.char[(n-1)*symbols:][:symbols] {
		if p > score {
			score, symbol = p, s
		}
	}
	if score <= never/2 {
		return false
	}
	out.score = float64(score)
	out.text = slices.Grow(out.text[:0], n)[:n]
	out.at = slices.Grow(out.at[:0], n)[:n]
	end := 0
	for t, count := a.steps-1, n; t >= 0; t-- {
		if symbol < 0 {
			if how := v.fromBlank[t*(n+1)+count]; how > 0 {
				symbol, end = int(how)-1, t-1
			}
			continue
		}
		if t == a.steps-1 {
			end = t
		}
		how := v.fromChar[(t*n+count-1)*symbols+symbol]
		if how == 0 {
			continue
		}
		out.text[count-1] = Alphabet[symbol]
		out.at[count-1] = float32(t+end) / 2
		count--
		end = t - 1
		symbol = int(how) - 2
	}
	return true
}
