package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"idflow"
	"idflow/store"
)

// What one move of a session costs: read and lock it, write its state, an
// event and a job, and commit. PostgreSQL runs without fsync in tests.
func BenchmarkMove(b *testing.B) {
	for name, url := range engines {
		b.Run(name, func(b *testing.B) {
			db := migrated(b, url(b))
			insertSession(b, db, "s")
			for i := 0; b.Loop(); i++ {
				move(b, db, i)
			}
		})
	}
}

// move does to the session "s" what the engine does at every step.
func move(b *testing.B, db *store.DB, i int) {
	ctx, now := b.Context(), time.Now()
	err := db.InTx(ctx, func(tx *store.Tx) error {
		s, err := tx.Session(ctx, "s")
		if err != nil {
			return err
		}
		s.UpdatedAt = now
		if err := tx.UpdateSession(ctx, s); err != nil {
			return err
		}
		e := idflow.Event{ID: fmt.Sprint(i), OrganizationID: s.OrganizationID, SessionID: "s", Type: idflow.StepSubmitted, Data: []byte(`{}`), CreatedAt: now}
		if err := tx.AppendEvent(ctx, e); err != nil {
			return err
		}
		return tx.EnqueueCheck(ctx, "s")
	})
	if err != nil {
		b.Fatal(err)
	}
}

// How long after the beginning of a move a worker has the session in its
// hands, when it has nothing else to do.
func BenchmarkHop(b *testing.B) {
	for name, url := range engines {
		b.Run(name, func(b *testing.B) {
			db := migrated(b, url(b))
			insertSession(b, db, "s")
			ctx, stop := context.WithCancel(b.Context())
			calls, ended := make(chan struct{}), make(chan error)
			go func() {
				ended <- db.Work(ctx, store.Workers{
					Check:  func(context.Context, string) error { calls <- struct{}{}; return nil },
					GiveUp: func(context.Context, string) error { return nil },
				})
			}()
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				time.Sleep(time.Duration(100+i%50) * time.Millisecond) // until the queue is idle, at no fixed moment of its poll
				b.StartTimer()
				move(b, db, i)
				<-calls
			}
			stop()
			if err := <-ended; err != nil {
				b.Error(err)
			}
		})
	}
}

// The first page of an organization's 100,000 sessions, and one in the middle.
func BenchmarkSessions(b *testing.B) {
	const total = 100_000
	db := migrated(b, engines["SQLite"](b))
	insertSession(b, db, "s")
	err := db.InTx(b.Context(), func(tx *store.Tx) error {
		s, err := tx.Session(b.Context(), "s")
		for i := 0; err == nil && i < total; i++ {
			s.ID, s.State = fmt.Sprintf("s%06d", i), idflow.States[i%len(idflow.States)]
			err = tx.InsertSession(b.Context(), s, []byte(s.ID), []byte("key"))
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, f := range map[string]idflow.SessionFilter{
		"first page": {}, "in the middle": {Before: "s050000"}, "of a flow": {FlowID: "flow s"}, "in a state": {State: idflow.Review},
	} {
		f.OrganizationID = "organization s"
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				err := db.View(b.Context(), func(tx *store.Tx) error {
					list, err := tx.Sessions(b.Context(), f)
					if err == nil && len(list) != 50 {
						err = fmt.Errorf("%d sessions", len(list))
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
