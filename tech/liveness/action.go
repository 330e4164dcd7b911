package liveness

import "slices"

// action is something a person can be asked to do. Left and right are the
// person's own.
type action string

const (
	turnLeft   action = "turn_left"
	turnRight  action = "turn_right"
	lookUp     action = "look_up"
	lookDown   action = "look_down"
	comeCloser action = "come_closer"
	moveAway   action = "move_away"
	blink      action = "blink"
	openMouth  action = "open_mouth"
)

// Groups of actions, by what a technology asks for.
var (
	turns           = []action{turnLeft, turnRight}
	nods            = []action{lookUp, lookDown}
	headActions     = slices.Concat(turns, nods)
	distanceActions = []action{comeCloser, moveAway}
	faceActions     = []action{blink, openMouth} // without moving the head
	allActions      = slices.Concat(headActions, distanceActions, faceActions)
)

// How much of an action is enough, against the person's own neutral face.
const (
	turnAngle   = 20.0 // degrees of yaw
	nodAngle    = 11.0 // degrees of pitch; people nod 15 to 30 on command
	closerRatio = 1.30 // size of the face against neutral
	awayRatio   = 0.78
	openLips    = 0.45 // gap over width; a smile with teeth has 0.22 to 0.40
	shutLips    = 0.20
	shutEyes    = 0.5  // probability of closed eyes
	levelShare  = 0.75 // of a turn or nod, within which a blink is believed
	blurred     = 0.5  // of the neutral face's sharpness: the eyes of a blurred face read closed
	neutralBand = 0.4  // share of an action's size within which a face is neutral again
)

// progress is how much of the action the face shows against neutral: 1 is
// enough, below 0 is the opposite.
func (a action) progress(neutral, m measure) float64 {
	yaw, pitch, size := m.Yaw-neutral.Yaw, m.Pitch-neutral.Pitch, m.Size/neutral.Size
	switch a {
	case turnLeft:
		return yaw / turnAngle
	case turnRight:
		return -yaw / turnAngle
	case lookUp:
		return pitch / nodAngle
	case lookDown:
		return -pitch / nodAngle
	case comeCloser:
		return (size - 1) / (closerRatio - 1)
	case moveAway:
		return (1 - size) / (1 - awayRatio)
	case blink:
		// Eyes that look down, turn away or are blurred read closed, too.
		if abs(yaw) > levelShare*turnAngle || abs(pitch) > levelShare*nodAngle || m.Sharpness < blurred*neutral.Sharpness {
			return 0
		}
		return m.Eyes / shutEyes
	case openMouth:
		return (m.Mouth - neutral.Mouth) / max(openLips-shutLips, openLips-neutral.Mouth) // who smiles opens wider
	}
	return 0
}

// wrong reports whether the face clearly does something else than the action.
// Blinking and speaking happen by themselves and are never wrong.
func (a action) wrong(neutral, m measure) bool {
	if slices.Contains(faceActions, a) || a.progress(neutral, m) > 0.5 {
		return false
	}
	for _, other := range slices.Concat(headActions, distanceActions) {
		if other == a {
			continue
		}
		// A head that is looked down, or near the edge, also changes its size.
		limit := 1.25
		if slices.Contains(distanceActions, other) != slices.Contains(distanceActions, a) {
			limit = 2
		}
		if other.progress(neutral, m) > limit {
			return true
		}
	}
	return false
}

// neutralAgain reports whether the face is back where it began.
func neutralAgain(neutral, m measure) bool {
	for _, a := range slices.Concat(headActions, distanceActions) {
		if a.progress(neutral, m) > neutralBand {
			return false
		}
	}
	return m.Eyes < shutEyes && m.Mouth < max(shutLips, neutral.Mouth+0.1)
}
