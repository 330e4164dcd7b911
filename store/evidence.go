package store

import (
	"context"
	"errors"

	"idflow"
)

// PutEvidence adds evidence and returns the id of what it replaces: the same
// name given (or derived) before in the same attempt, "" if none.
func (tx *Tx) PutEvidence(ctx context.Context, e idflow.Evidence) (replaced string, err error) {
	replaced, err = one(ctx, tx, "evidence", value[string], `
		DELETE FROM evidence WHERE session_id = $1 AND step = $2 AND attempt = $3 AND derived = $4 AND name = $5 RETURNING id`,
		e.SessionID, e.Step, e.Attempt, e.Derived, e.Name)
	if err != nil && !errors.Is(err, idflow.ErrNotFound) {
		return "", err
	}
	_, err = tx.write(ctx, "insert evidence", `
		INSERT INTO evidence (id, session_id, step, attempt, name, derived, content_type, size, sha256, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.ID, e.SessionID, e.Step, e.Attempt, e.Name, e.Derived, e.ContentType, e.Size, e.SHA256, millis{&e.CreatedAt})
	return replaced, err
}

// Evidence lists a session's evidence, the oldest first.
func (tx *Tx) Evidence(ctx context.Context, sessionID string) ([]idflow.Evidence, error) {
	return list(ctx, tx, "evidence", scanEvidence, `
		SELECT id, session_id, step, attempt, name, derived, content_type, size, sha256, created_at
		FROM evidence WHERE session_id = $1 ORDER BY created_at, id`, sessionID)
}

func scanEvidence(r row) (e idflow.Evidence, err error) {
	return e, r.Scan(&e.ID, &e.SessionID, &e.Step, &e.Attempt, &e.Name, &e.Derived, &e.ContentType, &e.Size, &e.SHA256, millis{&e.CreatedAt})
}
