package document

import (
	"context"
	"fmt"
	"strings"
	"time"

	"idflow/tech"
	"idflow/vision"
	"idflow/vision/doc"
	"idflow/vision/face"
	"idflow/vision/forgery"
	"idflow/vision/mrz"
	"idflow/vision/viz"
)

// findings is what the pictures of one document show together.
type findings struct {
	unreadable bool // one of them cannot be decoded
	sights     []sight
	zone       *mrz.Result // the best; nil: none has one
	portrait   *sight      // with the largest face of all of them; nil: none has one
	readings   readings
	kind       string // one of documentTypes, or ""
	country    string // ICAO code of the issuer, or ""
	template   string // of the visual zone
	checks     []check
	marks      []tech.Mark // what to remember of the document
}

// sight is what one picture shows.
type sight struct {
	name   string // of the evidence
	zone   *mrz.Result
	sides  []side // the one with the zone first
	faces  face.Analysis
	codes  readings // of its barcodes
	traces []forgery.Trace

	ghost     float64 // likeness of the second portrait
	ghostSeen bool
}

// side is one page of a document in a picture.
type side struct {
	page     doc.Page
	straight *vision.Image     // as a scanner would see it
	upright  vision.Homography // of its places to the picture
	quality  doc.Quality
	print    viz.Result
}

// look adds what one picture shows.
func (t Technology) look(ctx context.Context, f *findings, name string, data []byte, now time.Time) error {
	m, err := vision.Decode(data)
	if err != nil {
		f.unreadable = true
		return nil
	}
	s := sight{name: name}
	z, err := t.Zones.Read(ctx, m, now)
	if err != nil {
		return fmt.Errorf("read the zone: %w", err)
	}
	if z.Document != nil {
		s.zone = &z
	}
	if s.faces, err = t.Faces.Analyze(ctx, m, face.WantQuality|face.WantEmbedding|face.WantOthers); err != nil {
		return fmt.Errorf("find the portrait: %w", err)
	}
	if err := t.readPages(ctx, m, &s); err != nil {
		return err
	}
	if err := t.readBarcodes(ctx, m, &s); err != nil {
		return err
	}
	if err := t.compareGhost(ctx, &s); err != nil {
		return err
	}
	if err := t.inspect(ctx, m, data, &s); err != nil {
		return err
	}
	f.sights = append(f.sights, s)
	return nil
}

// gather puts together what all pictures show.
func (f *findings) gather() {
	for i := range f.sights {
		s := &f.sights[i]
		if s.zone != nil && (f.zone == nil || !f.zone.Document.ChecksOK() && s.zone.Document.ChecksOK()) {
			f.zone = s.zone
			f.readings = append(f.readings, zoneReadings(s.zone, s.name)...)
		}
		if a := s.faces; a.Face != nil && (f.portrait == nil || a.Face.Quality.EyeDistance > f.portrait.faces.Face.Quality.EyeDistance) {
			f.portrait = s
		}
		f.readings = append(f.readings, s.codes...)
		for j := range s.sides {
			f.readings = append(f.readings, printReadings(&s.sides[j], s.name)...)
		}
	}
	f.name()
}

// name says what kind of document it is, and whose: by its zone, or else by the
// template of its print.
func (f *findings) name() {
	for _, s := range f.sights {
		for _, side := range s.sides {
			if f.template == "" {
				f.template = side.print.Template
			}
			if f.kind == "" {
				f.kind = printTypes[side.print.Type]
			}
			if f.country == "" {
				f.country = side.print.Country
			}
		}
	}
	if f.kind == "" && f.readings.coded() {
		f.kind = "driving_licence"
	}
	if r, ok := f.readings.from(fromBarcode, fieldIssuer); ok {
		f.country = r.Value
	}
	if f.zone != nil {
		d := f.zone.Document
		if known := zoneType(d); known != "" && (f.kind == "" || known == "passport" || known == "visa") {
			f.kind = known
		}
		f.country = d.Value(mrz.Issuer)
	}
}

// zoneType is the kind of document by its zone: ICAO leaves the second letter of
// cards to the states, so a residence permit may say no more than a card.
func zoneType(d *mrz.Document) string {
	code := d.Value(mrz.Code)
	switch {
	case strings.HasPrefix(code, "P"):
		return "passport"
	case strings.HasPrefix(code, "V"):
		return "visa"
	case strings.HasPrefix(code, "IR"), strings.HasPrefix(code, "AR"), strings.HasPrefix(code, "CR"):
		return "residence_permit"
	case strings.HasPrefix(code, "D"), strings.HasPrefix(code, "FA"):
		return "driving_licence"
	}
	return "identity_card"
}

// printTypes are the kinds of the visual zone's templates.
var printTypes = map[string]string{
	"passport": "passport", "id": "identity_card", "licence": "driving_licence", "residence": "residence_permit", "visa": "visa",
}

// printNames are the visual zone's fields that the machine-readable zone calls
// otherwise.
var printNames = map[string]string{"family_name": fieldSurname, "given_names": fieldGivenNames}

// general begins the names of templates that many states' documents follow more
// or less.
const general = "eu-"

// printReadings are the fields that are printed for people.
func printReadings(s *side, picture string) (rs readings) {
	for _, p := range s.print.Fields {
		name := p.Name
		if other, ok := printNames[name]; ok {
			name = other
		}
		var box vision.Quad
		for i, corner := range p.Box {
			box[i] = s.upright.Apply(corner)
		}
		sure := p.Confidence
		if s.print.Template == "" || strings.HasPrefix(s.print.Template, general) {
			sure = min(sure, led)
		}
		rs = append(rs, reading{Field: name, Value: p.Value, Text: p.Text, Source: fromPrint, Confidence: sure, Picture: picture, Box: box, failed: p.Check == "failed"})
	}
	return rs
}
