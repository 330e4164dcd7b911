package storetest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"idflow"
	"idflow/store"
)

func flows(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	younger, gone := w.flow, w.flow
	younger.ID, younger.Name, younger.CreatedAt = "0-sorts-first", "Второй", noon.Add(time.Second)
	gone.ID = "gone"
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertFlow(ctx, younger), tx.InsertFlow(ctx, gone), tx.DeleteFlow(ctx, "a", "gone", noon.Add(time.Hour)))
	})
	list := read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Flow, error) { return tx.Flows(ctx, "a") })
	equal(t, "flows, oldest first, without the deleted one", list, []idflow.Flow{w.flow, younger})
	gone.DeletedAt = noon.Add(time.Hour)
	got := read(t, db, func(ctx context.Context, tx *store.Tx) (idflow.Flow, error) { return tx.Flow(ctx, "a", "gone") })
	equal(t, "deleted flow", got, gone)
	err := db.InTx(t.Context(), func(tx *store.Tx) error { return tx.DeleteFlow(t.Context(), "a", "gone", noon) })
	missing(t, "deleting it again", err)
}

func flowVersions(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	second := w.flow
	second.Version, second.Name, second.CreatedAt = 2, "Liveness, once more", noon.Add(time.Minute)
	second.Steps = []idflow.Step{{Technology: "liveness_short", Attempts: 1}}
	insert := func(f idflow.Flow) error {
		return db.InTx(t.Context(), func(tx *store.Tx) error { return tx.InsertFlow(t.Context(), f) })
	}
	if err := insert(second); err != nil {
		t.Fatal(err)
	}
	got := read(t, db, func(ctx context.Context, tx *store.Tx) (idflow.Flow, error) { return tx.Flow(ctx, "a", w.flow.ID) })
	equal(t, "latest version", got, second)
	for _, want := range []idflow.Flow{w.flow, second} {
		got := read(t, db, func(ctx context.Context, tx *store.Tx) (idflow.Flow, error) {
			return tx.FlowVersion(ctx, "a", w.flow.ID, want.Version)
		})
		equal(t, "version", got, want)
	}
	_, err := try(t.Context(), db, func(ctx context.Context, tx *store.Tx) (idflow.Flow, error) {
		return tx.FlowVersion(ctx, "a", w.flow.ID, 3)
	})
	missing(t, "version 3", err)

	list := read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Flow, error) { return tx.Flows(ctx, "a") })
	equal(t, "flows", list, []idflow.Flow{second})
	if err := insert(second); !errors.Is(err, store.ErrFlowChanged) {
		t.Errorf("version 2 again: %v, want ErrFlowChanged", err)
	}
	tooFar := second
	tooFar.Version = 4
	if err := insert(tooFar); !errors.Is(err, store.ErrFlowChanged) {
		t.Errorf("version 4 after 2: %v, want ErrFlowChanged", err)
	}
	foreign := second
	foreign.OrganizationID, foreign.Version = makeWorld(t, db, "b").organization.ID, 3
	missing(t, "the next version of another organization's flow", insert(foreign))
}

func keys(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	makeWorld(t, db, "b")
	own := idflow.APIKey{ID: "own", OrganizationID: "a", Masked: "idf_live_Ab…x9", Hash: []byte{0, 1, 0xff}, CreatedAt: noon}
	flows := idflow.APIKey{ID: "flows", OrganizationID: "a", FlowID: w.flow.ID, Masked: "m", Hash: []byte("h"), CreatedAt: noon.Add(time.Second)}
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertKey(ctx, own, []byte("sealed own")), tx.InsertKey(ctx, flows, []byte("sealed flows")))
	})
	byHash := func(hash []byte) (idflow.APIKey, error) {
		return try(t.Context(), db, func(ctx context.Context, tx *store.Tx) (idflow.APIKey, error) { return tx.KeyByHash(ctx, hash) })
	}
	list := func() []idflow.APIKey {
		return read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.APIKey, error) { return tx.Keys(ctx, "a") })
	}
	take := func(organization, id string) (secret []byte, err error) {
		err = db.InTx(t.Context(), func(tx *store.Tx) error {
			secret, err = tx.TakeSecret(t.Context(), organization, id)
			return err
		})
		return secret, err
	}
	for _, want := range []idflow.APIKey{own, flows} {
		got, err := byHash(want.Hash)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "key by hash", got, want)
	}
	_, err := byHash([]byte("other"))
	missing(t, "an unknown hash", err)
	equal(t, "keys", list(), []idflow.APIKey{own, flows})

	_, err = take("b", "flows")
	missing(t, "another organization's secret", err)
	secret, err := take("a", "flows")
	if err != nil || string(secret) != "sealed flows" {
		t.Errorf("secret: %q, %v", secret, err)
	}
	_, err = take("a", "flows")
	missing(t, "the secret again", err)
	flows.Shown = true
	equal(t, "keys, one of them shown", list(), []idflow.APIKey{own, flows})

	err = db.InTx(t.Context(), func(tx *store.Tx) error { return tx.RevokeKey(t.Context(), "b", "own", noon) })
	missing(t, "revoking another organization's key", err)
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return tx.RevokeKey(ctx, "a", "own", noon.Add(time.Hour))
	})
	_, err = byHash(own.Hash)
	missing(t, "a revoked key", err)
	_, err = take("a", "own")
	missing(t, "a revoked key's secret", err)
	own.Shown, own.RevokedAt = true, noon.Add(time.Hour)
	equal(t, "keys, one of them revoked", list(), []idflow.APIKey{own, flows})

	in(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteFlow(ctx, "a", w.flow.ID, noon) })
	_, err = byHash(flows.Hash)
	missing(t, "the key of a deleted flow", err)
	equal(t, "keys without the deleted flow's", list(), []idflow.APIKey{own})
}

