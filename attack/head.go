package attack

import (
	"math"

	"idflow/vision"
	"idflow/vision/face"
)

// posture is what a head, or what poses as one, does.
type posture struct {
	yaw, pitch float64 // degrees; over 0: to the right of the picture, up
	closer     float64 // 1: where it began, over 1: so much larger
	eyes       float64 // 0 open to 1 closed
	mouth      float64 // 0 as in the picture to 1 wide open
}

// head is a face cut out of one photograph and put on the mesh that was
// measured in it, with the rest of the photograph stretched about it. It can be
// turned, moved, and made to blink and to open its mouth: the strongest attack
// of the kit, and, marked as rendered, a stand-in for people who turn further
// than any recording at hand.
type head struct {
	surface
	texture  *vision.Image
	distance float64         // centimetres to its middle
	line     float64         // y of the closed mouth, pixels
	lips     [2]vision.Point // corners of the mouth
	throat   []int           // triangles between the lips
	eyes     map[int]vec3    // triangles between the lids, and the colour of the skin above
}

type vec3 = [3]uint8

const (
	headWidth = 14.5 // centimetres from ear to ear; the mean of adults
	ringSize  = 24   // points about the face
	meshSize  = 468
)

// Vertices of the mesh (canonical face model of MediaPipe): the lids in pairs,
// upper and lower, with the skin above; the lips.
var (
	lids = [][3]int{
		{246, 7, 247}, {161, 163, 30}, {160, 144, 29}, {159, 145, 27}, {158, 153, 28}, {157, 154, 56}, {173, 155, 190},
		{466, 249, 467}, {388, 390, 260}, {387, 373, 259}, {386, 374, 257}, {385, 380, 258}, {384, 381, 286}, {398, 382, 414},
	}
	upperLip = []int{78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291}
	lowerLip = []int{95, 88, 178, 87, 14, 317, 402, 318, 324, 146, 91, 181, 84, 17, 314, 405, 321, 375}
)

// newHead builds a head from a frame and the mesh measured in it.
func newHead(frame *vision.Image, m *face.Mesh) *head {
	h := &head{texture: frame}
	ears := m.Points[234].Flat().Dist(m.Points[454].Flat())
	h.distance = webcam.focal * headWidth / ears
	perPixel := headWidth / ears
	flat := make([]vision.Point, 0, meshSize+2*ringSize+16)
	for _, p := range m.Points {
		flat = append(flat, p.Flat())
		h.points = append(h.points, webcam.unproject(p.X, p.Y, h.distance+p.Z*perPixel))
	}
	center := m.Box().Center()
	for _, ring := range []struct{ reach, back float64 }{{1.18, 4}, {1.45, 8}} {
		for _, p := range around(m, center, ring.reach) {
			flat = append(flat, p)
			h.points = append(h.points, webcam.unproject(p.X, p.Y, h.distance+ring.back))
		}
	}
	for _, p := range border(frame) { // far behind: it does not move
		flat = append(flat, p)
		h.points = append(h.points, webcam.unproject(p.X, p.Y, 3*h.distance))
	}
	h.texels = flat
	h.triangles = triangulate(flat)
	h.lips = [2]vision.Point{flat[61], flat[291]}
	h.line = (flat[61].Y + flat[291].Y) / 2
	h.divide()
	return h
}

// divide finds the triangles that open between the lips and close between the lids.
func (h *head) divide() {
	upper, lower, lid := map[int]bool{}, map[int]bool{}, map[int]int{33: 27, 133: 27, 263: 257, 362: 257}
	for _, v := range upperLip {
		upper[v] = true
	}
	for _, v := range lowerLip {
		lower[v] = true
	}
	for _, l := range lids {
		lid[l[0]], lid[l[1]] = l[2], l[2]
	}
	h.eyes = map[int]vec3{}
	for i, t := range h.triangles {
		up, down, eye := 0, 0, 0
		for _, v := range t {
			if upper[v] {
				up++
			}
			if lower[v] {
				down++
			}
			if lid[v] != 0 {
				eye++
			}
		}
		if up > 0 && down > 0 && up+down == 3 {
			h.throat = append(h.throat, i)
		}
		if eye == 3 {
			var skin vec3
			sample(skin[:], h.texture, h.texels[lid[t[0]]])
			h.eyes[i] = skin
		}
	}
}

