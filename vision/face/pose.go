package face

import "math"

// Pose is how a head is turned, in degrees. All are 0 for a face that looks
// straight into the camera, but for the pitch, which reads -4 to -12 for most
// people then: compare it with the person's own first frontal picture.
//
// No pictures with measured angles were at hand. Against another network (a
// 66-bin regressor) the mean difference over 601 pictures of LFW is 3 degrees.
type Pose struct {
	Yaw   float64 // over 0: the face points to the right of the picture (to the person's left, unless it is mirrored); -90 to 90
	Pitch float64 // over 0: it looks up; -90 to 90
	Roll  float64 // over 0: the head leans clockwise as seen; -180 to 180
}

// Pose reads the angles off the mesh's own axes: from ear to ear, from forehead
// to chin, and what is square to both.
func (m *Mesh) Pose() Pose {
	down := unit(sub(m.Points[vertexChin], m.Points[vertexForehead]))
	across := unit(sub(m.Points[vertexEarRight], m.Points[vertexEarLeft]))
	away := unit(cross(across, down))
	across = cross(down, away)
	const degree = math.Pi / 180
	return Pose{
		Yaw:   -math.Atan2(away.X, away.Z) / degree,
		Pitch: math.Asin(max(-1, min(1, away.Y))) / degree,
		Roll:  math.Atan2(across.Y, across.X) / degree,
	}
}

func sub(a, b Point3) Point3 { return Point3{a.X - b.X, a.Y - b.Y, a.Z - b.Z} }

func cross(a, b Point3) Point3 {
	return Point3{a.Y*b.Z - a.Z*b.Y, a.Z*b.X - a.X*b.Z, a.X*b.Y - a.Y*b.X}
}

func unit(a Point3) Point3 {
	l := math.Sqrt(a.X*a.X + a.Y*a.Y + a.Z*a.Z)
	return Point3{a.X / l, a.Y / l, a.Z / l}
}
