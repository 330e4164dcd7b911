package liveness

import (
	"context"
	"fmt"

	"idflow"
	"idflow/tech"
	"idflow/vision"
	"idflow/vision/face"
)

// Faces measures the faces of a picture. *face.Analyzer does.
type Faces interface {
	Analyze(ctx context.Context, m *vision.Image, want face.Want) (face.Analysis, error)
}

// What a photo must be like before its numbers are believed. A photo that is
// not is taken again; nobody is refused for it.
const (
	maxSecondFace  = 0.5  // area of the next face over the largest: below it, a bystander
	minEyeDistance = 48.0 // pixels; ISO/IEC 19794-5 asks for 90 in a passport photo, the nets were fed 35
	minInside      = 0.9  // share of the face's mesh in the picture
	minBrightness  = 45.0 // mean luma of the face, 0 to 255
	maxBrightness  = 225.0
	maxClipped     = 0.45  // share of the face that is black or white
	minSharpness   = 100.0 // variance of the Laplacian on 112 px; good pictures have 300 and more
	maxFrontYaw    = 22.0  // degrees either way
	maxFrontPitch  = 30.0  // degrees either way; the mesh reads a level face as -4 to -12
	maxFrontUp     = 10.0  // a level face reads below 0
	maxFrontRoll   = 30.0
)

// centre says how far a face may stand from the middle of the picture, in
// shares of its width and height.
const maxOffCentre = 0.3

// photo is one picture of a face with what was measured in it.
type photo struct {
	face.Analysis
	faults []idflow.Reason // why the numbers cannot be believed; the weightiest first
}

// read decodes and measures one capture. A picture that cannot be decoded is a
// fault of the photo; the error is the machine's.
func read(ctx context.Context, faces Faces, data []byte, want face.Want) (photo, error) {
	m, err := vision.Decode(data)
	if err != nil {
		return photo{faults: []idflow.Reason{tech.ReasonPictureUnreadable}}, nil
	}
	a, err := faces.Analyze(ctx, m, want)
	if err != nil {
		return photo{}, fmt.Errorf("measure the face: %w", err)
	}
	p := photo{Analysis: a}
	p.faults = p.assess()
	return p, nil
}

// assess finds what is wrong with the photo itself, whatever the face does.
func (p *photo) assess() (faults []idflow.Reason) {
	if p.Face == nil {
		return []idflow.Reason{FaceNotFound}
	}
	q := p.Face.Quality
	for _, f := range []struct {
		wrong  bool
		reason idflow.Reason
	}{
		{p.SecondRatio() > maxSecondFace, FaceSeveral},
		{q.Inside < minInside, FaceNotCentered},
		{q.EyeDistance < minEyeDistance, FaceTooSmall},
		{q.Brightness < minBrightness, FaceTooDark},
		{q.Brightness > maxBrightness, FaceTooBright},
		{q.Clipped > maxClipped && q.Brightness < 128, FaceTooDark},
		{q.Clipped > maxClipped && q.Brightness >= 128, FaceTooBright},
		{q.Sharpness < minSharpness, FaceBlurred},
	} {
		if f.wrong {
			faults = append(faults, f.reason)
		}
	}
	return faults
}

// frontal reports whether the face looks into the camera well enough to be compared.
func (p *photo) frontal() bool {
	pose := p.Face.Pose
	return abs(pose.Yaw) <= maxFrontYaw && abs(pose.Pitch) <= maxFrontPitch && abs(pose.Roll) <= maxFrontRoll
}

// centred reports whether the face stands in the middle of the picture.
func (p *photo) centred() bool {
	c, m := p.Face.Box.Center(), p.Image
	w, h := float64(m.W), float64(m.H)
	return abs(c.X-w/2) <= maxOffCentre*w && abs(c.Y-h/2) <= maxOffCentre*h
}

// scores of the photo's quality, for the report.
func (p *photo) scores(prefix string) []idflow.Score {
	if p.Face == nil {
		return nil
	}
	q := p.Face.Quality
	return []idflow.Score{
		idflow.AtLeast(prefix+".eye_distance", q.EyeDistance, minEyeDistance),
		idflow.AtLeast(prefix+".sharpness", q.Sharpness, minSharpness),
		idflow.AtLeast(prefix+".brightness", q.Brightness, minBrightness),
		idflow.AtMost(prefix+".clipped", q.Clipped, maxClipped),
		idflow.AtMost(prefix+".second_face", p.SecondRatio(), maxSecondFace),
		idflow.Measured(prefix+".yaw", p.Face.Pose.Yaw),
		idflow.Measured(prefix+".pitch", p.Face.Pose.Pitch),
		idflow.Measured(prefix+".roll", p.Face.Pose.Roll),
	}
}

func abs(x float64) float64 { return max(x, -x) }
