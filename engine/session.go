package engine

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"idflow"
	"idflow/tech"
)

// NewSession is what a customer says of a session to be made.
type NewSession struct {
	FlowID    string // may be empty when the actor's key belongs to one Flow
	Reference string // the customer's own id for the person
	Metadata  map[string]string
	Expected  tech.Fields // what the documents should say, see ExpectedFields; kept sealed
	Locale    string
	Lifetime  time.Duration // zero: the engine's
}

// Bounds of a NewSession.
const (
	MaxReference     = 100 // bytes
	MaxMetadata      = 20  // members
	MaxMetadataValue = 500 // bytes; a name may have 40
	MinLifetime      = time.Minute
	MaxLifetime      = 30 * 24 * time.Hour
)

var locales = map[string]string{"": "", "en": "en", "ru": "ru", "kk": "kk", "kz": "kk"}

func (n *NewSession) clean() error {
	locale, ok := locales[n.Locale]
	switch {
	case len(n.Reference) > MaxReference:
		return idflow.Invalid("reference_too_long", "reference", "The reference may have %d bytes at most.", MaxReference)
	case len(n.Metadata) > MaxMetadata:
		return idflow.Invalid("metadata_too_large", "metadata", "Metadata may have %d members at most.", MaxMetadata)
	case !ok:
		return idflow.Invalid("locale_unknown", "locale", "The locale must be en, ru or kk.")
	case n.Lifetime != 0 && (n.Lifetime < MinLifetime || n.Lifetime > MaxLifetime):
		return idflow.Invalid("lifetime_out_of_range", "expires_in_seconds", "A session may live from %d seconds to %d.", int(MinLifetime.Seconds()), int(MaxLifetime.Seconds()))
	}
	for k, v := range n.Metadata {
		if len(k) > 40 || len(v) > MaxMetadataValue {
			return idflow.Invalid("metadata_too_large", idflow.Field("metadata", k), "A metadata name may have 40 bytes, a value %d.", MaxMetadataValue)
		}
	}
	n.Locale = locale
	return cleanExpected(n.Expected)
}

// CreateSession makes a session of the Flow's latest version. The token opens
// its hosted page; it is returned here and never again.
func (e *Engine) CreateSession(ctx context.Context, actor idflow.Actor, n NewSession) (s idflow.Session, token string, err error) {
	if !actor.May(idflow.CreateSessions) {
		return s, "", idflow.ErrForbidden
	}
	if err := n.clean(); err != nil {
		return s, "", err
	}
	switch {
	case n.FlowID == "":
		n.FlowID = actor.FlowID
	case actor.FlowID != "" && actor.FlowID != n.FlowID:
		return s, "", idflow.ErrNotFound
	}
	if n.FlowID == "" {
		return s, "", idflow.Invalid("flow_missing", "flow_id", "Say which Flow, or use a Flow's own key.")
	}
	wrapped, err := e.vault.NewKey()
	if err != nil {
		return s, "", fmt.Errorf("make a data key: %w", err)
	}
	expected, err := e.sealExpected(wrapped, n.Expected)
	if err != nil {
		return s, "", err
	}
	token, hash := newToken()
	now := e.now()
	if n.Lifetime == 0 {
		n.Lifetime = e.lifetime
	}
	s = idflow.Session{
		ID: newID(), OrganizationID: actor.OrganizationID, State: idflow.Created,
		Reference: n.Reference, Metadata: n.Metadata, Locale: n.Locale,
		CreatedAt: now, UpdatedAt: now, ExpiresAt: now.Add(n.Lifetime),
	}
	err = e.store.InTx(ctx, func(tx Tx) error {
		if s.Flow, err = tx.Flow(ctx, actor.OrganizationID, n.FlowID); err != nil {
			return err
		}
		if !s.Flow.DeletedAt.IsZero() {
			return idflow.ErrNotFound
		}
		if err := e.subscribed(ctx, tx, s.Flow, now); err != nil {
			return err
		}
		if err := tx.InsertSession(ctx, s, hash, wrapped); err != nil {
			return err
		}
		if expected != nil {
			if err := tx.PutFact(ctx, s.ID, string(tech.Expected), expected); err != nil {
				return err
			}
		}
		return e.emit(ctx, tx, s, idflow.SessionCreated)
	})
	return s, token, err
}

// Session reads one session of the actor's organization.
func (e *Engine) Session(ctx context.Context, actor idflow.Actor, id string) (s idflow.Session, err error) {
	err = e.store.View(ctx, func(tx Tx) error {
		s, err = visible(ctx, tx, actor, id)
		return err
	})
	return s, err
}

