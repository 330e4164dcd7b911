package store

import (
	"context"

	"idflow"
)

// AppendEvent adds the next event of its session and numbers it: 1, 2, 3, …
// without gaps, since the count stands in the session's row and who changes it
// keeps others from it until the end.
func (tx *Tx) AppendEvent(ctx context.Context, e idflow.Event) error {
	sequence, err := one(ctx, tx, "session", value[int],
		`UPDATE session SET events = events + 1 WHERE organization_id = $1 AND id = $2 RETURNING events`, e.OrganizationID, e.SessionID)
	if err != nil {
		return err
	}
	_, err = tx.write(ctx, "insert event", `
		INSERT INTO event (session_id, sequence, id, organization_id, type, data, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.SessionID, sequence, e.ID, e.OrganizationID, e.Type, asJSON{&e.Data}, millis{&e.CreatedAt})
	return err
}

// Events lists a session's events after a sequence number, in order.
func (tx *Tx) Events(ctx context.Context, sessionID string, after int) ([]idflow.Event, error) {
	return list(ctx, tx, "events", scanEvent, `
		SELECT id, organization_id, session_id, sequence, type, data, created_at
		FROM event WHERE session_id = $1 AND sequence > $2 ORDER BY sequence`, sessionID, after)
}

func scanEvent(r row) (e idflow.Event, err error) {
	return e, r.Scan(&e.ID, &e.OrganizationID, &e.SessionID, &e.Sequence, &e.Type, asJSON{&e.Data}, millis{&e.CreatedAt})
}
