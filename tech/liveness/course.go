package liveness

import (
	"fmt"
	"slices"

	"idflow/tech"
)

// course is the state machine of one passage: what was seen goes in, what to
// tell the person comes out, and the transcript is what stays. It knows neither
// pictures nor nets nor clocks.
type course struct {
	settings settings
	log      transcript

	phase    phase
	since    int64 // milliseconds: when the phase began
	ready    []int // frames in a row that hold still and look right
	asked    int   // index of the action that is asked
	reached  int   // frames in a row in which it is reached
	best     int   // the frame that shows it best, -1 if none
	opposite int   // frames in a row that show something else
	lost     int   // frames in a row without one face
	colour   int   // index of the colour that the screen was told to have
	lit      int64 // milliseconds: when the first frame of it came, -1 before
	answers  int   // frames of it that count
}

// phase of a passage.
type phase int

const (
	preparing phase = iota // until one face is still, straight, lit and near enough
	flashing               // the screen changes its colour
	asking                 // an action is asked
	returning              // back to neutral
	over
)

// Bounds of a passage; times in milliseconds.
const (
	readyFrames   = 5 // that hold still before the first action is told; all are key frames
	readyTime     = 400
	reachedFrames = 2  // that show the action
	closedFrames  = 15 // with closed eyes: asleep rather than blinking
	wrongFrames   = 4  // that show another action
	lostFrames    = 12 // without a face, or with several
	actionTime    = 10_000
	prepareTime   = 60_000
	flashTime     = 800   // of one colour, at least
	flashMost     = 4_000 // of one colour, however few frames come
)

// Where a face must be before the challenge begins, in shares of the frame.
const (
	minSize       = 0.24
	minSizeToMove = 0.30 // leaves room to move away
	maxSize       = 0.78
	maxSizeToMove = 0.62 // leaves room to come closer
	readyYaw      = 12.0
	readyRoll     = 15.0
	readyX        = 0.16 // off the middle, either way
	readyY        = 0.20
	readySharp    = 0.6  // of minSharpness: frames are smaller than photos
	readyMovement = 0.06 // of place and size between two frames, in heights of the face
)

func newCourse(s settings, c challenge) *course {
	return &course{settings: s, log: transcript{Challenge: c}, best: -1}
}

// action is the one that is asked.
func (c *course) action() action { return c.log.Challenge.Actions[c.asked] }

// showing is the colour that the screen was told to have, empty if none.
func (c *course) showing() string {
	if c.phase != flashing {
		return ""
	}
	return c.log.Challenge.Colours[c.colour]
}

// see writes a frame down and says what to do next.
func (c *course) see(e entry) tech.Advice {
	if c.phase == over {
		return c.end(c.log.End)
	}
	if c.phase == asking {
		e.Asked = c.action()
	}
	c.log.Frames = append(c.log.Frames, e)
	if e.Face == nil || e.Faces > 1 {
		return c.faceless(e)
	}
	c.lost = 0
	switch c.phase {
	case preparing:
		return c.prepare(e)
	case flashing:
		return c.flash(e)
	case asking:
		return c.ask(e)
	default:
		return c.back(e)
	}
}

// last is the index of the frame that was seen last.
func (c *course) last() int { return len(c.log.Frames) - 1 }

// faceless deals with a frame that shows no face, or several.
func (c *course) faceless(e entry) tech.Advice {
	c.lost++
	c.ready = c.ready[:0]
	tooLong := e.At-c.since > prepareTime
	if c.phase != preparing {
		tooLong = c.lost > lostFrames
	}
	switch several := e.Faces > 1; {
	case tooLong && several:
		return c.end(endSeveral)
	case tooLong:
		return c.end(endLost)
	case several:
		return c.advise("be_alone")
	}
	return c.advise("show_face")
}

