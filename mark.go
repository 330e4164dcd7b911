package idflow

import "time"

// Mark remembers that something, such as a document, was shown in a session as
// somebody's, without saying what or whose: both are keyed hashes.
type Mark struct {
	OrganizationID string
	SessionID      string
	Kind           string // of thing, "document"
	Hash           []byte // HMAC-SHA-256 under the organization's key of marks
	Holder         []byte // likewise
	CreatedAt      time.Time
}
