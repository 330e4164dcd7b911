package specimen

import (
	"fmt"
	"slices"

	"idflow/vision"
)

// editZone replaces a run of characters of the machine-readable zone, fillers
// excepted, by others of their kind.
func (r *retouch) editZone(e Edit) ([4]float64, error) {
	zone := r.side.MRZ
	var lines []int
	for i, l := range r.truth.Lines {
		if l.Role == MRZ {
			lines = append(lines, i)
		}
	}
	if zone == nil || len(lines) == 0 {
		return [4]float64{}, fmt.Errorf("%w: no machine-readable zone", ErrEdit)
	}
	// Most often it is a number or a date, which are in all lines but the names'.
	row := r.rand.IntN(len(lines))
	text := []byte(r.truth.Lines[lines[row]].Text)
	from, n := r.run(text)
	x, y := zone[0], zone[1]+zoneLine*float64(row)
	cell := func(i int) [4]float64 {
		return [4]float64{x + zonePitch*float64(i), y - zoneCapital - 0.5, zonePitch, zoneCapital + 1}
	}
	area := cell(from)
	area[2] *= float64(n)
	changed := slices.Clone(text)
	for i := from; i < from+n; i++ {
		changed[i] = otherCharacter(r, text, i)
	}
	if e == ZonePasted {
		r.pasteCells(text, changed, from, n, cell)
	} else if err := r.retypeCells(e, changed, from, n, [2]float64{x, y}, area, cell); err != nil {
		return area, err
	}
	r.truth.Lines[lines[row]].Text = string(changed)
	if row < len(r.truth.MRZ) {
		r.truth.MRZ[row] = string(changed)
	}
	return area, nil
}

// run picks two to eight neighbouring characters, most of them no fillers.
func (r *retouch) run(text []byte) (from, n int) {
	for {
		n = 2 + r.rand.IntN(7)
		from = r.rand.IntN(len(text) - n)
		filled := 0
		for _, c := range text[from : from+n] {
			if c != '<' {
				filled++
			}
		}
		if 2*filled > n && filled >= 2 {
			return from, n
		}
	}
}

// otherCharacter is another one of the same kind; for a program that copies, one
// that stands elsewhere in the line.
func otherCharacter(r *retouch, text []byte, i int) byte {
	c := text[i]
	digit := c >= '0' && c <= '9'
	if c == '<' {
		return c
	}
	for range 50 {
		d := text[r.rand.IntN(len(text))]
		if d != c && d != '<' && (d >= '0' && d <= '9') == digit {
			return d
		}
	}
	if digit {
		return '0' + (c-'0'+1)%10
	}
	return 'A' + (c-'A'+1)%26
}

// pasteCells copies each character from where it stands elsewhere in the line.
func (r *retouch) pasteCells(text, changed []byte, from, n int, cell func(int) [4]float64) {
	source := r.lift()
	for i := from; i < from+n; i++ {
		if text[i] == changed[i] {
			continue
		}
		k := slices.Index(text, changed[i])
		if k < 0 {
			changed[i] = text[i]
			continue
		}
		a, b := cell(k), cell(i)
		off := vision.Point{X: r.sign() * r.within(0.05, 0.3), Y: r.sign() * r.within(0.05, 0.3)}
		r.each(b, func(p []uint8, _, _ int, at vision.Point) {
			w := inside(b, at, 0.15)
			if w == 0 {
				return
			}
			at = at.Add(vision.Point{X: a[0] - b[0], Y: a[1] - b[1]}).Sub(off)
			mixInto(p, sampleRGBA(source, r.to.Apply(at)), w)
		})
	}
}

// retypeCells takes the characters away and prints others.
func (r *retouch) retypeCells(e Edit, changed []byte, from, n int, at [2]float64, area [4]float64, cell func(int) [4]float64) error {
	ink, _ := r.ink(area)
	if !r.digital {
		ink = [3]float64{0x16, 0x16, 0x1c}
	}
	// The paper between the lines is blank.
	up := vision.Point{Y: -(zoneCapital + 0.55)}
	r.clone([4]float64{area[0], area[1] + 0.1, area[2], area[3] - 0.2}, up, 0.15)

	font, stretch := "ocrb", 1.0
	var dx, dy float64
	if e == ZoneRetyped {
		font = []string{"mono", "mono", "sans", "bold", "serif"}[r.rand.IntN(5)]
	} else {
		dx, dy = r.sign()*r.within(0, 0.35), r.sign()*r.within(0.2, 0.5)
		stretch = r.within(0.9, 1.1)
	}
	f, err := fontOf(font)
	if err != nil {
		return err
	}
	s := newSheet(r.side)
	size, err := s.capital(f)
	if err != nil {
		return err
	}
	size *= stretch
	soft := r.softness()
	for i := from; i < from+n; i++ {
		if changed[i] == '<' && e == ZoneRetyped && font != "mono" {
			continue // left blank by who does not know
		}
		g, err := s.set.glyph(f, rune(changed[i]))
		if err != nil {
			return err
		}
		left := at[0] + zonePitch*(float64(i)+0.5) - size*g.advance/unitsPerEm/2
		if err := r.write(string(changed[i]), font, size, left+dx, at[1]+dy, ink, soft); err != nil {
			return err
		}
	}
	return nil
}