// visible reads a session if the actor may see it, and else knows of none.
func visible(ctx context.Context, tx Tx, actor idflow.Actor, id string) (idflow.Session, error) {
	if !actor.May(idflow.ReadSessions) {
		return idflow.Session{}, idflow.ErrForbidden
	}
	s, err := tx.Session(ctx, id)
	if err == nil && (s.OrganizationID != actor.OrganizationID || actor.FlowID != "" && actor.FlowID != s.Flow.ID) {
		err = idflow.ErrNotFound
	}
	if err != nil {
		return idflow.Session{}, err
	}
	return s, nil
}

// Sessions lists the organization's sessions, newest first.
func (e *Engine) Sessions(ctx context.Context, actor idflow.Actor, f SessionFilter) (list []idflow.Session, err error) {
	if !actor.May(idflow.ReadSessions) {
		return nil, idflow.ErrForbidden
	}
	f.OrganizationID = actor.OrganizationID
	if actor.FlowID != "" {
		f.FlowID = actor.FlowID
	}
	err = e.store.View(ctx, func(tx Tx) error {
		list, err = tx.Sessions(ctx, f)
		return err
	})
	return list, err
}

// Dossier is everything known of one session.
type Dossier struct {
	Session  idflow.Session // with the reports of its checks
	Evidence []idflow.Evidence
	Events   []idflow.Event
}

// Dossier reads a session with the technologies' reports, the list of its
// evidence and its events.
func (e *Engine) Dossier(ctx context.Context, actor idflow.Actor, id string) (d Dossier, err error) {
	var wrapped []byte
	var sealed [][]byte
	err = e.store.View(ctx, func(tx Tx) error {
		if d.Session, err = visible(ctx, tx, actor, id); err != nil {
			return err
		}
		if wrapped, err = tx.WrappedKey(ctx, id); err != nil {
			return err
		}
		if sealed, err = tx.Reports(ctx, id); err != nil {
			return err
		}
		if d.Evidence, err = tx.Evidence(ctx, id); err != nil {
			return err
		}
		d.Events, err = tx.Events(ctx, id, 0)
		return err
	})
	if err != nil {
		return Dossier{}, err
	}
	safe, err := e.vault.Open(wrapped)
	if err != nil {
		return Dossier{}, fmt.Errorf("open the safe of session %s: %w", id, err)
	}
	for i := range d.Session.Checks {
		c := &d.Session.Checks[i]
		report, err := safe.Unseal(reportName(c.Step, c.Attempt), sealed[i])
		if err != nil {
			return Dossier{}, fmt.Errorf("open a report of session %s: %w", id, err)
		}
		c.Report = json.RawMessage(report)
	}
	return d, nil
}

// EvidenceBytes reads one piece of evidence.
func (e *Engine) EvidenceBytes(ctx context.Context, actor idflow.Actor, sessionID, evidenceID string) (ev idflow.Evidence, data []byte, err error) {
	if !actor.May(idflow.ReadEvidence) {
		return ev, nil, idflow.ErrForbidden
	}
	var wrapped []byte
	err = e.store.View(ctx, func(tx Tx) error {
		if _, err := visible(ctx, tx, actor, sessionID); err != nil {
			return err
		}
		list, err := tx.Evidence(ctx, sessionID)
		if err != nil {
			return err
		}
		for _, ev = range list {
			if ev.ID == evidenceID {
				wrapped, err = tx.WrappedKey(ctx, sessionID)
				return err
			}
		}
		return idflow.ErrNotFound
	})
	if err != nil {
		return idflow.Evidence{}, nil, err
	}
	safe, err := e.vault.Open(wrapped)
	if err == nil {
		data, err = safe.Get(ctx, evidenceID)
	}
	if err != nil {
		return ev, nil, fmt.Errorf("read evidence %s: %w", evidenceID, err)
	}
	return ev, data, nil
}

// CancelSession ends a session that is not over.
func (e *Engine) CancelSession(ctx context.Context, actor idflow.Actor, id string) (s idflow.Session, err error) {
	if !actor.May(idflow.CreateSessions) {
		return s, idflow.ErrForbidden
	}
	err = e.store.InTx(ctx, func(tx Tx) error {
		if s, err = visible(ctx, tx, actor, id); err != nil {
			return err
		}
		if s.State.Over() {
			return idflow.Conflict("session_over", "The session is over already.")
		}
		s, err = e.apply(ctx, tx, s, Cancelled{}, answer{})
		return err
	})
	if err == nil {
		e.news.spread(id)
	}
	return s, err
}

// newToken makes a secret and the hash that is kept of it.
func newToken() (token string, hash []byte) {
	var b [32]byte
	rand.Read(b[:])
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, hashToken(token)
}

func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

func reportName(step, attempt int) string { return fmt.Sprintf("report/%d/%d", step, attempt) }
func factName(name string) string         { return "fact/" + name }
