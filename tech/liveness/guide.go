package liveness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"idflow/tech"
	"idflow/vision"
	"idflow/vision/face"
)

// Trackers follow a face through frames. *face.Analyzer makes them.
type Trackers interface {
	NewTracker() *face.Tracker
}

// guide leads one person through one challenge. It tells what to do and writes
// down what it sees; whether that is enough is for the judge to say.
type guide struct {
	settings settings
	tracker  *face.Tracker
	log      transcript
	chain    [32]byte
	frames   [][]byte // of the recording, or of the key frames alone
	glances  []glance
	seen     map[glance]int // first frame with these very pixels

	phase    phase
	since    time.Duration // when the phase began
	ready    []int         // frames that hold still and look right, in a row
	next     int           // index of the action that is asked
	reached  int           // frames in a row in which it is reached
	best     int           // the frame that shows it best
	opposite int           // frames in a row that show something else
	closed   int           // blink: frames with closed eyes so far
	lost     int           // frames in a row without one face
}

// phase of a passage.
type phase int

const (
	preparing phase = iota // until one face is still, straight, lit and near enough
	asking                 // an action is asked
	returning              // back to neutral
	over
)

// Bounds of a passage.
const (
	readyFrames   = 5 // that hold still before the first action is told; all are key frames
	readyTime     = 400 * time.Millisecond
	reachedFrames = 2  // that show the action
	wrongFrames   = 4  // that show another one
	lostFrames    = 12 // without a face, or with several
	actionTime    = 10 * time.Second
	prepareTime   = 60 * time.Second
	othersEvery   = 8 // frames between two searches for bystanders
)

// Where a face must be before the challenge begins, in shares of the frame. It
// leaves room to come closer and to move away.
const (
	minSize   = 0.30
	maxSize   = 0.62
	readyYaw  = 12.0
	readyRoll = 15.0
	readyDrop = 0.16 // off the middle, either way
)

func newGuide(s settings, c challenge, faces Trackers) *guide {
	return &guide{settings: s, tracker: faces.NewTracker(), log: transcript{Challenge: c}, chain: chainSeed(c.Nonce), seen: map[glance]int{}}
}

// welcome is what the page must know: what seeds the chain, and how large its
// frames should be.
type welcome struct {
	Nonce   string `json:"nonce"`
	Width   int    `json:"width"` // of the longer side
	Quality int    `json:"quality"`
	Steps   int    `json:"steps"`
	Flash   bool   `json:"flash"`
}

const frameSide = 480

func (g *guide) Welcome() json.RawMessage {
	b, err := json.Marshal(welcome{g.log.Challenge.Nonce, frameSide, 80, len(g.log.Challenge.Actions), len(g.log.Challenge.Colours) > 0})
	if err != nil {
		panic(err) // strings and numbers
	}
	return b
}

func (g *guide) Close() { g.tracker, g.frames = nil, nil }

// See looks at a frame, writes it down and says what to do next.
func (g *guide) See(ctx context.Context, f tech.Frame) (tech.Advice, error) {
	g.chain = chainNext(g.chain, f.JPEG)
	if g.chain != f.Chain {
		return g.end(endChain), nil
	}
	m, err := vision.Decode(f.JPEG)
	if err != nil {
		return g.advise("send_again"), nil // not counted as a frame, but chained
	}
	e, err := g.look(ctx, m, f)
	if err != nil {
		return tech.Advice{}, err
	}
	g.log.Frames = append(g.log.Frames, e)
	g.frames = append(g.frames, bytes.Clone(f.JPEG))
	return g.step(f.At), nil
}

