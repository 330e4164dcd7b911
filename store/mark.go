package store

import (
	"context"

	"idflow"
)

// MarkKey is the sealed key of an organization's marks; idflow.ErrNotFound
// before there is one.
func (tx *Tx) MarkKey(ctx context.Context, organizationID string) ([]byte, error) {
	return one(ctx, tx, "key of marks", value[[]byte], `SELECT sealed FROM mark_key WHERE organization_id = $1`, organizationID)
}

// InsertMarkKey gives an organization a key unless it has one.
func (tx *Tx) InsertMarkKey(ctx context.Context, organizationID string, sealed []byte) error {
	_, err := tx.write(ctx, "insert key of marks",
		`INSERT INTO mark_key (organization_id, sealed) VALUES ($1, $2) ON CONFLICT (organization_id) DO NOTHING`, organizationID, sealed)
	return err
}

// InsertMark files a mark; the same one of the same session counts once.
func (tx *Tx) InsertMark(ctx context.Context, m idflow.Mark) error {
	_, err := tx.write(ctx, "insert mark", `
		INSERT INTO mark (session_id, kind, hash, holder, organization_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (session_id, kind, hash, holder) DO NOTHING`,
		m.SessionID, m.Kind, m.Hash, m.Holder, m.OrganizationID, millis{&m.CreatedAt})
	return err
}

// OtherHolders counts the organization's other sessions that showed the same
// thing as somebody else's.
func (tx *Tx) OtherHolders(ctx context.Context, m idflow.Mark) (int, error) {
	return one(ctx, tx, "other holders", value[int], `
		SELECT COUNT(DISTINCT session_id) FROM mark
		WHERE organization_id = $1 AND kind = $2 AND hash = $3 AND holder <> $4 AND session_id <> $5`,
		m.OrganizationID, m.Kind, m.Hash, m.Holder, m.SessionID)
}
