package document

import (
	"slices"

	"idflow/vision"
	"idflow/vision/mrz"
)

// source is where on a document something was read.
type source string

// The sources, in the order in which they count: a zone has check digits, a
// barcode has error correction, print has neither.
const (
	fromZone    source = "mrz"
	fromBarcode source = "barcode"
	fromPrint   source = "viz"
)

var sources = []source{fromZone, fromBarcode, fromPrint}

// reading is one field as it was read in one place.
type reading struct {
	Field      string
	Value      string // normalised: ISO 8601 dates, ICAO codes, capitals
	Text       string // as printed
	Source     source
	Confidence float64 // 0 to 1, of the least sure character
	Picture    string  // name of the evidence
	Box        vision.Quad
	failed     bool // a check digit of its own is wrong
}

// sureReading is the confidence from which a difference is the document's and
// not the reader's; wrong readings of drawn and real documents had up to 0.95.
const sureReading = 0.97

// led is the most that a reading of print counts whose place no template of its
// own country tells: a label may lead to another field's value.
const led = 0.9

func (r reading) sure() bool { return r.Confidence >= sureReading }

// readings of one document from all its sources.
type readings []reading

// of gives the best reading of a field.
func (rs readings) of(field string) (reading, bool) {
	for _, s := range sources {
		if r, ok := rs.from(s, field); ok {
			return r, true
		}
	}
	return reading{}, false
}

// from gives the surest reading of a field in one source.
func (rs readings) from(s source, field string) (best reading, ok bool) {
	for _, r := range rs {
		if r.Source == s && r.Field == field && r.Value != "" && (!ok || r.Confidence > best.Confidence) {
			best, ok = r, true
		}
	}
	return best, ok
}

// value of the best reading, "" where there is none.
func (rs readings) value(field string) string {
	r, _ := rs.of(field)
	return r.Value
}

// fields are the names of all fields that were read, each once.
func (rs readings) fields() (names []string) {
	for _, r := range rs {
		if r.Value != "" && !slices.Contains(names, r.Field) {
			names = append(names, r.Field)
		}
	}
	return names
}

// zoneReadings are the fields of a zone.
func zoneReadings(z *mrz.Result, picture string) (rs readings) {
	for _, f := range z.Document.Fields {
		if f.Value == "" {
			continue
		}
		rs = append(rs, reading{
			Field: string(f.Name), Value: f.Value, Text: f.Raw, Source: fromZone, Confidence: zoneConfidence(z, f), Picture: picture, Box: zoneBox(z, f),
		})
	}
	return rs
}

// zoneConfidence is the probability of the least sure character of a field.
func zoneConfidence(z *mrz.Result, f mrz.Field) float64 {
	least := 1.0
	for _, at := range f.At {
		if at.Line >= len(z.Lines) {
			return 0
		}
		for i := at.From; i < min(at.To, len(z.Lines[at.Line].Characters)); i++ {
			least = min(least, z.Lines[at.Line].Characters[i].P)
		}
	}
	return least
}

// zoneBox is the part of a line in which the field begins.
func zoneBox(z *mrz.Result, f mrz.Field) vision.Quad {
	if len(f.At) == 0 || f.At[0].Line >= len(z.Lines) || len(z.Lines[f.At[0].Line].Characters) == 0 {
		return vision.Quad{}
	}
	at, line := f.At[0], z.Lines[f.At[0].Line]
	n := float64(len(line.Characters))
	return part(line.Place, float64(at.From)/n, float64(at.To)/n)
}

// part of a line of text, from and to shares of its length.
func part(q vision.Quad, from, to float64) vision.Quad {
	top := func(t float64) vision.Point { return q[0].Mul(1 - t).Add(q[1].Mul(t)) }
	bottom := func(t float64) vision.Point { return q[3].Mul(1 - t).Add(q[2].Mul(t)) }
	return vision.Quad{top(from), top(to), bottom(to), bottom(from)}
}
