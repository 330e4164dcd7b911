package liveness

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"idflow/vision"
)

// challenge is what a live passage asks, drawn anew for every passage and told
// action by action.
type challenge struct {
	Nonce   string   `json:"nonce"` // hex; seeds the chain of frames
	Actions []action `json:"actions"`
	Colours []string `json:"colours,omitempty"` // of the screen-flash, in order
	Instead []action `json:"instead,omitempty"` // asked after the others of whoever wants no flash
}

// calm is the challenge without the flash: the way for whom flashing light
// harms. It leaves nothing out that a rule of the judge could miss, since more is
// asked instead.
func (c challenge) calm() challenge {
	return challenge{Nonce: c.Nonce, Actions: slices.Concat(c.Actions, c.Instead)}
}

func (c challenge) equal(o challenge) bool {
	return c.Nonce == o.Nonce && slices.Equal(c.Actions, o.Actions) && slices.Equal(c.Colours, o.Colours) && slices.Equal(c.Instead, o.Instead)
}

// fulfils reports whether a passage went one of the two ways that were drawn.
func (c challenge) fulfils(drawn challenge) bool {
	return c.equal(drawn) || len(drawn.Colours) > 0 && c.equal(drawn.calm())
}

// transcript is what a guide writes down of a passage. It is made by the server
// alone; nothing in it was claimed by the page.
type transcript struct {
	Challenge challenge   `json:"challenge"`
	Frames    []entry     `json:"frames"`
	Keys      []keyFrame  `json:"keys"`
	Neutral   measure     `json:"neutral"`
	Done      []doneEntry `json:"done"` // the actions in the order they were told
	End       ending      `json:"end"`
}

// entry is one frame.
type entry struct {
	At      int64    `json:"at"`     // milliseconds since the passage began, by the server's clock
	SHA256  string   `json:"sha256"` // hex, of the JPEG
	Bytes   int      `json:"bytes"`
	Encoder string   `json:"encoder"`          // what made the JPEG, see encoderOf
	Change  float64  `json:"change"`           // mean difference of luma to the frame before, 0 to 255
	SameAs  int      `json:"same_as"`          // index of an earlier frame with the very same pixels, -1 if none
	Faces   int      `json:"faces"`            // how many were seen
	Face    *measure `json:"face,omitempty"`   // of the tracked face
	Skin    [3]int   `json:"skin"`             // mean red, green, blue of the face times 100
	Asked   action   `json:"asked,omitempty"`  // what the person had been told to do when the frame came
	Colour  string   `json:"colour,omitempty"` // what the screen had been told to show
}

// keyFrame is a frame whose picture is kept.
type keyFrame struct {
	Name   string `json:"name"`             // of the evidence
	Frame  int    `json:"frame"`            // index into Frames
	Action action `json:"action,omitempty"` // at its height; empty: a neutral face
}

// doneEntry is one action that was told.
type doneEntry struct {
	Action action `json:"action"`
	Asked  int64  `json:"asked"` // milliseconds
	Seen   int64  `json:"seen"`  // milliseconds; -1: it was not
}

// ending is how a passage ended.
type ending string

const (
	endDone    ending = "done"
	endWrong   ending = "wrong_direction"
	endTimeout ending = "timeout"
	endChain   ending = "broken_chain"
	endLost    ending = "face_lost"
	endSeveral ending = "several_faces"
)

// Names of the evidence besides the key frames.
const (
	passageName   = "passage" // the transcript
	recordingName = "recording"
)

// Bounds of a transcript. The connection ends a passage after 1,500 frames.
const (
	maxTranscript = 4 << 20
	maxEntries    = 2000
	maxActions    = 5 // that a Flow may ask
	calmActions   = 2 // asked instead of a flash
	maxAsked      = maxActions + calmActions
	maxKeys       = readyFrames + 2*maxAsked
)

