package liveness

import (
	"context"
	"encoding/json"
	"math/rand/v2"

	"idflow"
	"idflow/tech"
	"idflow/vision/face"
)

// HeadPosition judges one frontal photo and head positions drawn by chance, so
// that photos made beforehand do not fit.
type HeadPosition struct {
	Faces Faces
	Nets  tech.Nets // behind Faces
}

var _ tech.Asker = HeadPosition{}

// poses that may be asked for, as the person sees them.
var poses = []string{"left", "right", "up", "down"}

// How far a head must turn against its own frontal photo, in degrees. Real turns
// on command reach 25 to 50 sideways and 15 to 30 up and down.
const (
	minTurn = 18.0
	minNod  = 10.0
	// A turn asked sideways may tilt a little, and the other way round, but the
	// asked direction must be the larger one.
)

// minSame is the least likeness between the frontal photo and a turned one.
// 0.35 is a false match rate of 1e-3 on LFW (idflow eval faces); a turned face
// is less like itself than a frontal one, so the frontal limit would refuse
// the right people.
const minSame = 0.35

// position is what one asked position showed.
type position struct {
	Asked      string  `json:"asked"`
	Seen       string  `json:"seen"`
	Yaw        float64 `json:"yaw"`   // degrees against the frontal photo; positive to the person's left
	Pitch      float64 `json:"pitch"` // degrees against the frontal photo; positive up
	Similarity float64 `json:"similarity"`
}

func (HeadPosition) Spec() tech.Spec {
	return tech.Spec{
		Key: "liveness_head_position", Code: "LDHP", Title: "Liveness Head Position", Result: "liveness_result",
		Description: "A photo of the face and head positions drawn by chance: is it a living person who does what is asked?",
		Gives:       []string{string(tech.FaceLive)},
		Settings:    append(commonSettings[:len(commonSettings):len(commonSettings)], tech.Setting{Name: "positions", Type: tech.Integer, Default: 2, Min: 1, Max: 4}),
		Reasons:     append(photoReasons[:len(photoReasons):len(photoReasons)], PoseWrong, FaceChanged),
	}
}

// Ask draws positions without repeating one.
func (HeadPosition) Ask(raw json.RawMessage, rng *rand.Rand) (idflow.Task, error) {
	s, err := parse(raw)
	if err != nil {
		return idflow.Task{}, err
	}
	task := idflow.Task{Captures: []idflow.Capture{frontCapture}}
	for _, i := range rng.Perm(len(poses))[:min(s.Position, len(poses))] {
		task.Captures = append(task.Captures, idflow.Capture{Name: "turn_" + poses[i], Kind: idflow.CaptureSelfie, Pose: poses[i]})
	}
	return task, nil
}

func (HeadPosition) Inspect(_ idflow.Capture, contentType string, data []byte) error {
	return tech.InspectPicture(contentType, data)
}

func (t HeadPosition) Check(ctx context.Context, in tech.Input) (tech.Outcome, error) {
	s, err := parse(in.Settings)
	if err != nil {
		return tech.Outcome{}, err
	}
	front, err := read(ctx, t.Faces, in.Evidence[frontCapture.Name], face.WantAll)
	if err != nil {
		return tech.Outcome{}, err
	}
	verdict, reasons := judgeFront(&front, s)
	var positions []position
	var scores []idflow.Score
	if verdict == idflow.Pass || verdict == idflow.Unclear {
		for _, c := range in.Task.Captures[1:] {
			turned, err := read(ctx, t.Faces, in.Evidence[c.Name], face.WantQuality|face.WantEmbedding|face.WantLive|face.WantOthers)
			if err != nil {
				return tech.Outcome{}, err
			}
			at, v, why := judgeTurn(&front, &turned, c.Pose)
			positions = append(positions, at)
			scores = append(scores, at.scores(&turned)...)
			if v != idflow.Pass && (verdict == idflow.Pass || verdict == idflow.Unclear) {
				verdict, reasons = v, why
			}
		}
	}
	out, r, err := outcome(&front, s, t.Nets, verdict, reasons)
	r.Positions = positions
	out.Scores = append(out.Scores, scores...)
	return out, err
}

// judgeTurn compares a turned head with the frontal photo.
func judgeTurn(front, turned *photo, asked string) (position, idflow.Verdict, []idflow.Reason) {
	at := position{Asked: asked, Seen: "nothing"}
	if turned.Face == nil {
		return at, idflow.Retry, turned.faults
	}
	at.Yaw = turned.Face.Pose.Yaw - front.Face.Pose.Yaw
	at.Pitch = turned.Face.Pose.Pitch - front.Face.Pose.Pitch
	at.Similarity = face.Similarity(front.Face.Embedding, turned.Face.Embedding)
	at.Seen = at.direction()
	switch {
	case turned.SecondRatio() > maxSecondFace:
		return at, idflow.Retry, []idflow.Reason{FaceSeveral}
	case at.Seen == "forward":
		return at, idflow.Retry, []idflow.Reason{PoseWrong}
	case at.Seen != asked:
		return at, idflow.Fail, []idflow.Reason{PoseWrong}
	case at.Similarity < minSame:
		return at, idflow.Fail, []idflow.Reason{FaceChanged}
	}
	return at, idflow.Pass, nil
}

// direction names the larger of both turns, each in units of its own limit.
func (p position) direction() string {
	sideways, nod := p.Yaw/minTurn, p.Pitch/minNod
	switch {
	case abs(sideways) < 1 && abs(nod) < 1:
		return "forward"
	case abs(sideways) >= abs(nod) && sideways > 0:
		return "left"
	case abs(sideways) >= abs(nod):
		return "right"
	case nod > 0:
		return "up"
	}
	return "down"
}

func (p position) scores(turned *photo) []idflow.Score {
	name := "position." + p.Asked
	scores := []idflow.Score{idflow.Measured(name+".yaw", p.Yaw), idflow.Measured(name+".pitch", p.Pitch), idflow.AtLeast(name+".similarity", p.Similarity, minSame)}
	if turned.Face != nil {
		scores = append(scores, idflow.Measured(name+".passive", turned.Face.Live))
	}
	return scores
}
