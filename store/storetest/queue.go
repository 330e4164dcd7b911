package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"idflow"
	"idflow/store"
)

// patience is how long something that must happen may take; only a test that
// fails waits for it.
const patience = 30 * time.Second

// queue is a running worker that tells what it is asked to do.
type queue struct {
	t      *testing.T
	db     *store.DB
	calls  chan string // ids of sessions: "s" to check, "give up s"
	stop   context.CancelFunc
	ended  chan error
	closed bool
}

// startQueue starts a worker. Where w has no function, it gets one that tells
// of the call and succeeds.
func startQueue(t *testing.T, db *store.DB, w store.Workers) *queue {
	t.Helper()
	q := &queue{t: t, db: db, calls: make(chan string, 100), ended: make(chan error, 1)}
	check, giveUp := w.Check, w.GiveUp
	w.Check = func(ctx context.Context, id string) error {
		q.calls <- id
		if check != nil {
			return check(ctx, id)
		}
		return nil
	}
	w.GiveUp = func(ctx context.Context, id string) error {
		q.calls <- "give up " + id
		if giveUp != nil {
			return giveUp(ctx, id)
		}
		return nil
	}
	if w.Backoff == 0 {
		w.Backoff = time.Millisecond
	}
	var ctx context.Context
	ctx, q.stop = context.WithCancel(context.Background())
	go func() { q.ended <- db.Work(ctx, w) }()
	t.Cleanup(q.close)
	return q
}

// close stops the worker and waits for it.
func (q *queue) close() {
	if q.closed {
		return
	}
	q.closed = true
	q.stop()
	select {
	case err := <-q.ended:
		if err != nil {
			q.t.Error(err)
		}
	case <-time.After(patience):
		q.t.Error("the worker does not stop")
	}
}

func (q *queue) enqueue(sessionIDs ...string) {
	q.t.Helper()
	in(q.t, q.db, func(ctx context.Context, tx *store.Tx) error {
		for _, id := range sessionIDs {
			if err := tx.EnqueueCheck(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// expect waits for these calls, in this order and no others between.
func (q *queue) expect(calls ...string) {
	q.t.Helper()
	for _, want := range calls {
		select {
		case got := <-q.calls:
			if got != want {
				q.t.Fatalf("called for %q, want %q", got, want)
			}
		case <-time.After(patience):
			q.t.Fatalf("not called for %q", want)
		}
	}
}

// checking makes sessions in checking.
func checking(t *testing.T, db *store.DB, ids ...string) {
	t.Helper()
	w := makeWorld(t, db, "a")
	for _, id := range ids {
		w.addSession(t, db, id, idflow.Checking)
	}
}

func jobs(t *testing.T, db *store.DB) {
	checking(t, db, "one", "two", "three")
	q := startQueue(t, db, store.Workers{})
	inside, seen := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(seen)
		<-inside
		q.expect("two")
	}()
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.EnqueueCheck(ctx, "two"); err != nil {
			return err
		}
		select { // nothing is delivered before the commit, and the poll is far shorter than this
		case got := <-q.calls:
			t.Errorf("called for %q before the commit", got)
		case <-time.After(200 * time.Millisecond):
		}
		close(inside)
		return nil
	})
	<-seen
	q.enqueue("one")
	q.expect("one")
	q.enqueue("three")
	q.expect("three")
	q.close()
	q.enqueue("one") // waits for the next worker
	next := startQueue(t, db, store.Workers{})
	next.expect("one")
}

func jobsOnce(t *testing.T, db *store.DB) {
	checking(t, db, "s", "first", "second", "third")
	appendEvent := func(ctx context.Context, tx *store.Tx, id string) error {
		return tx.AppendEvent(ctx, idflow.Event{ID: id, OrganizationID: "a", SessionID: "s", Type: idflow.StepFinished, Data: []byte(`{}`), CreatedAt: noon})
	}
	again := true
	q := startQueue(t, db, store.Workers{Check: func(ctx context.Context, id string) error {
		if id != "s" || !again {
			return nil
		}
		again = false // one worker: nobody else is here
		return db.InTx(ctx, func(tx *store.Tx) error {
			// A check that leads straight to the next one asks for it while its own job still runs.
			return errors.Join(appendEvent(ctx, tx, "e1"), tx.EnqueueCheck(ctx, "s"))
		})
	}})
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.EnqueueCheck(ctx, "s"), tx.EnqueueCheck(ctx, "s"), tx.EnqueueCheck(ctx, "first"))
	})
	q.expect("s", "first", "s")
	q.enqueue("second")
	q.expect("second")
	q.close() // so that all are marked as done
	q = startQueue(t, db, store.Workers{})
	q.enqueue("s", "third") // found stuck at the same event
	q.expect("s", "third")
}

