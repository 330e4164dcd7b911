package document

import (
	"context"
	"fmt"
	"strings"

	"idflow/vision"
	"idflow/vision/doc"
	"idflow/vision/mrz"
	"idflow/vision/viz"
)

// maxPages is how many pages of one picture are read: both sides of a card may
// lie side by side.
const maxPages = 2

// leastSure is how sure a page must be to be read where no zone confirms it.
const leastSure = 0.5

// readPages finds the pages of a picture, straightens them and reads what is
// printed on them for people.
func (t Technology) readPages(ctx context.Context, m *vision.Image, s *sight) error {
	found, err := t.Pages.Find(ctx, m)
	if err != nil {
		return fmt.Errorf("find the page: %w", err)
	}
	for _, p := range toRead(found, s.zone) {
		side := side{page: p, quality: doc.Measure(m, p)}
		if side.straight, side.upright, err = straighten(m, p); err != nil {
			continue // a page that is seen so much from the side cannot be read
		}
		hint := viz.Hint{}
		if s.zone != nil {
			hint = hintOf(s.zone)
		}
		if side.print, err = t.Texts.Read(ctx, side.straight, hint); err != nil {
			return fmt.Errorf("read what is printed: %w", err)
		}
		if s.zone != nil && len(s.sides) == 0 && !fitting(zoneType(s.zone.Document), side.print.Type) {
			side.print = viz.Result{Lines: side.print.Lines} // it was taken for another kind of document
		}
		s.sides = append(s.sides, side)
	}
	return nil
}

// toRead chooses the pages to read: the one with the zone first, which is known
// to be one, and then what else is surely a page.
func toRead(found []doc.Page, zone *mrz.Result) (pages []doc.Page) {
	var rest []doc.Page
	for _, p := range found {
		if zone != nil && len(pages) == 0 {
			if read, ok := p.Read(*zone); ok {
				pages = append(pages, read)
				continue
			}
		}
		if p.Sure >= leastSure {
			rest = append(rest, lying(p))
		}
	}
	if zone != nil && len(pages) == 0 {
		if p, ok := doc.FromZone(*zone); ok {
			pages = append(pages, p)
		}
	}
	pages = append(pages, rest...)
	return pages[:min(len(pages), maxPages)]
}

// lying has the page's width run along its first edge; which way up it is read
// shows in its text.
func lying(p doc.Page) doc.Page {
	if p.OnSide {
		p.Quad, p.OnSide = p.Quad.Turned(1), false
	}
	return p
}

// maxPerMM bounds the size of a straightened page: 300 dots to the inch.
const maxPerMM = 12.0

// straighten cuts the page out at the picture's own resolution, and says how
// places on it lie in the picture.
func straighten(m *vision.Image, p doc.Page) (*vision.Image, vision.Homography, error) {
	straight, err := doc.Straighten(m, p, min(maxPerMM, p.PixelsPerMM()))
	if err != nil {
		return nil, vision.Homography{}, err
	}
	onto, ok := p.Quad.Onto(straight.W, straight.H)
	if !ok {
		return nil, vision.Homography{}, doc.ErrFlat
	}
	return straight, onto, nil
}

// fitting says whether print of a type may stand beside a zone that is a kind's:
// cards of several kinds have the same zones.
func fitting(kind, print string) bool {
	card := func(k string) bool { return k == "identity_card" || k == "residence_permit" || k == "driving_licence" }
	known := printTypes[print]
	return known == "" || known == kind || card(known) && card(kind)
}

// hintOf is what a zone says of the document it stands on.
func hintOf(z *mrz.Result) viz.Hint {
	d := z.Document
	h := viz.Hint{Country: d.Value(mrz.Issuer)}
	switch code := d.Value(mrz.Code); {
	case strings.HasPrefix(code, "P"):
		h.Type = "passport"
	case strings.HasPrefix(code, "V"):
		h.Type = "visa"
	case strings.HasPrefix(code, "I") && zoneType(d) == "identity_card":
		h.Type = "id"
	}
	return h
}
