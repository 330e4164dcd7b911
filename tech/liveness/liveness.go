// Package liveness tells whether a living person stands before the camera.
//
// Short looks at one photo; Live asks for movements before the camera that nobody can know
// beforehand. A single photo is a weak witness: worn masks and
// well-made prints pass the net (docs/LIVENESS.md has the figures), so a Flow
// that has much to lose asks for more than Short.
package liveness

import (
	"encoding/json"
	"fmt"

	"idflow"
	"idflow/tech"
	"idflow/vision"
	"idflow/vision/face"
)

// Reasons that the technologies of this package give.
const (
	FaceNotFound    idflow.Reason = "face_not_found"
	FaceSeveral     idflow.Reason = "face_several"
	FaceTooSmall    idflow.Reason = "face_too_small"
	FaceNotCentered idflow.Reason = "face_not_centered"
	FaceTurned      idflow.Reason = "face_turned"
	FaceBlurred     idflow.Reason = "face_blurred"
	FaceTooDark     idflow.Reason = "face_too_dark"
	FaceTooBright   idflow.Reason = "face_too_bright"
	EyesClosed      idflow.Reason = "face_eyes_closed"
	NotLive         idflow.Reason = "face_not_live"
	Unsure          idflow.Reason = "liveness_unsure"
	PoseWrong       idflow.Reason = "pose_wrong"
	FaceChanged     idflow.Reason = "face_changed"
	FaceMasked      idflow.Reason = "face_masked"
)

var photoReasons = []idflow.Reason{
	tech.ReasonPictureUnreadable, FaceNotFound, FaceSeveral, FaceTooSmall, FaceNotCentered, FaceTurned, FaceBlurred,
	FaceTooDark, FaceTooBright, EyesClosed, NotLive, Unsure,
}

// Bands of the passive score, 0 to 1. Of genuine photos 3 to 14 % score below
// the first and 0 to 3 % below the second; five of five prints and screens score
// below the third, worn masks do not (idflow eval faces, silentface and kbyai).
const (
	defaultAccept = 0.9
	defaultReject = 0.3
)

// settings of every technology in this package.
type settings struct {
	OpenEyes  bool    `json:"open_eyes"`
	Accept    float64 `json:"accept"`     // passive score from which a face is live
	Reject    float64 `json:"reject"`     // passive score below which it is not; between, a human looks
	Active    bool    `json:"active"`     // Live: something is asked
	Actions   int     `json:"actions"`    // Live: how many
	Light     string  `json:"light"`      // Live: lightSoft or lightStrict
	Recording bool    `json:"recording"`  // Live: every frame is kept
	StillHead bool    `json:"still_head"` // Live: ask only what needs no movement of the head
	SameFace  bool    `json:"same_face"`  // Live: every key frame must show one person
	Mask      bool    `json:"mask"`       // Live: a face under a medical mask is asked to take it off
	Glasses   bool    `json:"glasses"`    // Live: the page asks to take glasses off
	Flash     bool    `json:"flash"`      // Live: the screen changes its colour
}

// What the light must be like before a challenge begins.
const (
	lightSoft    = "soft"
	lightStrict  = "strict"
	strictDark   = 70.0 // mean luma of the face
	strictBright = 200.0
)

var commonSettings = []tech.Setting{
	{Name: "open_eyes", Type: tech.Bool, Default: true},
	{Name: "accept", Type: tech.Number, Default: defaultAccept, Min: 0.5, Max: 0.999},
	{Name: "reject", Type: tech.Number, Default: defaultReject, Min: 0.01, Max: 0.9},
}

func parse(raw json.RawMessage) (s settings, err error) {
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("settings of liveness: %w", err)
	}
	return s, nil
}

// report is the result object. The first members are those that customers'
// programs know; prediction is a string with four decimals there, so here too.
type report struct {
	Result        bool                `json:"result"`
	EyeClosed     bool                `json:"eye_closed"`
	Prediction    string              `json:"prediction"`
	FaceCenter    bool                `json:"face_center"`
	FaceDirection string              `json:"face_direction"`
	FailureReason *tech.FailureReason `json:"failure_reason"`
	Actions       []actionReport      `json:"actions,omitempty"`
}

