package mrz

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Reason says why a character was corrected.
type Reason string

// The reasons.
const (
	ByCheckDigit Reason = "check_digit" // the field's check digit, and the composite one, are right only so
	ByCode       Reason = "state_code"  // only so it is a code of a state or authority
)

// Correction is a character that was read as another one than stands in the
// document.
type Correction struct {
	Line    int    `json:"line"`
	At      int    `json:"at"`
	Read    string `json:"read"`
	Written string `json:"written"`
	Why     Reason `json:"why"`
}

// How much less likely than what was read a correction may be, in nats. What is
// printed clearly stays as it is, right or wrong: a clear character has some 6
// nats over the next one (eval mrz).
const (
	codeCost      = 4.0
	digitCost     = 5.0 // a check digit and the composite one ask for it
	loneDigitCost = 2.5 // one check digit alone does
	// apart is how much likelier than the next one a correction has to be.
	apart = 1.0
)

// corrector mends what the posteriors leave in doubt. Check digits are evidence,
// and so never mended themselves.
type corrector struct {
	layout *layout
	looks  []*posterior
	lines  [][]byte
	done   []Correction
	now    time.Time
}

// correct returns the lines and what was corrected in them.
func (c *corrector) correct() ([]string, []Correction) {
	for _, p := range c.layout.places {
		if p.name == Issuer && c.layout.prefix == "" || p.name == Nationality {
			c.code(p)
		}
	}
	if !c.document().ChecksOK() {
		c.digits()
	}
	return c.text(), c.done
}

func (c *corrector) text() []string {
	s := make([]string, len(c.lines))
	for i, l := range c.lines {
		s[i] = string(l)
	}
	return s
}

func (c *corrector) document() *Document { return c.layout.parse(c.text(), c.now) }

// cost is how much less likely than what stands there the symbol is.
func (c *corrector) cost(line, at, symbol int) float64 {
	row := c.looks[line].at(at)
	return float64(row[indexOf(c.lines[line][at])] - row[symbol])
}

// change is one character to be written.
type change struct {
	line, at int
	to       byte
	cost     float64
}

func (c *corrector) apply(x change, why Reason) {
	c.done = append(c.done, Correction{x.line, x.at, string(c.lines[x.line][x.at]), string(x.to), why})
	c.lines[x.line][x.at] = x.to
}

// code mends a code that is not listed, if one letter makes it one that is.
func (c *corrector) code(p place) {
	read := string(c.lines[p.Line][p.From:p.To])
	if Listed(strings.TrimRight(read, "<")) {
		return
	}
	var found []change
	for code := range listed {
		code = padded(code, 3)
		at, ok := differs(code, read)
		if !ok {
			continue
		}
		cost := c.cost(p.Line, p.From+at, indexOf(code[at]))
		if cost < codeCost {
			found = append(found, change{p.Line, p.From + at, code[at], cost})
		}
	}
	if x, ok := clearest(found); ok {
		c.apply(x, ByCode)
	}
}

// differs is where a and b differ, if that is in one place.
func differs(a, b string) (at int, ok bool) {
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			at = i
			n++
		}
	}
	return at, n == 1
}

// clearest is the cheapest change, if no other comes near it.
func clearest(found []change) (change, bool) {
	if len(found) == 0 {
		return change{}, false
	}
	slices.SortFunc(found, func(a, b change) int {
		if a.cost != b.cost {
			return sign(a.cost - b.cost)
		}
		return int(a.to) - int(b.to)
	})
	if len(found) > 1 && found[1].cost < found[0].cost+apart {
		return change{}, false
	}
	return found[0], true
}

func sign(v float64) int {
	if v < 0 {
		return -1
	}
	return 1
}

// digits mends one character in each field whose check digit is wrong. All has
// to be right then, or nothing is changed.
func (c *corrector) digits() {
	before, done := c.clone(), len(c.done)
	most := digitCost
	if c.layout.composite.To == 0 {
		most = loneDigitCost
	}
	for _, p := range c.layout.places {
		if p.check == none || c.right(p) {
			continue
		}
		if x, ok := clearest(c.repairs(p.Span, most, func() bool { return c.right(p) })); ok {
			c.apply(x, ByCheckDigit)
		}
	}
	d := c.document()
	if d.Composite != nil && !d.Composite.OK {
		c.composite()
		d = c.document()
	}
	if !d.ChecksOK() {
		c.lines, c.done = before, c.done[:done]
	}
}

func (c *corrector) clone() [][]byte {
	out := make([][]byte, len(c.lines))
	for i, l := range c.lines {
		out[i] = slices.Clone(l)
	}
	return out
}

// right says whether the check digit of the field at p is.
func (c *corrector) right(p place) bool {
	for _, f := range c.document().Fields {
		if f.Name == p.name {
			return f.Check == nil || f.Check.OK
		}
	}
	return true
}

// repairs are the single changes in the span after which ok holds.
func (c *corrector) repairs(at Span, most float64, ok func() bool) []change {
	var found []change
	for i := at.From; i < at.To; i++ {
		was := c.lines[at.Line][i]
		for s := range symbols {
			if Alphabet[s] == was || !c.layout.lineKinds[at.Line][i].allows(Alphabet[s]) {
				continue
			}
			cost := c.cost(at.Line, i, s)
			if cost >= most {
				continue
			}
			c.lines[at.Line][i] = Alphabet[s]
			if ok() {
				found = append(found, change{at.Line, i, Alphabet[s], math.Max(cost, 0)})
			}
			c.lines[at.Line][i] = was
		}
	}
	return found
}

// composite mends one character of the optional data, which only the composite
// check digit covers. That digit alone is weak evidence.
func (c *corrector) composite() {
	var found []change
	for _, p := range c.layout.places {
		if p.check == none && (p.name == Optional || p.name == Optional2) {
			found = append(found, c.repairs(p.Span, loneDigitCost, func() bool { return c.document().Composite.OK })...)
		}
	}
	if x, ok := clearest(found); ok {
		c.apply(x, ByCheckDigit)
	}
}