// prepare waits until the face is where and how it must be.
func (c *course) prepare(e entry) tech.Advice {
	if e.At-c.since > prepareTime {
		return c.end(endTimeout)
	}
	if say := c.unready(*e.Face); say != "" {
		c.ready = c.ready[:0]
		return c.advise(say)
	}
	c.ready = append(c.ready, c.last())
	if n := len(c.ready); n > 2*readyFrames { // slow to satisfy: only the latest count
		c.ready = append(c.ready[:0], c.ready[n-readyFrames:]...)
	}
	if len(c.ready) < readyFrames || e.At-c.log.Frames[c.ready[0]].At < readyTime {
		return c.advise("hold_still")
	}
	held := make([]measure, len(c.ready))
	for i, f := range c.ready {
		held[i] = *c.log.Frames[f].Face
	}
	c.log.Neutral = medianOf(held)
	for _, f := range c.ready[len(c.ready)-readyFrames:] {
		c.keep(f, "")
	}
	c.ready = nil
	if len(c.log.Challenge.Colours) > 0 {
		c.phase, c.since = flashing, e.At
		return c.light(0)
	}
	return c.begin(e.At, 0)
}

// unready says what is still wrong before the first action, empty when nothing is.
func (c *course) unready(m measure) string {
	dark, bright := minBrightness, maxBrightness
	if c.settings.Light == lightStrict {
		dark, bright = strictDark, strictBright
	}
	light := m.Brightness < dark || m.Brightness > bright || c.settings.Light == lightStrict && m.Clipped > maxClipped
	switch {
	case light && m.Brightness < 128:
		return "more_light"
	case light:
		return "less_light"
	case m.Size < c.least():
		return "come_nearer"
	case m.Size > c.most():
		return "go_further"
	case abs(m.X-0.5) > readyX || abs(m.Y-0.5) > readyY || m.Inside < minInside:
		return "to_the_middle"
	case abs(m.Yaw) > readyYaw || abs(m.Roll) > readyRoll || abs(m.Pitch) > maxFrontPitch:
		return "look_straight"
	case m.Eyes > shutEyes && c.settings.OpenEyes:
		return "open_eyes"
	case c.settings.Mask && m.Cover > maxCover:
		return "take_off_mask"
	case m.Sharpness < minSharpness*readySharp || c.moving(m):
		return "hold_still"
	}
	return ""
}

// least and most are the sizes between which a face may be at first.
func (c *course) least() float64 {
	if slices.Contains(c.log.Challenge.Actions, moveAway) {
		return minSizeToMove
	}
	return minSize
}

func (c *course) most() float64 {
	if slices.Contains(c.log.Challenge.Actions, comeCloser) {
		return maxSizeToMove
	}
	return maxSize
}

// moving reports whether the face is elsewhere than in the ready frame before.
func (c *course) moving(m measure) bool {
	if len(c.ready) == 0 {
		return false
	}
	before := c.log.Frames[c.ready[len(c.ready)-1]].Face
	limit := readyMovement * m.Size
	return abs(m.X-before.X) > limit || abs(m.Y-before.Y) > limit || abs(m.Size-before.Size) > limit
}

// flash waits until every colour was shown, each for so many frames that the
// judge can read the skin's answer: a slow telephone takes longer for that.
func (c *course) flash(e entry) tech.Advice {
	if c.lit < 0 {
		c.lit = e.At
	}
	shown := e.At - c.lit
	if shown >= flashSettle {
		c.answers++
	}
	switch {
	case shown < flashTime || c.answers < flashReadable && shown < flashMost:
		return c.still()
	case c.colour+1 < len(c.log.Challenge.Colours):
		return c.light(c.colour + 1)
	default:
		return c.begin(e.At, 0)
	}
}

// light tells the screen a colour.
func (c *course) light(colour int) tech.Advice {
	c.colour, c.lit, c.answers = colour, -1, 0
	return c.still()
}

func (c *course) still() tech.Advice {
	advice := c.advise("hold_still")
	advice.Colour = c.showing()
	return advice
}

// begin tells an action, or ends the passage when there is none left.
func (c *course) begin(now int64, action int) tech.Advice {
	if action >= len(c.log.Challenge.Actions) {
		return c.end(endDone)
	}
	c.phase, c.since, c.asked = asking, now, action
	c.reached, c.best, c.opposite = 0, -1, 0
	c.log.Done = append(c.log.Done, doneEntry{Action: c.action(), Asked: now, Seen: -1})
	return c.advise(string(c.action()))
}

