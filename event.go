package idflow

import (
	"encoding/json"
	"time"
)

// EventType names something that happened to a session.
type EventType string

const (
	SessionCreated   EventType = "session.created"
	SessionStarted   EventType = "session.started"
	StepStarted      EventType = "step.started"
	StepSubmitted    EventType = "step.submitted"
	StepFinished     EventType = "step.finished"
	SessionDecided   EventType = "session.decided"
	SessionExpired   EventType = "session.expired"
	SessionCancelled EventType = "session.cancelled"
)

// Event is something that happened, numbered from 1 within its session. Data
// never holds personal data: who wants that reads the session.
type Event struct {
	ID             string
	OrganizationID string
	SessionID      string
	Sequence       int
	Type           EventType
	Data           json.RawMessage
	CreatedAt      time.Time
}
