package mrz

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"idflow/vision/ocr"
)

// printed is a lattice as of a clear line: each character takes a step with the
// probability p, a blank step after it.
func printed(s string, p float32) *ocr.Lattice {
	l := &ocr.Lattice{Classes: symbols + 1}
	add := func(class int, p float32) {
		row := make([]float32, l.Classes)
		for i := range row {
			row[i] = (1 - p) / float32(l.Classes-1)
		}
		row[class] = p
		l.P = append(l.P, row...)
		l.Steps++
	}
	for i := range len(s) {
		if k := strings.IndexByte(Alphabet, s[i]); k >= 0 {
			add(1+k, p)
		}
		add(0, p)
	}
	return l
}

func aligned(t *testing.T, l *ocr.Lattice, kinds []kind) alignment {
	t.Helper()
	var a logLattice
	a.set(l)
	var v aligner
	var out alignment
	if !v.align(&a, kinds, &out) {
		t.Fatal("not aligned")
	}
	return out
}

func TestAlignReadsWhatIsPrinted(t *testing.T) {
	for _, c := range specimens {
		kinds := find(c.layout).kinds()
		for i, line := range c.lines {
			if got := aligned(t, printed(line, 0.9), kinds[i]); string(got.text) != line {
				t.Errorf("%s, line %d: %s, want %s", c.name, i+1, got.text, line)
			}
		}
	}
}

// Fillers that the network is not sure of are counted by the length of the line.
func TestAlignCounts(t *testing.T) {
	kinds := find(TD1).kinds()[2]
	const name = "ERIKSSON<<ANNA<MARIA"
	for doubtful := 4; doubtful < 14; doubtful++ {
		l := printed(name, 0.9)
		for _, part := range []*ocr.Lattice{printed("<<<<<<", 0.9), printed(strings.Repeat("<", doubtful), 0.5)} {
			l.P = append(l.P, part.P...)
			l.Steps += part.Steps
		}
		want := name + "<<<<<<<<<<"
		if got := aligned(t, l, kinds); string(got.text) != want {
			t.Errorf("with %d doubtful fillers: %s", doubtful, got.text)
		}
	}
}

func TestAlignMindsKinds(t *testing.T) {
	l := printed("O", 0.6)
	zero := strings.IndexByte(Alphabet, '0')
	l.P[1+zero] = 0.3
	if got := aligned(t, l, []kind{digits}); string(got.text) != "0" {
		t.Errorf("an O that may be a zero is read as %s among digits", got.text)
	}
	if got := aligned(t, l, []kind{letters}); string(got.text) != "O" {
		t.Errorf("an O that may be a zero is read as %s among letters", got.text)
	}
	if got := aligned(t, printed("O", 0.999), []kind{digits}); string(got.text) != "O" {
		t.Errorf("a plain O is read as %s among digits", got.text)
	}
}

func TestAlignNeedsSteps(t *testing.T) {
	var a logLattice
	a.set(&ocr.Lattice{Classes: symbols + 1, Steps: 2, P: make([]float32, 2*(symbols+1))})
	if new(aligner).align(&a, make([]kind, 3), &alignment{}) {
		t.Error("three characters in two steps")
	}
}

// The path found is the best of all: compared with trying every text.
func TestAlignFindsTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		l := noise(r, 6)
		var a logLattice
		a.set(l)
		got := aligned(t, l, []kind{anything, digits})
		best := math.Inf(-1)
		for x := range symbols {
			for y := range symbols {
				if s := bestPath(&a, []int{x, y}); s+float64(penalties[digits][y]) > best {
					best = s + float64(penalties[digits][y])
				}
			}
		}
		if math.Abs(got.score-best) > 1e-3 {
			t.Fatalf("score %v, the best is %v", got.score, best)
		}
	}
}

func noise(r *rand.Rand, steps int) *ocr.Lattice {
	l := &ocr.Lattice{Steps: steps, Classes: symbols + 1, P: make([]float32, steps*(symbols+1))}
	for t := range steps {
		sum := float32(0)
		for i := range l.At(t) {
			v := float32(r.ExpFloat64())
			l.At(t)[i] = v * v * v
			sum += l.At(t)[i]
		}
		for i := range l.At(t) {
			l.At(t)[i] /= sum
		}
	}
	return l
}

// bestPath is the plain Viterbi score of one text.
func bestPath(a *logLattice, text []int) float64 {
	states := []int{0}
	for _, s := range text {
		states = append(states, 1+s, 0)
	}
	cur := make([]float64, len(states))
	for i := range cur {
		cur[i] = math.Inf(-1)
	}
	for t := range a.steps {
		next := make([]float64, len(states))
		for i, s := range states {
			best := cur[i]
			if t == 0 {
				best = math.Inf(-1)
				if i < 2 {
					best = 0
				}
			} else {
				if i > 0 {
					best = math.Max(best, cur[i-1])
				}
				if i > 1 && s != 0 && s != states[i-2] {
					best = math.Max(best, cur[i-2])
				}
			}
			next[i] = best + float64(a.at(t)[s])
		}
		cur = next
	}
	return math.Max(cur[len(cur)-1], cur[len(cur)-2])
}

func BenchmarkAlign(b *testing.B) {
	var a logLattice
	a.set(noise(rand.New(rand.NewPCG(1, 2)), 160))
	kinds := find(TD3).kinds()[1]
	var v aligner
	var out alignment
	b.ReportAllocs()
	for b.Loop() {
		v.align(&a, kinds, &out)
	}
}
