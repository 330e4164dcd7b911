// Package store keeps the nouns in SQL: SQLite in a file, or PostgreSQL, with
// one text of SQL and one set of migrations for both, and the queue of jobs in
// the same database, so that a job commits with what it is about.
//
// A method of Tx is one or two statements, written beside the function that
// runs them. What belongs to another organization is idflow.ErrNotFound.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"idflow"
)

//go:embed migrations/*.sql
var migrations embed.FS

// DB is an open database. It may be used by any number of goroutines.
type DB struct {
	backend
	log *slog.Logger
}

// backend is what differs between SQLite and PostgreSQL.
type backend interface {
	// begin runs fn in a transaction and commits it unless fn fails.
	begin(ctx context.Context, write bool, fn func(*Tx) error) error
	// transient reports whether a transaction that failed may succeed when it is run again.
	transient(error) bool
	// dialect is the database as goose wants it.
	dialect() (goose.Dialect, *sql.DB)
	// alone runs fn while no other process runs alone.
	alone(ctx context.Context, fn func() error) error
	migrateQueue(ctx context.Context) error
	work(ctx context.Context, w Workers) error
	tableExists(ctx context.Context, name string) (bool, error)
	close() error
}

// Options of Open.
type Options struct {
	Log *slog.Logger // default: discard
}

// Open opens a database: PostgreSQL for a URL that begins with postgres:// or
// postgresql://, else the SQLite file of that path, which is made if it does
// not exist. It refuses one that a newer version of idflow has migrated.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	open := openSQLite
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		open = openPostgres
	}
	b, err := open(ctx, url, o.Log)
	if err != nil {
		return nil, err
	}
	db := &DB{b, o.Log}
	if err := db.refuseNewer(ctx); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return db, nil
}

// Close closes the database. Work must have returned.
func (db *DB) Close() error { return db.close() }

// tries is how often a transaction is run that others keep getting in the way of.
const tries = 6

// InTx runs fn in a transaction that may write, and commits what it did unless
// it fails. Transactions that read the same session by Tx.Session run one after
// the other. fn may be run again when others got in its way, so it must not
// change what is outside but by assignment, and it must not call InTx or View.
func (db *DB) InTx(ctx context.Context, fn func(*Tx) error) error {
	for try := 1; ; try++ {
		err := db.begin(ctx, true, fn)
		if err == nil || try == tries || !db.transient(err) {
			return err
		}
		pause := time.NewTimer(rand.N(time.Millisecond << (2 * try))) // up to 4, 16, 64, 256, 1024 ms
		select {
		case <-ctx.Done():
			pause.Stop()
			return err
		case <-pause.C:
		}
	}
}

// View runs fn on a snapshot; writing through it fails.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error { return db.begin(ctx, false, fn) }

// Work does the jobs of the queue until ctx ends, and returns when the last
// one has stopped.
func (db *DB) Work(ctx context.Context, w Workers) error { return db.work(ctx, w.withDefaults(db.log)) }

// Migrate brings the tables up to this version of idflow. Any number of
// processes may call it at the same time.
func (db *DB) Migrate(ctx context.Context) error {
	return db.alone(ctx, func() error {
		if err := db.refuseNewer(ctx); err != nil {
			return err
		}
		p, err := db.provider()
		if err != nil {
			return err
		}
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate the database: %w", err)
		}
		if err := db.migrateQueue(ctx); err != nil {
			return fmt.Errorf("migrate the queue: %w", err)
		}
		return nil
	})
}

func (db *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	dialect, conns := db.dialect()
	p, err := goose.NewProvider(dialect, conns, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}

// ErrNewer is the answer of a database that a newer version of idflow has migrated.
var ErrNewer = &idflow.Error{Kind: idflow.KindConflict, Code: "database_newer",
	Message: "The database was written by a newer version of idflow; start that version, or restore a backup from before the upgrade."}

func (db *DB) refuseNewer(ctx context.Context) error {
	exists, err := db.tableExists(ctx, goose.DefaultTablename)
	if err != nil {
		return fmt.Errorf("look at the database: %w", err)
	}
	if !exists {
		return nil
	}
	p, err := db.provider()
	if err != nil {
		return err
	}
	has, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the database's version: %w", err)
	}
	sources := p.ListSources()
	if has > sources[len(sources)-1].Version {
		return ErrNewer
	}
	return nil
}
