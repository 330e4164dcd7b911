package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"idflow/store"
	"idflow/store/postgrestest"
	"idflow/store/storetest"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(victimURL); url != "" {
		beVictim(url)
	}
	os.Exit(m.Run())
}

// engines are the databases that everything is tested on: by name, the address
// of an empty one.
var engines = map[string]func(testing.TB) string{
	"SQLite":   func(t testing.TB) string { return filepath.Join(t.TempDir(), "idflow.db") },
	"Postgres": postgrestest.URL,
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, url := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) *store.DB { return migrated(t, url(t)) })
		})
	}
}

// open opens a database for as long as the test runs.
func open(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// migrated opens a database and brings its tables up to date.
func migrated(t testing.TB, url string) *store.DB {
	t.Helper()
	db := open(t, url)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}
