package face

import (
	"context"
	"math"

	"idflow/vision"
	"idflow/vision/onnx"
)

// Face mesh: MediaPipe's 468 points of a face in three dimensions.
//
// Source: Kartynnik et al., "Real-time Facial Surface Geometry from Monocular
// Video on Mobile GPUs", 2019; weights and the way the region is chosen from npm
// @mediapipe/face_mesh 0.4.1657299874 (face_landmark.tflite, Apache-2.0).
const (
	meshNet    = "mp_facemesh"
	meshSize   = 192 // input: 1 x 192 x 192 x 3, RGB, v / 255
	meshPoints = 468
	meshMargin = 1.5 // side of the region over that of the box; MediaPipe's own
)

// Point3 is a vertex: X and Y in pixels of the picture, Z in the same unit,
// smaller is nearer to the camera, 0 about the middle of the head.
type Point3 struct{ X, Y, Z float64 }

// Flat leaves the depth out.
func (p Point3) Flat() vision.Point { return vision.Point{X: p.X, Y: p.Y} }

// Mesh is the surface of a face. Confidence, 0 to 1, is the network's that it
// looked at a face at all: clear ones have over 0.99, one under a medical mask
// 0.975, and below 0.5 the points mean nothing.
type Mesh struct {
	Points     [meshPoints]Point3
	Confidence float64

	logit float32 // what Confidence is the sigmoid of
}

// Vertices of the mesh (canonical face model of MediaPipe), sides as the picture's.
const (
	vertexNose       = 1
	vertexForehead   = 10
	vertexChin       = 152
	vertexEarLeft    = 234
	vertexEarRight   = 454
	vertexMouthLeft  = 61
	vertexMouthRight = 291
	vertexLipUpper   = 13 // the inner edges of the lips
	vertexLipLower   = 14

	// Corners of the eyes.
	vertexEyeLeftOuter  = 33
	vertexEyeLeftInner  = 133
	vertexEyeRightInner = 362
	vertexEyeRightOuter = 263
)

// The rims of the eyes: corners, upper and lower lid.
var (
	rimLeft  = [...]int{33, 133, 160, 158, 144, 153}
	rimRight = [...]int{263, 362, 387, 385, 373, 380}
)

// at is the vertex in the picture.
func (m *Mesh) at(vertex int) vision.Point { return m.Points[vertex].Flat() }

func (m *Mesh) mean(vertices []int) vision.Point {
	var sum vision.Point
	for _, v := range vertices {
		sum = sum.Add(m.at(v))
	}
	return sum.Mul(1 / float64(len(vertices)))
}

// EyeLeft and EyeRight are the middles of the eyes.
func (m *Mesh) EyeLeft() vision.Point  { return m.mean(rimLeft[:]) }
func (m *Mesh) EyeRight() vision.Point { return m.mean(rimRight[:]) }

// five are the places by which a face is aligned: eyes, nose, mouth corners.
func (m *Mesh) five() [5]vision.Point {
	return [5]vision.Point{
		m.EyeLeft(), m.EyeRight(), m.at(vertexNose), m.at(vertexMouthLeft), m.at(vertexMouthRight),
	}
}

// Mouth is the gap between the lips over the mouth's width: 0.02 to 0.08 shut,
// 0.22 to 0.40 in a smile that shows teeth, more than 0.5 wide open.
func (m *Mesh) Mouth() float64 {
	return m.at(vertexLipUpper).Dist(m.at(vertexLipLower)) / m.at(vertexMouthLeft).Dist(m.at(vertexMouthRight))
}

// Box is the upright rectangle about all vertices.
func (m *Mesh) Box() vision.Rect { return m.bounds(0) }

// bounds is the rectangle about all vertices after they were turned about the
// origin by tilt radians counter-clockwise.
func (m *Mesh) bounds(tilt float64) vision.Rect {
	c, s := turned(1, tilt)
	r := vision.Rect{X0: math.Inf(1), Y0: math.Inf(1), X1: math.Inf(-1), Y1: math.Inf(-1)}
	for i := range m.Points {
		p := &m.Points[i]
		x, y := p.X*c+p.Y*s, p.Y*c-p.X*s
		r.X0, r.X1 = math.Min(r.X0, x), math.Max(r.X1, x)
		r.Y0, r.Y1 = math.Min(r.Y0, y), math.Max(r.Y1, y)
	}
	return r
}

// turn moves the mesh along with the picture m that is turned.
func (m *Mesh) turn(in *vision.Image, quarters int) {
	t := in.Unturned(quarters).Inverse()
	for i, v := range m.Points {
		p := t.Apply(v.Flat())
		m.Points[i].X, m.Points[i].Y = p.X, p.Y
	}
}

