// Package idflow holds the nouns of identity verification: what a Flow, a
// Session, a Check and a Decision are. It does no input or output and imports
// only the standard library, so every other package may import it.
package idflow

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// Flow is a named, ordered list of Steps that one person passes in one Session.
// A version never changes: an edit makes the next version, and a running
// session keeps the one it began with.
type Flow struct {
	ID             string
	OrganizationID string
	Name           string
	Version        int // from 1
	Steps          []Step
	CreatedAt      time.Time
	DeletedAt      time.Time // zero while the flow may be used
}

// Step is one technology in a Flow with the customer's settings for it.
type Step struct {
	Technology string          `json:"technology"`         // Technology key, e.g. "liveness_short"
	Attempts   int             `json:"attempts"`           // tries in all, 1 to MaxAttempts
	Settings   json.RawMessage `json:"settings,omitempty"` // a JSON object; the technology's schema says of what
}

// Limits of a Flow.
const (
	MaxSteps        = 10
	MaxAttempts     = 5
	DefaultAttempts = 3
	MaxFlowName     = 100 // characters
)

// Clean trims the name and fills the defaults in, then says what is wrong with
// the flow by itself. Whether its order can work is for tech.Set to say.
func (f *Flow) Clean() error {
	f.Name = strings.TrimSpace(f.Name)
	switch n := utf8.RuneCountInString(f.Name); {
	case n == 0:
		return Invalid("flow_name_missing", "name", "Give the Flow a name.")
	case n > MaxFlowName:
		return Invalid("flow_name_too_long", "name", "The name may have %d characters at most.", MaxFlowName)
	case !printable(f.Name):
		return Invalid("flow_name_not_text", "name", "The name may hold no control characters.")
	}
	switch n := len(f.Steps); {
	case n == 0:
		return Invalid("flow_without_steps", "steps", "Choose at least one technology.")
	case n > MaxSteps:
		return Invalid("flow_too_long", "steps", "A Flow may have %d steps at most.", MaxSteps)
	}
	for i := range f.Steps {
		s := &f.Steps[i]
		if s.Attempts == 0 {
			s.Attempts = DefaultAttempts
		}
		if s.Attempts < 1 || s.Attempts > MaxAttempts {
			return Invalid("step_attempts_out_of_range", Field("steps", i, "attempts"), "Attempts must be between 1 and %d.", MaxAttempts)
		}
	}
	return nil
}

// printable reports whether s is valid text without control characters.
func printable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			return false
		}
	}
	return true
}
