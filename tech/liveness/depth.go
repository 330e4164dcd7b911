package liveness

import (
	"math"

	"idflow/vision"
	"idflow/vision/face"
)

// Depth cues: what a solid head does before a camera and a flat picture cannot.
// docs/LIVENESS.md has what they measure of heads, prints and zoomed pictures.
//
//   - When a head turns, its near parts move further across the picture than its
//     far ones; a flat picture that is turned moves by a homography, whatever it
//     shows (parallax).
//   - A flat picture that is turned gets narrower by the cosine of its turn,
//     which is far more than the turn that its face seems to make (breadth).
//   - When a head comes closer, perspective lets its near parts grow more than
//     its far ones; a picture that is zoomed grows everywhere alike (bulge).

// Vertices that tell a face's breadth and height.
const (
	vertexEarLeft  = 234
	vertexEarRight = 454
	vertexForehead = 10
	vertexChin     = 152
)

// parallax is how far the vertices of the turned face lie from where the best
// homography takes those of the neutral one: the root of the mean square, in
// hundredths of the distance between the eyes. It is false where nothing can be said.
func parallax(neutral, turned *face.Mesh) (float64, bool) {
	src, dst := sparse(neutral), sparse(turned)
	h, ok := vision.FitHomography(src, dst, nil)
	eyes := neutral.EyeLeft().Dist(neutral.EyeRight())
	if !ok || eyes == 0 {
		return 0, false
	}
	var sum float64
	for i, p := range src {
		d := h.Apply(p).Dist(dst[i])
		sum += d * d
	}
	return 100 * math.Sqrt(sum/float64(len(src))) / eyes, true
}

// sparse is every seventh vertex: 67, spread over the whole mesh.
func sparse(m *face.Mesh) (ps []vision.Point) {
	for i := 0; i < len(m.Points); i += 7 {
		ps = append(ps, m.Points[i].Flat())
	}
	return ps
}

// breadth is how broad the turned face is against its height, over what the
// neutral one would be after the same turn: about 1 for a head.
func breadth(neutral, turned *face.Mesh) float64 {
	turn := (turned.Pose().Yaw - neutral.Pose().Yaw) * math.Pi / 180
	return slimness(turned) / slimness(neutral) / math.Cos(turn)
}

func slimness(m *face.Mesh) float64 {
	return m.Points[vertexEarLeft].Flat().Dist(m.Points[vertexEarRight].Flat()) / m.Points[vertexForehead].Flat().Dist(m.Points[vertexChin].Flat())
}

// bulge is by how many hundredths, for every eye's distance of depth, near parts
// of the face have grown more than far ones from the smaller picture to the
// larger: 0 for a zoomed picture. It is false where nothing can be said.
func bulge(small, large *face.Mesh) (float64, bool) {
	x, okX := bulgeAlong(small, large, func(p face.Point3) float64 { return p.X }, 1)
	y, okY := bulgeAlong(small, large, func(p face.Point3) float64 { return p.Y }, 2)
	return (x + y) / 2, okX && okY
}

// bulgeAlong explains one coordinate of the larger face, by least squares, with
// the smaller one's place (which takes up shift, size and roll), its depth (a
// slight turn) and the product of coordinate and depth: that is the bulge.
// axis is the place of the coordinate among the terms.
func bulgeAlong(small, large *face.Mesh, get func(face.Point3) float64, axis int) (float64, bool) {
	eyes := small.EyeLeft().Dist(small.EyeRight())
	var middle face.Point3
	n := float64(len(small.Points))
	for _, p := range small.Points {
		middle.X, middle.Y = middle.X+p.X/n, middle.Y+p.Y/n
	}
	var a normalEquations
	for i, p := range small.Points {
		q := face.Point3{X: (p.X - middle.X) / eyes, Y: (p.Y - middle.Y) / eyes, Z: p.Z / eyes}
		a.add([...]float64{1, q.X, q.Y, q.Z, q.Z * get(q), get(large.Points[i]) / eyes})
	}
	if !a.solve() || a[axis][5] == 0 {
		return 0, false
	}
	return -100 * a[4][5] / a[axis][5], true // near is negative depth
}

// normalEquations of five unknowns, the right side last.
type normalEquations [5][6]float64

// add adds an observation: the terms, and what they ought to come to.
func (a *normalEquations) add(row [6]float64) {
	for i := range a {
		for j := range row {
			a[i][j] += row[i] * row[j]
		}
	}
}

// solve leaves the unknowns in the last column; false if they are not determined.
func (a *normalEquations) solve() bool {
	for i := range a {
		p := i
		for j := i + 1; j < len(a); j++ {
			if math.Abs(a[j][i]) > math.Abs(a[p][i]) {
				p = j
			}
		}
		a[i], a[p] = a[p], a[i]
		if !(math.Abs(a[i][i]) > 1e-9) { // NaN, too
			return false
		}
		for k := len(a[i]) - 1; k >= i; k-- {
			a[i][k] /= a[i][i]
		}
		for j := range a {
			if f := a[j][i]; j != i && f != 0 {
				for k := range a[j] {
					a[j][k] -= f * a[i][k]
				}
			}
		}
	}
	return true
}
