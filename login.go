package idflow

import "time"

// Login is one browser in which a User is logged in.
type Login struct {
	TokenHash []byte // SHA-256 of the cookie's value
	UserID    string
	UserAgent string
	CreatedAt time.Time
	ExpiresAt time.Time
}
