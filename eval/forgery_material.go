package eval

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"idflow/specimen"
	"idflow/vision"
	"idflow/vision/forgery"
)

// perMM is the resolution that pages are straightened at, in pixels per
// millimetre.
const perMM = 10

// cornerSpread is how far found corners lie from the true ones, as a share of the
// document's width: the standard deviation of each coordinate.
const cornerSpread = 0.003

// forgeryClass is a way to make a picture: untouched where both are "".
type forgeryClass struct {
	name    string
	carrier specimen.Carrier
	edit    specimen.Edit
	digital bool // the edit is made to the photograph
}

const untouched = "untouched"

func forgeryClasses() []forgeryClass {
	c := []forgeryClass{{name: untouched}}
	for _, k := range specimen.Carriers {
		c = append(c, forgeryClass{name: "shown: " + string(k), carrier: k})
	}
	for _, e := range specimen.Edits {
		if e.Printable() {
			c = append(c, forgeryClass{name: "page: " + string(e), edit: e})
		}
	}
	for _, e := range specimen.Edits {
		c = append(c, forgeryClass{name: "photo: " + string(e), edit: e, digital: true})
	}
	return c
}

// expects are the traces that a class should leave; of others it may.
func (c forgeryClass) expects() []forgery.Code {
	switch {
	case c.carrier == specimen.Copy:
		return []forgery.Code{forgery.Grey, forgery.Print}
	case c.carrier.Screen():
		return []forgery.Code{forgery.Screen}
	case c.carrier != "":
		return []forgery.Code{forgery.Print}
	case c.edit.Zone():
		codes := []forgery.Code{forgery.ZoneFont, forgery.ZoneBaseline}
		if c.digital {
			codes = append(codes, forgery.Noise)
		}
		return codes
	case c.edit == specimen.PortraitPasted:
		if c.digital {
			return []forgery.Code{forgery.PortraitEdge, forgery.Noise}
		}
		return []forgery.Code{forgery.PortraitEdge}
	case c.edit == specimen.Recompressed:
		return []forgery.Code{forgery.Compression, forgery.Noise}
	case c.edit != "":
		return []forgery.Code{forgery.Noise}
	}
	return nil
}

// material makes pictures of every side of every template.
type material struct {
	portraits []specimen.Portrait
	sides     [][2]string // template, side
}

func newMaterial(portraits []specimen.Portrait) (*material, error) {
	m := &material{portraits: portraits}
	for _, key := range specimen.Templates() {
		t, err := specimen.LookUp(key)
		if err != nil {
			return nil, err
		}
		for _, s := range t.Sides {
			m.sides = append(m.sides, [2]string{key, s.Name})
		}
	}
	return m, nil
}

// photograph makes picture i of the class. It is nil where the side has nothing
// that the class alters.
func (m *material) photograph(c forgeryClass, seed uint64, i int) (*specimen.Photo, specimen.Level, error) {
	level := specimen.Levels[i%len(specimen.Levels)]
	g := specimen.New(seed + uint64(i)*1009)
	r := rand.New(rand.NewPCG(seed, uint64(i)))
	side := m.sides[r.IntN(len(m.sides))]
	face := func() specimen.Portrait {
		if len(m.portraits) == 0 {
			return specimen.Portrait{}
		}
		p := m.portraits[r.IntN(len(m.portraits))]
		p.Crisp = r.IntN(2) == 0
		return p
	}
	d, err := g.Document(side[0])
	if err != nil {
		return nil, level, err
	}
	d.Side = side[1]
	page, err := specimen.Draw(d, face())
	if err != nil {
		return nil, level, err
	}
	camera := g.Camera(level)
	camera.Mosaic = r.IntN(3) > 0 || c.carrier != ""
	switch {
	case c.carrier != "":
		page, err = g.Recapture(c.carrier).Of(page)
	case c.edit != "" && !c.digital:
		page, err = c.edit.OnPage(page, r.Uint64(), face())
	}
	if err == nil {
		var photo *specimen.Photo
		if photo, err = specimen.Photograph(page, camera); err == nil {
			if c.edit == "" || !c.digital {
				return photo, level, nil
			}
			if photo, err = c.edit.OnPhoto(photo, r.Uint64(), face(), 82+r.IntN(14)); err == nil {
				return photo, level, nil
			}
		}
	}
	if errors.Is(err, specimen.ErrEdit) {
		return nil, level, nil
	}
	return nil, level, fmt.Errorf("eval forgery: %w", err)
}

// inputOf is the input that a photograph gives when its corners and the
// lines of its zone are found nearly where they are.
func inputOf(p *specimen.Photo, seed uint64) (forgery.Input, error) {
	m, err := vision.Decode(p.JPEG)
	if err != nil {
		return forgery.Input{}, err
	}
	r := rand.New(rand.NewPCG(seed, 0xc02e5))
	t, err := specimen.LookUp(p.Truth.Document.Template)
	if err != nil {
		return forgery.Input{}, err
	}
	in := forgery.Input{Picture: m, JPEG: p.JPEG, Corners: p.Truth.Corners, PixelsPerMM: perMM}
	for i := range in.Corners {
		d := cornerSpread * in.Corners.Width()
		in.Corners[i] = in.Corners[i].Add(vision.Point{X: d * r.NormFloat64(), Y: d * r.NormFloat64()})
	}
	for _, s := range t.Sides {
		if s.Name != p.Truth.Document.Side {
			continue
		}
		w, h := int(s.Size[0]*perMM+0.5), int(s.Size[1]*perMM+0.5)
		on, ok := in.Corners.Onto(w, h)
		if !ok {
			return in, errors.New("eval forgery: the document has no area")
		}
		in.Page = m.WarpPerspective(on, w, h)
	}
	to, ok := vision.NewHomography(in.Corners, vision.Quad{{X: -0.5, Y: -0.5}, {X: float64(in.Page.W) - 0.5, Y: -0.5},
		{X: float64(in.Page.W) - 0.5, Y: float64(in.Page.H) - 0.5}, {X: -0.5, Y: float64(in.Page.H) - 0.5}})
	if !ok {
		return in, errors.New("eval forgery: the document has no area")
	}
	through := func(q vision.Quad) vision.Quad {
		for i := range q {
			q[i] = to.Apply(q[i])
		}
		return q
	}
	for _, l := range p.Truth.Zone() {
		q := through(l.Place)
		for i := range q { // a reader's grid is a tenth of a millimetre off
			q[i] = q[i].Add(vision.Point{X: perMM * 0.08 * r.NormFloat64(), Y: perMM * 0.08 * r.NormFloat64()})
		}
		in.Zone = append(in.Zone, forgery.Line{Place: q, Text: l.Text})
	}
	if p.Truth.Portrait != (vision.Quad{}) {
		in.Portrait = through(p.Truth.Portrait)
	}
	return in, nil
}
