package specimen

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"

	"idflow/vision"
)

// PerMM is the resolution that pages are printed at, in pixels per millimetre:
// the 300 dots per inch of a card or passport printer.
const PerMM = 12.0

// sheet is a side being printed. Places are in millimetres from its top left
// corner.
type sheet struct {
	*image.RGBA
	side   *Side
	set    typesetter
	raster vector.Rasterizer
}

func newSheet(side *Side) *sheet {
	w, h := int(math.Round(side.Size[0]*PerMM)), int(math.Round(side.Size[1]*PerMM))
	return &sheet{RGBA: image.NewRGBA(image.Rect(0, 0, w, h)), side: side}
}

// point is the place (x, y) in pixels.
func point(x, y float64) vision.Point { return vision.Point{X: x*PerMM - 0.5, Y: y*PerMM - 0.5} }

// box is an upright rectangle in pixels.
func box(x, y, w, h float64) vision.Quad {
	return vision.Quad{point(x, y), point(x+w, y), point(x+w, y+h), point(x, y+h)}
}

// pixels is the same for package image.
func pixels(b [4]float64) image.Rectangle {
	at := func(v float64) int { return int(math.Round(v * PerMM)) }
	return image.Rect(at(b[0]), at(b[1]), at(b[0]+b[2]), at(b[1]+b[3]))
}

// colour resolves the colour of a Style.
func (s *sheet) colour(name string) (color.NRGBA, error) {
	switch name {
	case "", "ink":
		name = s.side.Paper.Ink
	case "accent":
		name = s.side.Paper.Accent
	}
	return parseColour(name)
}

func parseColour(s string) (color.NRGBA, error) {
	if len(s) == 7 && s[0] == '#' {
		if v, err := strconv.ParseUint(s[1:], 16, 32); err == nil {
			return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}, nil
		}
	}
	return color.NRGBA{}, fmt.Errorf("specimen: %q is no colour: want #rrggbb", s)
}

// print sets a line of text with its baseline beginning (or, by the style's
// alignment, being centred or ending) at (x, y), and says where its ink is.
func (s *sheet) print(text string, st Style, x, y float64) (vision.Quad, error) {
	c, err := s.colour(st.Colour)
	if err != nil {
		return vision.Quad{}, err
	}
	return s.printTurned(text, st, x, y, float64(st.Turn)*math.Pi/2, c)
}

// printTurned is print at any angle, clockwise in radians.
func (s *sheet) printTurned(text string, st Style, x, y, angle float64, c color.NRGBA) (vision.Quad, error) {
	f, err := fontOf(st.Font)
	if err != nil {
		return vision.Quad{}, err
	}
	w, err := s.set.width(f, text)
	if err != nil {
		return vision.Quad{}, fmt.Errorf("print %q: %w", text, err)
	}
	size := st.Size
	if st.Width > 0 && w*size > st.Width {
		size = st.Width / w
	}
	along := map[string]float64{"centre": -0.5, "right": -1}[st.Align] * w * size
	m := vision.Affine{
		A: size * math.Cos(angle), B: -size * math.Sin(angle), C: x + along*math.Cos(angle),
		D: size * math.Sin(angle), E: size * math.Cos(angle), F: y + along*math.Sin(angle),
	}
	line := s.lay(f, text)
	return s.ink(line, m, c), nil
}

// laid is an outline placed on a baseline, in units.
type laid struct {
	glyph
	at float64
}

// lay puts the letters of text, which the font has, one behind the other.
func (s *sheet) lay(f *sfnt.Font, text string) []laid {
	var line []laid
	at := 0.0
	for _, r := range text {
		g, _ := s.set.glyph(f, r)
		line = append(line, laid{g, at})
		at += g.advance
	}
	return line
}

// ink fills the outlines through m, which leads from ems to millimetres, and
// gives the box about them.
func (s *sheet) ink(line []laid, m vision.Affine, c color.NRGBA) vision.Quad {
	lo, hi := extent(line)
	corner := func(x, y float64) vision.Point {
		p := m.Apply(vision.Point{X: x, Y: y})
		return point(p.X, p.Y)
	}
	q := vision.Quad{corner(lo.X, lo.Y), corner(hi.X, lo.Y), corner(hi.X, hi.Y), corner(lo.X, hi.Y)}
	r := around(q).Intersect(s.Rect)
	if r.Empty() {
		return q
	}
	s.raster.Reset(r.Dx(), r.Dy())
	at := func(l laid, i int, seg sfnt.Segment) (float32, float32) {
		p := m.Apply(vision.Point{
			X: (l.at + float64(seg.Args[i].X)/64) / unitsPerEm,
			Y: float64(seg.Args[i].Y) / 64 / unitsPerEm,
		})
		return float32(p.X*PerMM) - float32(r.Min.X), float32(p.Y*PerMM) - float32(r.Min.Y)
	}
	for _, l := range line {
		for i, seg := range l.outline {
			ax, ay := at(l, 0, seg)
			switch seg.Op {
			case sfnt.SegmentOpMoveTo:
				if i > 0 {
					s.raster.ClosePath()
				}
				s.raster.MoveTo(ax, ay)
			case sfnt.SegmentOpLineTo:
				s.raster.LineTo(ax, ay)
			case sfnt.SegmentOpQuadTo:
				bx, by := at(l, 1, seg)
				s.raster.QuadTo(ax, ay, bx, by)
			case sfnt.SegmentOpCubeTo:
				bx, by := at(l, 1, seg)
				dx, dy := at(l, 2, seg)
				s.raster.CubeTo(ax, ay, bx, by, dx, dy)
			}
		}
		if len(l.outline) > 0 {
			s.raster.ClosePath()
		}
	}
	s.raster.Draw(s.RGBA, r, image.NewUniform(c), image.Point{})
	return q
}

// extent is the box about the outlines, in ems.
func extent(line []laid) (lo, hi vision.Point) {
	lo, hi = vision.Point{X: math.Inf(1), Y: math.Inf(1)}, vision.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, l := range line {
		for _, seg := range l.outline {
			n := 1
			switch seg.Op {
			case sfnt.SegmentOpQuadTo:
				n = 2
			case sfnt.SegmentOpCubeTo:
				n = 3
			}
			for _, a := range seg.Args[:n] {
				x, y := (l.at+float64(a.X)/64)/unitsPerEm, float64(a.Y)/64/unitsPerEm
				lo = vision.Point{X: min(lo.X, x), Y: min(lo.Y, y)}
				hi = vision.Point{X: max(hi.X, x), Y: max(hi.Y, y)}
			}
		}
	}
	if lo.X > hi.X {
		return vision.Point{}, vision.Point{}
	}
	return lo, hi
}

// around is the smallest rectangle of whole pixels about q.
func around(q vision.Quad) image.Rectangle {
	lo, hi := span(q)
	return image.Rect(int(math.Floor(lo.X)), int(math.Floor(lo.Y)), int(math.Ceil(hi.X))+2, int(math.Ceil(hi.Y))+2)
}

// blend mixes the colour c into the pixel (x, y), which may lie outside, to the
// degree a, 0 to 1.
func (s *sheet) blend(x, y int, c color.NRGBA, a float64) {
	if !(image.Point{X: x, Y: y}).In(s.Rect) {
		return
	}
	p := s.Pix[y*s.Stride+4*x:][:3]
	k := int(a * 256)
	p[0] += uint8((int(c.R) - int(p[0])) * k >> 8)
	p[1] += uint8((int(c.G) - int(p[1])) * k >> 8)
	p[2] += uint8((int(c.B) - int(p[2])) * k >> 8)
}
