package store

import (
	"context"
	"time"

	"idflow"
)

const flowColumns = `f.id, f.organization_id, v.name, v.version, v.steps, v.created_at, f.deleted_at`

// flowTargets are where flowColumns go.
func flowTargets(f *idflow.Flow) []any {
	return []any{&f.ID, &f.OrganizationID, &f.Name, &f.Version, asJSON{&f.Steps}, millis{&f.CreatedAt}, millis{&f.DeletedAt}}
}

func scanFlow(r row) (f idflow.Flow, err error) { return f, r.Scan(flowTargets(&f)...) }

// Flow reads the latest version of a Flow, also of a deleted one.
func (tx *Tx) Flow(ctx context.Context, organizationID, id string) (idflow.Flow, error) {
	return one(ctx, tx, "flow", scanFlow, `
		SELECT `+flowColumns+` FROM flow f JOIN flow_version v ON v.flow_id = f.id AND v.version = f.version
		WHERE f.organization_id = $1 AND f.id = $2`, organizationID, id)
}

// FlowVersion reads one version of a Flow.
func (tx *Tx) FlowVersion(ctx context.Context, organizationID, id string, version int) (idflow.Flow, error) {
	return one(ctx, tx, "flow version", scanFlow, `
		SELECT `+flowColumns+` FROM flow f JOIN flow_version v ON v.flow_id = f.id
		WHERE f.organization_id = $1 AND f.id = $2 AND v.version = $3`, organizationID, id, version)
}

// Flows lists the latest versions of an organization's Flows without the
// deleted ones, the oldest Flow first.
func (tx *Tx) Flows(ctx context.Context, organizationID string) ([]idflow.Flow, error) {
	return list(ctx, tx, "flows", scanFlow, `
		SELECT `+flowColumns+` FROM flow f JOIN flow_version v ON v.flow_id = f.id AND v.version = f.version
		WHERE f.organization_id = $1 AND f.deleted_at = 0 ORDER BY f.created_at, f.id`, organizationID)
}

// ErrFlowChanged is the answer to the next version of a Flow that is not the next any more.
var ErrFlowChanged = idflow.Conflict("flow_changed", "The Flow was changed or deleted in the meantime. Look at it again.")

// InsertFlow adds version 1 of a new Flow or the next version of an existing
// one; ErrFlowChanged if somebody else was faster.
func (tx *Tx) InsertFlow(ctx context.Context, f idflow.Flow) error {
	if err := tx.insertFlow(ctx, f); err != nil {
		return err
	}
	_, err := tx.write(ctx, "insert flow version",
		`INSERT INTO flow_version (flow_id, version, name, steps, created_at) VALUES ($1, $2, $3, $4, $5)`,
		f.ID, f.Version, f.Name, asJSON{&f.Steps}, millis{&f.CreatedAt})
	return err
}

func (tx *Tx) insertFlow(ctx context.Context, f idflow.Flow) error {
	if f.Version == 1 {
		_, err := tx.write(ctx, "insert flow",
			`INSERT INTO flow (id, organization_id, version, created_at) VALUES ($1, $2, 1, $3)`, f.ID, f.OrganizationID, millis{&f.CreatedAt})
		return err
	}
	n, err := tx.write(ctx, "update flow", `
		UPDATE flow SET version = $3 WHERE organization_id = $1 AND id = $2 AND version = $3 - 1 AND deleted_at = 0`,
		f.OrganizationID, f.ID, f.Version)
	if err != nil || n > 0 {
		return err
	}
	if _, err := tx.Flow(ctx, f.OrganizationID, f.ID); err != nil {
		return err
	}
	return ErrFlowChanged
}

// DeleteFlow takes a Flow out of use, and its keys with it.
func (tx *Tx) DeleteFlow(ctx context.Context, organizationID, id string, at time.Time) error {
	return tx.change(ctx, "delete flow",
		`UPDATE flow SET deleted_at = $3 WHERE organization_id = $1 AND id = $2 AND deleted_at = 0`, organizationID, id, millis{&at})
}
