package eval

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"idflow/vision/forgery"
)

func TestForgery(t *testing.T) {
	var figures, table bytes.Buffer
	r, err := Forgery(t.Context(), nil, 7, 2, 2, []string{"shown: copy", "page: zone_moved"}, &figures, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Classes) != 2 {
		t.Fatalf("%d kinds, want 2", len(r.Classes))
	}
	for _, c := range r.Classes {
		if c.Pictures != 2 || c.Errors > c.Pictures {
			t.Errorf("%s: %d errors of %d pictures", c.Name, c.Errors, c.Pictures)
		}
	}
	if err := r.Table(&table); err != nil || !strings.Contains(table.String(), "page: zone_moved") {
		t.Errorf("the table lacks a kind: %v\n%s", err, &table)
	}
	lines := 0
	for line := range bytes.Lines(figures.Bytes()) {
		var f ForgeryFigures
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatal(err)
		}
		for _, m := range f.Measured {
			if len(m.Values) != len(forgery.Figures(m.Code)) {
				t.Errorf("%s: %d values", m.Code, len(m.Values))
			}
		}
		lines++
	}
	if lines != 4 {
		t.Errorf("%d pictures' figures were written, want 4", lines)
	}
}

func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{0, 0, 0, 1}, {0, 100, 0, 0.037}, {2, 100, 0.0055, 0.07}, {50, 100, 0.4038, 0.5962}} {
		if low, high := wilson(c.k, c.n); math.Abs(low-c.low) > 0.001 || math.Abs(high-c.high) > 0.001 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}
