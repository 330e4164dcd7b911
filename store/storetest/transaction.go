package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"idflow"
	"idflow/store"
)

// errStop ends a transaction.
var errStop = errors.New("stop")

func oneSessionAtATime(t *testing.T, db *store.DB) {
	const callers, times = 8, 5
	w := makeWorld(t, db, "a")
	w.addSession(t, db, "s", idflow.Waiting)
	together(t, callers, func(i int) error {
		for n := range times {
			err := db.InTx(t.Context(), func(tx *store.Tx) error {
				s, err := tx.Session(t.Context(), "s")
				if err != nil {
					return err
				}
				s.Attempt++ // lost, if somebody else does the same meanwhile
				s.UpdatedAt = s.UpdatedAt.Add(time.Millisecond)
				if err := tx.UpdateSession(t.Context(), s); err != nil {
					return err
				}
				e := idflow.Event{ID: fmt.Sprintf("e%d-%d", i, n), OrganizationID: "a", SessionID: "s", Type: idflow.StepStarted, Data: []byte(`{}`), CreatedAt: noon}
				if err := tx.AppendEvent(t.Context(), e); err != nil || n%2 == 0 {
					return err
				}
				return errors.Join(tx.AppendEvent(t.Context(), idflow.Event{ID: e.ID + "b", OrganizationID: "a", SessionID: "s", Data: []byte(`{}`)}), errStop)
			})
			if err != nil && !errors.Is(err, errStop) {
				return err
			}
		}
		return nil
	})
	const committed = callers * 3 // of 0, 1, 2, 3, 4
	equal(t, "attempt", readSession(t, db, "s").Attempt, committed)
	list := read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Event, error) { return tx.Events(ctx, "s", 0) })
	equal(t, "events", len(list), committed)
	for i, e := range list {
		equal(t, "sequence", e.Sequence, i+1)
	}
}

func foreignIDs(t *testing.T, db *store.DB) {
	w, other := makeWorld(t, db, "a"), makeWorld(t, db, "b")
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return tx.InsertKey(ctx, idflow.APIKey{ID: "k", OrganizationID: "b", FlowID: other.flow.ID, Hash: []byte("h"), CreatedAt: noon}, []byte("sealed"))
	})
	for _, c := range []struct {
		name string
		do   func(ctx context.Context, tx *store.Tx) error
	}{
		{"Flow", func(ctx context.Context, tx *store.Tx) error { _, err := tx.Flow(ctx, "a", other.flow.ID); return err }},
		{"FlowVersion", func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.FlowVersion(ctx, "a", other.flow.ID, 1)
			return err
		}},
		{"DeleteFlow", func(ctx context.Context, tx *store.Tx) error { return tx.DeleteFlow(ctx, "a", other.flow.ID, noon) }},
		{"TakeSecret", func(ctx context.Context, tx *store.Tx) error { _, err := tx.TakeSecret(ctx, "a", "k"); return err }},
		{"unknown Flow", func(ctx context.Context, tx *store.Tx) error { _, err := tx.Flow(ctx, "a", "unknown"); return err }},
		{"unknown Session", func(ctx context.Context, tx *store.Tx) error { _, err := tx.Session(ctx, "unknown"); return err }},
		{"unknown WrappedKey", func(ctx context.Context, tx *store.Tx) error { _, err := tx.WrappedKey(ctx, "unknown"); return err }},
		{"unknown token", func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.SessionIDByToken(ctx, []byte("unknown"))
			return err
		}},
		{"EnqueueCheck of an unknown session", func(ctx context.Context, tx *store.Tx) error { return tx.EnqueueCheck(ctx, "unknown") }},
	} {
		missing(t, c.name, db.InTx(t.Context(), func(tx *store.Tx) error { return c.do(t.Context(), tx) }))
	}
	equal(t, "the other's flow", read(t, db, func(ctx context.Context, tx *store.Tx) (idflow.Flow, error) {
		return tx.Flow(ctx, "b", other.flow.ID)
	}), other.flow)

	// What names two organizations does not get in.
	session := w.session("crossed")
	session.Flow = other.flow
	for name, do := range map[string]func(ctx context.Context, tx *store.Tx) error{
		"a session of another organization's flow": func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertSession(ctx, session, []byte("t"), []byte("k"))
		},
		"a key of another organization's flow": func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertKey(ctx, idflow.APIKey{ID: "crossed", OrganizationID: "a", FlowID: other.flow.ID, Hash: []byte("x")}, nil)
		},
		"a flow of nobody": func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertFlow(ctx, idflow.Flow{ID: "x", OrganizationID: "nobody", Version: 1})
		},
	} {
		if err := db.InTx(t.Context(), func(tx *store.Tx) error { return do(t.Context(), tx) }); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}

