package specimen

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"strings"

	"golang.org/x/image/draw"

	"idflow/vision"
)

// retouch alters a picture of a page, be it the page itself or a photograph.
// Places are in millimetres of the page.
type retouch struct {
	*image.RGBA
	truth    *Truth
	side     *Side
	to, from vision.Homography // from millimetres to pixels and back
	scale    float64           // pixels per millimetre
	digital  bool              // by a program, not on paper
	rand     *rand.Rand
}

// quad is where the rectangle b is seen.
func (r *retouch) quad(b [4]float64) vision.Quad {
	q := vision.Quad{{X: b[0], Y: b[1]}, {X: b[0] + b[2], Y: b[1]}, {X: b[0] + b[2], Y: b[1] + b[3]}, {X: b[0], Y: b[1] + b[3]}}
	for i := range q {
		q[i] = r.to.Apply(q[i])
	}
	return q
}

// each calls f for the pixels about b, with their places.
func (r *retouch) each(b [4]float64, f func(p []uint8, x, y int, at vision.Point)) {
	area := around(r.quad(b)).Intersect(r.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			f(r.Pix[y*r.Stride+4*x:][:3], x, y, r.from.Apply(vision.Point{X: float64(x), Y: float64(y)}))
		}
	}
}

// inside is how far at lies inside of b, 0 outside and 1 from soft on.
func inside(b [4]float64, at vision.Point, soft float64) float64 {
	d := min(at.X-b[0], b[0]+b[2]-at.X, at.Y-b[1], b[1]+b[3]-at.Y)
	return min(1, max(0, d/soft+0.5))
}

func mixInto(p []uint8, c [3]float64, a float64) {
	for i := range c {
		p[i] = clamp(float64(p[i]) + (c[i]-float64(p[i]))*a)
	}
}

// lift copies the picture for reading while it is being changed.
func (r *retouch) lift() *image.RGBA { return cloneRGBA(r.RGBA) }

// sampleRGBA is the colour between pixels, the edge going on for ever.
func sampleRGBA(m *image.RGBA, p vision.Point) (c [3]float64) {
	x, y := min(max(p.X, 0), float64(m.Rect.Dx()-2)), min(max(p.Y, 0), float64(m.Rect.Dy()-2))
	ix, iy := int(x), int(y)
	u, v := x-float64(ix), y-float64(iy)
	o := iy*m.Stride + 4*ix
	for i := range c {
		a := float64(m.Pix[o+i])*(1-u) + float64(m.Pix[o+4+i])*u
		b := float64(m.Pix[o+m.Stride+i])*(1-u) + float64(m.Pix[o+m.Stride+4+i])*u
		c[i] = a*(1-v) + b*v
	}
	return c
}

// clone copies what lies by away over b. A program moves by whole pixels.
func (r *retouch) clone(b [4]float64, by vision.Point, soft float64) {
	from := r.lift()
	c := vision.Point{X: b[0] + b[2]/2, Y: b[1] + b[3]/2}
	shift := r.to.Apply(c.Add(by)).Sub(r.to.Apply(c))
	shift = vision.Point{X: math.Round(shift.X), Y: math.Round(shift.Y)}
	r.each(b, func(p []uint8, x, y int, at vision.Point) {
		if a := inside(b, at, soft); a > 0 {
			mixInto(p, sampleRGBA(from, vision.Point{X: float64(x), Y: float64(y)}.Add(shift)), a)
		}
	})
}

// ink is the colour of the darkest part of b, and paper that of its lightest.
func (r *retouch) ink(b [4]float64) (ink, paper [3]float64) {
	var histogram [256]int
	n := 0
	sums := [256][3]float64{}
	r.each(b, func(p []uint8, _, _ int, at vision.Point) {
		if inside(b, at, 1e-6) == 0 {
			return
		}
		luma := (int(p[0])*77 + int(p[1])*150 + int(p[2])*29) >> 8
		histogram[luma]++
		n++
		for i := range 3 {
			sums[luma][i] += float64(p[i])
		}
	})
	mean := func(from, step int, share float64) (c [3]float64) {
		left, total := int(share*float64(n))+1, 0
		for v := from; v >= 0 && v < 256 && total < left; v += step {
			total += histogram[v]
			for i := range c {
				c[i] += sums[v][i]
			}
		}
		for i := range c {
			c[i] /= float64(max(total, 1))
		}
		return c
	}
	return mean(0, 1, 0.04), mean(255, -1, 0.5)
}

