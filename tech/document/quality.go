package document

import (
	"idflow"
	"idflow/vision/doc"
)

// Reasons of pictures that show a page poorly.
const (
	TooSmall idflow.Reason = "document_too_small"
	CutOff   idflow.Reason = "document_cut_off"
	Glare    idflow.Reason = "document_glare"
	Dark     idflow.Reason = "document_dark"
)

// needs is what the picture of a page must be like; see doc.Quality for the
// units. Zero asks for nothing.
type needs struct {
	perMM    float64 // pixels to the millimetre, at least
	focus    float64 // at least
	contrast float64 // at least
	exposure float64 // at least
	glare    float64 // share of the page, at most
	cutOff   float64 // share of the outline, at most
}

// photoNeeds are those of photos that are judged: at 4 pixels to the millimetre
// a zone's capitals can still be read. Dark photos are often read well, so
// nothing but the contrast is asked of their light. A page of a passport may
// have its fold at the picture's edge, one side of which is a third of its
// outline.
var photoNeeds = needs{perMM: 4, focus: 0.45, contrast: 0.12, glare: 0.06, cutOff: 0.35}

// frameNeeds are those of the frames before the photo, which are stricter, since
// mending costs nothing yet, but for what a small frame cannot show: fine focus
// and the resolution, for which guide looks at the page's share of the frame.
var frameNeeds = needs{focus: 0.45, contrast: 0.18, exposure: 0.2, glare: 0.02, cutOff: 0.01}

// shortcoming is the first thing that a picture of a page of this quality lacks,
// what hides most of the others first; "" for a good one.
func (n needs) shortcoming(q doc.Quality) idflow.Reason {
	switch {
	case q.CutOff > n.cutOff:
		return CutOff
	case q.PixelsPerMM < n.perMM:
		return TooSmall
	case q.Exposure < n.exposure || q.Contrast < n.contrast:
		return Dark
	case q.Glare > n.glare:
		return Glare
	case q.Focus < n.focus:
		return Blurred
	}
	return ""
}