func rollback(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	w.addSession(t, db, "kept", idflow.Checking)
	err := db.InTx(t.Context(), func(tx *store.Tx) error {
		ctx := t.Context()
		err := errors.Join(tx.InsertSession(ctx, w.session("lost"), []byte("t"), []byte("k")),
			tx.AppendEvent(ctx, idflow.Event{ID: "e", OrganizationID: "a", SessionID: "lost", Data: []byte(`{}`)}),
			tx.PutFact(ctx, "kept", "f", []byte("v")),
			tx.EnqueueCheck(ctx, "lost"), tx.EnqueueCheck(ctx, "kept"))
		if err != nil {
			t.Error(err)
		}
		return errStop
	})
	if !errors.Is(err, errStop) {
		t.Fatalf("%v, want what the function said", err)
	}
	_, err = try(t.Context(), db, func(ctx context.Context, tx *store.Tx) (idflow.Session, error) { return tx.Session(ctx, "lost") })
	missing(t, "a session that was rolled back", err)
	left := read(t, db, func(ctx context.Context, tx *store.Tx) (map[string][]byte, error) { return tx.Facts(ctx, "kept") })
	equal(t, "facts that were rolled back", left, map[string][]byte{})

	w.addSession(t, db, "sentinel", idflow.Checking)
	q := startQueue(t, db, store.Workers{})
	q.enqueue("sentinel")
	q.expect("sentinel") // and none of the others before it
}

func panics(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = db.InTx(t.Context(), func(tx *store.Tx) error {
			if err := tx.InsertSession(t.Context(), w.session("lost"), []byte("t"), []byte("k")); err != nil {
				t.Error(err)
			}
			panic("on purpose")
		})
	}()
	_, err := try(t.Context(), db, func(ctx context.Context, tx *store.Tx) (idflow.Session, error) { return tx.Session(ctx, "lost") })
	missing(t, "a session from before a panic", err)
	w.addSession(t, db, "next", idflow.Created) // the connection is free again
}

func view(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	w.addSession(t, db, "s", idflow.Checking)
	for name, write := range map[string]func(tx *store.Tx) error{
		"insert":  func(tx *store.Tx) error { return tx.PutFact(t.Context(), "s", "f", []byte("v")) },
		"update":  func(tx *store.Tx) error { return tx.UpdateSession(t.Context(), w.session("s")) },
		"delete":  func(tx *store.Tx) error { return tx.DeleteUserLogins(t.Context(), "nobody", nil) },
		"enqueue": func(tx *store.Tx) error { return tx.EnqueueCheck(t.Context(), "s") },
	} {
		if err := db.View(t.Context(), write); err == nil {
			t.Errorf("%s works in a view", name)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.View(ended, func(*store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("view after the end: %v", err)
	}
	if err := db.InTx(ended, func(*store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("transaction after the end: %v", err)
	}
}

func snapshot(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	s := w.addSession(t, db, "s", idflow.Waiting)
	err := db.View(t.Context(), func(tx *store.Tx) error {
		for _, attempt := range []int{1, 2} {
			got, err := tx.Session(t.Context(), "s")
			if err != nil {
				return err
			}
			equal(t, "session in the view", got, s)
			next := s
			next.Attempt = attempt
			if err := db.InTx(t.Context(), func(tx *store.Tx) error { return tx.UpdateSession(t.Context(), next) }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "session after the view", readSession(t, db, "s").Attempt, 2)
}

func migrateTogether(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	together(t, 4, func(int) error { return db.Migrate(t.Context()) })
	w.addSession(t, db, "s", idflow.Created)
}