// painted are the colours of the triangles that the posture changes.
func (h *head) painted(p posture) map[int][3]uint8 {
	paint := map[int][3]uint8{}
	if p.mouth > 0.1 {
		for _, i := range h.throat {
			paint[i] = vec3{58, 24, 24}
		}
	}
	if p.eyes > 0.6 {
		for i, skin := range h.eyes {
			paint[i] = skin
		}
	}
	return paint
}

// around are points about the face, as far as its outline times reach.
func around(m *face.Mesh, center vision.Point, reach float64) (ring []vision.Point) {
	for k := range ringSize {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / ringSize)
		far := 0.0
		for _, p := range m.Points {
			d := p.Flat().Sub(center)
			far = max(far, d.X*cos+d.Y*sin)
		}
		ring = append(ring, vision.Point{X: center.X + reach*far*cos, Y: center.Y + reach*far*sin})
	}
	return ring
}

// border are points on the edge of a frame.
func border(m *vision.Image) (ps []vision.Point) {
	w, h := float64(m.W-1), float64(m.H-1)
	for k := range 4 {
		s := float64(k) / 4
		ps = append(ps, vision.Point{X: s * w}, vision.Point{X: w, Y: s * h}, vision.Point{X: w - s*w, Y: h}, vision.Point{Y: h - s*h})
	}
	return ps
}

// draw shows the head in a posture.
func (h *head) draw(p posture) *vision.Image {
	at := append([]vec(nil), h.points...)
	h.openMouth(at, p.mouth)
	h.closeEyes(at, p.eyes)
	// The head turns about its middle, some way behind the face.
	pivot := vec{at[1].x, (at[10].y + at[152].y) / 2, h.distance + 2}
	moving := meshSize + 2*ringSize
	closer := h.distance * (1/max(p.closer, 0.1) - 1)
	for i := range at[:moving] {
		share := 1.0
		if i >= meshSize+ringSize { // shoulders and the air about the hair hardly turn
			share = 0.3
		}
		at[i] = turnAbout(at[i], pivot, share*p.yaw, share*p.pitch)
		at[i].z += closer
	}
	c := newCanvas(vision.New(webcam.w, webcam.h))
	copy(c.Pix, h.texture.Pix) // behind what is torn open
	shown := h.surface
	shown.paint = h.painted(p)
	c.draw(webcam, &shown, at, h.texture)
	return c.Image
}

// turnAbout turns a point by yaw to the right of the picture and pitch up.
func turnAbout(p, pivot vec, yaw, pitch float64) vec {
	x, y, z := p.x-pivot.x, p.y-pivot.y, p.z-pivot.z
	sin, cos := math.Sincos(yaw * math.Pi / 180)
	x, z = x*cos-z*sin, z*cos+x*sin
	sin, cos = math.Sincos(pitch * math.Pi / 180)
	y, z = y*cos+z*sin, z*cos-y*sin
	return vec{x + pivot.x, y + pivot.y, z + pivot.z}
}

func (h *head) closeEyes(at []vec, share float64) {
	for _, l := range lids {
		upper, lower := at[l[0]], at[l[1]]
		drop := 0.95 * share * (lower.y - upper.y)
		at[l[0]].y += drop
		at[l[0]].x += 0.95 * share * (lower.x - upper.x)
		at[l[2]].y += 0.4 * drop
	}
}

func (h *head) openMouth(at []vec, share float64) {
	if share == 0 {
		return
	}
	half := h.lips[0].Dist(h.lips[1]) / 2
	middle := (h.lips[0].X + h.lips[1].X) / 2
	drop := share * 0.8 * 2 * half * h.distance / webcam.focal // centimetres, at the middle
	upper, lower := map[int]bool{}, map[int]bool{}
	for _, v := range upperLip {
		upper[v] = true
	}
	for _, v := range lowerLip {
		lower[v] = true
	}
	for i := range meshSize {
		p := h.texels[i]
		reach := 2.2 * half
		if lower[i] {
			reach = 1.02 * half
		} else if upper[i] || p.Y < h.line {
			continue
		}
		k := math.Abs(p.X-middle) / reach
		if k < 1 {
			at[i].y += drop * (1 - k*k)
		}
	}
}
