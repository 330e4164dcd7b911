// Package face2face tells whether the live face and the photo in the document
// show one person.
package face2face

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"idflow"
	"idflow/tech"
	"idflow/vision/face"
)

// Reasons that the technology gives.
const (
	FacesDiffer idflow.Reason = "faces_differ"
	FacesUnsure idflow.Reason = "faces_unsure"
)

// Likeness is a cosine in [-1, 1]. On LFW (idflow eval faces) 0.42 is a false
// match rate of 1e-4 and 0.35 one of 1e-3; an old, small or worn document photo
// is less like its owner than LFW's pictures are like each other, so what lies
// between goes to a human.
const (
	defaultAccept = 0.42
	defaultReview = 0.35
)

// Technology compares two faces.
type Technology struct{}

type settings struct {
	Accept float64 `json:"accept"`
	Review float64 `json:"review"`
}

// report is the result object.
type report struct {
	Result            bool                `json:"result"`
	Prediction        string              `json:"prediction"`         // 0 to 1, four decimals
	PredictionPercent string              `json:"prediction_percent"` // 0 to 100, one decimal
	Similarity        float64             `json:"similarity"`         // cosine
	Threshold         float64             `json:"threshold"`
	FailureReason     *tech.FailureReason `json:"failure_reason"`
}

func (Technology) Spec() tech.Spec {
	return tech.Spec{
		Key: "face2face", Code: "F2F", Title: "Face 2 Face", Result: "face2face_result",
		Description: "Is the person before the camera the one in the document's photo?",
		Needs:       []string{string(tech.FaceLive), string(tech.DocumentPortrait)},
		Settings: []tech.Setting{
			{Name: "accept", Type: tech.Number, Default: defaultAccept, Min: 0.3, Max: 0.9},
			{Name: "review", Type: tech.Number, Default: defaultReview, Min: 0.2, Max: 0.9},
		},
		Reasons: []idflow.Reason{FacesDiffer, FacesUnsure},
	}
}

func (Technology) Check(_ context.Context, in tech.Input) (tech.Outcome, error) {
	var s settings
	if err := json.Unmarshal(in.Settings, &s); err != nil {
		return tech.Outcome{}, fmt.Errorf("settings of Face 2 Face: %w", err)
	}
	live, err := tech.Get(in.Facts, tech.FaceLive)
	if err != nil {
		return tech.Outcome{}, err
	}
	portrait, err := tech.Get(in.Facts, tech.DocumentPortrait)
	if err != nil {
		return tech.Outcome{}, err
	}
	if live.Model != portrait.Model || len(live.Embedding) != len(portrait.Embedding) {
		return tech.Outcome{}, fmt.Errorf("faces measured by %s and %s do not compare", live.Model, portrait.Model)
	}
	likeness := face.Similarity(live.Embedding, portrait.Embedding)
	percent := Percent(likeness)
	out := tech.Outcome{Verdict: idflow.Pass, Models: []string{live.Model}, Scores: []idflow.Score{idflow.AtLeast("face2face.similarity", likeness, s.Accept)}}
	r := report{Prediction: fmt.Sprintf("%.4f", percent/100), PredictionPercent: fmt.Sprintf("%.1f", percent), Similarity: likeness, Threshold: s.Accept}
	switch {
	case likeness < min(s.Review, s.Accept):
		out.Verdict, out.Reasons = idflow.Fail, []idflow.Reason{FacesDiffer}
	case likeness < s.Accept:
		out.Verdict, out.Reasons = idflow.Unclear, []idflow.Reason{FacesUnsure}
	}
	if len(out.Reasons) > 0 {
		r.FailureReason = &tech.FailureReason{Type: "CALC_RESULT", Detail: "Low prediction"}
	}
	r.Result = out.Verdict != idflow.Fail
	out.Report = r
	return out, nil
}

// scale turns a cosine into a percentage that people read as they expect:
// 50 % at a false match rate of 1e-3, 70 % at 1e-4, 85 % at 1e-5.
var scale = [][2]float64{{0, 0}, {0.35, 50}, {0.42, 70}, {0.49, 85}, {0.70, 97}, {1, 100}}

// Percent of likeness, 0 to 100, of a cosine.
func Percent(cosine float64) float64 {
	if cosine <= 0 || math.IsNaN(cosine) {
		return 0
	}
	for i := 1; i < len(scale); i++ {
		a, b := scale[i-1], scale[i]
		if cosine <= b[0] {
			return a[1] + (b[1]-a[1])*(cosine-a[0])/(b[0]-a[0])
		}
	}
	return 100
}
