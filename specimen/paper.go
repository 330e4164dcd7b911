package specimen

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// Paper is what a side looks like before anything is written on it: a tint that
// changes across it, two families of wavy lines, rosettes, and a paler band for
// the machine-readable zone. Colours are #rrggbb.
type Paper struct {
	From    string      `json:"from"` // tint at the left
	To      string      `json:"to"`   // and in the middle; the right is as the left again
	Lines   [2]string   `json:"lines"`
	Ink     string      `json:"ink"`    // of texts
	Accent  string      `json:"accent"` // of titles and rosettes
	Rosette []Rosette   `json:"rosettes,omitempty"`
	Bars    []Bar       `json:"bars,omitempty"`
	Sign    *[4]float64 `json:"signature,omitempty"` // box that somebody signed in
}

// Rosette is a flower of fine lines.
type Rosette struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	R      float64 `json:"r"`
	Petals int     `json:"petals"`
	Alpha  float64 `json:"alpha"`          // 0 to 1
	Foil   bool    `json:"foil,omitempty"` // in the colours of a hologram
}

// Bar is a rectangle of one colour.
type Bar struct {
	Box    [4]float64 `json:"box"`
	Colour string     `json:"colour"`
	Alpha  float64    `json:"alpha"`
}

// paper prints everything that is not text or portrait.
func (s *sheet) paper(r *rand.Rand) error {
	p := &s.side.Paper
	from, err := parseColour(p.From)
	if err != nil {
		return err
	}
	to, err := parseColour(p.To)
	if err != nil {
		return err
	}
	s.tint(r, from, to)
	for _, name := range p.Lines {
		c, err := parseColour(name)
		if err != nil {
			return err
		}
		s.waves(r, c)
	}
	accent, err := s.colour("accent")
	if err != nil {
		return err
	}
	for _, f := range p.Rosette {
		s.rosette(r, f, accent)
	}
	for _, b := range p.Bars {
		c, err := parseColour(b.Colour)
		if err != nil {
			return err
		}
		s.bar(b, c)
	}
	if p.Sign != nil {
		ink, err := s.colour("ink")
		if err != nil {
			return err
		}
		s.signature(r, *p.Sign, ink)
	}
	return nil
}

// tint lays the ground, with the grain of paper.
func (s *sheet) tint(r *rand.Rand, from, to color.NRGBA) {
	w, h := s.Rect.Dx(), s.Rect.Dy()
	row := make([]uint8, 3*w)
	for x := range w {
		k := math.Sin(math.Pi * float64(x) / float64(w))
		mix := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*k*k + 0.5) }
		row[3*x], row[3*x+1], row[3*x+2] = mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B)
	}
	for y := range h {
		p := s.Pix[y*s.Stride:][:4*w]
		var grain uint64
		for x := range w {
			if x%16 == 0 {
				grain = r.Uint64()
			}
			d := uint8(grain & 3)
			grain >>= 4
			q := p[4*x : 4*x+4 : 4*x+4]
			q[0], q[1], q[2], q[3] = row[3*x]-d, row[3*x+1]-d, row[3*x+2]-d, 255
		}
	}
}

// How the wavy lines are printed, in millimetres.
const (
	wavePitch = 1.15
	waveWidth = 0.13
	waveAlpha = 0.38
)

// waves prints one family of lines that run from left to right, each a little
// further along than the one above.
func (s *sheet) waves(r *rand.Rand, c color.NRGBA) {
	w := s.Rect.Dx()
	amp1, amp2 := 1.5+2.5*r.Float64(), 0.6+1.2*r.Float64()
	len1, len2 := 28+40*r.Float64(), 7+10*r.Float64()
	ph1, ph2, drift := 2*math.Pi*r.Float64(), 2*math.Pi*r.Float64(), 0.02+0.1*r.Float64()
	// sin(a + k drift) is put together from what only depends on a or on k.
	type column struct{ sin, cos, rest, slope float64 }
	cols := make([]column, w)
	for x := range cols {
		mm := float64(x) / PerMM
		a, b := 2*math.Pi*mm/len1+ph1, 2*math.Pi*mm/len2+ph2
		sin, cos := math.Sincos(a)
		cols[x] = column{sin, cos, amp2 * math.Sin(b), amp2 * 2 * math.Pi / len2 * math.Cos(b)}
	}
	for k := -6; float64(k-6)*wavePitch < s.side.Size[1]; k++ {
		sk, ck := math.Sincos(float64(k) * drift)
		for x := range cols {
			q := &cols[x]
			y := float64(k)*wavePitch + amp1*(q.sin*ck+q.cos*sk) + q.rest
			slope := amp1*2*math.Pi/len1*(q.cos*ck-q.sin*sk) + q.slope
			s.stroke(x, y*PerMM, waveWidth*PerMM*math.Sqrt(1+slope*slope), c, waveAlpha)
		}
	}
}

