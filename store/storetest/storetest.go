// Package storetest is the conformance suite of package store: what holds on
// one kind of database holds on the other.
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

// Run runs the suite. open gives each test an empty, migrated database.
func Run(t *testing.T, open func(t *testing.T) *store.DB) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *store.DB)
	}{
		{"organizations", organizations},
		{"users", users},
		{"logins", logins},
		{"flows", flows},
		{"flow versions", flowVersions},
		{"keys", keys},
		{"subscriptions", subscriptions},
		{"charge in order", chargeInOrder},
		{"charge together", chargeTogether},
		{"sessions", sessions},
		{"sessions listed", sessionsListed},
		{"session updated", sessionUpdated},
		{"overdue and stuck", overdueAndStuck},
		{"evidence", evidence},
		{"facts", facts},
		{"marks", marks},
		{"checks and reports", checksAndReports},
		{"decisions", decisions},
		{"events", events},
		{"one session at a time", oneSessionAtATime},
		{"foreign ids", foreignIDs},
		{"rollback", rollback},
		{"panic", panics},
		{"view", view},
		{"snapshot", snapshot},
		{"hostile text", hostileText},
		{"migrate together", migrateTogether},
		{"jobs", jobs},
		{"jobs once", jobsOnce},
		{"jobs retried", jobsRetried},
		{"jobs given up", jobsGivenUp},
		{"jobs of a panic", jobsOfAPanic},
		{"jobs too slow", jobsTooSlow},
		{"jobs at the end", jobsAtTheEnd},
		{"upkeep", upkeep},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, open(t))
		})
	}
}

// noon is when these tests begin; times are kept in whole milliseconds.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 345e6, time.UTC)

// in runs fn in a transaction that must succeed.
func in(t testing.TB, db *store.DB, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	ctx := t.Context()
	if err := db.InTx(ctx, func(tx *store.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

// read returns what fn reads on a snapshot.
func read[T any](t testing.TB, db *store.DB, fn func(ctx context.Context, tx *store.Tx) (T, error)) (v T) {
	t.Helper()
	v, err := try(t.Context(), db, fn)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func try[T any](ctx context.Context, db *store.DB, fn func(ctx context.Context, tx *store.Tx) (T, error)) (v T, err error) {
	err = db.View(ctx, func(tx *store.Tx) (err error) {
		v, err = fn(ctx, tx)
		return err
	})
	return v, err
}

// missing fails unless err says that there is nothing.
func missing(t testing.TB, what string, err error) {
	t.Helper()
	if !errors.Is(err, idflow.ErrNotFound) {
		t.Errorf("%s: %v, want ErrNotFound", what, err)
	}
}

// world is one organization with a Flow, as most tests need it.
type world struct {
	organization idflow.Organization
	flow         idflow.Flow
}

// makeWorld makes an organization; every name in it begins with the given one.
func makeWorld(t testing.TB, db *store.DB, name string) world {
	t.Helper()
	w := world{organization: idflow.Organization{ID: name, Name: name + " Ltd", CreatedAt: noon}}
	w.flow = idflow.Flow{ID: name + "-flow", OrganizationID: name, Name: "Liveness", Version: 1, CreatedAt: noon,
		Steps: []idflow.Step{{Technology: "liveness_short", Attempts: 3, Settings: []byte(`{"a":1}`)}, {Technology: "face_to_face", Attempts: 1}}}
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertOrganization(ctx, w.organization), tx.InsertFlow(ctx, w.flow))
	})
	return w
}

// session is a session of the world that has not been stored yet.
func (w world) session(id string) idflow.Session {
	return idflow.Session{
		ID: id, OrganizationID: w.organization.ID, Flow: w.flow, State: idflow.Created,
		Reference: "customer 7", Metadata: map[string]string{"city": "Алматы", "quote": `"'\`}, Locale: "kk",
		CreatedAt: noon, UpdatedAt: noon, ExpiresAt: noon.Add(time.Hour),
	}
}

// addSession stores a session in a state.
func (w world) addSession(t testing.TB, db *store.DB, id string, state idflow.State) idflow.Session {
	t.Helper()
	s := w.session(id)
	s.State = state
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return tx.InsertSession(ctx, s, []byte("token "+id), []byte("key "+id))
	})
	return s
}

// together runs fn n times at once and fails if one of them does.
func together(t testing.TB, n int, fn func(i int) error) {
	t.Helper()
	failed := make(chan error)
	for i := range n {
		go func() {
			err := fn(i)
			if err != nil {
				err = fmt.Errorf("number %d: %w", i, err)
			}
			failed <- err
		}()
	}
	for range n {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}