// parseTranscript reads a transcript and proves that every index in it leads
// somewhere and that its times run forward. It was sealed, but a judge that
// would fall over a damaged one would be run again for ever.
func parseTranscript(data []byte) (t transcript, err error) {
	if len(data) > maxTranscript {
		return t, fmt.Errorf("transcript of %d bytes", len(data))
	}
	if err := json.Unmarshal(data, &t); err != nil {
		return transcript{}, fmt.Errorf("transcript: %w", err)
	}
	if err := t.sound(); err != nil {
		return transcript{}, fmt.Errorf("transcript: %w", err)
	}
	return t, nil
}

func (t *transcript) sound() error {
	if len(t.Frames) > maxEntries || len(t.Keys) > maxKeys || len(t.Done) > maxAsked || len(t.Challenge.Actions) > maxAsked {
		return errors.New("too much of something")
	}
	for i, f := range t.Frames {
		if f.At < 0 || i > 0 && f.At < t.Frames[i-1].At {
			return fmt.Errorf("frame %d comes before the one before it", i)
		}
		if f.SameAs < -1 || f.SameAs >= i {
			return fmt.Errorf("frame %d repeats one that was not before it", i)
		}
		if f.Face != nil && f.Face.Size <= 0 {
			return fmt.Errorf("frame %d has a face without size", i)
		}
	}
	seen := map[int]bool{}
	for _, k := range t.Keys {
		if k.Frame < 0 || k.Frame >= len(t.Frames) || seen[k.Frame] {
			return fmt.Errorf("key frame %q is frame %d", k.Name, k.Frame)
		}
		seen[k.Frame] = true
	}
	return nil
}

func hashOf(jpeg []byte) string {
	h := sha256.Sum256(jpeg)
	return hex.EncodeToString(h[:])
}

// chainSeed is what the chain of frames begins with.
func chainSeed(nonce string) [32]byte { return sha256.Sum256([]byte(nonce)) }

// chainNext adds a frame to the chain: SHA-256 of the chain so far and the JPEG.
func chainNext(chain [32]byte, jpeg []byte) [32]byte {
	h := sha256.New()
	h.Write(chain[:])
	h.Write(jpeg)
	return [32]byte(h.Sum(nil))
}

// glance is a frame in 32 x 24 mean lumas, to see whether anything has moved.
type glance [32 * 24]uint8

func glanceOf(m *vision.Image) (g glance) {
	for y := range 24 {
		for x := range 32 {
			x0, x1 := x*m.W/32, (x+1)*m.W/32
			y0, y1 := y*m.H/24, (y+1)*m.H/24
			sum, n := 0, 0
			for py := y0; py < y1; py += 2 {
				for px := x0; px < x1; px += 2 {
					i := 3 * (py*m.W + px)
					sum += 2*int(m.Pix[i]) + 5*int(m.Pix[i+1]) + int(m.Pix[i+2])
					n++
				}
			}
			if n > 0 {
				g[y*32+x] = uint8(sum / (8 * n))
			}
		}
	}
	return g
}

// change is the mean difference of two glances, 0 to 255.
func (g *glance) change(o *glance) float64 {
	sum := 0
	for i := range g {
		d := int(g[i]) - int(o[i])
		sum += max(d, -d)
	}
	return float64(sum) / float64(len(g))
}

// encoderOf is a short name of what has made a JPEG: a hash over the kinds of
// its segments and its quantization tables. A page makes all frames of a passage
// alike; frames prepared by several programs differ.
func encoderOf(jpeg []byte) string {
	h := sha256.New()
	for b := bytes.TrimPrefix(jpeg, []byte{0xff, 0xd8}); len(b) >= 4 && b[0] == 0xff; {
		kind, size := b[1], int(b[2])<<8|int(b[3])
		const scan, quantization = 0xda, 0xdb
		if kind == scan || size < 2 || size+2 > len(b) {
			break
		}
		h.Write([]byte{kind})
		if kind == quantization {
			h.Write(b[4 : size+2])
		}
		b = b[size+2:]
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}
