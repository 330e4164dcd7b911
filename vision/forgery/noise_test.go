package forgery

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRanked(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		v := make([]int, 1+r.IntN(40))
		for i := range v {
			v[i] = r.IntN(12)
		}
		k := r.IntN(len(v))
		want := slices.Sorted(slices.Values(v))[k]
		if got := ranked(v, k); got != want {
			t.Fatalf("rank %d is %d, want %d", k, got, want)
		}
	}
}
