package liveness

import (
	"slices"

	"idflow/vision"
	"idflow/vision/face"
)

// measure is what is kept of a face in one frame.
type measure struct {
	Yaw        float64 `json:"yaw"` // degrees, as face.Pose
	Pitch      float64 `json:"pitch"`
	Roll       float64 `json:"roll"`
	Size       float64 `json:"size"` // height of the face over that of the frame
	X          float64 `json:"x"`    // middle of the face, shares of the frame
	Y          float64 `json:"y"`
	Eyes       float64 `json:"eyes"`  // probability that both are closed
	Mouth      float64 `json:"mouth"` // gap over width
	Brightness float64 `json:"brightness"`
	Sharpness  float64 `json:"sharpness"`
	Clipped    float64 `json:"clipped"`
	Inside     float64 `json:"inside"`
	Cover      float64 `json:"cover"` // probability that something hides mouth and nose; measured before the challenge only
}

// measureOf reads the face of a frame.
func measureOf(m *vision.Image, f *face.Face) measure {
	w, h := float64(m.W), float64(m.H)
	c := f.Box.Center()
	return measure{
		Yaw: f.Pose.Yaw, Pitch: f.Pose.Pitch, Roll: f.Pose.Roll,
		Size: f.Box.H() / h, X: c.X / w, Y: c.Y / h, Eyes: min(f.Eyes.Left, f.Eyes.Right), Mouth: f.Mouth,
		Brightness: f.Quality.Brightness, Sharpness: f.Quality.Sharpness, Clipped: f.Quality.Clipped, Inside: f.Quality.Inside,
		Cover: f.Cover,
	}
}

// medianOf is the neutral face: the median of every number that actions are
// held against.
func medianOf(list []measure) measure {
	of := func(get func(measure) float64) float64 {
		v := make([]float64, len(list))
		for i, m := range list {
			v[i] = get(m)
		}
		return median(v)
	}
	return measure{
		Yaw: of(func(m measure) float64 { return m.Yaw }), Pitch: of(func(m measure) float64 { return m.Pitch }),
		Roll: of(func(m measure) float64 { return m.Roll }), Size: of(func(m measure) float64 { return m.Size }),
		X: of(func(m measure) float64 { return m.X }), Y: of(func(m measure) float64 { return m.Y }),
		Mouth: of(func(m measure) float64 { return m.Mouth }), Eyes: of(func(m measure) float64 { return m.Eyes }),
		Brightness: of(func(m measure) float64 { return m.Brightness }), Sharpness: of(func(m measure) float64 { return m.Sharpness }),
	}
}

// median of values, which it sorts; 0 of none.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}
