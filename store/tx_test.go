package store

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

var errBusy, errBroken = errors.New("busy"), errors.New("broken")

// rough is a backend whose transactions fail.
type rough struct {
	backend
	answers []error // one for each try, nil for ever after
	begun   int
}

func (r *rough) begin(context.Context, bool, func(*Tx) error) error {
	r.begun++
	if r.begun > len(r.answers) {
		return nil
	}
	return r.answers[r.begun-1]
}

func (r *rough) transient(err error) bool { return errors.Is(err, errBusy) }

func TestInTxRunsAgain(t *testing.T) {
	always := []error{errBusy, errBusy, errBusy, errBusy, errBusy, errBusy, errBusy, errBusy}
	for _, c := range []struct {
		name    string
		answers []error
		want    error
		begun   int
	}{
		{"at once", nil, nil, 1},
		{"others in the way", []error{errBusy, errBusy}, nil, 3},
		{"broken", []error{errBroken}, errBroken, 1},
		{"broken after others", []error{errBusy, errBroken}, errBroken, 2},
		{"others for ever", always, errBusy, tries},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := &rough{answers: c.answers}
			err := (&DB{r, slog.New(slog.DiscardHandler)}).InTx(t.Context(), nil)
			if !errors.Is(err, c.want) || r.begun != c.begun {
				t.Errorf("%v after %d tries, want %v after %d", err, r.begun, c.want, c.begun)
			}
		})
	}
	t.Run("no time", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		r := &rough{answers: always}
		if err := (&DB{r, slog.New(slog.DiscardHandler)}).InTx(ctx, nil); !errors.Is(err, errBusy) || r.begun != 1 {
			t.Errorf("%v after %d tries, want busy after 1", err, r.begun)
		}
	})
}

// A check that takes its process down leaves nobody to give it up: the try
// after the last does, without checking once more.
func TestGiveUpAfterDeath(t *testing.T) {
	for attempt := 1; attempt <= Tries+giveUps; attempt++ {
		checked, givenUp := 0, 0
		c := &checkWorker{w: Workers{
			Check:  func(context.Context, string) error { checked++; return nil },
			GiveUp: func(context.Context, string) error { givenUp++; return nil },
		}}
		job := &river.Job[checkJob]{JobRow: &rivertype.JobRow{Attempt: attempt}, Args: checkJob{SessionID: "s"}}
		if err := c.Work(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		if died := attempt > Tries; (givenUp == 1) != died || (checked == 1) == died {
			t.Errorf("attempt %d: checked %d, given up %d times", attempt, checked, givenUp)
		}
	}
}

func TestBackoff(t *testing.T) {
	c := &checkWorker{w: Workers{}.withDefaults(nil)}
	var all time.Duration
	for attempt := 1; attempt < Tries; attempt++ {
		pause := time.Until(c.NextRetry(&river.Job[checkJob]{JobRow: &rivertype.JobRow{Attempt: attempt}})).Round(time.Second)
		if want := 3 * time.Second << (attempt - 1); pause != want {
			t.Errorf("pause after try %d: %v, want %v", attempt, pause, want)
		}
		all += pause
	}
	if all > time.Minute {
		t.Errorf("tries go on for %v, want a minute at most", all)
	}
	if got := c.NextRetry(&river.Job[checkJob]{JobRow: &rivertype.JobRow{Attempt: 1000}}); time.Until(got) > 5*time.Minute {
		t.Errorf("pause after many tries: %v", time.Until(got))
	}
}

func TestColumns(t *testing.T) {
	for _, at := range []time.Time{{}, time.UnixMilli(1).UTC(), time.UnixMilli(-1).UTC(), noon} {
		v, err := millis{&at}.Value()
		if err != nil {
			t.Fatal(err)
		}
		got := noon.Add(time.Hour)
		if err := (millis{&got}).Scan(v); err != nil || !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%v comes back as %v, %v", at, got, err)
		}
	}
	if err := (millis{new(time.Time)}).Scan("text"); err == nil {
		t.Error("text was read as a time")
	}
	if err := (asJSON{new(int)}).Scan("no JSON"); err == nil {
		t.Error("text was read as JSON")
	}
	if err := (asJSON{new(int)}).Scan(nil); err == nil {
		t.Error("NULL was read as JSON")
	}
	if _, err := (asJSON{new(chan int)}).Value(); err == nil {
		t.Error("a channel was written as JSON")
	}
}
