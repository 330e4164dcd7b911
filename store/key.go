package store

import (
	"context"
	"time"

	"idflow"
)

const keyColumns = `k.id, k.organization_id, COALESCE(k.flow_id, ''), k.masked, k.hash, k.sealed IS NULL, k.created_at, k.revoked_at`

func scanKey(r row) (k idflow.APIKey, err error) {
	return k, r.Scan(&k.ID, &k.OrganizationID, &k.FlowID, &k.Masked, &k.Hash, &k.Shown, millis{&k.CreatedAt}, millis{&k.RevokedAt})
}

// InsertKey adds a key with the sealed copy of its secret.
func (tx *Tx) InsertKey(ctx context.Context, k idflow.APIKey, sealed []byte) error {
	var flowID *string
	if k.FlowID != "" {
		flowID = &k.FlowID
	}
	_, err := tx.write(ctx, "insert key", `
		INSERT INTO api_key (id, organization_id, flow_id, masked, hash, sealed, created_at, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		k.ID, k.OrganizationID, flowID, k.Masked, k.Hash, sealed, millis{&k.CreatedAt}, millis{&k.RevokedAt})
	return err
}

// KeyByHash finds a key that opens: neither revoked nor of a deleted Flow.
func (tx *Tx) KeyByHash(ctx context.Context, hash []byte) (idflow.APIKey, error) {
	return one(ctx, tx, "key", scanKey, `
		SELECT `+keyColumns+` FROM api_key k LEFT JOIN flow f ON f.id = k.flow_id
		WHERE k.hash = $1 AND k.revoked_at = 0 AND (k.flow_id IS NULL OR f.deleted_at = 0)`, hash)
}

// Keys lists an organization's keys, revoked ones too but none of a deleted
// Flow, the oldest first.
func (tx *Tx) Keys(ctx context.Context, organizationID string) ([]idflow.APIKey, error) {
	return list(ctx, tx, "keys", scanKey, `
		SELECT `+keyColumns+` FROM api_key k LEFT JOIN flow f ON f.id = k.flow_id
		WHERE k.organization_id = $1 AND (k.flow_id IS NULL OR f.deleted_at = 0) ORDER BY k.created_at, k.id`, organizationID)
}

// RevokeKey ends a key.
func (tx *Tx) RevokeKey(ctx context.Context, organizationID, keyID string, at time.Time) error {
	return tx.change(ctx, "revoke key", `
		UPDATE api_key SET revoked_at = $3, sealed = NULL WHERE organization_id = $1 AND id = $2 AND revoked_at = 0`,
		organizationID, keyID, millis{&at})
}

// TakeSecret returns the sealed copy of a key and destroys it;
// idflow.ErrNotFound when it is gone.
func (tx *Tx) TakeSecret(ctx context.Context, organizationID, keyID string) ([]byte, error) {
	sealed, err := one(ctx, tx, "key", value[[]byte],
		`SELECT sealed FROM api_key WHERE organization_id = $1 AND id = $2 AND sealed IS NOT NULL`+tx.lock, organizationID, keyID)
	if err != nil {
		return nil, err
	}
	return sealed, tx.change(ctx, "destroy the sealed key",
		`UPDATE api_key SET sealed = NULL WHERE organization_id = $1 AND id = $2`, organizationID, keyID)
}
