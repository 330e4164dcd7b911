package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// lite is a SQLite file. SQLite has one writer at a time: one connection does
// all the writing, the queue's included, and waits in Go instead of in SQLite's
// busy handler; the others only read and never wait for it.
type lite struct {
	writer  *sql.DB
	readers *sql.DB
	queue   *queue[*sql.Tx]
}

func openSQLite(ctx context.Context, path string, log *slog.Logger) (backend, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	// SQLite would make the file readable by everyone; its WAL takes the file's mode.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	b := &lite{}
	const timeout = "busy_timeout(10000)" // for other processes, such as a backup
	if b.writer, err = sql.Open("sqlite", sqliteURL(path, url.Values{
		"_pragma": {timeout, "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"}, "_txlock": {"immediate"}})); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	b.writer.SetMaxOpenConns(1)
	if err := b.writer.PingContext(ctx); err != nil { // before the readers, who cannot make a WAL
		return nil, errors.Join(fmt.Errorf("open the database %s: %w", path, err), b.writer.Close())
	}
	if b.readers, err = sql.Open("sqlite", sqliteURL(path, url.Values{"_pragma": {timeout}, "mode": {"ro"}})); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), b.writer.Close())
	}
	n := max(4, runtime.NumCPU())
	b.readers.SetMaxOpenConns(n)
	b.readers.SetMaxIdleConns(n)
	if b.queue, err = newQueue(riversqlite.New(b.writer), log); err != nil {
		return nil, errors.Join(err, b.close())
	}
	b.queue.pollOnly = true // its notifications are polled for as well, by one more query
	return b, nil
}

// sqliteURL is the address of a file whose name may hold any character.
func sqliteURL(path string, options url.Values) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: options.Encode()}).String()
}

func (b *lite) begin(ctx context.Context, write bool, fn func(*Tx) error) error {
	db := b.readers
	if write {
		db = b.writer
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() // also when fn panics; after Commit it does nothing
	if err := fn(&Tx{conn: liteConn{tx, b.queue}}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func (b *lite) transient(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

func (b *lite) dialect() (goose.Dialect, *sql.DB) { return goose.DialectSQLite3, b.writer }

// alone leaves it to SQLite's own lock: a file is opened by one process, but
// for the operator's commands.
func (b *lite) alone(_ context.Context, fn func() error) error { return fn() }

func (b *lite) migrateQueue(ctx context.Context) error { return b.queue.migrate(ctx) }

func (b *lite) work(ctx context.Context, w Workers) error { return b.queue.work(ctx, w) }

func (b *lite) tableExists(ctx context.Context, name string) (exists bool, err error) {
	err = b.writer.QueryRowContext(ctx, `SELECT COUNT(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = $1`, name).Scan(&exists)
	return exists, err
}

func (b *lite) close() error { return errors.Join(b.readers.Close(), b.writer.Close()) }

type liteConn struct {
	tx    *sql.Tx
	queue *queue[*sql.Tx]
}

func (c liteConn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := c.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (c liteConn) query(ctx context.Context, query string, args ...any) (rows, error) {
	r, err := c.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (c liteConn) enqueue(ctx context.Context, job checkJob) error {
	return c.queue.insert(ctx, c.tx, job)
}
