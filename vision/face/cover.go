package face

import (
	"context"
	"math"

	"idflow/vision"
	"idflow/vision/onnx"
)

// Covered faces: does a medical mask, a scarf or the like hide mouth and nose?
//
// Source: own network (train/mask), trained on drawn masks over the mesh.
// It is placed by the eyes alone, since the mesh guesses what it does not see.
const (
	coverNet    = "face_cover"
	coverSize   = 48  // input: 1 x 3 x 48 x 48, RGB, (v - 128) / 64
	coverSide   = 3.0 // side of the square over the distance of the eyes
	coverDown   = 0.7 // how far its middle lies below the eyes', likewise
	coverOutput = 1   // probability
)

// CoverRegion maps the picture that the network sees onto the part of a face
// that a mask would hide, with the eyes at its upper edge.
func CoverRegion(m *Mesh) vision.Affine {
	left, right := m.EyeLeft(), m.EyeRight()
	along := right.Sub(left)
	eyes := left.Dist(right)
	middle := left.Add(right).Mul(0.5).Add(vision.Point{X: -along.Y, Y: along.X}.Mul(coverDown))
	return square(middle, coverSide*eyes, math.Atan2(along.Y, along.X), coverSize)
}

// CoverInput is the picture that the network sees, 48 pixels square.
func CoverInput(m *vision.Image, mesh *Mesh) *vision.Image {
	return m.Warp(CoverRegion(mesh), coverSize, coverSize)
}

type coverStage struct {
	stage
	covered float64
}

func newCoverStage(net *onnx.Net) *coverStage {
	s := &coverStage{stage: stage{net: net, canvas: vision.New(coverSize, coverSize)}}
	s.fill, s.read = s.draw, s.decode
	return s
}

func (s *coverStage) measure(ctx context.Context, p *vision.Pyramid, m *Mesh) (float64, error) {
	p.WarpInto(s.canvas, CoverRegion(m))
	err := s.run(ctx)
	return s.covered, err
}

func (s *coverStage) draw(in []float32) { s.canvas.FillPlanar(in, vision.Uniform(128, 1.0/64)) }

func (s *coverStage) decode(out onnx.Outputs) error {
	p, err := floats(out, "p", coverOutput)
	if err != nil {
		return err
	}
	s.covered = float64(p[0])
	return nil
}
