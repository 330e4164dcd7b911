package specimen

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/pdf417"

	"idflow/vision"
)

// Barcode is a barcode of a side.
type Barcode struct {
	Format string // "pdf417" or "code128"
	Text   string
	Place  vision.Quad
}

// barcodes prints those that the side has.
func (s *sheet) barcodes(d Document, t *Truth) error {
	if at := s.side.Licence; at != nil {
		code, text, err := licenceCode(d)
		if err != nil {
			return err
		}
		s.barcode(code, *at)
		t.Barcodes = append(t.Barcodes, Barcode{"pdf417", text, box(at[0], at[1], at[2], at[3])})
	}
	if at := s.side.Strip; at != nil {
		text := d.Codes["inventory"]
		code, err := code128.Encode(text)
		if err != nil {
			return fmt.Errorf("strip of %q: %w", text, err)
		}
		s.barcode(code, *at)
		t.Barcodes = append(t.Barcodes, Barcode{"code128", text, box(at[0], at[1], at[2], at[3])})
	}
	return nil
}

// licenceCode is the licence's barcode. The writer's row indicators are right
// only where the number of rows is a multiple of three, so the last element, a
// jurisdiction's own, is made longer until it is.
func licenceCode(d Document) (code barcode.Barcode, text string, err error) {
	const rowHeight = 2 // modules, as the writer draws them
	for n := range 120 {
		text = d.aamva(strings.Repeat("X", n+1))
		if code, err = pdf417.Encode(text, 4); err != nil {
			return nil, "", fmt.Errorf("barcode of a licence: %w", err)
		}
		if code.Bounds().Dy()/rowHeight%3 == 0 {
			return code, text, nil
		}
	}
	return nil, "", errors.New("no length of the barcode's text gives rows in threes")
}

// aamva is what the licence's barcode says, by version 10 of the AAMVA's card
// design standard; 636999 belongs to no jurisdiction.
func (d Document) aamva(filling string) string {
	given, middle, _ := strings.Cut(d.Holder.Given.Latin, " ")
	if middle == "" {
		middle = "NONE"
	}
	date := func(iso string) string { // 1990-12-31 to 12311990
		return iso[5:7] + iso[8:10] + iso[:4]
	}
	licence := "DL" + strings.Join([]string{
		"DAQ" + d.Number, "DCS" + d.Holder.Surname.Latin, "DDEN", "DAC" + given, "DDFN", "DAD" + middle, "DDGN", "DCAD", "DCBNONE", "DCDNONE",
		"DBD" + date(d.Issued.String()), "DBB" + date(d.Holder.Birth.String()), "DBA" + date(d.Expires.String()),
		"DBC" + map[string]string{"M": "1", "F": "2"}[d.Holder.Sex], "DAYBRO", "DAU068 IN", "DAG1 MIRANDA STREET", "DAI" + d.Holder.BirthPlace.Latin, "DAJOB",
		"DAK000010000  ", "DCF" + d.Codes["inventory"], "DCGUSA",
	}, "\n") + "\r"
	own := "ZO" + "ZOA" + filling + "\r"
	const header = len("@\n\x1e\rANSI 636999100002DL00000000ZO00000000")
	return fmt.Sprintf("@\n\x1e\rANSI 636999100002DL%04d%04dZO%04d%04d", header, len(licence), header+len(licence), len(own)) + licence + own
}

// barcode prints modules into a box, stretched to fill it.
func (s *sheet) barcode(code barcode.Barcode, at [4]float64) {
	r, size := pixels(at), code.Bounds().Size()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			m := image.Point{X: (x - r.Min.X) * size.X / r.Dx(), Y: (y - r.Min.Y) * size.Y / r.Dy()}
			c := color.NRGBA{248, 248, 246, 255}
			if v, _, _, _ := code.At(m.X, m.Y).RGBA(); v == 0 {
				c = color.NRGBA{24, 24, 28, 255}
			}
			s.blend(x, y, c, 1)
		}
	}
}
