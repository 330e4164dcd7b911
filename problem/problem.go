// Package problem is the one place where errors become HTTP answers: RFC 9457
// documents with a stable machine code. What is not an *idflow.Error is
// internal: it is logged with the request's id, and its text reaches nobody.
package problem

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"idflow"
)

// Document is the body of every answer that is not a success.
type Document struct {
	Type      string   `json:"type" example:"about:blank" doc:"Always about:blank: the code says what it is."`
	Title     string   `json:"title" example:"Unprocessable Entity" doc:"The HTTP status in words."`
	Status    int      `json:"status" example:"422" doc:"The HTTP status."`
	Code      string   `json:"code" example:"flow_without_steps" doc:"Stable machine code of the problem."`
	Detail    string   `json:"detail" example:"Choose at least one technology." doc:"What is wrong and what to do, in plain English."`
	Field     string   `json:"field,omitempty" example:"steps" doc:"Path of the offending member of the request."`
	Retry     int      `json:"retry_after,omitempty" doc:"Seconds after which it is worth trying again; also in the header Retry-After."`
	RequestID string   `json:"request_id,omitempty" doc:"Names this request in the server's log."`
	Errors    []Detail `json:"errors,omitempty" doc:"Every member that does not fit the schema."`
}

// Detail is one member that does not fit the schema.
type Detail struct {
	Location string `json:"location" example:"body.steps[0].technology"`
	Message  string `json:"message" example:"expected required property technology to be present"`
}

// Error and GetStatus let a Document travel as an error.
func (d *Document) Error() string  { return d.Code + ": " + d.Detail }
func (d *Document) GetStatus() int { return d.Status }

// ContentType of a Document, whatever the client asked for.
func (d *Document) ContentType(string) string { return "application/problem+json" }

var statuses = map[idflow.Kind]int{
	idflow.KindInvalid:      http.StatusUnprocessableEntity,
	idflow.KindUnauthorized: http.StatusUnauthorized,
	idflow.KindForbidden:    http.StatusForbidden,
	idflow.KindNotFound:     http.StatusNotFound,
	idflow.KindConflict:     http.StatusConflict,
	idflow.KindGone:         http.StatusGone,
	idflow.KindTooLarge:     http.StatusRequestEntityTooLarge,
	idflow.KindTooMany:      http.StatusTooManyRequests,
	idflow.KindBusy:         http.StatusServiceUnavailable,
}

// From turns an error into a Document and logs what is internal.
func From(ctx context.Context, log *slog.Logger, err error) *Document {
	d := &Document{Type: "about:blank", Status: http.StatusInternalServerError, Code: "internal", Detail: "Something went wrong here. Try again in a moment.", RequestID: RequestID(ctx)}
	if e := idflow.AsError(err); e != nil {
		d.Status, d.Code, d.Detail, d.Field = statuses[e.Kind], e.Code, e.Message, e.Field
		d.Retry = int(math.Ceil(e.RetryAfter.Seconds()))
	} else if ctx.Err() == nil { // whoever hung up does not hear the answer
		log.ErrorContext(ctx, "request failed", "request_id", d.RequestID, "error", err)
	}
	d.Title = http.StatusText(d.Status)
	return d
}

// Write answers with an error.
func Write(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	WriteDocument(w, From(r.Context(), log, err))
}

// WriteDocument answers with a ready Document.
func WriteDocument(w http.ResponseWriter, d *Document) {
	body, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings and numbers only
	}
	if d.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(d.Retry))
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(d.Status)
	w.Write(body)
}

type requestIDKey struct{}

// WithRequestID names a request, so that an answer can be found in the log.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID of the request that ctx belongs to, empty if it has none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
