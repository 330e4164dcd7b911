package document

import (
	"slices"
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
// another one; what the document itself is guilty of counts as the Flow says.
func (f *findings) judge(s settings) (idflow.Verdict, []idflow.Reason) {
	if reason := f.unusable(s); reason != "" {
		return idflow.Retry, []idflow.Reason{reason}
	}
	v := verdict{worst: idflow.Pass}
	for _, c := range f.checks {
		if c.Result == checkFailed {
			v.against(weights[c.Severity], c.Reason)
		}
	}
	if f.readings.value(fieldNumber) == "" {
		v.against(idflow.Fail, NumberMissing)
	}
	if f.zone == nil && !f.readings.coded() {
		v.against(weights[s.Zoneless], Zoneless)
	}
	return v.worst, v.reasons
}

// unusable is why another photo is needed before anything can be judged.
func (f *findings) unusable(s settings) idflow.Reason {
	switch {
	case f.unreadable:
		return tech.ReasonPictureUnreadable
	case f.zone == nil && f.template == "" && (f.portrait == nil || !f.paged()):
		return NotFound
	case f.zone == nil && !f.legible():
		return f.because(ZoneMissing)
	case f.portrait == nil && s.Portrait:
		return f.because(PortraitMissing)
	case f.portrait != nil && f.portraitPoor():
		return Blurred
	}
	return ""
}

// because is what a picture lacks that may be why something is missing, or that
// it is missing.
func (f *findings) because(missing idflow.Reason) idflow.Reason {
	for _, s := range f.sights {
		for _, side := range s.sides[:min(1, len(s.sides))] {
			if lacks := photoNeeds.shortcoming(side.quality); lacks != "" {
				return lacks
			}
		}
	}
	return missing
}

// paged says whether a page was found at all; a face alone is no document.
func (f *findings) paged() bool {
	return slices.ContainsFunc(f.sights, func(s sight) bool { return len(s.sides) > 0 })
}

// legible says whether the print alone tells whose document it is: it is of a
// kind that has no zone, and number, name and birth were read.
func (f *findings) legible() bool {
	if f.readings.coded() {
		return true
	}
	if f.template == "" || !slices.Contains(zonelessTypes, f.kind) {
		return false
	}
	for _, field := range []string{fieldNumber, fieldSurname, fieldBirth} {
		if f.readings.value(field) == "" {
			return false
		}
	}
	return true
}

// zonelessTypes are the kinds of documents of which most have no zone; the zone
// of others is only not in the picture.
var zonelessTypes = []string{"driving_licence"}

func (f *findings) portraitPoor() bool {
	q := f.portrait.faces.Face.Quality
	return q.EyeDistance < minEyeDistance || q.Sharpness < minSharpness
}

// weights are the verdicts that severities amount to.
var weights = map[severity]idflow.Verdict{ignored: idflow.Pass, reviewed: idflow.Unclear, askedOnce: idflow.Retry, declined: idflow.Fail}

// verdict collects what speaks against a document; the weightiest first.
type verdict struct {
	worst   idflow.Verdict
	reasons []idflow.Reason
}

var order = map[idflow.Verdict]int{idflow.Pass: 0, idflow.Unclear: 1, idflow.Retry: 2, idflow.Fail: 3}

func (v *verdict) against(w idflow.Verdict, r idflow.Reason) {
	if w == idflow.Pass {
		return
	}
	for _, known := range v.reasons {
		if known == r {
			return
		}
	}
	if order[w] > order[v.worst] {
		v.worst = w
		v.reasons = append([]idflow.Reason{r}, v.reasons...)
		return
	}
	v.reasons = append(v.reasons, r)
}

// expired reports whether the last day on which the document is valid has
// passed everywhere on earth. A document without an expiry date does not expire.
func expired(date mrz.Date, now time.Time) bool {
	if date.IsZero() {
		return false
	}
	const westernmost = 12 * time.Hour // UTC-12 is the last place where a day ends
	return !now.Add(-westernmost).Before(date.Last())
}
