package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// postgres is a PostgreSQL database, version 14 or later.
type postgres struct {
	pool  *pgxpool.Pool
	sql   *sql.DB // the same connections, for goose
	queue *queue[pgx.Tx]
}

func openPostgres(ctx context.Context, url string, log *slog.Logger) (backend, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database's address: %w", err)
	}
	config.MaxConns = max(config.MaxConns, 4) // the queue listens on one for ever
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	b := &postgres{pool: pool, sql: stdlib.OpenDBFromPool(pool)}
	if b.queue, err = newQueue(riverpgxv5.New(pool), log); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *postgres) begin(ctx context.Context, write bool, fn func(*Tx) error) error {
	options, lock := pgx.TxOptions{}, " FOR UPDATE"
	if !write {
		options, lock = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, ""
	}
	return pgx.BeginTxFunc(ctx, b.pool, options, func(tx pgx.Tx) error {
		return fn(&Tx{conn: postgresConn{tx, b.queue}, lock: lock})
	})
}

func (b *postgres) transient(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01") // serialization failure, deadlock
}

func (b *postgres) dialect() (goose.Dialect, *sql.DB) { return goose.DialectPostgres, b.sql }

// aloneLock is the number of the advisory lock of those who migrate: "idflow" in ASCII.
const aloneLock = 0x6964666c6f77

// alone waits on a connection outside the pool, which those who wait cannot use up.
func (b *postgres) alone(ctx context.Context, fn func() error) (err error) {
	conn, err := pgx.ConnectConfig(ctx, b.pool.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("lock the database: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }() // unlocks
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(aloneLock)); err != nil {
		return fmt.Errorf("lock the database: %w", err)
	}
	return fn()
}

func (b *postgres) migrateQueue(ctx context.Context) error { return b.queue.migrate(ctx) }

func (b *postgres) work(ctx context.Context, w Workers) error { return b.queue.work(ctx, w) }

func (b *postgres) tableExists(ctx context.Context, name string) (exists bool, err error) {
	err = b.pool.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, name).Scan(&exists)
	return exists, err
}

func (b *postgres) close() error {
	err := b.sql.Close()
	b.pool.Close()
	return err
}

type postgresConn struct {
	tx    pgx.Tx
	queue *queue[pgx.Tx]
}

func (c postgresConn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	t, err := c.tx.Exec(ctx, query, args...)
	return t.RowsAffected(), err
}

func (c postgresConn) query(ctx context.Context, query string, args ...any) (rows, error) {
	r, err := c.tx.Query(ctx, query, args...)
	return postgresRows{r}, err
}

func (c postgresConn) enqueue(ctx context.Context, job checkJob) error {
	return c.queue.insert(ctx, c.tx, job)
}

// postgresRows gives pgx.Rows the shape of sql.Rows.
type postgresRows struct{ pgx.Rows }

func (r postgresRows) Close() error {
	r.Rows.Close()
	return r.Rows.Err()
}
