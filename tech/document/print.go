package document

import (
	"context"
	"strings"

	"idflow/vision"
	"idflow/vision/mrz"
	"idflow/vision/viz"
)

// readPrint straightens the page and reads what is printed on it for people.
func (t Technology) readPrint(ctx context.Context, m *vision.Image, s *sight) error {
	page, upright, ok := t.straighten(m, s)
	if !ok {
		return nil
	}
	s.upright = upright
	var err error
	s.print, err = t.Texts.Read(ctx, page, hintOf(s.zone))
	return err
}

// hintOf is what a zone says of the document it stands on.
func hintOf(z *mrz.Result) viz.Hint {
	if z == nil {
		return viz.Hint{}
	}
	d := z.Document
	h := viz.Hint{Country: d.Value(mrz.Issuer)}
	switch code := d.Value(mrz.Code); {
	case strings.HasPrefix(code, "P"):
		h.Type = "passport"
	case strings.HasPrefix(code, "V"):
		h.Type = "visa"
	}
	return h
}

// straighten cuts the page out, upright if there is a zone to tell it by, and
// says how places on it lie in the picture.
func (t Technology) straighten(m *vision.Image, s *sight) (*vision.Image, vision.Homography, bool) {
	if s.zone == nil {
		return nil, vision.Homography{}, false
	}
	frame, ok := s.zone.Document.Layout.Frame()
	corners, placed := s.zone.Page()
	if !ok || !placed {
		return nil, vision.Homography{}, false
	}
	perMM := min(maxPerMM, s.zone.PixelsPerMM())
	w, h := int(frame.Width*perMM), int(frame.Height*perMM)
	onto, ok := corners.Onto(w, h)
	if !ok {
		return nil, vision.Homography{}, false
	}
	return m.WarpPerspective(onto, w, h), onto, true
}

// maxPerMM bounds the size of a straightened page: 300 dots to the inch.
const maxPerMM = 12.0
