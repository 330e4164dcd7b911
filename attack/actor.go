package attack

import (
	"math/rand/v2"

	"idflow/vision"
)

// Advice is the server's answer to a frame, as its page reads it.
type Advice struct {
	Say    string  `json:"say"`
	Action string  `json:"action"`
	Step   int     `json:"step"`
	Steps  int     `json:"steps"`
	Hold   float64 `json:"hold"`
	Colour string  `json:"colour"`
	Done   bool    `json:"done"`
}

// actor plays before the camera: it knows what was said last and makes the next
// frame; nil gives up.
type actor interface {
	frame(a Advice) *vision.Image
}

// performer does what is asked as well as what it shows can do it. Its movements
// take time, as people's do.
type performer struct {
	show  func(posture) *vision.Image
	hand  *rand.Rand
	now   posture
	since int                 // frames since the action was told
	doing string              // the action that was told last
	does  map[string]bool     // actions it tries at all; nil: all
	as    func(string) string // what it does instead of an action; nil: what was asked
}

// Sizes of movements: clearly more than the guide asks for, as people do.
const (
	turnBy, nodBy      = 30.0, 18.0 // degrees
	closerBy, awayBy   = 1.42, 0.70
	perFrame           = 0.3 // of a movement, in a tenth of a second
	reaction           = 4   // frames from hearing to moving
	eager              = 15  // frames after which a movement becomes larger
	blinkFrom, blinkTo = reaction, reaction + 2
	stillHandPixels    = 0.8
	sensorNoise        = 1.6
)

func (p *performer) frame(a Advice) *vision.Image {
	action := a.Action
	if p.as != nil && action != "" {
		action = p.as(action)
	}
	if action != p.doing {
		p.doing, p.since = action, 0
	}
	p.since++
	to := p.goal(action)
	if p.since > eager && a.Hold < 1 { // more of it, as people do who are not understood
		k := min(1+0.05*float64(p.since-eager), 1.6)
		to.yaw, to.pitch, to.mouth = to.yaw*k, to.pitch*k, min(to.mouth*k, 1.4)
	}
	p.move(to)
	return camcorded(p.show(p.now), p.hand)
}

// goal is where the action leads; at rest before the reaction.
func (p *performer) goal(action string) posture {
	rest := posture{closer: 1}
	if p.since < reaction || p.does != nil && !p.does[action] {
		return rest
	}
	switch action {
	case "turn_left":
		rest.yaw = turnBy
	case "turn_right":
		rest.yaw = -turnBy
	case "look_up":
		rest.pitch = nodBy
	case "look_down":
		rest.pitch = -nodBy
	case "come_closer":
		rest.closer = closerBy
	case "move_away":
		rest.closer = awayBy
	case "blink":
		if p.since%12 >= blinkFrom && p.since%12 < blinkTo {
			rest.eyes = 1
		}
	case "open_mouth":
		rest.mouth = 1
	}
	return rest
}

// move goes a part of the way.
func (p *performer) move(to posture) {
	p.now.yaw = step(p.now.yaw, to.yaw, turnBy*perFrame)
	p.now.pitch = step(p.now.pitch, to.pitch, nodBy*perFrame)
	p.now.closer = step(p.now.closer, to.closer, 0.13)
	p.now.eyes = to.eyes // lids are fast
	p.now.mouth = step(p.now.mouth, to.mouth, 0.4)
}

func step(from, to, most float64) float64 {
	return from + min(max(to-from, -most), most)
}

// camcorded moves a frame as a hand does, and adds the noise of a sensor.
func camcorded(m *vision.Image, r *rand.Rand) *vision.Image {
	shift := vision.Affine{A: 1, C: r.NormFloat64() * stillHandPixels, E: 1, F: r.NormFloat64() * stillHandPixels}
	out := m.Warp(shift, m.W, m.H)
	state := r.Uint64() | 1
	for i := range out.Pix {
		// The sum of four bytes of a fast generator is normal enough for a sensor.
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		n := int(state&255) + int(state>>8&255) + int(state>>16&255) + int(state>>24&255) - 510
		out.Pix[i] = clamp(float64(out.Pix[i]) + sensorNoise*float64(n)/148)
	}
	return out
}

// frozen shows a picture pixel for pixel from some frame on.
type frozen struct {
	actor
	after int
	last  *vision.Image
}

func (f *frozen) frame(a Advice) *vision.Image {
	if f.after--; f.after > 0 || f.last == nil {
		f.last = f.actor.frame(a)
	}
	return f.last
}

// swapped is one actor until the second action is told, and then another.
type swapped struct{ first, second actor }

func (s *swapped) frame(a Advice) *vision.Image {
	if a.Step == 0 {
		return s.first.frame(a)
	}
	return s.second.frame(a)
}

// tape plays frames that were recorded in another passage, in their order.
type tape struct {
	list []*vision.Image
	next int
}

func (t *tape) frame(Advice) *vision.Image {
	if t.next >= len(t.list) {
		t.next = max(0, len(t.list)-10) // waits at its end
	}
	if t.next >= len(t.list) {
		return nil
	}
	t.next++
	return t.list[t.next-1]
}

// recorder keeps what an actor shows.
type recorder struct {
	actor
	list []*vision.Image
}

func (r *recorder) frame(a Advice) *vision.Image {
	m := r.actor.frame(a)
	if m != nil {
		r.list = append(r.list, m)
	}
	return m
}
