// Package tech says what a technology is and nothing about any one of them.
package tech

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"idflow"
)

// Technology turns evidence into an outcome. It is stateless, touches no
// database and no network page, and gives the same outcome for the same input
// and models. An error means that the machine failed and the check will run
// again; a bad person or a bad photo is a Verdict.
type Technology interface {
	Spec() Spec
	Check(ctx context.Context, in Input) (Outcome, error)
}

// Asker is a Technology that asks something of the person. One that does not
// implement it works on facts alone.
type Asker interface {
	// Ask draws what one attempt asks. Settings are valid; rng is unpredictable
	// to the person.
	Ask(settings json.RawMessage, rng *rand.Rand) (idflow.Task, error)
	// Inspect refuses bytes that cannot be what the capture asks for, before
	// anything is decoded or stored: an *idflow.Error, or nil.
	Inspect(c idflow.Capture, contentType string, data []byte) error
}

// Spec tells the rest of the system everything it needs to know about a
// technology. Titles and descriptions in other languages stand in the catalogs
// under "technology.<key>.title" and "technology.<key>.description".
type Spec struct {
	Key         string // stable id in the API and the database, "liveness_short"
	Code        string // short stable code in results and webhooks, "LDS"
	Title       string
	Description string
	Result      string          // member of the result that holds the report, "liveness_result"
	Needs       []string        // facts that earlier steps must have given
	Gives       []string        // facts handed to later steps when the step does not fail
	Settings    []Setting       // what a Flow may set for it
	Reasons     []idflow.Reason // every reason an outcome may carry
}

// Input is everything a technology may look at.
type Input struct {
	Evidence map[string][]byte // by capture name
	Facts    Facts             // from earlier steps
	Settings json.RawMessage   // of the step; valid
	Task     idflow.Task       // what the person was asked for
	Now      time.Time         // the day that expiry dates are held against
	Marks    Marks             // of other sessions; nil where there are none, as on the command line
}

// Mark is something that a person showed, and whose it is said to be. Only
// keyed hashes of it are kept, and only where the check passes or goes to a human.
type Mark struct {
	Kind   string // of thing, "document"
	Value  string // tells it apart from all others of its kind
	Holder string
}

// Marks tell what other sessions of the same organization have shown.
type Marks interface {
	// OtherHolders counts the sessions in which the same thing was shown as
	// somebody else's.
	OtherHolders(ctx context.Context, m Mark) (int, error)
}

// Outcome is what a technology found.
type Outcome struct {
	Verdict idflow.Verdict
	Reasons []idflow.Reason // why it is not a pass; the weightiest first
	Scores  []idflow.Score
	Models  []string // ids of the nets that took part
	Facts   Facts
	Derived []Derived
	Marks   []Mark
	Report  any // marshalled to JSON; Spec.Result names it in the session's result
}

// Nets are the ids of the nets that a technology works with, each with the
// beginning of its file's SHA-256: "fr_feature@1a2b3c4d5e6f".
type Nets struct {
	All       []string
	Embedding string // the one whose embeddings are handed on
}

// Derived is a picture that a technology made from the evidence, kept as
// evidence of its own.
type Derived struct {
	Name        string // "portrait"
	ContentType string
	Data        []byte
}

// Fact is the typed name of a value that one technology hands to another.
type Fact[T any] string

// Facts is what a session knows so far.
type Facts map[string]json.RawMessage

// Well-known facts. A new one is added here, so that both sides spell it alike.
const (
	FaceLive         Fact[Face]   = "face.live"         // the person before the camera
	DocumentPortrait Fact[Face]   = "document.portrait" // the photo in the document
	DocumentFields   Fact[Fields] = "document.fields"
	Expected         Fact[Fields] = "session.expected" // what the customer said of the person; present only if something was said
)

// Face is a face that one technology found and another may compare.
type Face struct {
	Embedding []float32 `json:"embedding"` // unit length
	Model     string    `json:"model"`     // id of the net; embeddings of different nets do not compare
	Picture   string    `json:"picture"`   // name of the evidence that shows it
}

// Fields are what a document says, by ICAO 9303's words: "document_number",
// "surname", "given_names", "birth_date" (ISO 8601), "sex", "nationality"
// (three letters), "expiry_date", "issuer", "personal_number", "document_code".
type Fields map[string]string

// Put adds a fact.
func Put[T any](f Facts, k Fact[T], v T) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("fact %s: %w", k, err)
	}
	f[string(k)] = b
	return nil
}

// Get reads a fact; a missing one is an error, since a Flow whose order cannot
// work was never made.
func Get[T any](f Facts, k Fact[T]) (v T, err error) {
	b, ok := f[string(k)]
	if !ok {
		return v, fmt.Errorf("fact %s is missing", k)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return v, fmt.Errorf("fact %s: %w", k, err)
	}
	return v, nil
}
