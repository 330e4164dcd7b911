package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"idflow"
)

// Tx is one transaction.
type Tx struct {
	conn
	lock string // ends a SELECT that must keep others from what it reads; empty where nobody can get at it
}

// conn runs statements; its two kinds are SQLite's and PostgreSQL's.
type conn interface {
	exec(ctx context.Context, query string, args ...any) (rows int64, err error)
	query(ctx context.Context, query string, args ...any) (rows, error)
	enqueue(ctx context.Context, job checkJob) error
}

type rows interface {
	row
	Next() bool
	Err() error
	Close() error
}

type row interface{ Scan(dest ...any) error }

// list reads every row of a query.
func list[T any](ctx context.Context, tx *Tx, what string, scan func(row) (T, error), query string, args ...any) (all []T, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("read %s: %w", what, err)
		}
	}()
	if err := storable(args); err != nil {
		return nil, err
	}
	rows, err := tx.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// one reads the only row of a query; idflow.ErrNotFound when there is none.
func one[T any](ctx context.Context, tx *Tx, what string, scan func(row) (T, error), query string, args ...any) (v T, err error) {
	all, err := list(ctx, tx, what, scan, query, args...)
	switch {
	case err != nil:
		return v, err
	case len(all) == 0:
		return v, idflow.ErrNotFound
	}
	return all[0], nil
}

// value scans a row of one column.
func value[T any](r row) (v T, err error) { return v, r.Scan(&v) }

// write runs a statement that changes rows and tells how many.
func (tx *Tx) write(ctx context.Context, what, query string, args ...any) (int64, error) {
	if err := storable(args); err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	n, err := tx.exec(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	return n, nil
}

// change is write for a row that must be there; else idflow.ErrNotFound.
func (tx *Tx) change(ctx context.Context, what, query string, args ...any) error {
	n, err := tx.write(ctx, what, query, args...)
	if err == nil && n == 0 {
		return idflow.ErrNotFound
	}
	return err
}

// ErrText is the answer to text that no database keeps or finds.
var ErrText = idflow.Invalid("request_malformed", "", "Text must be UTF-8 without NUL characters.")

// storable refuses, on every engine, what PostgreSQL's TEXT cannot hold: ids
// and addresses come from strangers, also those that are only looked up.
func storable(args []any) error {
	for _, a := range args {
		v := reflect.ValueOf(a)
		if v.Kind() == reflect.String && (!utf8.ValidString(v.String()) || strings.ContainsRune(v.String(), 0)) {
			return ErrText
		}
	}
	return nil
}

// millis is a time in a BIGINT column, the zero time as 0.
type millis struct{ *time.Time }

func (m millis) Value() (driver.Value, error) {
	if m.IsZero() {
		return int64(0), nil
	}
	return m.UnixMilli(), nil
}

func (m millis) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a time is %T in the database", src)
	}
	*m.Time = time.Time{}
	if n != 0 {
		*m.Time = time.UnixMilli(n).UTC()
	}
	return nil
}

// asJSON is a value in a TEXT column of JSON.
type asJSON struct{ v any } // a pointer

func (j asJSON) Value() (driver.Value, error) {
	b, err := json.Marshal(j.v)
	return string(b), err
}

func (j asJSON) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("JSON is %T in the database", src)
	}
	return json.Unmarshal([]byte(s), j.v)
}

var (
	_ driver.Valuer = millis{}
	_ sql.Scanner   = millis{}
	_ driver.Valuer = asJSON{}
	_ sql.Scanner   = asJSON{}
)
