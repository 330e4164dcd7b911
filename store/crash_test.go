package store_test

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"idflow"
	"idflow/store"
)

// victimURL is the environment variable that makes the test binary a worker
// which gets killed; its value is the database's address.
const victimURL = "IDFLOW_STORE_TEST_VICTIM"

// beVictim takes a job, says so, and never finishes it.
func beVictim(url string) {
	db, err := store.Open(context.Background(), url, store.Options{})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(db.Work(context.Background(), store.Workers{
		Check: func(_ context.Context, id string) error {
			fmt.Println("checking", id)
			select {}
		},
		GiveUp: func(context.Context, string) error { return nil },
	}))
}

// A process that is killed in the middle of a check, with no chance to say
// anything, loses no job: another one runs it again, in bounded time and once.
func TestKilled(t *testing.T) {
	t.Parallel()
	const bound = 60 * time.Second // 15 s for the dead one's lead to lapse, 30 s between two looks for dead jobs
	for name, url := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := url(t)
			db := migrated(t, url)
			insertSession(t, db, "s")
			if err := db.InTx(t.Context(), func(tx *store.Tx) error { return tx.EnqueueCheck(t.Context(), "s") }); err != nil {
				t.Fatal(err)
			}
			killInCheck(t, url, "s")

			ctx, stop := context.WithCancel(t.Context())
			calls, ended := make(chan string, 10), make(chan error, 1)
			start := time.Now()
			go func() {
				ended <- db.Work(ctx, store.Workers{
					Check:   func(_ context.Context, id string) error { calls <- id; return nil },
					GiveUp:  func(_ context.Context, id string) error { calls <- "give up " + id; return nil },
					Timeout: 500 * time.Millisecond, RescueAfter: time.Second, Backoff: time.Millisecond,
				})
			}()
			select {
			case got := <-calls:
				t.Logf("run again after %v", time.Since(start).Round(100*time.Millisecond))
				if got != "s" {
					t.Errorf("called for %q, want \"s\"", got)
				}
			case <-time.After(bound):
				t.Errorf("not run again within %v", bound)
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if len(calls) > 0 {
				t.Errorf("run once more: %q", <-calls)
			}
		})
	}
}

// killInCheck starts another process and kills it when it checks the session.
func killInCheck(t *testing.T, url, sessionID string) {
	t.Helper()
	victim := exec.CommandContext(t.Context(), os.Args[0])
	victim.Env = append(os.Environ(), victimURL+"="+url)
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "checking "+sessionID {
		t.Errorf("the other process says %q, %v", line, err)
	}
	if err := victim.Process.Kill(); err != nil {
		t.Error(err)
	}
	if err := victim.Wait(); err == nil {
		t.Error("the other process ended by itself")
	}
}

// insertSession makes a session in checking, and the organization and Flow it needs.
func insertSession(t testing.TB, db *store.DB, id string) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	f := idflow.Flow{ID: "flow " + id, OrganizationID: "organization " + id, Version: 1, CreatedAt: now}
	s := idflow.Session{ID: id, OrganizationID: f.OrganizationID, Flow: f, State: idflow.Checking, CreatedAt: now, UpdatedAt: now, ExpiresAt: now.Add(time.Hour)}
	err := db.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.InsertOrganization(ctx, idflow.Organization{ID: f.OrganizationID, CreatedAt: now}); err != nil {
			return err
		}
		if err := tx.InsertFlow(ctx, f); err != nil {
			return err
		}
		return tx.InsertSession(ctx, s, []byte("token "+id), []byte("key"))
	})
	if err != nil {
		t.Fatal(err)
	}
}
