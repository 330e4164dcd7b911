package engine

import (
	"context"
	"crypto/rand"
	"log/slog"
	mathrand "math/rand/v2"
	"time"

	"github.com/google/uuid"

	"idflow"
	"idflow/tech"
)

// Store is what the engine needs of a database. Everything done through one Tx
// commits together or not at all.
type Store interface {
	// InTx runs fn in a transaction that may write. Transactions that write run
	// one after the other as far as they touch the same session.
	InTx(ctx context.Context, fn func(Tx) error) error
	// View runs fn on a consistent snapshot; writing through it fails.
	View(ctx context.Context, fn func(Tx) error) error
}

// Tx is one transaction. Lookups answer idflow.ErrNotFound, also for what
// belongs to another organization.
type Tx interface {
	Flow(ctx context.Context, organizationID, id string) (idflow.Flow, error) // the latest version, deleted ones too
	FlowVersion(ctx context.Context, organizationID, id string, version int) (idflow.Flow, error)
	Flows(ctx context.Context, organizationID string) ([]idflow.Flow, error) // the latest versions, oldest Flow first, without deleted ones
	InsertFlow(ctx context.Context, f idflow.Flow) error                     // version 1, or the next version
	DeleteFlow(ctx context.Context, organizationID, id string, at time.Time) error

	InsertKey(ctx context.Context, k idflow.APIKey, sealed []byte) error
	KeyByHash(ctx context.Context, hash []byte) (idflow.APIKey, error) // neither revoked nor of a deleted Flow
	Keys(ctx context.Context, organizationID string) ([]idflow.APIKey, error)
	// TakeSecret returns the sealed copy of a key and destroys it; ErrNotFound when it is gone.
	TakeSecret(ctx context.Context, organizationID, keyID string) ([]byte, error)

	Organization(ctx context.Context, id string) (idflow.Organization, error)
	Subscriptions(ctx context.Context, organizationID string) ([]idflow.Subscription, error)
	InsertSubscription(ctx context.Context, s idflow.Subscription) error
	// Charge takes one transaction from the subscription that is active at the
	// time now and ends first; false when there is none.
	Charge(ctx context.Context, organizationID, technology string, now time.Time) (bool, error)

	InsertSession(ctx context.Context, s idflow.Session, tokenHash, wrappedKey []byte) error
	// Session reads a session with its Flow version, checks (without reports)
	// and last decision; in a transaction that may write, it locks the session.
	Session(ctx context.Context, id string) (idflow.Session, error)
	SessionIDByToken(ctx context.Context, tokenHash []byte) (string, error)
	Sessions(ctx context.Context, f SessionFilter) ([]idflow.Session, error) // newest first, without checks
	UpdateSession(ctx context.Context, s idflow.Session) error               // state, step, attempt, task and times
	WrappedKey(ctx context.Context, sessionID string) ([]byte, error)
	// Overdue lists sessions that wait for a person and whose time has passed.
	Overdue(ctx context.Context, now time.Time, limit int) ([]string, error)
	// Stuck lists sessions in checking that have not moved since before.
	Stuck(ctx context.Context, before time.Time, limit int) ([]string, error)

	// PutEvidence adds evidence and returns the id of what it replaces, the same
	// name given before in the same attempt ("" if none).
	PutEvidence(ctx context.Context, e idflow.Evidence) (replaced string, err error)
	Evidence(ctx context.Context, sessionID string) ([]idflow.Evidence, error) // oldest first

	PutFact(ctx context.Context, sessionID, name string, sealed []byte) error // the last one of a name counts
	Facts(ctx context.Context, sessionID string) (map[string][]byte, error)   // name to sealed value
	InsertCheck(ctx context.Context, sessionID string, c idflow.Check, sealedReport []byte) error
	Reports(ctx context.Context, sessionID string) ([][]byte, error) // sealed, in the order of Session.Checks
	InsertDecision(ctx context.Context, sessionID string, d idflow.Decision) error
	// AppendEvent numbers the event within its session.
	AppendEvent(ctx context.Context, e idflow.Event) error
	Events(ctx context.Context, sessionID string, after int) ([]idflow.Event, error)

	// EnqueueCheck lets a worker call Engine.RunCheck once this transaction has
	// committed, at least once. The job names the session only.
	EnqueueCheck(ctx context.Context, sessionID string) error

	markTx
}

// SessionFilter selects sessions for a list.
type SessionFilter = idflow.SessionFilter

// Vault keeps bytes that nobody reads without the session's data key.
type Vault interface {
	// NewKey makes a data key and returns it wrapped by the master key.
	NewKey() (wrapped []byte, err error)
	// Open unwraps a data key.
	Open(wrapped []byte) (Safe, error)
	// SealSecret and OpenSecret keep a small secret under the master key itself.
	SealSecret(name string, plain []byte) ([]byte, error)
	OpenSecret(name string, sealed []byte) ([]byte, error)
}

// Safe seals under one session's data key. The name is bound to the bytes:
// what was sealed under one name does not open under another.
type Safe interface {
	Seal(name string, plain []byte) ([]byte, error)
	Unseal(name string, sealed []byte) ([]byte, error)
	Put(ctx context.Context, id string, plain []byte) error // sealed evidence
	Get(ctx context.Context, id string) ([]byte, error)
	Delete(ctx context.Context, id string) error
}

// Engine runs sessions.
type Engine struct {
	store        Store
	vault        Vault
	technologies tech.Set
	now          func() time.Time
	log          *slog.Logger
	lifetime     time.Duration // of a session
	news         *news
}

// Config of an Engine. Store, Vault and Technologies are required.
type Config struct {
	Store        Store
	Vault        Vault
	Technologies tech.Set
	Now          func() time.Time // default time.Now
	Log          *slog.Logger     // default: discard
	Lifetime     time.Duration    // of a session; default 24 h
}

// New makes an Engine.
func New(c Config) *Engine {
	e := &Engine{store: c.Store, vault: c.Vault, technologies: c.Technologies, now: c.Now, log: c.Log, lifetime: c.Lifetime, news: newNews()}
	if e.now == nil {
		e.now = time.Now
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.lifetime == 0 {
		e.lifetime = 24 * time.Hour
	}
	return e
}

// Technologies that this build knows.
func (e *Engine) Technologies() tech.Set { return e.technologies }

// Now is the engine's clock.
func (e *Engine) Now() time.Time { return e.now() }

// newID makes an id that sorts by time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// unpredictable seeds a generator that the person cannot foresee.
func unpredictable() *mathrand.Rand {
	var seed [32]byte
	rand.Read(seed[:])
	return mathrand.New(mathrand.NewChaCha8(seed))
}
