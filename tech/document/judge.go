package document

import (
	"time"

	"idflow"
	"idflow/tech"
	"idflow/vision/mrz"
)

// What a portrait must be like to be compared. Documents print their photo
// small: a passport's at 1300 px has about 60 pixels between the eyes.
const (
	minEyeDistance = 24.0 // pixels
	minSharpness   = 30.0 // variance of the Laplacian on 112 px; printed photos have less than faces
)

// judge says what the findings are worth. What a better photo can mend asks for
// another one; what the document itself is guilty of fails.
func (f *findings) judge(s settings, now time.Time) (idflow.Verdict, []idflow.Reason) {
	switch {
	case f.unreadable:
		return idflow.Retry, []idflow.Reason{tech.ReasonPictureUnreadable}
	case f.zone == nil && f.portrait.Face == nil:
		return idflow.Retry, []idflow.Reason{NotFound}
	case f.zone == nil:
		return idflow.Retry, []idflow.Reason{ZoneMissing}
	}
	d := f.zone.Document
	switch {
	case !d.ChecksOK():
		return idflow.Retry, []idflow.Reason{CheckDigits}
	case d.Value(mrz.Number) == "":
		return idflow.Fail, []idflow.Reason{NumberMissing}
	case !s.AcceptExpired && expired(d, now):
		return idflow.Fail, []idflow.Reason{Expired}
	case f.portrait.Face == nil && s.Portrait:
		return idflow.Retry, []idflow.Reason{PortraitMissing}
	case f.portrait.Face != nil && f.portraitPoor():
		return idflow.Retry, []idflow.Reason{Blurred}
	}
	return idflow.Pass, nil
}

func (f *findings) portraitPoor() bool {
	q := f.portrait.Face.Quality
	return q.EyeDistance < minEyeDistance || q.Sharpness < minSharpness
}

// expired reports whether the last day on which the document is valid has
// passed everywhere on earth. A document without an expiry date does not expire.
func expired(d *mrz.Document, now time.Time) bool {
	date := d.Date(mrz.Expiry)
	if date.IsZero() {
		return false
	}
	const westernmost = 12 * time.Hour // UTC-12 is the last place where a day ends
	return !now.Add(-westernmost).Before(date.Last())
}
