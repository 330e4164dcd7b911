package liveness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"idflow/tech"
	"idflow/vision"
	"idflow/vision/face"
)

// Trackers follow a face through frames. *face.Analyzer makes them.
type Trackers interface {
	NewTracker() *face.Tracker
}

// guide leads one person through one challenge: it looks at the frames, and its
// course makes of what it sees what to say. Whether that is enough is for the
// judge to say.
type guide struct {
	*course
	tracker  *face.Tracker
	chain    [32]byte
	pictures map[int][]byte // frames that are or may become key frames
	film     bytes.Buffer   // of the recording: the frames of the transcript, one behind the other
	full     bool           // the film has no room for what comes
	before   glance
	seen     map[glance]int // first frame with these very pixels
}

// Bounds of frames.
const (
	frameSide      = 480      // longer side that pages are told to send
	maxFrameSide   = 1280     // larger ones are refused undecoded
	maxRecording   = 24 << 20 // bytes of a recording; what comes after them is left out
	othersEvery    = 8        // frames between two searches for bystanders
	framingQuality = 80       // of the JPEGs that pages are told to send
)

func newGuide(s settings, c challenge, faces Trackers) *guide {
	return &guide{course: newCourse(s, c), tracker: faces.NewTracker(), chain: chainSeed(c.Nonce), pictures: map[int][]byte{}, seen: map[glance]int{}}
}

// welcome is what the page must know: what seeds the chain, and how large its
// frames should be.
type welcome struct {
	Nonce   string `json:"nonce"`
	Width   int    `json:"width"` // of the longer side
	Quality int    `json:"quality"`
	Steps   int    `json:"steps"`
	Flash   bool   `json:"flash"`   // the screen will change its colour: warn first
	Glasses bool   `json:"glasses"` // ask to take glasses off before it begins
}

func (g *guide) Welcome() json.RawMessage {
	b, err := json.Marshal(welcome{g.log.Challenge.Nonce, frameSide, framingQuality, len(g.log.Challenge.Actions), len(g.log.Challenge.Colours) > 0, g.settings.Glasses})
	if err != nil {
		panic(err) // strings and numbers
	}
	return b
}

func (g *guide) Close() { g.tracker, g.pictures = nil, nil }

// See looks at a frame, writes it down and says what to do next.
func (g *guide) See(ctx context.Context, f tech.Frame) (tech.Advice, error) {
	g.chain = chainNext(g.chain, f.JPEG)
	if g.chain != f.Chain {
		return g.end(endChain), nil
	}
	m := decodeFrame(f.JPEG)
	if m == nil {
		return g.advise("send_again"), nil // not counted as a frame, but chained
	}
	e, err := g.look(ctx, m, f)
	if err != nil {
		return tech.Advice{}, err
	}
	frame := len(g.log.Frames)
	advice := g.see(e)
	g.store(frame, f.JPEG)
	return advice, nil
}

// decodeFrame is nil for what is no JPEG of a frame's size.
func decodeFrame(jpeg []byte) *vision.Image {
	info, err := vision.Inspect(jpeg)
	if err != nil || info.Format != vision.JPEG || max(info.W, info.H) > maxFrameSide {
		return nil
	}
	m, err := vision.Decode(jpeg)
	if err != nil {
		return nil
	}
	return m
}

// look measures a frame.
func (g *guide) look(ctx context.Context, m *vision.Image, f tech.Frame) (entry, error) {
	frame := len(g.log.Frames)
	want := face.WantEyes | face.WantQuality
	if frame%othersEvery == 0 {
		want |= face.WantOthers
	}
	if g.settings.Mask && g.phase == preparing {
		want |= face.WantCover
	}
	a, err := g.tracker.Next(ctx, m, want)
	if err != nil {
		return entry{}, fmt.Errorf("look at a frame: %w", err)
	}
	at := f.At.Milliseconds()
	e := entry{At: at, SHA256: hashOf(f.JPEG), Bytes: len(f.JPEG), Encoder: encoderOf(f.JPEG), SameAs: -1, Faces: crowd(a), Colour: g.showing()}
	if a.Face != nil {
		v := measureOf(m, a.Face)
		e.Face = &v
		e.Skin = skin(m, a.Face.Box)
	}
	now := glanceOf(m)
	if frame > 0 {
		e.Change = now.change(&g.before)
	}
	if first, ok := g.seen[now]; ok {
		e.SameAs = first
	} else {
		g.seen[now] = frame
	}
	g.before = now
	return e, nil
}

// crowd counts the faces that matter: a bystander far behind does not.
func crowd(a face.Analysis) int {
	if a.Face == nil {
		return 0
	}
	n := 1
	for _, other := range a.Faces {
		if other.IoU(a.Face.Box) < 0.3 && other.Area() > maxSecondFace*a.Face.Box.Area() {
			n++
		}
	}
	return n
}

// store keeps the picture of a frame as long as it is needed.
func (g *guide) store(frame int, jpeg []byte) {
	for f := range g.pictures {
		if !g.needs(f) {
			delete(g.pictures, f)
		}
	}
	if g.needs(frame) {
		g.pictures[frame] = bytes.Clone(jpeg)
	}
	g.full = g.full || g.film.Len()+len(jpeg) > maxRecording
	if g.settings.Recording && !g.full {
		g.film.Write(jpeg)
	}
}

// skin is the mean colour of the middle of a face, times 100.
func skin(m *vision.Image, box vision.Rect) (sum [3]int) {
	r := box.Scale(0.5).Intersect(m.Bounds())
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

// Evidence is the transcript, the key frames, and the recording if the Flow
// wants one.
func (g *guide) Evidence() ([]tech.Given, error) {
	data, err := json.Marshal(g.log)
	if err != nil {
		return nil, fmt.Errorf("write the transcript: %w", err)
	}
	given := []tech.Given{{Name: passageName, ContentType: "application/json", Data: data}}
	for _, k := range g.log.Keys {
		given = append(given, tech.Given{Name: k.Name, ContentType: string(vision.JPEG), Data: g.pictures[k.Frame]})
	}
	if g.film.Len() > 0 {
		given = append(given, tech.Given{Name: recordingName, ContentType: "video/x-motion-jpeg", Data: g.film.Bytes()})
	}
	return given, nil
}
