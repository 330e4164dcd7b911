package store

import (
	"context"

	"idflow"
)

// InsertOrganization adds an organization.
func (tx *Tx) InsertOrganization(ctx context.Context, o idflow.Organization) error {
	_, err := tx.write(ctx, "insert organization",
		`INSERT INTO organization (id, name, created_at) VALUES ($1, $2, $3)`, o.ID, o.Name, millis{&o.CreatedAt})
	return err
}

// Organization reads one organization.
func (tx *Tx) Organization(ctx context.Context, id string) (idflow.Organization, error) {
	return one(ctx, tx, "organization", scanOrganization, `SELECT id, name, created_at FROM organization WHERE id = $1`, id)
}

// Organizations lists them all, the oldest first.
func (tx *Tx) Organizations(ctx context.Context) ([]idflow.Organization, error) {
	return list(ctx, tx, "organizations", scanOrganization, `SELECT id, name, created_at FROM organization ORDER BY created_at, id`)
}

func scanOrganization(r row) (o idflow.Organization, err error) {
	return o, r.Scan(&o.ID, &o.Name, millis{&o.CreatedAt})
}
