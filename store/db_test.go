package store_test

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite"

	"idflow/store"
	"idflow/store/postgrestest"
)

func TestNewerDatabase(t *testing.T) {
	t.Parallel()
	const future = `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`
	alter := map[string]func(t *testing.T, url string){
		"SQLite": func(t *testing.T, url string) {
			db, err := sql.Open("sqlite", url)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec(future); err != nil {
				t.Fatal(err)
			}
		},
		"Postgres": func(t *testing.T, url string) {
			conn, err := pgx.Connect(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(t.Context())
			if _, err := conn.Exec(t.Context(), future); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, address := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := address(t)
			db := migrated(t, url)
			alter[name](t, url)
			if _, err := store.Open(t.Context(), url, store.Options{}); !errors.Is(err, store.ErrNewer) {
				t.Errorf("Open: %v, want ErrNewer", err)
			}
			if err := db.Migrate(t.Context()); !errors.Is(err, store.ErrNewer) {
				t.Errorf("Migrate: %v, want ErrNewer", err)
			}
		})
	}
}

// Replicas that start together find an empty database.
func TestMigrateTogether(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	var all sync.WaitGroup
	for range 4 {
		db := open(t, url)
		all.Go(func() {
			if err := db.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	insertSession(t, open(t, url), "s")
}

// Whoever locks two sessions in the other order than somebody else gets in
// their way, and one of the two is run again.
func TestDeadlock(t *testing.T) {
	t.Parallel()
	db := migrated(t, postgrestest.URL(t))
	insertSession(t, db, "a")
	insertSession(t, db, "b")
	var both, done sync.WaitGroup
	both.Add(2)
	for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		runs := 0
		done.Go(func() {
			err := db.InTx(t.Context(), func(tx *store.Tx) error {
				runs++
				if _, err := tx.Session(t.Context(), order[0]); err != nil {
					return err
				}
				if runs == 1 {
					both.Done()
				}
				both.Wait()
				_, err := tx.Session(t.Context(), order[1])
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
}

func TestSQLiteFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b%20c?mode=memory#d&e=ё.db")
	db := migrated(t, path)
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o, want 600", filepath.Base(name), mode)
		}
	}
	insertSession(t, db, "s")
	again := open(t, path)
	err := again.View(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Session(t.Context(), "s")
		return err
	})
	if err != nil {
		t.Errorf("read by a second handle: %v", err)
	}
	if err := again.Migrate(t.Context()); err != nil {
		t.Errorf("migrate again: %v", err)
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	text := filepath.Join(folder, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("This is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ url, says string }{
		"no folder":       {filepath.Join(folder, "none", "idflow.db"), "no such file or directory"},
		"a folder":        {folder, "is a directory"},
		"no database":     {text, "not a database"},
		"no server":       {"postgres:///x?user=postgres&host=" + url.QueryEscape(folder), "open the database"},
		"no such address": {"postgres://%", "read the database's address"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(t.Context(), c.url, store.Options{})
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want something with %q", err, c.says)
			}
		})
	}
}