// write prints text with its baseline beginning at (x, y), the em being size;
// soft is the standard deviation of the edges in pixels.
func (r *retouch) write(text, font string, size, x, y float64, ink [3]float64, soft float64) error {
	f, err := fontOf(font)
	if err != nil {
		return err
	}
	s := newSheet(r.side)
	line := s.lay(f, text)
	white := color.NRGBA{255, 255, 255, 255}
	s.ink(line, vision.Affine{A: size, C: x, E: size, F: y}, white)
	lo, hi := extent(line)
	b := [4]float64{x + size*lo.X - 1, y + size*lo.Y - 1, size*(hi.X-lo.X) + 2, size*(hi.Y-lo.Y) + 2}
	spread := max(soft, 0.35)
	r.each(b, func(p []uint8, px, py int, _ vision.Point) {
		var a, sum float64
		for i := range 9 {
			dx, dy := float64(i%3-1), float64(i/3-1)
			w := math.Exp(-(dx*dx + dy*dy) / 1.5)
			at := r.from.Apply(vision.Point{X: float64(px) + dx*1.1*spread, Y: float64(py) + dy*1.1*spread})
			a += w * sampleRGBA(s.RGBA, vision.Point{X: at.X*PerMM - 0.5, Y: at.Y*PerMM - 0.5})[0] / 255
			sum += w
		}
		mixInto(p, ink, 0.96*a/sum)
	})
	return nil
}

// field is the place of a field's value, of four letters at least, set upright.
func (r *retouch) field() ([4]float64, error) {
	i, err := r.fieldLine()
	if err != nil {
		return [4]float64{}, err
	}
	return r.place(i), nil
}

func (r *retouch) fieldLine() (int, error) {
	var able []int
	for i, l := range r.truth.Lines {
		if b := r.place(i); l.Role == Value && len([]rune(l.Text)) >= 4 && b[2] > b[3] {
			able = append(able, i)
		}
	}
	if len(able) == 0 {
		return 0, fmt.Errorf("%w: no field", ErrEdit)
	}
	return able[r.rand.IntN(len(able))], nil
}

// place is the upright rectangle of line i.
func (r *retouch) place(i int) [4]float64 {
	var q vision.Quad
	for k, p := range r.truth.Lines[i].Place {
		q[k] = r.from.Apply(p)
	}
	lo, hi := span(q)
	return [4]float64{lo.X, lo.Y, hi.X - lo.X, hi.Y - lo.Y}
}

func grown(b [4]float64, d float64) [4]float64 {
	return [4]float64{b[0] - d, b[1] - d, b[2] + 2*d, b[3] + 2*d}
}

// editField takes a field's text away and writes another.
func (r *retouch) editField(e Edit) ([4]float64, error) {
	i, err := r.fieldLine()
	if err != nil {
		return [4]float64{}, err
	}
	b := r.place(i)
	area := grown(b, 0.4)
	ink, paper := r.ink(b)
	if e == FieldCovered {
		soft := r.within(0.05, 0.3)
		r.each(area, func(p []uint8, _, _ int, at vision.Point) { mixInto(p, paper, inside(area, at, soft)) })
	} else {
		r.clone(area, r.blank(area), 0.2)
	}
	style := r.styleOf(r.truth.Lines[i].Key)
	font, drop := style.Font, 0.0
	if r.rand.IntN(3) > 0 {
		font = otherFont(r.rand, font)
	} else {
		drop = r.sign() * r.within(0.25, 0.6)
	}
	text := altered(r.rand, r.truth.Lines[i].Text)
	r.truth.Lines[i].Text = text
	const capital = 0.71 // of the em
	// Replacing size follows the old text's height, as far as an eye sees it.
	size := style.Size * r.within(0.96, 1.05)
	if size == 0 {
		size = b[3] / capital
	}
	var set typesetter
	if f, err := fontOf(font); err == nil {
		if w, err := set.width(f, text); err != nil {
			font = style.Font // which has all of the letters
		} else if room := r.side.Size[0] - b[0] - 1; w*size > room {
			size = room / w
		}
	}
	return area, r.write(text, font, size, b[0], b[1]+b[3]+drop, ink, r.softness())
}

// softness is how soft the edges are that a forger gives to new print, in
// pixels: nearly those of the rest, on a photograph.
func (r *retouch) softness() float64 {
	if !r.digital {
		return 0.35
	}
	return r.within(0.3, 0.9)
}

func (r *retouch) styleOf(key string) Style {
	for _, f := range r.side.Fields {
		if f.Key == key {
			return f.Style.or(r.side.Values)
		}
	}
	return r.side.Values
}

func otherFont(rnd *rand.Rand, not string) string {
	if not == "" {
		not = "sans"
	}
	for {
		if f := []string{"sans", "bold", "serif", "mono"}[rnd.IntN(4)]; f != not {
			return f
		}
	}
}

// altered is a text of the same letters in another order and of other digits.
func altered(rnd *rand.Rand, s string) string {
	text := []rune(s)
	for i, c := range text {
		j := rnd.IntN(len(text))
		switch {
		case c >= '0' && c <= '9':
			text[i] = '0' + (c-'0'+1+rune(rnd.IntN(9)))%10
		case !strings.ContainsRune(" .-/<", c) && !strings.ContainsRune(" .-/<0123456789", text[j]):
			text[i], text[j] = text[j], text[i]
		}
	}
	return string(text)
}