// patience is how long an action may take.
func (c *course) patience() int64 {
	if c.settings.StillHead { // whoever needs it may need more time
		return 2 * actionTime
	}
	return actionTime
}

// ask watches for the action.
func (c *course) ask(e entry) tech.Advice {
	a := c.action()
	p := a.progress(c.log.Neutral, *e.Face)
	c.follow(p)
	switch {
	case e.At-c.since > c.patience():
		return c.end(endTimeout)
	case a == blink && c.reached > closedFrames:
		c.best = -1 // opening them now is no blink
		return c.advise("open_eyes")
	case a == blink && c.best >= 0 && p < 1, a != blink && c.reached > reachedFrames:
		return c.done(e.At)
	case c.strays(*e.Face):
		return c.end(endWrong)
	}
	advice := c.advise(string(a))
	advice.Hold = max(0, min(1, p))
	return advice
}

// follow notes how far the action has come. Except for a blink, which is over in
// a frame or two, it must be held.
func (c *course) follow(p float64) {
	if p < 1 {
		if c.action() != blink {
			c.best = -1
		}
		c.reached = 0
		return
	}
	c.reached++
	if c.best < 0 || p > c.action().progress(c.log.Neutral, *c.log.Frames[c.best].Face) {
		c.best = c.last()
	}
}

// strays reports whether the person has clearly been doing something else.
func (c *course) strays(m measure) bool {
	if !c.action().wrong(c.log.Neutral, m) {
		c.opposite = 0
		return false
	}
	c.opposite++
	return c.opposite >= wrongFrames
}

// done notes that the action was done, and asks the person back.
func (c *course) done(now int64) tech.Advice {
	c.log.Done[c.asked].Seen = now
	c.keep(c.best, c.action())
	c.phase, c.since = returning, now
	return c.advise("back")
}

// back waits for a neutral face, then tells the next action.
func (c *course) back(e entry) tech.Advice {
	if e.At-c.since > c.patience() {
		return c.end(endTimeout)
	}
	if !neutralAgain(c.log.Neutral, *e.Face) {
		return c.advise("back")
	}
	c.keep(c.last(), "")
	return c.begin(e.At, c.asked+1)
}

// keep marks a frame as a key frame.
func (c *course) keep(frame int, a action) {
	c.log.Keys = append(c.log.Keys, keyFrame{Name: fmt.Sprintf("key_%02d", len(c.log.Keys)+1), Frame: frame, Action: a})
}

// needs reports whether the picture of a frame is, or may become, a key frame.
func (c *course) needs(frame int) bool {
	if frame == c.best && c.phase == asking {
		return true
	}
	for _, f := range c.ready {
		if f == frame {
			return true
		}
	}
	for _, k := range c.log.Keys {
		if k.Frame == frame {
			return true
		}
	}
	return false
}

func (c *course) end(e ending) tech.Advice {
	c.phase, c.log.End = over, e
	advice := c.advise("thank_you")
	advice.Done = true
	return advice
}

func (c *course) advise(say string) tech.Advice {
	a := tech.Advice{Say: say, Steps: len(c.log.Challenge.Actions)}
	for _, d := range c.log.Done {
		if d.Seen >= 0 {
			a.Step++
		}
	}
	if c.phase == asking {
		a.Action = string(c.action())
	}
	return a
}

// says are the codes that a passage answers with besides the actions.
var says = []string{
	"show_face", "be_alone", "more_light", "less_light", "come_nearer", "go_further", "to_the_middle", "look_straight",
	"open_eyes", "take_off_mask", "hold_still", "back", "send_again", "thank_you",
}

// Codes are all codes that a passage may answer with, and "glasses", which its
// page shows before it begins. Their texts stand in the catalogs under
// "coach.<code>".
func Codes() []string {
	codes := append(slices.Clone(says), "glasses")
	for _, a := range allActions {
		codes = append(codes, string(a))
	}
	return codes
}
