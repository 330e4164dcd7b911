package liveness

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"idflow/vision"
)

// challenge is what a live passage asks, drawn anew for every passage and told
// action by action.
type challenge struct {
	Nonce   string   `json:"nonce"` // hex; seeds the chain of frames
	Actions []action `json:"actions"`
	Colours []string `json:"colours,omitempty"` // of the screen-flash, in order
}

// transcript is what a guide writes down of a passage. It is made by the server
// alone; nothing in it was claimed by the page.
type transcript struct {
	Challenge challenge   `json:"challenge"`
	Frames    []entry     `json:"frames"`
	Keys      []keyFrame  `json:"keys"`
	Neutral   measure     `json:"neutral"`
	Done      []doneEntry `json:"done"` // the actions in the order they were seen
	End       ending      `json:"end"`
}

// entry is one frame.
type entry struct {
	At     int64    `json:"at"`               // milliseconds since the passage began, by the server's clock
	SHA256 string   `json:"sha256"`           // hex, of the JPEG
	Change float64  `json:"change"`           // mean difference of luma to the frame before, 0 to 255
	SameAs int      `json:"same_as"`          // index of an earlier frame with the very same pixels, -1 if none
	Faces  int      `json:"faces"`            // how many were seen
	Face   *measure `json:"face,omitempty"`   // of the tracked face
	Skin   [3]int   `json:"skin"`             // mean red, green, blue of the face times 100
	Asked  action   `json:"asked,omitempty"`  // what the person had been told to do when the frame came
	Colour string   `json:"colour,omitempty"` // what the screen had been told to show
}

// keyFrame is a frame whose picture is kept.
type keyFrame struct {
	Name   string `json:"name"`             // of the evidence
	Frame  int    `json:"frame"`            // index into Frames
	Action action `json:"action,omitempty"` // at its height; empty: a neutral face
}

// doneEntry is one action that was seen.
type doneEntry struct {
	Action action `json:"action"`
	Asked  int64  `json:"asked"` // milliseconds
	Seen   int64  `json:"seen"`
}

// ending is how a passage ended.
type ending string

const (
	endDone       ending = "done"
	endWrong      ending = "wrong_direction"
	endTimeout    ending = "timeout"
	endChain      ending = "broken_chain"
	endLost       ending = "face_lost"
	endSeveral    ending = "several_faces"
	endDark       ending = "too_dark"
	endUnderway   ending = ""
	passageName          = "passage" // the evidence that holds the transcript
	recordingName        = "recording"
)

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

func parseTranscript(data []byte) (t transcript, err error) {
	err = json.Unmarshal(data, &t)
	return t, err
}
