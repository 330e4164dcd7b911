package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// This file is all there is of River, the queue in the database's own tables.
// A job is no more than a hint to look at a session: the session's row is the
// truth, so a job that comes twice does nothing, and one that gets lost is
// made again by whoever finds the session stuck (see Tx.Stuck).

// EnqueueCheck lets a worker look at the session once this transaction has
// committed. Asked for again before the session has had another event, it does
// nothing.
func (tx *Tx) EnqueueCheck(ctx context.Context, sessionID string) error {
	events, err := one(ctx, tx, "session", value[int], `SELECT events FROM session WHERE id = $1`, sessionID)
	if err != nil {
		return err
	}
	if err := tx.enqueue(ctx, checkJob{sessionID, events}); err != nil {
		return fmt.Errorf("enqueue a check: %w", err)
	}
	return nil
}

// Workers is what a process does with the jobs of the queue. Jobs that it has
// no function for it leaves to other processes.
type Workers struct {
	// Check is one try at a session's check. After an error, a panic or the death
	// of the process it is tried again, Tries times in all.
	Check func(ctx context.Context, sessionID string) error
	// GiveUp is called when the last try has failed. Required with Check.
	GiveUp func(ctx context.Context, sessionID string) error
	// Upkeep is called every UpkeepEvery by one of all processes.
	Upkeep func(ctx context.Context) error

	Concurrency int           // checks at the same time; default 1
	Timeout     time.Duration // of one call; default 60 s
	RescueAfter time.Duration // after which a process that has not answered is taken for dead, more than Timeout; default 90 s
	Backoff     time.Duration // before the second try, doubled before every further one; default 3 s
	UpkeepEvery time.Duration // default 15 s
	Grace       time.Duration // for calls that run when Work is to end, before their context ends; default 10 s

	log *slog.Logger
}

func (w Workers) withDefaults(log *slog.Logger) Workers {
	set := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	set(&w.Timeout, 60*time.Second)
	set(&w.RescueAfter, max(90*time.Second, w.Timeout+30*time.Second))
	set(&w.Backoff, 3*time.Second)
	set(&w.UpkeepEvery, 15*time.Second)
	set(&w.Grace, 10*time.Second)
	w.Concurrency = max(1, w.Concurrency)
	w.log = log
	return w
}

// Tries is how often a check is tried before it is given up: with the default
// Backoff, over 45 s.
const Tries = 5

// giveUps is how often giving up is tried, when that fails as well.
const giveUps = 10

// Names in the database; changed, they orphan the jobs that wait.
const (
	visionQueue = "vision"
	upkeepQueue = "upkeep"
)

// checkJob names the session, and how far it has come: one job for each wait in checking.
type checkJob struct {
	SessionID string `json:"session_id"`
	Events    int    `json:"events"`
}

func (checkJob) Kind() string { return "check" }

func (checkJob) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: visionQueue, MaxAttempts: Tries + giveUps, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}
}

type upkeepJob struct{}

func (upkeepJob) Kind() string { return "upkeep" }

func (upkeepJob) InsertOpts() river.InsertOpts { // never more than one waits
	return river.InsertOpts{Queue: upkeepQueue, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByState: unfinished}}
}

var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// queue is River on one kind of transaction.
type queue[T any] struct {
	driver   riverdriver.Driver[T]
	client   *river.Client[T] // for inserting
	log      *slog.Logger
	pollOnly bool
}

func newQueue[T any](driver riverdriver.Driver[T], log *slog.Logger) (*queue[T], error) {
	log = slog.New(warnings{log.Handler()})
	client, err := river.NewClient(driver, &river.Config{Logger: log, FetchCooldown: notifyCooldown})
	if err != nil {
		return nil, fmt.Errorf("open the queue: %w", err)
	}
	return &queue[T]{driver: driver, client: client, log: log}, nil
}

func (q *queue[T]) insert(ctx context.Context, tx T, job checkJob) error {
	_, err := q.client.InsertTx(ctx, tx, job, nil)
	return err
}

