package specimen

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"slices"

	"idflow/vision"
)

// Edit is a way to alter a document.
type Edit string

// The edits.
const (
	ZoneRetyped    Edit = "zone_retyped"    // characters of the machine-readable zone in a font that is not OCR-B
	ZoneMoved      Edit = "zone_moved"      // in OCR-B, but beside their places or of another size
	ZonePasted     Edit = "zone_pasted"     // copied, with the paper about them, from elsewhere in the zone
	FieldRetyped   Edit = "field_retyped"   // a field's text in another font or off its line, on cloned paper
	FieldCovered   Edit = "field_covered"   // a field under a flat patch, with new text on it
	PortraitPasted Edit = "portrait_pasted" // another person's portrait over the holder's
	Cloned         Edit = "cloned"          // a piece of blank paper copied over a field
	Recompressed   Edit = "recompressed"    // a field saved on its own, at lower quality, and put back
	Denoised       Edit = "denoised"        // a field smoothed by a filter
)

// Edits are all of them.
var Edits = []Edit{ZoneRetyped, ZoneMoved, ZonePasted, FieldRetyped, FieldCovered, PortraitPasted, Cloned, Recompressed, Denoised}

// Printable says that the edit can be made to the document itself, and not only
// to a photograph of it.
func (e Edit) Printable() bool { return e != Recompressed && e != Denoised }

// Zone says that the edit is made to the machine-readable zone.
func (e Edit) Zone() bool { return e == ZoneRetyped || e == ZoneMoved || e == ZonePasted }

// ErrEdit says that a document has nothing that the edit could be made to: no
// machine-readable zone, no portrait, no field.
var ErrEdit = errors.New("specimen: nothing to edit")

// Edited is an edit that was made.
type Edited struct {
	Edit  Edit
	Place vision.Quad
}

// OnPage makes the edit to a copy of the page: what a forger does with a
// printer, scissors and glue. The portrait is the one to paste.
func (e Edit) OnPage(p *Page, seed uint64, other Portrait) (*Page, error) {
	if !e.Printable() {
		return nil, fmt.Errorf("%w: %s is done to photographs", ErrEdit, e)
	}
	q := *p
	q.Image = cloneRGBA(p.Image)
	q.Truth = p.Truth.through(func(q vision.Quad) vision.Quad { return q })
	q.Truth.MRZ = slices.Clone(q.Truth.MRZ)
	scale := vision.Homography{PerMM, 0, -0.5, 0, PerMM, -0.5, 0, 0, 1}
	r, err := newRetouch(q.Image, &q.Truth, scale, seed)
	if err != nil {
		return nil, err
	}
	if err := r.make(e, other, nil); err != nil {
		return nil, err
	}
	return &q, nil
}

// OnPhoto makes the edit to the photograph's file, decoded and saved again with
// the given quality: what a forger does with a program for pictures.
func (e Edit) OnPhoto(p *Photo, seed uint64, other Portrait, quality int) (*Photo, error) {
	m, err := vision.Decode(p.JPEG)
	if err != nil {
		return nil, fmt.Errorf("specimen: edit a photograph: %w", err)
	}
	q := &Photo{Image: m.RGBA()}
	q.Truth = p.Truth.through(func(q vision.Quad) vision.Quad { return q })
	q.Truth.MRZ = slices.Clone(q.Truth.MRZ)
	t, err := find(q.Truth.Document.Template)
	if err != nil {
		return nil, err
	}
	side, err := t.side(q.Truth.Document.Side)
	if err != nil {
		return nil, err
	}
	w, h := side.Size[0], side.Size[1]
	to, ok := vision.NewHomography(vision.Quad{{}, {X: w}, {X: w, Y: h}, {Y: h}}, q.Truth.Corners)
	if !ok {
		return nil, fmt.Errorf("%w: the document has no area", ErrEdit)
	}
	r, err := newRetouch(q.Image, &q.Truth, to, seed)
	if err != nil {
		return nil, err
	}
	r.digital = true
	if err := r.make(e, other, q); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, q.Image, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("specimen: encode a photograph: %w", err)
	}
	q.JPEG = b.Bytes()
	return q, nil
}

func cloneRGBA(m *image.RGBA) *image.RGBA {
	return &image.RGBA{Pix: bytes.Clone(m.Pix), Stride: m.Stride, Rect: m.Rect}
}

func newRetouch(m *image.RGBA, t *Truth, to vision.Homography, seed uint64) (*retouch, error) {
	tpl, err := find(t.Document.Template)
	if err != nil {
		return nil, err
	}
	side, err := tpl.side(t.Document.Side)
	if err != nil {
		return nil, err
	}
	w, h := side.Size[0], side.Size[1]
	page := vision.Quad{{}, {X: w}, {X: w, Y: h}, {Y: h}}
	seen := page
	for i := range seen {
		seen[i] = to.Apply(page[i])
	}
	from, ok := vision.NewHomography(seen, page)
	if !ok {
		return nil, fmt.Errorf("%w: the document has no area", ErrEdit)
	}
	return &retouch{RGBA: m, truth: t, side: side, to: to, from: from,
		scale: seen.Width() / w, rand: rand.New(rand.NewPCG(seed, 0xed17))}, nil
}

// make makes the edit and notes it.
func (r *retouch) make(e Edit, other Portrait, photo *Photo) error {
	var place [4]float64
	var err error
	switch e {
	case ZoneRetyped, ZoneMoved, ZonePasted:
		place, err = r.editZone(e)
	case PortraitPasted:
		place, err = r.pastePortrait(other)
	case FieldRetyped, FieldCovered:
		place, err = r.editField(e)
	case Cloned:
		place, err = r.hideField()
	case Recompressed, Denoised:
		place, err = r.filterField(e)
	default:
		err = fmt.Errorf("%w: no edit %q", ErrEdit, e)
	}
	if err != nil {
		return err
	}
	r.truth.Edits = append(r.truth.Edits, Edited{e, r.quad(place)})
	return nil
}

// within is a number from lo to hi.
func (r *retouch) within(lo, hi float64) float64 { return lo + (hi-lo)*r.rand.Float64() }

// sign is 1 or -1.
func (r *retouch) sign() float64 { return float64(2*r.rand.IntN(2) - 1) }

// filterField saves or smooths a stretch of the page about a field.
func (r *retouch) filterField(e Edit) ([4]float64, error) {
	f, err := r.field()
	if err != nil {
		return f, err
	}
	// Selections are drawn by hand and generous.
	place := [4]float64{f[0] - r.within(1, 3), f[1] - r.within(1, 2), max(f[2], 14) + r.within(2, 6), f[3] + r.within(2, 4)}
	b := around(r.quad(place)).Intersect(r.Rect)
	if b.Dx() < 8 || b.Dy() < 8 {
		return place, fmt.Errorf("%w: the field is outside of the picture", ErrEdit)
	}
	if e == Denoised {
		r.bilateral(b, 2, r.within(14, 30))
		return place, nil
	}
	var buf bytes.Buffer
	part := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(part, part.Rect, r.RGBA, b.Min, draw.Src)
	if err := jpeg.Encode(&buf, part, &jpeg.Options{Quality: 45 + r.rand.IntN(35)}); err != nil {
		return place, err
	}
	m, err := jpeg.Decode(&buf)
	if err != nil {
		return place, err
	}
	draw.Draw(r.RGBA, b, m, image.Point{}, draw.Src)
	return place, nil
}
