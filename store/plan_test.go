package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"idflow"
	"idflow/store/postgrestest"
)

// Every list that a page shows or the sweep asks for comes out of an index,
// however many rows there are: in order on SQLite, while PostgreSQL judges by
// what it has counted whether sorting a few costs less.
func TestPlans(t *testing.T) {
	t.Parallel()
	sessions := func(f idflow.SessionFilter) func(context.Context, *Tx) error {
		return func(ctx context.Context, tx *Tx) error {
			f.OrganizationID = "o1"
			_, err := tx.Sessions(ctx, f)
			return err
		}
	}
	queries := []struct {
		name, index string
		ask         func(context.Context, *Tx) error
	}{
		{"newest", "session_newest", sessions(idflow.SessionFilter{})},
		{"next page", "session_newest", sessions(idflow.SessionFilter{Before: "s01000"})},
		{"newest of a flow", "session_newest_by_flow", sessions(idflow.SessionFilter{FlowID: "f7"})},
		{"newest in a state", "session_newest_by_state", sessions(idflow.SessionFilter{State: idflow.Review})},
		{"overdue", "session_overdue", func(ctx context.Context, tx *Tx) error { _, err := tx.Overdue(ctx, noon, 10); return err }},
		{"stuck", "session_stuck", func(ctx context.Context, tx *Tx) error { _, err := tx.Stuck(ctx, noon, 10); return err }},
	}
	for name, c := range map[string]struct {
		url     func() string
		explain string
		column  int    // of the plan's text
		never   string // what the plan must not say
		exact   bool   // it must name the index
	}{
		"SQLite":   {func() string { return filepath.Join(t.TempDir(), "idflow.db") }, "EXPLAIN QUERY PLAN ", 3, "TEMP B-TREE", true},
		"Postgres": {func() string { return postgrestest.URL(t) }, "EXPLAIN ", 0, "Seq Scan on session", false},
	} {
		db := populated(t, c.url())
		for _, q := range queries {
			t.Run(name+"/"+q.name, func(t *testing.T) {
				var plan string
				err := db.View(t.Context(), func(tx *Tx) error {
					e := &explaining{conn: tx.conn, explain: c.explain, column: c.column}
					err := q.ask(t.Context(), &Tx{conn: e})
					plan = strings.Join(e.plan, "\n")
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if c.exact && !strings.Contains(plan+" ", q.index+" ") || strings.Contains(plan, c.never) {
					t.Errorf("not out of %s:\n%s", q.index, plan)
				}
			})
		}
	}
}

// explaining asks for the plan of every query.
type explaining struct {
	conn
	explain string
	column  int
	plan    []string
}

func (e *explaining) query(ctx context.Context, query string, args ...any) (rows, error) {
	r, err := e.conn.query(ctx, e.explain+query, args...)
	if err != nil {
		return nil, err
	}
	for r.Next() {
		line, columns := "", make([]any, e.column+1)
		for i := range columns {
			columns[i] = new(any)
		}
		columns[e.column] = &line
		if err := r.Scan(columns...); err != nil {
			return nil, errors.Join(err, r.Close())
		}
		e.plan = append(e.plan, line)
	}
	if err := errors.Join(r.Err(), r.Close()); err != nil {
		return nil, err
	}
	return e.conn.query(ctx, query, args...)
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// populated is a database of 3000 sessions, most of them decided, whose
// statistics the engine knows.
func populated(t *testing.T, url string) *DB {
	t.Helper()
	ctx := t.Context()
	db, err := Open(ctx, url, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	err = db.InTx(ctx, func(tx *Tx) error {
		for o := range 3 {
			if err := tx.InsertOrganization(ctx, idflow.Organization{ID: fmt.Sprint("o", o), CreatedAt: noon}); err != nil {
				return err
			}
		}
		for f := range 30 {
			flow := idflow.Flow{ID: fmt.Sprint("f", f), OrganizationID: fmt.Sprint("o", f%3), Version: 1, CreatedAt: noon}
			if err := tx.InsertFlow(ctx, flow); err != nil {
				return err
			}
		}
		for i := range 3000 {
			s := idflow.Session{ID: fmt.Sprintf("s%05d", i), OrganizationID: fmt.Sprint("o", i%3), Flow: idflow.Flow{ID: fmt.Sprint("f", i%30), Version: 1},
				State: idflow.Approved, CreatedAt: noon, UpdatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
			switch {
			case i%97 == 0:
				s.State = idflow.Waiting
			case i%89 == 0:
				s.State = idflow.Checking
			case i%83 == 0:
				s.State = idflow.Review
			}
			if err := tx.InsertSession(ctx, s, []byte(s.ID), []byte("key")); err != nil {
				return err
			}
		}
		_, err := tx.exec(ctx, "ANALYZE")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}
