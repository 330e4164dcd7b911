package attack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"idflow/vision"
	"idflow/vision/face"
)

// maxClip is how many frames of a recording are read.
const maxClip = 150

// ParseClip reads motion JPEG: JPEGs one behind the other.
func ParseClip(name string, data []byte) (Clip, error) {
	c := Clip{Name: name}
	for len(c.Frames) < maxClip {
		start := bytes.Index(data, []byte{0xff, 0xd8, 0xff})
		if start < 0 {
			break
		}
		// The next picture begins right behind the end of this one.
		end := bytes.Index(data[start:], []byte{0xff, 0xd9, 0xff, 0xd8})
		picture := data[start:]
		if end >= 0 {
			picture = data[start : start+end+2]
		}
		m, err := vision.Decode(picture)
		if err != nil {
			return c, fmt.Errorf("frame %d of %s: %w", len(c.Frames), name, err)
		}
		c.Frames = append(c.Frames, m)
		data = data[start+len(picture):]
	}
	if len(c.Frames) == 0 {
		return c, errors.New(name + " holds no pictures")
	}
	return c, nil
}

// recorded is an actor that shows those frames of a recording that fit what is
// asked.
type recorded struct {
	frames  []*vision.Image
	calm    [2]int         // first and last frame of the longest stretch at rest
	moments map[string]int // action to the frame that shows it best
	hand    *rand.Rand
	at      int
	toward  int // frame to go to; -1: none
	lasts   int // frames that are shown after it
	stuck   bool
}

// acted finds out what a recording shows.
func (k *Kit) acted(ctx context.Context, c Clip, hand *rand.Rand) (*recorded, error) {
	r := &recorded{moments: map[string]int{}, hand: hand, toward: -1}
	tracker := k.Faces.NewTracker()
	var mouth float64
	run, shut := 0, 0
	for i, m := range c.Frames {
		w, h := framing(m)
		small := m.Resize(w, h)
		r.frames = append(r.frames, small)
		a, err := tracker.Next(ctx, small, face.WantEyes)
		if err != nil {
			return nil, err
		}
		if a.Face == nil {
			run = 0
			continue
		}
		closed := math.Min(a.Face.Eyes.Left, a.Face.Eyes.Right)
		const blink = 8 // frames at most that eyes are closed in one, half a second
		if closed > 0.8 && math.Abs(a.Face.Pose.Yaw) < 12 {
			shut++
		} else if closed < 0.3 {
			if shut > 1 && shut <= blink {
				r.moments["blink"] = i - shut
			}
			shut = 0
		}
		if a.Face.Mouth > max(0.55, mouth) {
			mouth, r.moments["open_mouth"] = a.Face.Mouth, i
		}
		if closed > 0.3 || a.Face.Mouth > 0.2 || math.Abs(a.Face.Pose.Yaw) > 10 {
			run = 0
			continue
		}
		if run++; run > r.calm[1]-r.calm[0]+1 {
			r.calm = [2]int{i - run + 1, i}
		}
	}
	r.at = r.calm[0]
	return r, nil
}

// framing is the size of the frames that a page would send.
func framing(m *vision.Image) (w, h int) {
	if m.W >= m.H {
		return 480, 480 * m.H / m.W
	}
	return 480 * m.W / m.H, 480
}

// frame goes back and forth over the calm stretch, and to the moment that is
// asked for and back.
func (r *recorded) frame(a Advice) *vision.Image {
	if a.Action != "" {
		moment, ok := r.moments[a.Action]
		if !ok {
			r.stuck = true
			return nil
		}
		r.toward, r.lasts = moment, 3
		if a.Action == "blink" { // until the eyes are open again
			r.lasts = 12
		}
	} else if a.Say != "" {
		r.toward = -1
	}
	r.at = r.next()
	return camcorded(r.frames[r.at], r.hand)
}

// next is the frame after this one: 10 of 15 a second are shown, so every other
// step is two.
func (r *recorded) next() int {
	if r.toward >= 0 {
		// Begins shortly before the moment, and again when it is over.
		if r.at < r.toward-6 || r.at >= min(r.toward+r.lasts, len(r.frames)-1) {
			return max(0, r.toward-6)
		}
		return r.at + 1
	}
	n := r.calm[1] - r.calm[0] + 1
	if r.at < r.calm[0] || r.at > r.calm[1] || r.at+1 > r.calm[1] {
		return r.calm[0] + r.hand.IntN(max(1, n/2))
	}
	return r.at + 1
}