func jobsRetried(t *testing.T, db *store.DB) {
	checking(t, db, "s", "sentinel")
	left := 2
	q := startQueue(t, db, store.Workers{Check: func(_ context.Context, id string) error {
		if left--; id == "s" && left >= 0 {
			return errors.New("the machine failed")
		}
		return nil
	}})
	q.enqueue("s")
	q.expect("s", "s", "s")
	q.enqueue("sentinel")
	q.expect("sentinel")
}

func jobsGivenUp(t *testing.T, db *store.DB) {
	checking(t, db, "s", "sentinel")
	giveUps := 0
	q := startQueue(t, db, store.Workers{
		Check: func(_ context.Context, id string) error {
			if id == "sentinel" {
				return nil
			}
			return errors.New("the machine failed")
		},
		GiveUp: func(context.Context, string) error {
			if giveUps++; giveUps < 3 {
				return errors.New("the database failed")
			}
			return nil
		},
	})
	q.enqueue("s")
	for range store.Tries {
		q.expect("s")
	}
	q.expect("give up s", "give up s", "give up s") // it fails twice, and the check is not tried again
	q.enqueue("sentinel")
	q.expect("sentinel")
}

func jobsOfAPanic(t *testing.T, db *store.DB) {
	checking(t, db, "s")
	q := startQueue(t, db, store.Workers{Check: func(context.Context, string) error { panic("on purpose") }})
	q.enqueue("s")
	for range store.Tries {
		q.expect("s")
	}
	q.expect("give up s")
}

func jobsTooSlow(t *testing.T, db *store.DB) {
	checking(t, db, "s")
	q := startQueue(t, db, store.Workers{
		Timeout: 20 * time.Millisecond,
		Check: func(ctx context.Context, _ string) error {
			<-ctx.Done()
			return ctx.Err()
		},
		GiveUp: func(ctx context.Context, _ string) error { return ctx.Err() },
	})
	q.enqueue("s")
	for range store.Tries {
		q.expect("s")
	}
	q.expect("give up s") // with time of its own, or there would be another
}

func jobsAtTheEnd(t *testing.T, db *store.DB) {
	checking(t, db, "s")
	var finish sync.WaitGroup
	finish.Add(1)
	q := startQueue(t, db, store.Workers{Check: func(context.Context, string) error {
		finish.Wait()
		return nil
	}})
	q.enqueue("s")
	q.expect("s")
	q.stop()
	select {
	case err := <-q.ended:
		t.Fatalf("Work returned %v while a check was running", err)
	case <-time.After(50 * time.Millisecond):
	}
	finish.Done()
	q.close()

	// Whoever does not finish in the time of grace is tried again, and the try does not count.
	q.enqueue("s")
	for range store.Tries + 1 {
		q = startQueue(t, db, store.Workers{Grace: time.Millisecond, Check: func(ctx context.Context, _ string) error {
			<-ctx.Done()
			return errors.New("no clean end")
		}})
		q.expect("s")
		q.close()
	}
	q = startQueue(t, db, store.Workers{})
	q.expect("s")
}

func upkeep(t *testing.T, db *store.DB) {
	calls := make(chan struct{})
	n := 0
	q := startQueue(t, db, store.Workers{UpkeepEvery: 10 * time.Millisecond, Upkeep: func(ctx context.Context) error {
		select {
		case calls <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		n++
		switch n {
		case 1:
			return errors.New("the database failed")
		case 2:
			panic("on purpose")
		}
		return nil
	}, Grace: time.Millisecond})
	for range 3 {
		select {
		case <-calls:
		case <-time.After(patience):
			t.Fatal("no upkeep")
		}
	}
	q.close()
}
