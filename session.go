package idflow

import (
	"encoding/json"
	"time"
)

// State is where a Session is. engine.Next alone says how it changes;
// docs/session.mmd is drawn from it.
type State string

const (
	Created   State = "created"   // the link exists, nobody has opened it
	Waiting   State = "waiting"   // for the person to give what the Task asks
	Checking  State = "checking"  // a worker looks at what was given
	Approved  State = "approved"  // decided
	Declined  State = "declined"  // decided
	Review    State = "review"    // passed the rules, but a human must decide
	Expired   State = "expired"   // the person did not finish in time
	Cancelled State = "cancelled" // the customer or the person gave up
)

// States lists every State, in the order a session may see them.
var States = []State{Created, Waiting, Checking, Approved, Declined, Review, Expired, Cancelled}

// Final reports whether nothing can change the state any more.
func (s State) Final() bool {
	return s == Approved || s == Declined || s == Expired || s == Cancelled
}

// Over reports whether the person has nothing left to do.
func (s State) Over() bool { return s.Final() || s == Review }

// Session is one person's pass through one version of a Flow.
type Session struct {
	ID             string // UUIDv7
	OrganizationID string
	Flow           Flow // the version the session began with
	State          State
	Step           int  // index into Flow.Steps
	Attempt        int  // 1 for the first try at Step, 0 before the session is opened
	Task           Task // what is asked of the person while Waiting
	Reference      string
	Metadata       map[string]string
	Locale         string // "en", "ru", "kk"; empty: the browser's
	CreatedAt      time.Time
	UpdatedAt      time.Time
	ExpiresAt      time.Time
	DecidedAt      time.Time // zero until decided
	Checks         []Check   // in the order they were made
	Decision       *Decision // the last one counts
}

// Current is the step the session stands at.
func (s *Session) Current() Step { return s.Flow.Steps[s.Step] }

// Task is what one attempt at a step asks of the person. The server draws it
// anew for every attempt, so that what is asked cannot be foreseen.
type Task struct {
	Captures  []Capture       `json:"captures,omitempty"`
	Challenge json.RawMessage `json:"challenge,omitempty"` // for the technology alone; never shown
	Draws     int             `json:"draws,omitempty"`     // how often it was drawn anew within the attempt
}

// Capture is one thing the hosted page collects.
type Capture struct {
	Name     string      `json:"name"` // of the evidence it becomes, e.g. "selfie"
	Kind     CaptureKind `json:"kind"`
	Pose     string      `json:"pose,omitempty"`     // selfie only: "front", "left", "right", "up", "down", as the person sees it
	Optional bool        `json:"optional,omitempty"` // the technology can do without
	Notices  []string    `json:"notices,omitempty"`  // what the person must know before the camera opens, see below
}

// Notices of a capture.
const (
	NoticeGlasses = "glasses" // take them off
	NoticeFlash   = "flash"   // the screen will change its colour; there is a way without
)

// CaptureKind is a way of collecting that the hosted page knows.
type CaptureKind string

const (
	CaptureSelfie   CaptureKind = "selfie"   // one photo of the face, guided by an oval
	CaptureDocument CaptureKind = "document" // one photo of a document side, guided by a frame
	CaptureLive     CaptureKind = "live"     // frames, each answered by a coach (tech.Coach)
)

// Verdict is what a technology says of one attempt.
type Verdict string

const (
	Pass    Verdict = "pass"
	Fail    Verdict = "fail"
	Retry   Verdict = "retry"  // what was given could not be judged: ask again
	Unclear Verdict = "review" // a human must look; the session goes on
)

// Reason is the stable code of a cause that a person may be told. Its texts
// stand in the catalogs under "reason.<code>".
type Reason string

// Check is the finished outcome of one attempt at one step. It is never changed.
type Check struct {
	Step       int
	Attempt    int
	Technology string // key
	Verdict    Verdict
	Reasons    []Reason
	Scores     []Score
	Models     []string        // ids of the nets that took part, "fr_feature@1a2b3c4d5e6f"
	Report     json.RawMessage // the technology's own result object; personal data
	StartedAt  time.Time
	FinishedAt time.Time
}

// Score is one measured number beside the threshold it was held against.
type Score struct {
	Name      string   `json:"name"` // e.g. "liveness.passive"
	Value     float64  `json:"value"`
	Threshold *float64 `json:"threshold,omitempty"` // nil: measured, not judged
	Below     bool     `json:"below,omitempty"`     // passes when the value is at or below the threshold
}

// OK reports whether the score is on the right side of its threshold.
func (s Score) OK() bool {
	switch {
	case s.Threshold == nil:
		return true
	case s.Below:
		return s.Value <= *s.Threshold
	default:
		return s.Value >= *s.Threshold
	}
}

// AtLeast is a Score that passes when value >= threshold.
func AtLeast(name string, value, threshold float64) Score {
	return Score{Name: name, Value: value, Threshold: &threshold}
}

// AtMost is a Score that passes when value <= threshold.
func AtMost(name string, value, threshold float64) Score {
	return Score{Name: name, Value: value, Threshold: &threshold, Below: true}
}

// Measured is a Score that nothing depends on.
func Measured(name string, value float64) Score { return Score{Name: name, Value: value} }

// Decision is the session's verdict and why. Decisions are only added; the
// last one counts.
type Decision struct {
	State   State // Approved, Declined or Review
	Reasons []Reason
	By      string // a user's id; empty: the rules
	Comment string
	At      time.Time
}

// Evidence is bytes that the person gave or that a technology derived. The
// bytes themselves lie sealed in the vault under ID.
type Evidence struct {
	ID          string
	SessionID   string
	Step        int
	Attempt     int
	Name        string // capture name, or the technology's name for what it derived
	Derived     bool
	ContentType string
	Size        int64
	SHA256      string // hex, of the bytes before sealing
	CreatedAt   time.Time
}

// SessionFilter selects sessions for a list.
type SessionFilter struct {
	OrganizationID string // required
	FlowID         string // empty: any
	State          State  // empty: any
	Before         string // only sessions whose id is smaller: the last id of the page before
	Limit          int    // at most so many; 0: 50
}
