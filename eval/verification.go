package eval

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
)

// Trial is the similarity of two pictures and whether they show one person.
type Trial struct {
	Similarity float64
	Same       bool
}

// Verification is how well similarities tell one person from two.
type Verification struct {
	Genuine  int       `json:"genuine"`  // pairs of one person
	Impostor int       `json:"impostor"` // pairs of two
	Accuracy float64   `json:"accuracy"` // best, with a threshold chosen on the same pairs
	EER      float64   `json:"eer"`      // where false accepts and false rejects are as frequent
	EERAt    float64   `json:"eer_threshold"`
	At       []AtFAR   `json:"at"`
	Genuines Quantiles `json:"genuine_similarity"`
	Others   Quantiles `json:"impostor_similarity"`
}

// AtFAR is the true accept rate at a false accept rate.
type AtFAR struct {
	FAR       float64 `json:"far"` // asked for
	Threshold float64 `json:"threshold"`
	TAR       float64 `json:"tar"`
	Accepted  int     `json:"genuine_accepted"`
	False     int     `json:"impostors_accepted"`
}

// Quantiles of similarities.
type Quantiles struct {
	Least  float64 `json:"least"`
	P1     float64 `json:"p1"`
	Median float64 `json:"median"`
	P99    float64 `json:"p99"`
	Most   float64 `json:"most"`
}

// Pairs is their number.
func (v Verification) Pairs() int { return v.Genuine + v.Impostor }

// bins cut the similarities from -1 to 1 finely enough for any threshold and
// few enough to count millions of pairs in.
const bins = 20000

// histogram counts similarities by bin.
type histogram [bins + 1]int

func (h *histogram) add(similarity float64) {
	h[min(bins, max(0, int((similarity+1)/2*bins)))]++
}

// floor is the lowest similarity of a bin.
func floor(bin int) float64 { return float64(bin)/bins*2 - 1 }

// quantile is the similarity below which a share p of the pairs lie.
func (h *histogram) quantile(total int, p float64) float64 {
	below := 0
	for bin, n := range h {
		if below += n; n > 0 && float64(below) >= p*float64(total) {
			return floor(bin)
		}
	}
	return 1
}

func (h *histogram) quantiles(total int) Quantiles {
	q := func(p float64) float64 { return h.quantile(total, p) }
	return Quantiles{Least: q(0), P1: q(0.01), Median: q(0.5), P99: q(0.99), Most: q(1)}
}

// verify works out the figures. A false accept rate is left out when fewer than
// one impostor pair would be accepted at it, as the pairs say nothing of it then.
func verify(genuine, impostor *histogram) Verification {
	var v Verification
	for bin := range genuine {
		v.Genuine += genuine[bin]
		v.Impostor += impostor[bin]
	}
	if v.Genuine == 0 || v.Impostor == 0 {
		return v
	}
	v.Genuines, v.Others = genuine.quantiles(v.Genuine), impostor.quantiles(v.Impostor)
	rates := []float64{1e-2, 1e-3, 1e-4, 1e-5}
	gap := math.Inf(1)
	right, wrong := 0, 0 // accepted so far, from the highest similarity down
	last := AtFAR{Threshold: 1}
	for bin := bins; bin >= 0; bin-- {
		right += genuine[bin]
		wrong += impostor[bin]
		far, frr := float64(wrong)/float64(v.Impostor), 1-float64(right)/float64(v.Genuine)
		v.Accuracy = max(v.Accuracy, float64(right+v.Impostor-wrong)/float64(v.Pairs()))
		if d := math.Abs(far - frr); d < gap {
			gap, v.EER, v.EERAt = d, (far+frr)/2, floor(bin)
		}
		for len(rates) > 0 && far > rates[len(rates)-1] {
			rate := rates[len(rates)-1]
			rates = rates[:len(rates)-1]
			if rate*float64(v.Impostor) >= 1 {
				last.FAR = rate
				v.At = append(v.At, last)
			}
		}
		last = AtFAR{Threshold: floor(bin), TAR: 1 - frr, Accepted: right, False: wrong}
	}
	slices.Reverse(v.At)
	return v
}

// verifyTrials is verify on a list.
func verifyTrials(trials []Trial) Verification {
	var genuine, impostor histogram
	for _, t := range trials {
		if t.Same {
			genuine.add(t.Similarity)
		} else {
			impostor.add(t.Similarity)
		}
	}
	return verify(&genuine, &impostor)
}

// bestThreshold parts the trials with the fewest errors; where several do it is
// the middle one of them, half way between its two similarities.
func bestThreshold(trials []Trial) float64 {
	ts := slices.Clone(trials)
	slices.SortFunc(ts, func(a, b Trial) int { return cmp.Compare(b.Similarity, a.Similarity) })
	gain := 0 // genuine less impostor pairs accepted so far
	most, cuts := 0, []float64{1}
	for i, t := range ts {
		if t.Same {
			gain++
		} else {
			gain--
		}
		next := -1.0
		if i+1 < len(ts) {
			next = ts[i+1].Similarity
		}
		if next == t.Similarity || gain < most {
			continue
		}
		if gain > most {
			most, cuts = gain, cuts[:0]
		}
		cuts = append(cuts, (t.Similarity+next)/2)
	}
	return cuts[len(cuts)/2]
}

// accuracy is the share of trials that a threshold judges right.
func accuracy(trials []Trial, threshold float64) float64 {
	right := 0
	for _, t := range trials {
		if (t.Similarity >= threshold) == t.Same {
			right++
		}
	}
	return float64(right) / float64(len(trials))
}

// crossValidate is the accuracy on each fold with the threshold that is best on
// the others.
func crossValidate(folds [][]Trial) []float64 {
	var out []float64
	for i, fold := range folds {
		others := slices.Concat(slices.Concat(folds[:i]...), slices.Concat(folds[i+1:]...))
		if len(others) == 0 {
			others = fold
		}
		out = append(out, accuracy(fold, bestThreshold(others)))
	}
	return out
}

func (v Verification) table(t io.Writer) {
	fmt.Fprintf(t, "  genuine / impostor pairs\t%d / %d\n", v.Genuine, v.Impostor)
	fmt.Fprintf(t, "  best accuracy, equal error rate\t%.2f %%, %.2f %% at %.3f\n", 100*v.Accuracy, 100*v.EER, v.EERAt)
	for _, a := range v.At {
		fmt.Fprintf(t, "  TAR at FAR %.0e\t%.2f %% at %.3f\t(%d of %d accepted, %d of %d impostors)\n",
			a.FAR, 100*a.TAR, a.Threshold, a.Accepted, v.Genuine, a.False, v.Impostor)
	}
	fmt.Fprintf(t, "  genuine least, 1 %%, median\t%.3f, %.3f, %.3f\n", v.Genuines.Least, v.Genuines.P1, v.Genuines.Median)
	fmt.Fprintf(t, "  impostor median, 99 %%, most\t%.3f, %.3f, %.3f\n", v.Others.Median, v.Others.P99, v.Others.Most)
}
