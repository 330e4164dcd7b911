package engine

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"idflow"
	"idflow/tech"
)

// markTx is what marks need of a transaction.
type markTx interface {
	MarkKey(ctx context.Context, organizationID string) (sealed []byte, err error)
	// InsertMarkKey gives an organization a key unless it has one.
	InsertMarkKey(ctx context.Context, organizationID string, sealed []byte) error
	InsertMark(ctx context.Context, m idflow.Mark) error
	// OtherHolders counts the organization's other sessions that showed the same
	// thing as somebody else's.
	OtherHolders(ctx context.Context, m idflow.Mark) (int, error)
}

// sessionMarks tells a technology what other sessions of the organization have
// shown. The key is made when first needed.
type sessionMarks struct {
	engine  *Engine
	session idflow.Session
	key     []byte
}

func (m *sessionMarks) OtherHolders(ctx context.Context, shown tech.Mark) (n int, err error) {
	mark, err := m.hash(ctx, shown)
	if err != nil {
		return 0, err
	}
	err = m.engine.store.View(ctx, func(tx Tx) error {
		n, err = tx.OtherHolders(ctx, mark)
		return err
	})
	return n, err
}

// hash is the mark as it is kept.
func (m *sessionMarks) hash(ctx context.Context, shown tech.Mark) (idflow.Mark, error) {
	if m.key == nil {
		var err error
		if m.key, err = m.engine.markKey(ctx, m.session.OrganizationID); err != nil {
			return idflow.Mark{}, fmt.Errorf("key of marks: %w", err)
		}
	}
	return idflow.Mark{
		OrganizationID: m.session.OrganizationID, SessionID: m.session.ID, Kind: shown.Kind,
		Hash: m.sum("value", shown.Kind, shown.Value), Holder: m.sum("holder", shown.Kind, shown.Holder), CreatedAt: m.engine.now(),
	}, nil
}

func (m *sessionMarks) sum(parts ...string) []byte {
	h := hmac.New(sha256.New, m.key)
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return h.Sum(nil)
}

// markKey is the organization's key of marks, made if there is none: the one
// that was filed first counts.
func (e *Engine) markKey(ctx context.Context, organizationID string) ([]byte, error) {
	var sealed []byte
	read := func(tx Tx) (err error) {
		sealed, err = tx.MarkKey(ctx, organizationID)
		return err
	}
	err := e.store.View(ctx, read)
	if errors.Is(err, idflow.ErrNotFound) {
		var fresh [32]byte
		rand.Read(fresh[:])
		made, serr := e.vault.SealSecret("marks/"+organizationID, fresh[:])
		if serr != nil {
			return nil, serr
		}
		err = e.store.InTx(ctx, func(tx Tx) error {
			if err := tx.InsertMarkKey(ctx, organizationID, made); err != nil {
				return err
			}
			return read(tx)
		})
	}
	if err != nil {
		return nil, err
	}
	return e.vault.OpenSecret("marks/"+organizationID, sealed)
}