// look measures a frame.
func (g *guide) look(ctx context.Context, m *vision.Image, f tech.Frame) (entry, error) {
	want := face.WantEyes | face.WantQuality
	if len(g.log.Frames)%othersEvery == 0 {
		want |= face.WantOthers
	}
	a, err := g.tracker.Next(ctx, m, want)
	if err != nil {
		return entry{}, fmt.Errorf("look at a frame: %w", err)
	}
	e := entry{At: f.At.Milliseconds(), SHA256: hashOf(f.JPEG), SameAs: -1, Faces: len(a.Faces)}
	if g.phase == asking {
		e.Asked = g.action()
	}
	if a.Face != nil {
		v := measureOf(m, a.Face)
		e.Face = &v
		e.Skin = skin(m, a.Face.Box)
	}
	at := glanceOf(m)
	if n := len(g.glances); n > 0 {
		e.Change = at.change(&g.glances[n-1])
	}
	if first, ok := g.seen[at]; ok {
		e.SameAs = first
	} else {
		g.seen[at] = len(g.glances)
	}
	g.glances = append(g.glances, at)
	return e, nil
}

// skin is the mean colour of the middle of a face, times 100.
func skin(m *vision.Image, box vision.Rect) (sum [3]int) {
	r := box.Scale(0.5).Intersect(vision.Rect{X1: float64(m.W), Y1: float64(m.H)})
	n := 0
	for y := int(r.Y0); y < int(r.Y1); y += 2 {
		for x := int(r.X0); x < int(r.X1); x += 2 {
			for c := range sum {
				sum[c] += int(m.Pix[3*(y*m.W+x)+c])
			}
			n++
		}
	}
	for c := range sum {
		if n > 0 {
			sum[c] = sum[c] * 100 / n
		}
	}
	return sum
}

func (g *guide) action() action { return g.log.Challenge.Actions[g.next] }

// step moves the passage on by the last frame.
func (g *guide) step(now time.Duration) tech.Advice {
	e := &g.log.Frames[len(g.log.Frames)-1]
	if e.Face == nil || e.Faces > 1 {
		g.lost++
		switch {
		case g.phase != preparing && g.lost > lostFrames && e.Faces > 1:
			return g.end(endSeveral)
		case g.phase != preparing && g.lost > lostFrames:
			return g.end(endLost)
		case e.Faces > 1:
			return g.advise("be_alone")
		}
		return g.advise("show_face")
	}
	g.lost = 0
	switch g.phase {
	case preparing:
		return g.prepare(now, *e.Face)
	case asking:
		return g.ask(now, *e.Face)
	case returning:
		return g.back(now, *e.Face)
	}
	return g.end(endDone)
}

// prepare waits until the face is where and how it must be.
func (g *guide) prepare(now time.Duration, m measure) tech.Advice {
	if now > prepareTime {
		return g.end(endTimeout)
	}
	if say := g.unready(m); say != "" {
		g.ready = g.ready[:0]
		return g.advise(say)
	}
	g.ready = append(g.ready, len(g.log.Frames)-1)
	first := g.log.Frames[g.ready[0]]
	if len(g.ready) < readyFrames || now.Milliseconds()-first.At < readyTime.Milliseconds() {
		return g.advise("hold_still")
	}
	held := make([]measure, len(g.ready))
	for i, f := range g.ready {
		held[i] = *g.log.Frames[f].Face
	}
	g.log.Neutral = medianOf(held)
	for _, f := range g.ready[len(g.ready)-readyFrames:] {
		g.keep(f, "")
	}
	if len(g.log.Challenge.Actions) == 0 {
		return g.end(endDone)
	}
	return g.begin(now, 0)
}

// unready says what is still wrong before the first action, empty when nothing is.
func (g *guide) unready(m measure) string {
	light := m.Brightness < minBrightness || m.Brightness > maxBrightness
	if g.settings.Light == lightStrict {
		light = light || m.Clipped > maxClipped || m.Brightness < strictDark || m.Brightness > strictBright
	}
	switch {
	case light && m.Brightness < 128:
		return "more_light"
	case light:
		return "less_light"
	case m.Size < minSize:
		return "come_nearer"
	case m.Size > maxSize:
		return "go_further"
	case abs(m.X-0.5) > readyDrop || abs(m.Y-0.5) > readyDrop+0.04 || m.Inside < minInside:
		return "to_the_middle"
	case abs(m.Yaw) > readyYaw || abs(m.Roll) > readyRoll || abs(m.Pitch) > maxFrontPitch:
		return "look_straight"
	case m.Eyes > shutEyes && g.settings.OpenEyes:
		return "open_eyes"
	case m.Sharpness < minSharpness*0.6:
		return "hold_still"
	}
	return ""
}

