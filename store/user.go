package store

import (
	"context"
	"strings"
	"time"

	"idflow"
)

const userColumns = `u.id, u.organization_id, u.email, u.name, u.role, u.password_hash, u.password_expired, u.created_at`

func scanUser(r row) (u idflow.User, err error) {
	return u, r.Scan(&u.ID, &u.OrganizationID, &u.Email, &u.Name, &u.Role, &u.PasswordHash, &u.PasswordExpired, millis{&u.CreatedAt})
}

// ErrEmailTaken is the answer to a second user with the same address.
var ErrEmailTaken = idflow.Conflict("email_taken", "Somebody has this e-mail address already.")

// InsertUser adds a user. The address is kept in lower case, and nobody else on
// the whole installation may have it: ErrEmailTaken.
func (tx *Tx) InsertUser(ctx context.Context, u idflow.User) error {
	n, err := tx.write(ctx, "insert user", `
		INSERT INTO cabinet_user (id, organization_id, email, name, role, password_hash, password_expired, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (email) DO NOTHING`,
		u.ID, u.OrganizationID, emailKey(u.Email), u.Name, u.Role, u.PasswordHash, u.PasswordExpired, millis{&u.CreatedAt})
	if err == nil && n == 0 {
		return ErrEmailTaken
	}
	return err
}

// User reads one user of an organization.
func (tx *Tx) User(ctx context.Context, organizationID, id string) (idflow.User, error) {
	return one(ctx, tx, "user", scanUser,
		`SELECT `+userColumns+` FROM cabinet_user u WHERE u.organization_id = $1 AND u.id = $2`, organizationID, id)
}

// Users lists an organization's users by address.
func (tx *Tx) Users(ctx context.Context, organizationID string) ([]idflow.User, error) {
	return list(ctx, tx, "users", scanUser,
		`SELECT `+userColumns+` FROM cabinet_user u WHERE u.organization_id = $1 ORDER BY u.email`, organizationID)
}

// UserByEmail finds who logs in with an address, without regard to case.
func (tx *Tx) UserByEmail(ctx context.Context, email string) (idflow.User, error) {
	return one(ctx, tx, "user", scanUser, `SELECT `+userColumns+` FROM cabinet_user u WHERE u.email = $1`, emailKey(email))
}

// UserByLogin finds who holds the token of a login that has not expired at the time now.
func (tx *Tx) UserByLogin(ctx context.Context, tokenHash []byte, now time.Time) (idflow.User, error) {
	return one(ctx, tx, "user", scanUser, `
		SELECT `+userColumns+` FROM login l JOIN cabinet_user u ON u.id = l.user_id
		WHERE l.token_hash = $1 AND l.expires_at > $2`, tokenHash, millis{&now})
}

// SetPassword replaces a user's password by one of their own and ends all logins but the one to keep.
func (tx *Tx) SetPassword(ctx context.Context, userID, hash string, keep []byte) error {
	if err := tx.change(ctx, "set password", `UPDATE cabinet_user SET password_hash = $2, password_expired = FALSE WHERE id = $1`, userID, hash); err != nil {
		return err
	}
	return tx.DeleteUserLogins(ctx, userID, keep)
}

// emailKey is how addresses are kept and compared.
func emailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
