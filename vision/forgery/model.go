package forgery

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"sync"
)

// weights is trained by train/forgery/train.py on figures that "idflow eval
// forgery --figures" wrote; it says itself with which seeds.
//
//go:embed model.json
var weights []byte

// judgement is a sum, the logistic function of which is the score: of figures
// with weights, where more always means more, or of small decision trees
// (Friedman 2001), where it does not.
type judgement struct {
	Bias    float64  `json:"bias"`
	Weights []weight `json:"weights,omitempty"`
	Trees   []tree   `json:"trees,omitempty"`
}

// weight is that of the area sine of a figure: differences between large ones
// matter less.
type weight struct {
	Figure int     `json:"f"`
	Weight float64 `json:"w"`
}

// tree asks for one figure, and then for another one: which, depends on the
// answer. A figure below At goes left.
type tree struct {
	Figure [3]int     `json:"f"`
	At     [3]float64 `json:"at"`
	Leaves [4]float64 `json:"v"`
}

// models are the judgements of all codes.
var models = sync.OnceValue(func() map[Code]*judgement {
	m := map[Code]*judgement{}
	if err := json.Unmarshal(weights, &m); err != nil {
		panic(fmt.Sprintf("forgery: model.json: %v", err)) // a file of this package
	}
	return m
})

// score is 0 to 1; 0 for no judgement at all.
func (j *judgement) score(v []float64) float64 {
	if j == nil {
		return 0
	}
	sum := j.Bias
	for _, w := range j.Weights {
		sum += w.Weight * math.Asinh(v[w.Figure])
	}
	for i := range j.Trees {
		t := &j.Trees[i]
		k := 0
		if v[t.Figure[0]] >= t.At[0] {
			k = 1
		}
		leaf := 2 * k
		if v[t.Figure[1+k]] >= t.At[1+k] {
			leaf++
		}
		sum += t.Leaves[leaf]
	}
	return 1 / (1 + math.Exp(-sum))
}
