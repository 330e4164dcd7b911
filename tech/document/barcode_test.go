package document

import (
	"testing"

	"idflow/vision"
	"idflow/vision/barcode"
)

// The example of the AAMVA standard's annex D in its form, with invented data.
const licence = "@\n\x1e\rANSI 636000090002DL00410278ZV03190008DLDAQT64235789\nDCSSAMPLE\nDDEN\nDACMICHAEL\nDDFN\nDADJOHN\nDDGN\nDCUJR\nDCAD\nDCBK\nDCDPH\nDBD06062019\nDBB06061986\nDBA12102030\nDBC1\nDAU068 in\nDAYBRO\nDAG2300 WEST BROAD STREET\nDAIRICHMOND\nDAJVA\nDAK232690000  \nDCF2424244747474786102204\nDCGUSA\nDCK123456789\nDDAM\nDDB06062018\nDDC06062020\nDDD1\rZVZVA01\r"

func TestLicenceBarcode(t *testing.T) {
	rs := codeReadings(barcode.Code{Format: barcode.PDF417, Text: licence, Corners: []vision.Point{{X: 1, Y: 2}, {X: 9, Y: 5}}}, "back", vision.Homography{2, 0, 0, 0, 2, 0, 0, 0, 1})
	for field, want := range map[string]string{
		fieldNumber: "T64235789", fieldSurname: "SAMPLE", fieldGivenNames: "MICHAEL JOHN", fieldBirth: "1986-06-06", fieldExpiry: "2030-12-10", fieldIssue: "2019-06-06",
		fieldSex: "M", fieldIssuer: "USA",
	} {
		if r, ok := rs.from(fromBarcode, field); !ok || r.Value != want {
			t.Errorf("%s is %q, want %q", field, r.Value, want)
		}
	}
	if !rs.coded() {
		t.Error("it does not tell whose it is")
	}
	if got := rs[0].Box[0]; got != (vision.Point{X: 2, Y: 4}) {
		t.Errorf("it stands at %v of the picture", got)
	}
	if rs := codeReadings(barcode.Code{Format: barcode.QR, Text: "https://example.org"}, "back", vision.Homography{}); len(rs) > 0 || rs.coded() {
		t.Errorf("an address is read as %v", rs)
	}
}
