package document

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"idflow/vision"
	"idflow/vision/barcode"
	"idflow/vision/barcode/aamva"
)

// Barcodes reads the barcodes of a picture. *barcode.Reader does.
type Barcodes interface {
	ReadUntil(ctx context.Context, m *vision.Image, enough func(barcode.Code) bool, formats ...barcode.Format) ([]barcode.Code, error)
}

// readBarcodes looks for barcodes where there is no zone, for a search that finds
// nothing takes long: on the straightened page first, where nearly all can be
// read, and else on the picture as it is.
func (t Technology) readBarcodes(ctx context.Context, m *vision.Image, s *sight) error {
	if s.zone != nil {
		return nil
	}
	for _, side := range s.sides {
		codes, err := t.searchBarcodes(ctx, side.straight)
		if err != nil {
			return err
		}
		for _, c := range codes {
			s.codes = append(s.codes, codeReadings(c, s.name, side.upright)...)
		}
	}
	if len(s.sides) > 0 {
		return nil
	}
	codes, err := t.searchBarcodes(ctx, m)
	for _, c := range codes {
		s.codes = append(s.codes, codeReadings(c, s.name, vision.Homography{1, 0, 0, 0, 1, 0, 0, 0, 1})...)
	}
	return err
}

// searchBarcodes takes a picture on which the decoder breaks down or takes too
// long for one without barcodes: it is a stranger's.
func (t Technology) searchBarcodes(ctx context.Context, m *vision.Image) ([]barcode.Code, error) {
	codes, err := t.Barcodes.ReadUntil(ctx, m, tellsHolder, barcode.PDF417, barcode.QR, barcode.DataMatrix, barcode.Aztec, barcode.Code128)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, barcode.ErrTime), errors.Is(err, barcode.ErrProgram), errors.Is(err, barcode.ErrPicture):
		return codes, nil
	case err != nil:
		return nil, fmt.Errorf("read barcodes: %w", err)
	}
	return codes, nil
}

// tellsHolder reports whether a barcode says whose document it is.
func tellsHolder(c barcode.Code) bool {
	_, err := aamva.Parse(c.Text)
	return err == nil
}

// codeReadings are the fields of a barcode that has the form of a licence's.
// Others say nothing that could be compared.
func codeReadings(c barcode.Code, picture string, upright vision.Homography) (rs readings) {
	l, err := aamva.Parse(c.Text)
	if err != nil {
		return nil
	}
	box := codeBox(c, upright)
	for _, f := range []struct{ field, value string }{
		{fieldNumber, l.Number}, {fieldSurname, l.Surname}, {fieldGivenNames, strings.TrimSpace(l.Given + " " + l.Middle)}, {fieldBirth, l.Birth},
		{fieldIssue, l.Issued}, {fieldExpiry, l.Expires}, {fieldSex, l.Sex}, {fieldIssuer, l.Country}, {"jurisdiction", l.Jurisdiction},
		{"address", address(l)}, {"categories", l.Class}, {"document_discriminator", l.Discriminator},
	} {
		if f.value != "" {
			rs = append(rs, reading{Field: f.field, Value: strings.ToUpper(f.value), Text: f.value, Source: fromBarcode, Confidence: 1, Picture: picture, Box: box})
		}
	}
	return rs
}

func address(l aamva.Licence) string {
	var parts []string
	for _, p := range []string{l.Street, l.Street2, l.City, strings.TrimSpace(l.Region + " " + l.Postal)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// codeBox is the rectangle on the page about the places that the decoder went
// by, in the picture.
func codeBox(c barcode.Code, upright vision.Homography) vision.Quad {
	if len(c.Corners) == 0 {
		return vision.Quad{}
	}
	r := vision.Rect{X0: c.Corners[0].X, Y0: c.Corners[0].Y, X1: c.Corners[0].X, Y1: c.Corners[0].Y}
	for _, p := range c.Corners {
		r.X0, r.X1, r.Y0, r.Y1 = min(r.X0, p.X), max(r.X1, p.X), min(r.Y0, p.Y), max(r.Y1, p.Y)
	}
	return through(vision.Quad{{X: r.X0, Y: r.Y0}, {X: r.X1, Y: r.Y0}, {X: r.X1, Y: r.Y1}, {X: r.X0, Y: r.Y1}}, upright)
}

// coded says whether a barcode told whose document it is: it has error
// correction, and stands for the zone of licences that have none.
func (rs readings) coded() bool {
	for _, field := range []string{fieldNumber, fieldSurname, fieldBirth} {
		if _, ok := rs.from(fromBarcode, field); !ok {
			return false
		}
	}
	return true
}
