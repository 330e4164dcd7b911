package liveness

import (
	"context"
	"encoding/json"
	"math/rand/v2"

	"idflow"
	"idflow/tech"
	"idflow/vision/face"
)

// Short judges one photo.
type Short struct {
	Faces Faces
	Nets  tech.Nets // behind Faces
}

var _ tech.Asker = Short{}

// frontCapture is the frontal photo that every technology here begins with.
var frontCapture = idflow.Capture{Name: "selfie", Kind: idflow.CaptureSelfie, Pose: "front"}

func (Short) Spec() tech.Spec {
	return tech.Spec{
		Key: "liveness_short", Code: "LDS", Title: "Liveness Short", Result: "liveness_result",
		Description: "One photo of the face: is it a living person, with open eyes, alone and well lit?",
		Gives:       []string{string(tech.FaceLive)}, Settings: commonSettings, Reasons: photoReasons,
	}
}

func (Short) Ask(json.RawMessage, *rand.Rand) (idflow.Task, error) {
	return idflow.Task{Captures: []idflow.Capture{frontCapture}}, nil
}

func (Short) Inspect(_ idflow.Capture, contentType string, data []byte) error {
	return tech.InspectPicture(contentType, data)
}

func (t Short) Check(ctx context.Context, in tech.Input) (tech.Outcome, error) {
	s, err := parse(in.Settings)
	if err != nil {
		return tech.Outcome{}, err
	}
	p, err := read(ctx, t.Faces, in.Evidence[frontCapture.Name], face.WantAll)
	if err != nil {
		return tech.Outcome{}, err
	}
	verdict, reasons := judgeFront(&p, s)
	out, _, err := outcome(&p, s, t.Nets, verdict, reasons)
	return out, err
}
