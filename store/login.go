package store

import (
	"context"
	"strings"
	"time"

	"idflow"
)

// InsertLogin adds a login.
func (tx *Tx) InsertLogin(ctx context.Context, l idflow.Login) error {
	agent := strings.ToValidUTF8(l.UserAgent, "�") // a header may hold any bytes, a column of PostgreSQL may not
	_, err := tx.write(ctx, "insert login",
		`INSERT INTO login (token_hash, user_id, user_agent, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		l.TokenHash, l.UserID, agent, millis{&l.CreatedAt}, millis{&l.ExpiresAt})
	return err
}

// Logins lists a user's logins that have not expired at the time now, the newest first.
func (tx *Tx) Logins(ctx context.Context, userID string, now time.Time) ([]idflow.Login, error) {
	return list(ctx, tx, "logins", scanLogin, `
		SELECT token_hash, user_id, user_agent, created_at, expires_at FROM login
		WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at DESC, token_hash`, userID, millis{&now})
}

func scanLogin(r row) (l idflow.Login, err error) {
	return l, r.Scan(&l.TokenHash, &l.UserID, &l.UserAgent, millis{&l.CreatedAt}, millis{&l.ExpiresAt})
}

// DeleteLogin ends a login; one that is not there has ended already.
func (tx *Tx) DeleteLogin(ctx context.Context, tokenHash []byte) error {
	_, err := tx.write(ctx, "delete login", `DELETE FROM login WHERE token_hash = $1`, tokenHash)
	return err
}

// DeleteUserLogins ends all logins of a user but the one to keep, which may be nil.
func (tx *Tx) DeleteUserLogins(ctx context.Context, userID string, keep []byte) error {
	if keep == nil {
		keep = []byte{} // not NULL, which nothing differs from
	}
	_, err := tx.write(ctx, "delete logins", `DELETE FROM login WHERE user_id = $1 AND token_hash <> $2`, userID, keep)
	return err
}

// DeleteExpiredLogins forgets the logins that have expired at the time now and tells how many.
func (tx *Tx) DeleteExpiredLogins(ctx context.Context, now time.Time) (int, error) {
	n, err := tx.write(ctx, "delete expired logins", `DELETE FROM login WHERE expires_at <= $1`, millis{&now})
	return int(n), err
}
