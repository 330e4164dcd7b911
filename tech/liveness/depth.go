package liveness

import (
	"math"

	"idflow/vision"
	"idflow/vision/face"
)

// Depth cues: what a solid head does before a camera and a flat picture cannot.
//
// When a head turns, its near parts move further across the picture than its
// far ones; a flat picture that is turned moves by a homography, whatever it
// shows. When a head comes closer, perspective lets the middle of the face grow
// more than its outline; a picture that is zoomed grows everywhere alike.

// outline and middle are vertices of the mesh that tell the two apart.
var (
	depthVertices = everyVertex(7)   // 67 of 468, spread over the whole mesh
	outlinePair   = [2]int{234, 454} // ear to ear
	middlePair    = [2]int{133, 362} // inner corners of the eyes
	outlineTall   = [2]int{10, 152}  // forehead to chin
	middleTall    = [2]int{168, 2}   // root to base of the nose
)

func everyVertex(step int) (v []int) {
	for i := 0; i < 468; i += step {
		v = append(v, i)
	}
	return v
}

// parallax is how far the vertices of the turned face lie from where the best
// homography takes those of the neutral one: the root of the mean square, in
// hundredths of the distance between the eyes. A flat picture has what the mesh
// misses, a turned head several times that.
func parallax(neutral, turned *face.Mesh) (float64, bool) {
	src, dst := pick(neutral), pick(turned)
	h, ok := vision.FitHomography(src, dst, nil)
	if !ok {
		return 0, false
	}
	var sum float64
	for i, p := range src {
		d := h.Apply(p).Dist(dst[i])
		sum += d * d
	}
	eyes := neutral.EyeLeft().Dist(neutral.EyeRight())
	if eyes == 0 {
		return 0, false
	}
	return 100 * math.Sqrt(sum/float64(len(src))) / eyes, true
}

func pick(m *face.Mesh) []vision.Point {
	p := make([]vision.Point, len(depthVertices))
	for i, v := range depthVertices {
		p[i] = m.Points[v].Flat()
	}
	return p
}

// bulge is by how many hundredths the middle of the face has grown more than
// its outline from the smaller picture to the larger one: 0 for a zoomed
// picture, 3 and more for a head that comes from 50 to 35 centimetres.
func bulge(small, large *face.Mesh) float64 {
	wide := ratio(large, middlePair, outlinePair) / ratio(small, middlePair, outlinePair)
	tall := ratio(large, middleTall, outlineTall) / ratio(small, middleTall, outlineTall)
	return 100 * ((wide+tall)/2 - 1)
}

func ratio(m *face.Mesh, a, b [2]int) float64 {
	return length(m, a) / length(m, b)
}

func length(m *face.Mesh, p [2]int) float64 {
	return m.Points[p[0]].Flat().Dist(m.Points[p[1]].Flat())
}
