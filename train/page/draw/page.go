package main

import (
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"idflow/specimen"
	"idflow/vision"
)

// stock is what scenes are put together from.
type stock struct {
	pages []printed
	faces []*vision.Image
}

// printed is a page as a scanner sees it.
type printed struct {
	*vision.Image
	corner float64 // radius, as a share of the width
}

// pageWidth is enough for a page that fills the picture twice over.
const pageWidth = 420

// perTemplate is how many specimens of each template there are.
const perTemplate = 5

func newStock(faces string, seed uint64) (*stock, error) {
	s := &stock{}
	files, _ := filepath.Glob(filepath.Join(faces, "*.jpg"))
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		if m, err := vision.Decode(data); err == nil && len(s.faces) < 100 {
			s.faces = append(s.faces, m.Resize(256, 256))
		}
	}
	g := specimen.New(seed)
	for _, key := range specimen.Templates() {
		t, err := specimen.LookUp(key)
		if err != nil {
			return nil, err
		}
		for i := range perTemplate {
			d, err := g.Document(key)
			if err != nil {
				return nil, err
			}
			d.Side = t.Sides[i%len(t.Sides)].Name
			var p specimen.Portrait
			if len(s.faces) > 0 {
				m := s.faces[(7*len(s.pages)+i)%len(s.faces)]
				p = specimen.Portrait{Image: m.RGBA(), Face: image.Rect(m.W/4, m.H/4, m.W*3/4, m.H*4/5)}
			}
			page, err := specimen.Draw(d, p)
			if err != nil {
				return nil, err
			}
			m := fromRGBA(page.Image)
			s.pages = append(s.pages, printed{m.Resize(pageWidth, pageWidth*m.H/m.W), page.Corner / float64(m.W)})
		}
	}
	return s, nil
}

func fromRGBA(m *image.RGBA) *vision.Image {
	o := vision.New(m.Rect.Dx(), m.Rect.Dy())
	for i := range o.W * o.H {
		copy(o.Pix[3*i:3*i+3], m.Pix[4*i:4*i+3])
	}
	return o
}

// page is a specimen in other colours, or an invented one.
func (s *stock) page(r *rand.Rand) printed {
	if r.IntN(5) < 2 {
		return invented(r, s.faces)
	}
	p := s.pages[r.IntN(len(s.pages))]
	m := vision.New(p.W, p.H)
	order := r.Perm(3)
	if r.IntN(2) == 0 {
		order = []int{0, 1, 2}
	}
	var gain, lift [3]float64
	for c := range 3 {
		gain[c], lift[c] = within(r, 0.7, 1.1), within(r, -25, 20)
	}
	for i := range m.W * m.H {
		for c := range 3 {
			m.Pix[3*i+c] = uint8(min(255, max(0, gain[c]*float64(p.Pix[3*i+order[c]])+lift[c])))
		}
	}
	return printed{m, p.corner}
}

// invented is a page of no country's arrangement.
func invented(r *rand.Rand, faces []*vision.Image) printed {
	w, h := 420, 265
	corner := 0.037
	if r.IntN(3) == 0 {
		h, corner = 296, within(r, 0, 0.03)
	}
	m := vision.New(w, h)
	seed, c, d, ink := r.Uint32(), colour(r).mix(rgb{1, 1, 1}, within(r, 0, 0.7)), colour(r).mix(rgb{1, 1, 1}, 0.5), colour(r).times(0.4)
	fill := func(x0, y0, x1, y1 int, paint surface) {
		for y := max(0, y0); y < min(h, y1); y++ {
			for x := max(0, x0); x < min(w, x1); x++ {
				q := paint(float64(x-x0)/float64(x1-x0), float64(y-y0)/float64(y1-y0))
				for k := range 3 {
					m.Pix[3*(y*w+x)+k] = share(q[k])
				}
			}
		}
	}
	fine := within(r, 3, 40)
	fill(0, 0, w, h, func(u, v float64) rgb { return c.mix(d, noise(seed, u*fine, v*fine*0.7)).times(0.95) })
	if r.IntN(2) == 0 { // a coloured head
		bar := colour(r)
		fill(0, 0, w, h*(8+r.IntN(14))/100, func(_, _ float64) rgb { return bar })
	}
	if r.IntN(4) > 0 { // a portrait
		x, y, pw := w*(4+r.IntN(8))/100, h*(20+r.IntN(10))/100, w*(22+r.IntN(10))/100
		if r.IntN(4) == 0 {
			x = w - x - pw
		}
		paint := func(u, v float64) rgb {
			if math.Hypot((u-0.5)/0.28, (v-0.4)/0.28) < 1 || v > 0.7 {
				return ink
			}
			return d
		}
		if len(faces) > 0 && r.IntN(5) > 0 {
			f := faces[r.IntN(len(faces))]
			paint = func(u, v float64) rgb {
				p := f.Pix[3*(min(f.H-1, int(v*float64(f.H)))*f.W+min(f.W-1, int(u*float64(f.W)))):]
				return rgb{float64(p[0]) / 255, float64(p[1]) / 255, float64(p[2]) / 255}
			}
		}
		fill(x, y, x+pw, y+pw*5/4, paint)
	}
	for range r.IntN(16) { // text
		x, y, th := w*r.IntN(80)/100, h*r.IntN(95)/100, 4+r.IntN(10)
		word := uint32(r.IntN(1 << 20))
		fill(x, y, x+w*(5+r.IntN(40))/100, y+th, func(u, v float64) rgb {
			if noise(word, u*30, v*2) > 0.45 {
				return ink
			}
			return c
		})
	}
	if r.IntN(2) == 0 { // a zone
		for i := range 2 + r.IntN(2) {
			y := h - 22 - 24*i
			fill(16, y, w-16, y+9, func(u, v float64) rgb {
				if noise(seed+uint32(i), u*110, v*2) > 0.4 {
					return rgb{0.1, 0.1, 0.1}
				}
				return c.mix(rgb{1, 1, 1}, 0.4)
			})
		}
	}
	return printed{m, corner}
}
