package store

import (
	"context"

	"idflow"
)

// InsertCheck adds the check of an attempt with its sealed report. An attempt
// has one check only: a second one is an error.
func (tx *Tx) InsertCheck(ctx context.Context, sessionID string, c idflow.Check, sealedReport []byte) error {
	_, err := tx.write(ctx, "insert check", `
		INSERT INTO session_check (session_id, number, step, attempt, technology, verdict, reasons, scores, models, report, started_at, finished_at)
		VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM session_check WHERE session_id = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		sessionID, c.Step, c.Attempt, c.Technology, c.Verdict, asJSON{&c.Reasons}, asJSON{&c.Scores}, asJSON{&c.Models},
		sealedReport, millis{&c.StartedAt}, millis{&c.FinishedAt})
	return err
}

// checks reads a session's checks without reports, in the order they were made.
func (tx *Tx) checks(ctx context.Context, sessionID string) ([]idflow.Check, error) {
	return list(ctx, tx, "checks", scanCheck, `
		SELECT step, attempt, technology, verdict, reasons, scores, models, started_at, finished_at
		FROM session_check WHERE session_id = $1 ORDER BY number`, sessionID)
}

func scanCheck(r row) (c idflow.Check, err error) {
	return c, r.Scan(&c.Step, &c.Attempt, &c.Technology, &c.Verdict, asJSON{&c.Reasons}, asJSON{&c.Scores}, asJSON{&c.Models},
		millis{&c.StartedAt}, millis{&c.FinishedAt})
}

// Reports reads the sealed reports of a session's checks, in the order of Session.Checks.
func (tx *Tx) Reports(ctx context.Context, sessionID string) ([][]byte, error) {
	return list(ctx, tx, "reports", value[[]byte], `SELECT report FROM session_check WHERE session_id = $1 ORDER BY number`, sessionID)
}