// stroke blends a vertical stretch of the given height about y into column x.
func (s *sheet) stroke(x int, y, height float64, c color.NRGBA, a float64) {
	top, bottom := y-height/2, y+height/2
	for py := int(math.Floor(top)); float64(py) < bottom; py++ {
		cover := min(bottom, float64(py+1)) - max(top, float64(py))
		s.blend(x, py, c, a*cover)
	}
}

// rosette prints a flower: circles whose radius swings, turned step by step.
func (s *sheet) rosette(r *rand.Rand, f Rosette, c color.NRGBA) {
	const curves = 14
	cx, cy, radius := f.X*PerMM, f.Y*PerMM, f.R*PerMM
	phase := 2 * math.Pi * r.Float64()
	steps := int(2 * math.Pi * radius * 1.5)
	for k := range curves {
		shift := 2 * math.Pi * float64(k) / curves
		for i := range steps {
			t := 2 * math.Pi * float64(i) / float64(steps)
			d := radius * (0.62 + 0.3*math.Sin(float64(f.Petals)*t+shift) + 0.08*math.Sin(3*float64(f.Petals)*t-shift))
			if f.Foil {
				c = rainbow(t*2 + shift + phase)
			}
			sin, cos := math.Sincos(t)
			s.dot(cx+d*cos, cy+d*sin, c, f.Alpha)
		}
	}
}

// dot spreads one pixel's worth of ink over the four pixels about (x, y).
func (s *sheet) dot(x, y float64, c color.NRGBA, a float64) {
	ix, iy := math.Floor(x), math.Floor(y)
	fx, fy := x-ix, y-iy
	s.blend(int(ix), int(iy), c, a*(1-fx)*(1-fy))
	s.blend(int(ix)+1, int(iy), c, a*fx*(1-fy))
	s.blend(int(ix), int(iy)+1, c, a*(1-fx)*fy)
	s.blend(int(ix)+1, int(iy)+1, c, a*fx*fy)
}

// rainbow is a light colour of the given hue, in radians.
func rainbow(hue float64) color.NRGBA {
	part := func(shift float64) uint8 { return uint8(150 + 100*math.Sin(hue+shift)) }
	return color.NRGBA{part(0), part(2 * math.Pi / 3), part(4 * math.Pi / 3), 255}
}

func (s *sheet) bar(b Bar, c color.NRGBA) {
	r := pixels(b.Box).Intersect(s.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			s.blend(x, y, c, b.Alpha)
		}
	}
}

// zoneBand pales the pattern under the machine-readable zone.
func (s *sheet) zoneBand(top float64) {
	r := image.Rect(0, int(top*PerMM), s.Rect.Dx(), s.Rect.Dy())
	white := color.NRGBA{250, 250, 248, 255}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		a := 0.6 * min(1, float64(y-r.Min.Y)/(1.5*PerMM))
		for x := range r.Dx() {
			s.blend(x, y, white, a)
		}
	}
}

// signature scribbles into the box.
func (s *sheet) signature(r *rand.Rand, b [4]float64, c color.NRGBA) {
	var f [4]float64
	for i := range f {
		f[i] = 0.6 + r.Float64()
	}
	loops := 5 + 5*r.Float64()
	steps := int(b[2] * PerMM * 8)
	for i := range steps {
		t := float64(i) / float64(steps)
		fade := math.Sin(math.Pi * math.Pow(t, 0.6))
		x := b[0] + b[2]*(t*0.85+0.05+0.05*math.Sin(2*math.Pi*loops*t*f[0]))
		y := b[1] + b[3]*(0.5+0.35*fade*math.Sin(2*math.Pi*loops*t)*f[1]+0.12*math.Sin(5*t*f[2]))
		for _, d := range [3]float64{-0.06, 0, 0.06} {
			s.dot((x+d*f[3])*PerMM, (y+d)*PerMM, c, 0.5)
		}
	}
}