// begin tells an action.
func (g *guide) begin(now time.Duration, action int) tech.Advice {
	g.phase, g.since, g.next = asking, now, action
	g.reached, g.best, g.opposite, g.closed = 0, -1, 0, 0
	g.log.Done = append(g.log.Done, doneEntry{Action: g.action(), Asked: now.Milliseconds(), Seen: -1})
	return g.advise(string(g.action()))
}

// ask watches for the action.
func (g *guide) ask(now time.Duration, m measure) tech.Advice {
	a, last := g.action(), len(g.log.Frames)-1
	p := a.progress(g.log.Neutral, m)
	if p >= 1 {
		g.reached++
		if g.best < 0 || p > a.progress(g.log.Neutral, *g.log.Frames[g.best].Face) {
			g.best = last
		}
	}
	switch {
	case a == blink && g.best >= 0 && p < 1: // open again
		return g.seenAction(now)
	case a == blink && p >= 1:
		if g.closed++; g.closed > 15 { // asleep rather than blinking
			return g.advise("open_eyes")
		}
	case a != blink && g.reached >= reachedFrames && (p < 1 || g.reached >= reachedFrames+1):
		return g.seenAction(now)
	}
	if a.wrong(g.log.Neutral, m) {
		if g.opposite++; g.opposite >= wrongFrames {
			return g.end(endWrong)
		}
	} else {
		g.opposite = 0
	}
	if now-g.since > actionTime {
		return g.end(endTimeout)
	}
	advice := g.advise(string(a))
	advice.Hold = max(0, min(1, p))
	return advice
}

// seenAction notes that the action was done, and asks the person back.
func (g *guide) seenAction(now time.Duration) tech.Advice {
	g.log.Done[g.next].Seen = now.Milliseconds()
	g.keep(g.best, g.action())
	g.phase, g.since = returning, now
	return g.advise("back")
}

// back waits for a neutral face, then tells the next action.
func (g *guide) back(now time.Duration, m measure) tech.Advice {
	if now-g.since > actionTime {
		return g.end(endTimeout)
	}
	if !neutralAgain(g.log.Neutral, m) {
		return g.advise("back")
	}
	g.keep(len(g.log.Frames)-1, "")
	if g.next+1 < len(g.log.Challenge.Actions) {
		return g.begin(now, g.next+1)
	}
	return g.end(endDone)
}

// keep marks a frame as a key frame.
func (g *guide) keep(frame int, a action) {
	g.log.Keys = append(g.log.Keys, keyFrame{Name: fmt.Sprintf("key_%02d", len(g.log.Keys)+1), Frame: frame, Action: a})
}

func (g *guide) end(e ending) tech.Advice {
	g.phase, g.log.End = over, e
	advice := g.advise("thank_you")
	advice.Done = true
	return advice
}

func (g *guide) advise(say string) tech.Advice {
	a := tech.Advice{Say: say, Steps: len(g.log.Challenge.Actions)}
	for _, d := range g.log.Done {
		if d.Seen >= 0 {
			a.Step++
		}
	}
	if g.phase == asking {
		a.Action = string(g.action())
	}
	return a
}

// Evidence is the transcript, the key frames, and the recording if the Flow
// wants one.
func (g *guide) Evidence() ([]tech.Given, error) {
	data, err := json.Marshal(g.log)
	if err != nil {
		return nil, fmt.Errorf("write the transcript: %w", err)
	}
	given := []tech.Given{{Name: passageName, ContentType: "application/json", Data: data}}
	for _, k := range g.log.Keys {
		given = append(given, tech.Given{Name: k.Name, ContentType: string(vision.JPEG), Data: g.frames[k.Frame]})
	}
	if g.settings.Recording && len(g.frames) > 0 {
		given = append(given, tech.Given{Name: recordingName, ContentType: "video/x-motion-jpeg", Data: bytes.Join(g.frames, nil)})
	}
	return given, nil
}
