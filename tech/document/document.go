// Package document reads identity documents: the machine-readable zone, what is
// printed for people, barcodes and the portrait, and holds them against each
// other.
package document

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"idflow"
	"idflow/tech"
	"idflow/vision"
	"idflow/vision/doc"
	"idflow/vision/face"
	"idflow/vision/forgery"
	"idflow/vision/mrz"
	"idflow/vision/viz"
)

// Reasons that the technology gives.
const (
	NotFound        idflow.Reason = "document_not_found"
	Blurred         idflow.Reason = "document_blurred"
	ZoneMissing     idflow.Reason = "mrz_missing"
	ZoneUnclear     idflow.Reason = "mrz_unclear"
	CheckDigits     idflow.Reason = "mrz_check_digits"
	Expired         idflow.Reason = "document_expired"
	PortraitMissing idflow.Reason = "portrait_missing"
	NumberMissing   idflow.Reason = "document_number_missing"
	SourcesDiffer   idflow.Reason = "document_fields_differ"
	NumberWrong     idflow.Reason = "personal_number_wrong"
	DatesImpossible idflow.Reason = "document_dates_impossible"
	NotExpected     idflow.Reason = "document_not_expected"
	AgeOutside      idflow.Reason = "age_outside"
	TypeUnwanted    idflow.Reason = "document_type_unwanted"
	CountryUnwanted idflow.Reason = "document_country_unwanted"
	Zoneless        idflow.Reason = "document_without_zone"
)

var reasons = []idflow.Reason{
	tech.ReasonPictureUnreadable, NotFound, Blurred, ZoneMissing, ZoneUnclear, CheckDigits, Expired, PortraitMissing, NumberMissing, SourcesDiffer,
	NumberWrong, DatesImpossible, NotExpected, AgeOutside, TypeUnwanted, CountryUnwanted, Zoneless, Copied, Edited, GhostDiffers, Reused,
	TooSmall, CutOff, Glare, Dark,
}

// Zones reads machine-readable zones. *mrz.Reader does.
type Zones interface {
	Read(ctx context.Context, m *vision.Image, now time.Time) (mrz.Result, error)
}

// Faces measures the faces of a picture. *face.Analyzer does.
type Faces interface {
	Analyze(ctx context.Context, m *vision.Image, want face.Want) (face.Analysis, error)
}

// Texts reads what is printed for people. *viz.Reader does.
type Texts interface {
	Read(ctx context.Context, page *vision.Image, hint viz.Hint) (viz.Result, error)
}

// Pages finds documents in pictures. *doc.Finder does.
type Pages interface {
	Find(ctx context.Context, m *vision.Image) ([]doc.Page, error)
}

// Technology reads one document from photos of its front and, if need be, of
// its back, in either order.
type Technology struct {
	Zones Zones
	Pages Pages
	Texts Texts
	Faces Faces
	// Barcodes are read where there is no zone.
	Barcodes Barcodes
	// Traces looks for copies and edits: forgery.Inspect.
	Traces func(ctx context.Context, in forgery.Input) (forgery.Report, error)
	Nets   tech.Nets // behind them all
}

var _ tech.Asker = Technology{}

func (Technology) Spec() tech.Spec {
	return tech.Spec{
		Key: "document_recognition", Code: "DR", Title: "Document Recognition", Result: "document_recognition_result",
		Description: "Photos of a passport or an identity card: its data, its check digits, its expiry date and its portrait.",
		Gives:       []string{string(tech.DocumentFields), string(tech.DocumentPortrait)},
		Settings:    schema, Reasons: reasons,
	}
}

// Ask wants the side with the photo, and the other one where the document has
// its machine-readable zone there.
func (Technology) Ask(json.RawMessage, *rand.Rand) (idflow.Task, error) {
	return idflow.Task{Captures: []idflow.Capture{
		{Name: "front", Kind: idflow.CaptureDocument},
		{Name: "back", Kind: idflow.CaptureDocument, Optional: true},
	}}, nil
}

func (Technology) Inspect(_ idflow.Capture, contentType string, data []byte) error {
	return tech.InspectPicture(contentType, data)
}

func (t Technology) Check(ctx context.Context, in tech.Input) (tech.Outcome, error) {
	s, err := parseSettings(in.Settings)
	if err != nil {
		return tech.Outcome{}, err
	}
	var f findings
	for _, name := range []string{"front", "back"} {
		data, given := in.Evidence[name]
		if !given {
			continue
		}
		if err := t.look(ctx, &f, name, data, in.Now); err != nil {
			return tech.Outcome{}, fmt.Errorf("%s of the document: %w", name, err)
		}
	}
	f.gather()
	expected, _ := tech.Get(in.Facts, tech.Expected) // none was given where there is none
	f.check(s, expected, in.Now)
	if err := f.reuse(ctx, in.Marks, s); err != nil {
		return tech.Outcome{}, fmt.Errorf("other sessions with this document: %w", err)
	}
	verdict, reasons := f.judge(s)
	return t.outcome(&f, verdict, reasons)
}
