package mrz

import (
	"math"
	"math/rand/v2"
	"testing"
)

// believed is the posterior of a lattice.
func believed(t *testing.T, a *logLattice, kinds []kind) *posterior {
	t.Helper()
	var p posterior
	if !new(beliefs).compute(a, kinds, &p) {
		t.Fatal("not computed")
	}
	return &p
}

func TestPosteriorOfClearPrint(t *testing.T) {
	for _, c := range specimens {
		for i, line := range c.lines {
			var a logLattice
			a.set(printed(line, 0.95))
			p := believed(t, &a, find(c.layout).lineKinds[i])
			for at := range len(line) {
				first, second := p.best(at)
				if Alphabet[first] != line[at] {
					t.Fatalf("%s, line %d, position %d: %c", c.name, i, at, Alphabet[first])
				}
				if margin := p.at(at)[first] - p.at(at)[second]; margin < 2 {
					t.Fatalf("%s, line %d, position %d: a margin of %v", c.name, i, at, margin)
				}
			}
		}
	}
}

// The posterior is the share that all texts with that character have: compared
// with summing over every path of every text.
func TestPosteriorSumsAllPaths(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	kinds := []kind{letters, digits}
	for range 10 {
		var a logLattice
		a.set(noise(r, 6))
		got := believed(t, &a, kinds)
		var want [2][symbols]float64
		for x := range symbols {
			for y := range symbols {
				p := allPaths(&a, []int{x, y}) * math.Exp(float64(penalties[letters][x]+penalties[digits][y]))
				want[0][x] += p
				want[1][y] += p
			}
		}
		for i := range want {
			total := 0.0
			for _, v := range want[i] {
				total += v
			}
			for s, v := range want[i] {
				if g := math.Exp(float64(got.at(i)[s])); math.Abs(g-v/total) > 1e-4 {
					t.Fatalf("position %d, %c: %v, want %v", i, Alphabet[s], g, v/total)
				}
			}
		}
	}
}

// allPaths is the summed probability of one text.
func allPaths(a *logLattice, text []int) float64 {
	states := []int{0}
	for _, s := range text {
		states = append(states, 1+s, 0)
	}
	cur := make([]float64, len(states))
	for t := range a.steps {
		next := make([]float64, len(states))
		for i, s := range states {
			sum := 0.0
			if t == 0 {
				if i < 2 {
					sum = 1
				}
			} else {
				sum = cur[i]
				if i > 0 {
					sum += cur[i-1]
				}
				if i > 1 && s != 0 && s != states[i-2] {
					sum += cur[i-2]
				}
			}
			next[i] = sum * math.Exp(float64(a.at(t)[s]))
		}
		cur = next
	}
	return cur[len(cur)-1] + cur[len(cur)-2]
}

func BenchmarkPosterior(b *testing.B) {
	var a logLattice
	a.set(noise(rand.New(rand.NewPCG(1, 2)), 160))
	kinds := find(TD3).lineKinds[1]
	var v beliefs
	var out posterior
	b.ReportAllocs()
	for b.Loop() {
		v.compute(&a, kinds, &out)
	}
}
