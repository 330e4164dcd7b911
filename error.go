package idflow

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind is the class of an Error; one place (api) maps it to an HTTP status.
type Kind string

const (
	KindInvalid      Kind = "invalid"      // the request cannot be right
	KindUnauthorized Kind = "unauthorized" // who are you?
	KindForbidden    Kind = "forbidden"    // you may not
	KindNotFound     Kind = "not_found"    // also what others own
	KindConflict     Kind = "conflict"     // right, but not in this state
	KindGone         Kind = "gone"         // was, and is no more
	KindTooLarge     Kind = "too_large"
	KindTooMany      Kind = "too_many" // you ask too often
	KindBusy         Kind = "busy"     // everybody asks too often
)

// Error is an answer that the one who asked can act upon. Any other error is
// internal: it is logged, and its text reaches nobody.
type Error struct {
	Kind    Kind
	Code    string // stable, e.g. "flow_order_impossible"
	Field   string // path of the offending member, e.g. "steps[1].technology"
	Message string // one plain English sentence that says what to do
	// RetryAfter is when it is worth trying again; zero when that is not known.
	RetryAfter time.Duration
}

func (e *Error) Error() string {
	if e.Field != "" {
		return e.Code + " (" + e.Field + "): " + e.Message
	}
	return e.Code + ": " + e.Message
}

// Is makes errors.Is compare kinds and codes, not addresses. A target without
// a code stands for its whole kind.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && (t.Code == "" || t.Code == e.Code)
}

// Errors that several packages compare with.
var (
	ErrNotFound     = &Error{Kind: KindNotFound, Code: "not_found", Message: "There is nothing here under this id."}
	ErrUnauthorized = &Error{Kind: KindUnauthorized, Code: "unauthorized", Message: "Log in, or send a valid API key."}
	ErrForbidden    = &Error{Kind: KindForbidden, Code: "forbidden", Message: "Your role or key does not allow this."}
)

// Invalid is the Error of a request that cannot be right.
func Invalid(code, field, format string, args ...any) *Error {
	return &Error{Kind: KindInvalid, Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Conflict is the Error of a request that came at the wrong time.
func Conflict(code, format string, args ...any) *Error {
	return &Error{Kind: KindConflict, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Field joins a path: Field("steps", 1, "technology") is "steps[1].technology".
func Field(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", p)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, p)
		}
	}
	return b.String()
}

// AsError finds the Error in err's chain, nil if there is none.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