// failures are the reasons in the words that customers' programs know.
var failures = map[idflow.Reason]tech.FailureReason{
	tech.ReasonPictureUnreadable: {Type: "REQUEST_ERROR"},
	FaceNotFound:                 {Type: "CLIENT", Detail: "Could not find face distance"},
	EyesClosed:                   {Type: "CALC_RESULT", Detail: "Closed eyes"},
	NotLive:                      {Type: "CALC_RESULT", Detail: "Low prediction"},
	Unsure:                       {Type: "CALC_RESULT", Detail: "Low prediction"},
	PoseWrong:                    {Type: "CALC_RESULT", Detail: "Low overall prediction"},
	FaceChanged:                  {Type: "CALC_RESULT", Detail: "Low overall prediction"},
	PassageBroken:                {Type: "OTHER", Detail: "Incorrect image hash"},
	PassageTooSlow:               {Type: "TIMEOUT"},
	FaceTooDark:                  {Type: "CLIENT", Detail: "Illumination check failed"},
	FaceTooBright:                {Type: "CLIENT", Detail: "Illumination check failed"},
	FaceMasked:                   {Type: "CLIENT", Detail: "Medical mask check failed"},
}

func failureOf(reasons []idflow.Reason) *tech.FailureReason {
	if len(reasons) == 0 {
		return nil
	}
	f, ok := failures[reasons[0]]
	if !ok {
		f = tech.FailureReason{Type: "CALC_RESULT", Detail: "Low overall prediction"}
	}
	return &f
}

// judgeFront is what every technology here asks of the frontal photo.
func judgeFront(p *photo, s settings) (idflow.Verdict, []idflow.Reason) {
	switch {
	case len(p.faults) > 0:
		return idflow.Retry, p.faults
	case !p.frontal():
		return idflow.Retry, []idflow.Reason{FaceTurned}
	case s.OpenEyes && p.Face.Eyes.Closed():
		return idflow.Retry, []idflow.Reason{EyesClosed}
	case p.Face.Live < min(s.Reject, s.Accept):
		return idflow.Fail, []idflow.Reason{NotLive}
	case p.Face.Live < s.Accept:
		return idflow.Unclear, []idflow.Reason{Unsure}
	}
	return idflow.Pass, nil
}

// outcome tells of the frontal photo and hands the face on.
func outcome(p *photo, s settings, nets tech.Nets, verdict idflow.Verdict, reasons []idflow.Reason) (tech.Outcome, *report, error) {
	r := &report{Result: verdict == idflow.Pass || verdict == idflow.Unclear, Prediction: "0.0000", FailureReason: failureOf(reasons)}
	out := tech.Outcome{Verdict: verdict, Reasons: reasons, Models: nets.All, Facts: tech.Facts{}, Report: r}
	if p.Face == nil {
		return out, r, nil
	}
	f := p.Face
	r.EyeClosed, r.FaceCenter, r.FaceDirection = f.Eyes.Closed(), p.centred(), direction(f.Pose)
	r.Prediction = fmt.Sprintf("%.4f", f.Live)
	out.Scores = append([]idflow.Score{idflow.AtLeast("liveness.passive", f.Live, s.Accept)}, p.scores("face")...)
	eyes := idflow.Measured("face.eyes_closed", min(f.Eyes.Left, f.Eyes.Right))
	if s.OpenEyes {
		eyes = idflow.AtMost("face.eyes_closed", min(f.Eyes.Left, f.Eyes.Right), 0.5)
	}
	out.Scores = append(out.Scores, eyes)
	if !r.Result {
		return out, r, nil
	}
	crop, err := p.Portrait().EncodeJPEG(90)
	if err != nil {
		return out, r, fmt.Errorf("crop the face: %w", err)
	}
	out.Derived = []tech.Derived{{Name: livePicture, ContentType: string(vision.JPEG), Data: crop}}
	err = tech.Put(out.Facts, tech.FaceLive, tech.Face{Embedding: f.Embedding, Model: nets.Embedding, Picture: livePicture})
	return out, r, err
}

// livePicture names the evidence that shows the live face.
const livePicture = "face"

// direction names where a face looks, left and right as the person sees them.
func direction(p face.Pose) string {
	switch {
	case p.Yaw > maxFrontYaw:
		return "left"
	case p.Yaw < -maxFrontYaw:
		return "right"
	case p.Pitch > maxFrontUp:
		return "up"
	case p.Pitch < -maxFrontPitch:
		return "down"
	}
	return "forward"
}
