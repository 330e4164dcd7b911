package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"idflow"
)

const sessionColumns = `s.id, s.organization_id, s.state, s.step, s.attempt, s.task, s.reference, s.metadata, s.locale,
	s.created_at, s.updated_at, s.expires_at, s.decided_at, ` + flowColumns

const sessionTables = ` FROM session s JOIN flow f ON f.id = s.flow_id
	JOIN flow_version v ON v.flow_id = s.flow_id AND v.version = s.flow_version`

func scanSession(r row) (s idflow.Session, err error) {
	return s, r.Scan(append([]any{
		&s.ID, &s.OrganizationID, &s.State, &s.Step, &s.Attempt, asJSON{&s.Task}, &s.Reference, asJSON{&s.Metadata}, &s.Locale,
		millis{&s.CreatedAt}, millis{&s.UpdatedAt}, millis{&s.ExpiresAt}, millis{&s.DecidedAt}}, flowTargets(&s.Flow)...)...)
}

// InsertSession adds a session, whose Flow version must exist, with the hash of
// its link's token and its wrapped data key.
func (tx *Tx) InsertSession(ctx context.Context, s idflow.Session, tokenHash, wrappedKey []byte) error {
	_, err := tx.write(ctx, "insert session", `
		INSERT INTO session (id, organization_id, flow_id, flow_version, state, step, attempt, task, reference, metadata, locale,
			token_hash, wrapped_key, created_at, updated_at, expires_at, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		s.ID, s.OrganizationID, s.Flow.ID, s.Flow.Version, s.State, s.Step, s.Attempt, asJSON{&s.Task}, s.Reference, asJSON{&s.Metadata}, s.Locale,
		tokenHash, wrappedKey, millis{&s.CreatedAt}, millis{&s.UpdatedAt}, millis{&s.ExpiresAt}, millis{&s.DecidedAt})
	return err
}

// Session reads a session with its Flow version, checks (without reports) and
// last decision. In a transaction that may write, others that read the same
// session wait until it has ended.
func (tx *Tx) Session(ctx context.Context, id string) (idflow.Session, error) {
	lock := tx.lock
	if lock != "" {
		lock += " OF s" // the Flow stays free
	}
	s, err := one(ctx, tx, "session", scanSession, `SELECT `+sessionColumns+sessionTables+` WHERE s.id = $1`+lock, id)
	if err != nil {
		return s, err
	}
	if s.Checks, err = tx.checks(ctx, id); err != nil {
		return s, err
	}
	s.Decision, err = tx.decision(ctx, id)
	return s, err
}

// SessionIDByToken finds the session of a link.
func (tx *Tx) SessionIDByToken(ctx context.Context, tokenHash []byte) (string, error) {
	return one(ctx, tx, "session", value[string], `SELECT id FROM session WHERE token_hash = $1`, tokenHash)
}

// Sessions lists an organization's sessions, newest first, without checks and decisions.
func (tx *Tx) Sessions(ctx context.Context, f idflow.SessionFilter) ([]idflow.Session, error) {
	const defaultLimit = 50
	where, args := []string{`s.organization_id = $1`}, []any{f.OrganizationID}
	and := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if f.FlowID != "" {
		and(`s.flow_id = $%d`, f.FlowID)
	}
	if f.State != "" {
		and(`s.state = $%d`, f.State)
	}
	if f.Before != "" {
		and(`s.id < $%d`, f.Before)
	}
	if f.Limit == 0 {
		f.Limit = defaultLimit
	}
	args = append(args, f.Limit)
	query := `SELECT ` + sessionColumns + sessionTables + ` WHERE ` + strings.Join(where, ` AND `) +
		fmt.Sprintf(` ORDER BY s.id DESC LIMIT $%d`, len(args))
	return list(ctx, tx, "sessions", scanSession, query, args...)
}

// UpdateSession writes what changes in a session: state, step, attempt, task
// and times. Its UpdatedAt always moves on, whatever the clock does, so that
// who has seen one knows whether there is a newer one.
func (tx *Tx) UpdateSession(ctx context.Context, s idflow.Session) error {
	return tx.change(ctx, "update session", `
		UPDATE session SET state = $3, step = $4, attempt = $5, task = $6, expires_at = $7, decided_at = $8,
			updated_at = CASE WHEN updated_at < $9 THEN $9 ELSE updated_at + 1 END
		WHERE organization_id = $1 AND id = $2`,
		s.OrganizationID, s.ID, s.State, s.Step, s.Attempt, asJSON{&s.Task}, millis{&s.ExpiresAt}, millis{&s.DecidedAt}, millis{&s.UpdatedAt})
}

// WrappedKey reads a session's data key.
func (tx *Tx) WrappedKey(ctx context.Context, sessionID string) ([]byte, error) {
	return one(ctx, tx, "data key", value[[]byte], `SELECT wrapped_key FROM session WHERE id = $1`, sessionID)
}

// Overdue lists sessions that wait for a person and whose time has passed, the longest overdue first.
func (tx *Tx) Overdue(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return list(ctx, tx, "overdue sessions", value[string], `
		SELECT id FROM session WHERE state IN ('created', 'waiting') AND expires_at <= $1
		ORDER BY expires_at LIMIT $2`, millis{&now}, limit)
}

// Stuck lists sessions in checking that have not moved since before, the longest stuck first.
func (tx *Tx) Stuck(ctx context.Context, before time.Time, limit int) ([]string, error) {
	return list(ctx, tx, "stuck sessions", value[string], `
		SELECT id FROM session WHERE state = 'checking' AND updated_at < $1 ORDER BY updated_at LIMIT $2`, millis{&before}, limit)
}
