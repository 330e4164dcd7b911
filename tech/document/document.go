// Package document reads identity documents: the machine-readable zone with
// its check digits, the expiry date, and the portrait.
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
	"idflow/vision/face"
	"idflow/vision/mrz"
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
)

// Zones reads machine-readable zones. *mrz.Reader does.
type Zones interface {
	Read(ctx context.Context, m *vision.Image, now time.Time) (mrz.Result, error)
}

// Faces measures the faces of a picture. *face.Analyzer does.
type Faces interface {
	Analyze(ctx context.Context, m *vision.Image, want face.Want) (face.Analysis, error)
}

// Technology reads one document from a photo of its front and, if need be, of
// its back.
type Technology struct {
	Zones Zones
	Faces Faces
	Nets  tech.Nets // behind both
}

var _ tech.Asker = Technology{}

type settings struct {
	AcceptExpired bool `json:"accept_expired"`
	Portrait      bool `json:"portrait"` // a document without a photo is refused
}

func (Technology) Spec() tech.Spec {
	return tech.Spec{
		Key: "document_recognition", Code: "DR", Title: "Document Recognition", Result: "document_recognition_result",
		Description: "Photos of a passport or an identity card: its data, its check digits, its expiry date and its portrait.",
		Gives:       []string{string(tech.DocumentFields), string(tech.DocumentPortrait)},
		Settings: []tech.Setting{
			{Name: "accept_expired", Type: tech.Bool, Default: false},
			{Name: "portrait", Type: tech.Bool, Default: true},
		},
		Reasons: []idflow.Reason{tech.ReasonPictureUnreadable, NotFound, Blurred, ZoneMissing, ZoneUnclear, CheckDigits, Expired, PortraitMissing, NumberMissing},
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
	var s settings
	if err := json.Unmarshal(in.Settings, &s); err != nil {
		return tech.Outcome{}, fmt.Errorf("settings of the document: %w", err)
	}
	var f findings
	for _, name := range []string{"front", "back"} {
		data, given := in.Evidence[name]
		if !given {
			continue
		}
		if err := t.look(ctx, &f, data, in.Now); err != nil {
			return tech.Outcome{}, fmt.Errorf("%s of the document: %w", name, err)
		}
	}
	verdict, reasons := f.judge(s, in.Now)
	return t.outcome(&f, verdict, reasons)
}

// findings is what the pictures of one document show together.
type findings struct {
	unreadable bool          // one of them cannot be decoded
	zone       *mrz.Result   // nil: none has one
	portrait   face.Analysis // with the largest face of all of them
}

// look adds what one picture shows.
func (t Technology) look(ctx context.Context, f *findings, data []byte, now time.Time) error {
	m, err := vision.Decode(data)
	if err != nil {
		f.unreadable = true
		return nil
	}
	if f.zone == nil || !f.zone.Document.ChecksOK() {
		z, err := t.Zones.Read(ctx, m, now)
		if err != nil {
			return fmt.Errorf("read the zone: %w", err)
		}
		if z.Document != nil && (f.zone == nil || z.Document.ChecksOK()) {
			f.zone = &z
		}
	}
	a, err := t.Faces.Analyze(ctx, m, face.WantQuality|face.WantEmbedding)
	if err != nil {
		return fmt.Errorf("find the portrait: %w", err)
	}
	if a.Face != nil && (f.portrait.Face == nil || a.Face.Quality.EyeDistance > f.portrait.Face.Quality.EyeDistance) {
		f.portrait = a
	}
	return nil
}