// blank is the way to a place beside b that has least print, as a forger looks
// for one.
func (r *retouch) blank(b [4]float64) vision.Point {
	best, least := vision.Point{Y: -b[3]}, math.Inf(1)
	for range 24 {
		by := vision.Point{X: r.within(-25, 25), Y: r.within(-20, 20)}
		x, y := b[0]+by.X, b[1]+by.Y
		if x < 1 || y < 1 || x+b[2] > r.side.Size[0]-1 || y+b[3] > r.side.Size[1]-1 {
			continue
		}
		if math.Abs(by.Y) < b[3] && math.Abs(by.X) < b[2] {
			continue
		}
		ink, paper := r.ink([4]float64{x, y, b[2], b[3]})
		if d := paper[0] + paper[1] + paper[2] - ink[0] - ink[1] - ink[2]; d < least {
			best, least = by, d
		}
	}
	return best
}

// hideField covers a field with a copy of blank paper.
func (r *retouch) hideField() ([4]float64, error) {
	f, err := r.field()
	if err != nil {
		return f, err
	}
	area := grown(f, r.within(0.4, 1))
	r.clone(area, r.blank(area), r.within(0.1, 0.5))
	return area, nil
}

// pastePortrait lays another portrait over the holder's: on paper cut out and
// glued, hardly ever quite straight; by a program without a shadow.
func (r *retouch) pastePortrait(other Portrait) ([4]float64, error) {
	f := r.side.Portrait
	if f == nil {
		return [4]float64{}, fmt.Errorf("%w: no portrait", ErrEdit)
	}
	b := grown(f.Box, r.within(0, 0.5))
	const perMM = 2 * PerMM
	m := image.NewRGBA(image.Rect(0, 0, int(b[2]*perMM), int(b[3]*perMM)))
	if other.Image == nil {
		silhouette(m)
	} else {
		draw.CatmullRom.Scale(m, m.Rect, other.Image, other.crop(b[2], b[3]), draw.Src, nil)
	}
	dull(m, f.Grey)
	ink, paper := r.ink(f.Box)
	turn := r.sign() * r.within(0.4, 2) * math.Pi / 180
	shadow, rim := r.within(0.15, 0.4), r.within(0.2, 0.7)
	if r.digital {
		turn, shadow, rim = r.sign()*r.within(0, 0.7)*math.Pi/180, 0, 0
	} else {
		ink, paper = [3]float64{}, [3]float64{255, 255, 255}
	}
	sin, cos := math.Sincos(turn)
	mid := vision.Point{X: b[0] + b[2]/2, Y: b[1] + b[3]/2}
	local := func(at vision.Point) vision.Point {
		d := at.Sub(mid)
		return vision.Point{X: d.X*cos + d.Y*sin + b[2]/2, Y: d.Y*cos - d.X*sin + b[3]/2}
	}
	whole := [4]float64{0, 0, b[2], b[3]}
	soft := max(0.06, 0.7/r.scale)
	r.each(grown(b, 1.5), func(p []uint8, _, _ int, at vision.Point) {
		at = local(at)
		a := inside(whole, at, soft)
		if a < 1 && shadow > 0 {
			// The light comes from above and the left.
			fall := inside(whole, at.Sub(vision.Point{X: 0.22, Y: 0.25}), 0.35)
			mixInto(p, [3]float64{}, fall*shadow)
		}
		if a == 0 {
			return
		}
		c := sampleRGBA(m, vision.Point{X: at.X*perMM - 0.5, Y: at.Y*perMM - 0.5})
		if r.digital { // to the light of the picture, by eye
			for i := range c {
				c[i] = 0.8*ink[i] + (min(255, 1.12*paper[i])-0.8*ink[i])*c[i]/255
			}
		} else if d := min(at.X, at.Y); d < 0.14 {
			for i := range c {
				c[i] += (250 - c[i]) * rim
			}
		}
		mixInto(p, c, a)
	})
	return grown(b, 0.5), nil
}

// bilateral smooths the pixels of b with their neighbours up to reach away that
// are of like colour, within about level of 255.
func (r *retouch) bilateral(b image.Rectangle, reach int, level float64) {
	from := r.lift()
	var alike [256]float64
	for i := range alike {
		alike[i] = math.Exp(-float64(i*i) / (2 * level * level))
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			p := r.Pix[y*r.Stride+4*x:][:3]
			for c := range 3 {
				v := int(from.Pix[y*r.Stride+4*x+c])
				var sum, weight float64
				for j := max(y-reach, 0); j <= min(y+reach, r.Rect.Dy()-1); j++ {
					for i := max(x-reach, 0); i <= min(x+reach, r.Rect.Dx()-1); i++ {
						n := int(from.Pix[j*r.Stride+4*i+c])
						w := alike[max(n-v, v-n)]
						sum, weight = sum+w*float64(n), weight+w
					}
				}
				p[c] = uint8(sum/weight + 0.5)
			}
		}
	}
}