// turned is k times the cosine and the sine.
func turned(k, radians float64) (c, s float64) {
	s, c = math.Sincos(radians)
	return k * c, k * s
}

type meshStage struct {
	stage
	toPicture vision.Affine
	mesh      Mesh
}

func newMeshStage(net *onnx.Net) *meshStage {
	m := &meshStage{stage: stage{net: net, canvas: vision.New(meshSize, meshSize)}}
	m.fill, m.read = m.draw, m.decode
	return m
}

// Confidences of the mesh.
const (
	// leastConfidence: below it there is no face; MediaPipe's own.
	leastConfidence = 0.5

	// sureLogit: from it on there is a face, seen the right way up. Measured over
	// 45 pictures in all four turns: faces seen upright have 20 to 36, turned to
	// profile 11.7 and more, under a medical mask 4; upside-down and sideways ones
	// that the detector took for upright, 10.5 and less.
	sureLogit = 12
)

// detected fits the mesh to a detected face: to the detector's box, turned so
// that the eyes are level, and once more to where it lies. Detectors take some
// upside-down faces for upright ones, so if the network is not sure then it is
// shown the other ways up.
func (m *meshStage) detected(ctx context.Context, p *vision.Pyramid, d *Detection) error {
	side := meshMargin * math.Max(d.Box.W(), d.Box.H())
	region := square(d.Box.Center(), side, d.tilt(), meshSize)
	if err := m.settled(ctx, p, region); err != nil || m.mesh.logit >= sureLogit {
		return err
	}
	best := m.mesh
	for quarters := 1; quarters < 4; quarters++ {
		turned := m.canvas.Unturned(quarters).Then(region)
		if err := m.settled(ctx, p, turned); err != nil {
			return err
		}
		if m.mesh.logit > best.logit {
			best = m.mesh
		}
		if best.logit >= sureLogit {
			break
		}
	}
	m.mesh = best
	return nil
}

// settled fits the mesh to a region and then to where it lies until it stays
// there: once more, as a rule. The second fit is worth trying even where the
// first sees no face: a profile may lie off the detector's box. Where the mesh
// does not stay the surest fit counts.
func (m *meshStage) settled(ctx context.Context, p *vision.Pyramid, region vision.Affine) error {
	const stays, most = 0.85, 3 // IoU of two fits, fits after the first
	if err := m.fit(ctx, p, region); err != nil {
		return err
	}
	best := m.mesh
	for range most {
		before := m.mesh.Box()
		if err := m.tracked(ctx, p, &m.mesh); err != nil {
			return err
		}
		if m.mesh.Confidence >= leastConfidence && m.mesh.Box().IoU(before) >= stays {
			return nil
		}
		if m.mesh.logit <= best.logit {
			break
		}
		best = m.mesh
	}
	m.mesh = best
	return nil
}

// tracked fits the mesh to where it was last.
func (m *meshStage) tracked(ctx context.Context, p *vision.Pyramid, last *Mesh) error {
	return m.fit(ctx, p, last.region())
}

// region is the square in which the network wants to see a face that lies so.
func (m *Mesh) region() vision.Affine {
	e := m.at(vertexEyeRightOuter).Sub(m.at(vertexEyeLeftOuter))
	tilt := math.Atan2(e.Y, e.X)
	r := m.bounds(tilt)
	c, s := turned(1, tilt)
	mid := r.Center()
	center := vision.Point{X: mid.X*c - mid.Y*s, Y: mid.X*s + mid.Y*c}
	return square(center, meshMargin*math.Max(r.W(), r.H()), tilt, meshSize)
}

func (m *meshStage) fit(ctx context.Context, p *vision.Pyramid, region vision.Affine) error {
	m.toPicture = region
	p.WarpInto(m.canvas, region)
	return m.run(ctx)
}

func (m *meshStage) draw(in []float32) {
	m.canvas.FillInterleaved(in, vision.Uniform(0, 1.0/255))
}

func (m *meshStage) decode(out onnx.Outputs) error {
	points, err := floats(out, "mesh", 3*meshPoints)
	if err != nil {
		return err
	}
	flag, err := floats(out, "flag", 1)
	if err != nil {
		return err
	}
	depth := m.toPicture.Scale()
	for i := range m.mesh.Points {
		v := points[3*i:][:3]
		p := m.toPicture.Apply(vision.Point{X: float64(v[0]), Y: float64(v[1])})
		m.mesh.Points[i] = Point3{p.X, p.Y, float64(v[2]) * depth}
	}
	m.mesh.logit, m.mesh.Confidence = flag[0], sigmoid(flag[0])
	return nil
}
