package mrz

import (
	"math"
	"math/rand/v2"
	"testing"

	"idflow/vision/ocr"
)

func TestFitComb(t *testing.T) {
	for _, c := range []struct {
		name string
		comb comb
		last int  // character that was found
		skip int  // every so manyth character was not found
		more bool // a glyph between two characters
	}{
		{"even", comb{4, 3, 0}, 44, 0, false},
		{"farther to the right", comb{4, 3, 0.004}, 44, 0, false},
		{"nearer to the right", comb{4, 3, -0.004}, 44, 0, false},
		{"half of a line", comb{4, 3, -0.003}, 22, 0, false},
		{"with holes", comb{4, 3, -0.003}, 40, 5, false},
		{"with more than there is", comb{4, 3, 0.003}, 40, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(5, 6))
			var glyphs []ocr.Glyph
			for i := range c.last {
				if c.skip > 0 && i%c.skip == c.skip-1 {
					continue
				}
				glyphs = append(glyphs, ocr.Glyph{Class: 1, Step: math.Round(c.comb.at(float64(i)) + r.Float64()/2), P: 1})
				if c.more && i == 11 {
					glyphs = append(glyphs, ocr.Glyph{Class: 1, Step: math.Round(c.comb.at(float64(i) + 0.5)), P: 0.4})
				}
			}
			got, ok := fitComb(glyphs, 4)
			if !ok {
				t.Fatal("no fit")
			}
			if off := got.index(c.comb.at(43)) - 43; math.Abs(off) > 2 {
				t.Errorf("the end of the line is %.1f characters off", off)
			}
			if back := got.index(got.at(17)); math.Abs(back-17) > 1e-9 {
				t.Errorf("character 17 is at the place of character %v", back)
			}
		})
	}
}

func TestFitCombRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	refused := 0
	for range 100 {
		var glyphs []ocr.Glyph
		step := 0.0
		for range 20 {
			step += 1 + 12*r.Float64()*r.Float64()
			glyphs = append(glyphs, ocr.Glyph{Class: 1, Step: step, P: 1})
		}
		if c, ok := fitComb(glyphs, 4); !ok || c.evenness(glyphs) < minComb {
			refused++
		}
	}
	if refused < 90 {
		t.Errorf("%d of 100 random lines are not evenly spaced", refused)
	}
}