func (q *queue[T]) migrate(ctx context.Context) error {
	m, err := rivermigrate.New(q.driver, &rivermigrate.Config{Logger: q.log})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// Somebody waits for a check, so the queue is looked at often. A look costs an
// idle process about 1 ms of CPU on SQLite, which nobody tells of new jobs:
// 2 % of a core, for 30 ms until a job is found. PostgreSQL notifies, and
// polling is for what notifications miss (see BenchmarkHop).
const (
	fetchCooldown   = 10 * time.Millisecond // between two looks of a busy queue
	notifyCooldown  = time.Millisecond      // between two notifications of one process
	visionPollAlone = 50 * time.Millisecond
	visionPoll      = 100 * time.Millisecond
	upkeepPoll      = time.Second
)

func (q *queue[T]) work(ctx context.Context, w Workers) error {
	workers := river.NewWorkers() // of both kinds in every process: the one that leads rescues the jobs of all
	river.AddWorker(workers, &checkWorker{w: w})
	river.AddWorker(workers, &upkeepWorker{w: w})
	poll := visionPoll
	if q.pollOnly {
		poll = visionPollAlone
	}
	queues := map[string]river.QueueConfig{}
	if w.Check != nil {
		queues[visionQueue] = river.QueueConfig{MaxWorkers: w.Concurrency, FetchPollInterval: poll}
	}
	if w.Upkeep != nil {
		queues[upkeepQueue] = river.QueueConfig{MaxWorkers: 1, FetchPollInterval: upkeepPoll}
	}
	client, err := river.NewClient(q.driver, &river.Config{
		Workers: workers, Queues: queues, Logger: q.log, PollOnly: q.pollOnly,
		FetchCooldown: fetchCooldown,
		JobTimeout:    w.Timeout, RescueStuckJobsAfter: w.RescueAfter, SoftStopTimeout: w.Grace,
		CompletedJobRetentionPeriod: time.Hour,
		PeriodicJobs: []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(w.UpkeepEvery),
			func() (river.JobArgs, *river.InsertOpts) { return upkeepJob{}, nil }, &river.PeriodicJobOpts{RunOnStart: true})},
	})
	if err != nil {
		return fmt.Errorf("open the queue: %w", err)
	}
	if err := client.Start(ctx); err != nil {
		return fmt.Errorf("start the workers: %w", err)
	}
	<-client.Stopped()
	return nil
}

type checkWorker struct {
	river.WorkerDefaults[checkJob]
	w Workers
}

func (c *checkWorker) NextRetry(job *river.Job[checkJob]) time.Time {
	return time.Now().Add(c.w.Backoff << min(job.Attempt-1, Tries))
}

func (c *checkWorker) Work(ctx context.Context, job *river.Job[checkJob]) error {
	w := c.w
	id := job.Args.SessionID
	if job.Attempt > Tries { // the process died in the last try, or giving up failed
		return w.GiveUp(ctx, id)
	}
	err := unpanicked(func() error { return w.Check(ctx, id) })
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", context.Canceled, err) // the process ends; this try does not count
	}
	w.log.Error("check failed", "session", id, "try", job.Attempt, "of", Tries, "error", err)
	if job.Attempt < Tries {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), w.Timeout)
	defer cancel()
	if gerr := w.GiveUp(ctx, id); gerr != nil {
		return fmt.Errorf("give up: %w (after %w)", gerr, err)
	}
	return river.JobCancel(err)
}

type upkeepWorker struct {
	river.WorkerDefaults[upkeepJob]
	w Workers
}

func (u *upkeepWorker) Work(ctx context.Context, _ *river.Job[upkeepJob]) error {
	err := unpanicked(func() error { return u.w.Upkeep(ctx) })
	if err != nil {
		u.w.log.Error("upkeep failed", "error", err)
	}
	return err
}

// unpanicked calls fn and makes a panic of it an error.
func unpanicked(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return fn()
}

// warnings lets River's warnings and errors through, and nothing else of it.
type warnings struct{ slog.Handler }

func (h warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

// Handle drops what River says when it is stopped in the middle of something:
// that is how it is stopped.
func (h warnings) Handle(ctx context.Context, r slog.Record) error {
	stopped := false
	r.Attrs(func(a slog.Attr) bool {
		err, _ := a.Value.Any().(error)
		stopped = errors.Is(err, context.Canceled) || a.Value.Kind() == slog.KindString && strings.HasSuffix(a.Value.String(), context.Canceled.Error())
		return !stopped
	})
	if stopped {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{h.Handler.WithAttrs(a)} }
func (h warnings) WithGroup(name string) slog.Handler   { return warnings{h.Handler.WithGroup(name)} }
