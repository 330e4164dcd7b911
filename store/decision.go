package store

import (
	"context"
	"errors"

	"idflow"
)

// InsertDecision adds a decision, which from now on is the one that counts.
func (tx *Tx) InsertDecision(ctx context.Context, sessionID string, d idflow.Decision) error {
	_, err := tx.write(ctx, "insert decision", `
		INSERT INTO decision (session_id, number, state, reasons, decided_by, comment, decided_at)
		VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM decision WHERE session_id = $1), $2, $3, $4, $5, $6)`,
		sessionID, d.State, asJSON{&d.Reasons}, d.By, d.Comment, millis{&d.At})
	return err
}

// decision reads the decision that counts, nil if there is none yet.
func (tx *Tx) decision(ctx context.Context, sessionID string) (*idflow.Decision, error) {
	d, err := one(ctx, tx, "decision", scanDecision, `
		SELECT state, reasons, decided_by, comment, decided_at
		FROM decision WHERE session_id = $1 ORDER BY number DESC LIMIT 1`, sessionID)
	if errors.Is(err, idflow.ErrNotFound) {
		return nil, nil
	}
	return &d, err
}

func scanDecision(r row) (d idflow.Decision, err error) {
	return d, r.Scan(&d.State, asJSON{&d.Reasons}, &d.By, &d.Comment, millis{&d.At})
}
