// Package face finds faces in pictures and measures them: where they are, how
// they are turned, whether eyes and mouth are open, how good the picture of
// them is, how much it looks like a living face before a camera, and a
// descriptor by which two faces are compared.
//
// It returns numbers and no verdicts: what is enough is for its callers to say.
// The same picture and the same networks give the same numbers.
//
// # Coordinates and signs
//
// Pixels of the upright picture (Analysis.Image), as package vision counts
// them. Left and right are the picture's: in a picture that is not mirrored the
// eye on the left of the picture is the person's right eye. Angles are in
// degrees; see Pose for their signs.
package face

import "idflow/vision"

// Face is what is known of one face. Mesh, Pose, Mouth and Box are always
// measured; the rest is zero unless asked for with the Want beside it.
type Face struct {
	Box       vision.Rect // about the mesh: from ear to ear, from the hairline to the chin
	Detection Detection   // what the detector said; zero on a frame that was tracked without it
	Mesh      Mesh
	Pose      Pose
	Mouth     float64   // opening of the lips over the mouth's width: 0 to 0.1 shut, over 0.5 wide open
	Eyes      Eyes      // Want Eyes
	Quality   Quality   // Want Quality
	Live      float64   // Want Live: 0 (a picture of a face) to 1 (a face); see passive.go
	Cover     float64   // Want Cover: 0 (bare) to 1 (a mask or a scarf hides mouth and nose); see cover.go
	Embedding []float32 // Want Embedding: unit length, see Similarity
}

// Want says what to measure beyond the mesh, or-ed together.
type Want uint

// The measurements that can be asked for.
const (
	WantEyes Want = 1 << iota
	WantQuality
	WantLive
	WantEmbedding
	WantCover
	WantOthers // look for other faces on frames where tracking would not; see Tracker

	WantAll = WantEyes | WantQuality | WantLive | WantEmbedding | WantCover | WantOthers
)

// Analysis is what was found in one picture.
type Analysis struct {
	// Image is the picture turned upright, and Turn by how many quarters
	// clockwise it was turned for that (0 to 3). When no turn was needed it is the
	// picture that was given.
	Image *vision.Image
	Turn  int

	// Faces are the boxes of all faces as in Face.Box, the largest first.
	Faces []vision.Rect

	// Face is the largest face; nil when there is none.
	Face *Face
}

// SecondRatio is the area of the second largest face over that of the largest,
// 0 to 1; 0 when there are fewer than two.
func (a Analysis) SecondRatio() float64 {
	if len(a.Faces) < 2 {
		return 0
	}
	return a.Faces[1].Area() / a.Faces[0].Area()
}
