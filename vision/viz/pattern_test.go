package viz

import (
	"strings"
	"testing"

	"idflow/vision/ocr"
)

// lattice writes a text as a network that is sure of itself would: for each
// character two steps of it and one of blank. p is the probability of what is
// written; what is left goes to blank.
func lattice(s string, p float32) *ocr.Lattice {
	classes := len(shapes) + 1
	l := &ocr.Lattice{Classes: classes}
	step := func(class int, p float32) {
		row := make([]float32, classes)
		row[0] = 1 - p
		row[class] += p
		l.P = append(l.P, row...)
		l.Steps++
	}
	step(0, 1)
	for _, r := range s {
		step(shapeOf[r], p)
		step(shapeOf[r], p)
		step(0, 1)
	}
	l.Width = float64(l.Steps)
	return l
}

func TestSpell(t *testing.T) {
	for _, x := range []struct{ name, pattern, seen, want string }{
		{"date", "## ## ####", "28 02 1953", "28 02 1953"},
		{"date without spaces", "## ## ####", "28021953", "28021953"},
		{"repeated digits", "####", "1996", "1996"},
		{"repeated digits at the end", "####", "1955", "1955"},
		{"letters for digits", "@########", "N48358SSO", ""},
		{"missing at the beginning", "№? #########", "123456789", "123456789"},
		{"there at the beginning", "№? #########", "№ 123456789", "№ 123456789"},
		{"missing at the end", "@?*?", "P", "P"},
		{"there at the end", "@?*?", "PN", "PN"},
		{"month", "## NOV ####", "19 NOV 1959", "19 NOV 1959"},
		{"another month", "## DEC ####", "19 NOV 1959", ""},
		{"too long", "####", "12345678", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			p, c := compile(x.pattern)
			r, loss := c.spell(lattice(x.seen, 0.9), p)
			got := r.text()
			if loss >= misfit {
				got = ""
			}
			if got != x.want {
				t.Errorf("%q, %.2f nats a character; want %q", r.text(), loss, x.want)
			}
		})
	}
}

func TestDatePatterns(t *testing.T) {
	for _, p := range datePatterns("DD MMM YYYY") {
		if !strings.HasPrefix(p, "## ") || !strings.HasSuffix(p, " ####") {
			t.Errorf("%q", p)
		}
	}
}
