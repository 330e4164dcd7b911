package main

import (
	"context"

	"idflow/blob"
	"idflow/cabinet"
	"idflow/engine"
	"idflow/store"
)

// engineStore hands the database to the engine as the interface that the
// engine declares.
type engineStore struct{ db *store.DB }

func (s engineStore) InTx(ctx context.Context, fn func(engine.Tx) error) error {
	return s.db.InTx(ctx, func(tx *store.Tx) error { return fn(tx) })
}

func (s engineStore) View(ctx context.Context, fn func(engine.Tx) error) error {
	return s.db.View(ctx, func(tx *store.Tx) error { return fn(tx) })
}

// cabinetStore hands the database to the cabinet.
type cabinetStore struct{ db *store.DB }

func (s cabinetStore) InTx(ctx context.Context, fn func(cabinet.Tx) error) error {
	return s.db.InTx(ctx, func(tx *store.Tx) error { return fn(tx) })
}

func (s cabinetStore) View(ctx context.Context, fn func(cabinet.Tx) error) error {
	return s.db.View(ctx, func(tx *store.Tx) error { return fn(tx) })
}

// engineVault hands the sealed evidence to the engine.
type engineVault struct{ *blob.Vault }

func (v engineVault) Open(wrapped []byte) (engine.Safe, error) { return v.Vault.Open(wrapped) }
