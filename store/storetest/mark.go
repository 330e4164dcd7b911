package storetest

import (
	"context"
	"errors"
	"testing"

	"idflow"
	"idflow/store"
)

func marks(t *testing.T, db *store.DB) {
	a, b := makeWorld(t, db, "a"), makeWorld(t, db, "b")
	for _, id := range []string{"one", "two", "three"} {
		a.addSession(t, db, id, idflow.Checking)
	}
	b.addSession(t, db, "foreign", idflow.Checking)
	mark := func(organization, session, thing, holder string) idflow.Mark {
		return idflow.Mark{OrganizationID: organization, SessionID: session, Kind: "document", Hash: []byte(thing), Holder: []byte(holder), CreatedAt: noon}
	}
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(
			tx.InsertMark(ctx, mark("a", "one", "passport", "Anna")),
			tx.InsertMark(ctx, mark("a", "one", "passport", "Anna")), // the same attempt's work done twice
			tx.InsertMark(ctx, mark("a", "two", "passport", "Boris")),
			tx.InsertMark(ctx, mark("b", "foreign", "passport", "Clara")))
	})
	others := func(m idflow.Mark) int {
		return read(t, db, func(ctx context.Context, tx *store.Tx) (int, error) { return tx.OtherHolders(ctx, m) })
	}
	equal(t, "of a third person", others(mark("a", "three", "passport", "Dina")), 2)
	equal(t, "of the same person again", others(mark("a", "three", "passport", "Anna")), 1)
	equal(t, "of the session itself", others(mark("a", "one", "passport", "Dina")), 1)
	equal(t, "of another thing", others(mark("a", "three", "card", "Dina")), 0)
	equal(t, "in another organization", others(mark("b", "foreign", "passport", "Anna")), 0)

	err := db.View(t.Context(), func(tx *store.Tx) error {
		_, err := tx.MarkKey(t.Context(), "a")
		return err
	})
	if !errors.Is(err, idflow.ErrNotFound) {
		t.Errorf("a key that nobody made: %v", err)
	}
	for _, key := range []string{"first", "second"} {
		in(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.InsertMarkKey(ctx, "a", []byte(key)) })
	}
	got := read(t, db, func(ctx context.Context, tx *store.Tx) ([]byte, error) { return tx.MarkKey(ctx, "a") })
	equal(t, "key", string(got), "first")
}
