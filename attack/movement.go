package attack

import (
	"context"
	"errors"

	"idflow/vision"
)

// Rest is the movement that is none: one frame.
const Rest = "rest"

const (
	movementFrames = 12  // from rest to the height of a movement
	further        = 1.3 // than people go who are understood at once
	widest         = 0.7 // of the mouth, as far as a mesh still fits what is rendered
)

// Movements are the frames of a person who does what a live passage may ask,
// 480 x 360 pixels, by the name of the action: from rest to its height, to be
// shown backwards on the way back. They are rendered from the picture calm on its
// mesh. Blinking is one frame made of the picture shut, of the same person before
// the same background with closed eyes, since rendered lids convince nobody.
func (k *Kit) Movements(ctx context.Context, calm, shut *vision.Image) (map[string][]*vision.Image, error) {
	frame, open, err := k.framed(ctx, calm)
	if err != nil {
		return nil, err
	}
	other, closed, err := k.framed(ctx, shut)
	if err != nil {
		return nil, err
	}
	if frame == nil || other == nil {
		return nil, errors.New("a picture of the person has no face")
	}
	alike := posture{yaw: open.Pose.Yaw - closed.Pose.Yaw, pitch: open.Pose.Pitch - closed.Pose.Pitch, closer: 1}
	h := newHead(frame, &open.Mesh)
	made := map[string][]*vision.Image{Rest: {h.draw(posture{closer: 1})}, "blink": {newHead(other, &closed.Mesh).draw(alike)}}
	for _, action := range []string{"turn_left", "turn_right", "look_up", "look_down", "come_closer", "move_away", "open_mouth"} {
		to := (&performer{since: reaction}).goal(action)
		for i := range movementFrames {
			made[action] = append(made[action], h.draw(to.part(further*float64(i+1)/movementFrames)))
		}
	}
	return made, nil
}

// part is a share of the way from rest to a posture.
func (p posture) part(share float64) posture {
	return posture{yaw: share * p.yaw, pitch: share * p.pitch, closer: 1 + share*(p.closer-1), eyes: share * p.eyes, mouth: min(widest, share*p.mouth)}
}
