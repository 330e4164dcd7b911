package idflow

import "time"

// Login is a user's session in the cabinet. Only the SHA-256 of its token is kept.
type Login struct {
	TokenHash []byte // SHA-256
	UserID    string
	UserAgent string // as the browser called itself when it logged in
	CreatedAt time.Time
	ExpiresAt time.Time
}
