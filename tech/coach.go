package tech

import (
	"context"
	"encoding/json"
	"time"

	"idflow"
)

// Coach is an Asker that guides the person live: the page streams frames, and
// each is answered with one piece of advice. A coach is a guide and not a
// judge: what it leaves behind is evidence, and the verdict always comes from
// Check on that evidence.
type Coach interface {
	Asker
	// Guide begins one live passage of a Task. A passage that breaks off is not
	// resumed: another Task is drawn for the next one. calm is for people whom
	// flashing light harms: nothing flashes, and what is asked instead must be as
	// hard to feign.
	Guide(settings json.RawMessage, task idflow.Task, calm bool) (Guide, error)
}

// Hinter is an Asker that helps with its photos while they are taken: the page
// streams small frames of what a photo would show, and is told what it would
// lack or, by "hold" reaching 1, that now is the moment. Nothing of it is kept,
// and the verdict comes from Check on the photo, however it was taken.
type Hinter interface {
	Asker
	// Hint begins the hints for a photo of the capture. The Guide is never Done and
	// leaves no evidence behind; a connection that is lost costs nothing.
	Hint(settings json.RawMessage, capture idflow.Capture) (Guide, error)
}

// Guide is one live passage. It is used by one goroutine at a time.
type Guide interface {
	// Welcome is what the page must know before the first frame, as JSON.
	Welcome() json.RawMessage
	// See looks at the next frame. An error means that the machine failed.
	See(ctx context.Context, f Frame) (Advice, error)
	// Evidence is what the passage leaves behind once Advice.Done, by name.
	Evidence() ([]Given, error)
	// Close frees what the passage holds.
	Close()
}

// Frame is one picture of a live passage.
type Frame struct {
	JPEG  []byte
	Chain [32]byte      // what the page computed over this and all earlier frames
	At    time.Duration // since the passage began, by the server's clock
}

// Advice is the answer to a frame.
type Advice struct {
	Say    string  `json:"say"`              // what to tell the person; its texts stand under "coach.<say>"
	Action string  `json:"action,omitempty"` // what is asked now; the next one is told only when this is done
	Step   int     `json:"step"`             // actions done
	Steps  int     `json:"steps"`            // actions in all
	Hold   float64 `json:"hold,omitempty"`   // how much of what is asked is reached, 0 to 1
	Colour string  `json:"colour,omitempty"` // what to fill the screen with, "#rrggbb"
	Done   bool    `json:"done,omitempty"`   // the passage is over; send no more
}

// Given is evidence that a live passage leaves behind.
type Given struct {
	Name        string
	ContentType string
	Data        []byte
}