func subscriptions(t *testing.T, db *store.DB) {
	makeWorld(t, db, "a")
	makeWorld(t, db, "b")
	limited := idflow.Subscription{ID: "z", OrganizationID: "a", Technology: "x", StartsAt: noon, EndsAt: noon.Add(time.Hour), Transactions: 10, Used: 3, PurchasedAt: noon}
	endless := idflow.Subscription{ID: "y", OrganizationID: "a", Technology: "x", StartsAt: noon, PurchasedAt: noon.Add(time.Second)}
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertSubscription(ctx, limited), tx.InsertSubscription(ctx, endless))
	})
	of := func(organization string) []idflow.Subscription {
		return read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Subscription, error) {
			return tx.Subscriptions(ctx, organization)
		})
	}
	equal(t, "subscriptions as bought", of("a"), []idflow.Subscription{limited, endless})
	equal(t, "another organization's", of("b"), nil)
}

func chargeInOrder(t *testing.T, db *store.DB) {
	makeWorld(t, db, "a")
	makeWorld(t, db, "b")
	sub := func(id string, starts, ends time.Duration, transactions int) idflow.Subscription {
		s := idflow.Subscription{ID: id, OrganizationID: "a", Technology: "x", StartsAt: noon.Add(starts), Transactions: transactions, PurchasedAt: noon}
		if ends != 0 {
			s.EndsAt = noon.Add(ends)
		}
		return s
	}
	charge := func(organization, technology string, after time.Duration) (ok bool) {
		in(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
			ok, err = tx.Charge(ctx, organization, technology, noon.Add(after))
			return err
		})
		return ok
	}
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(
			tx.InsertSubscription(ctx, sub("endless", 0, 0, 1)),
			tx.InsertSubscription(ctx, sub("ends later", 0, 2*time.Hour, 1)),
			tx.InsertSubscription(ctx, sub("ends first", 0, time.Hour, 2)),
			tx.InsertSubscription(ctx, sub("just over", -time.Hour, -time.Millisecond, 0)),
			tx.InsertSubscription(ctx, sub("in a moment", time.Millisecond, 0, 0)))
	})

	used := func() map[string]int {
		m := map[string]int{}
		for _, s := range read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Subscription, error) {
			return tx.Subscriptions(ctx, "a")
		}) {
			if s.Used > 0 {
				m[s.ID] = s.Used
			}
		}
		return m
	}
	for _, want := range []map[string]int{
		{"ends first": 1},
		{"ends first": 2},
		{"ends first": 2, "ends later": 1},
		{"ends first": 2, "ends later": 1, "endless": 1},
	} {
		if !charge("a", "x", 0) {
			t.Fatal("not charged")
		}
		equal(t, "used", used(), want)
	}
	if charge("a", "x", 0) {
		t.Error("charged though all that are active are used up")
	}
	if !charge("a", "x", time.Millisecond) {
		t.Error("not charged though the last subscription has begun")
	}
	if charge("a", "y", time.Millisecond) || charge("b", "x", time.Millisecond) {
		t.Error("charged for another technology or organization")
	}
}

func chargeTogether(t *testing.T, db *store.DB) {
	makeWorld(t, db, "a")
	const limit, callers = 7, 60
	technologies := []string{"w", "x", "y", "z"} // the same race several times
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		for _, x := range technologies {
			first := idflow.Subscription{ID: x + "1", OrganizationID: "a", Technology: x, StartsAt: noon, EndsAt: noon.Add(time.Hour), Transactions: 3, PurchasedAt: noon}
			second := idflow.Subscription{ID: x + "2", OrganizationID: "a", Technology: x, StartsAt: noon, Transactions: limit - 3, PurchasedAt: noon}
			if err := errors.Join(tx.InsertSubscription(ctx, first), tx.InsertSubscription(ctx, second)); err != nil {
				return err
			}
		}
		return nil
	})
	var charged atomic.Int32
	together(t, callers, func(i int) error {
		var ok bool
		err := db.InTx(t.Context(), func(tx *store.Tx) (err error) {
			ok, err = tx.Charge(t.Context(), "a", technologies[i*len(technologies)/callers], noon)
			return err
		})
		if ok && err == nil {
			charged.Add(1)
		}
		return err
	})
	equal(t, "charges that succeeded", int(charged.Load()), limit*len(technologies))
	for _, s := range read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Subscription, error) {
		return tx.Subscriptions(ctx, "a")
	}) {
		equal(t, s.ID+" used", s.Used, s.Transactions)
	}
}
