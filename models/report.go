package models

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// report writes what a fetch is doing: on a terminal one line a package that
// counts up, elsewhere a line now and then.
type report struct {
	w        io.Writer
	terminal bool

	label string
	total int64
	began time.Time
}

func newReport(w io.Writer) *report {
	if w == nil {
		w = io.Discard
	}
	return &report{w: w, terminal: isTerminal(w)}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (r *report) line(format string, args ...any) {
	fmt.Fprintf(r.w, "models: "+format+"\n", args...)
}

func (r *report) start(step, steps int, p Package) {
	r.label = fmt.Sprintf("[%d/%d] %s %s", step, steps, p.Name, p.Version)
	r.total, r.began = p.Bytes, time.Now()
	r.amount(0)
}

func (r *report) amount(n int64) {
	text := fmt.Sprintf("models: %s: %d of %d MB", r.label, megabytes(min(n, r.total)), megabytes(r.total))
	if r.terminal {
		fmt.Fprintf(r.w, "\r%s", text)
		return
	}
	fmt.Fprintln(r.w, text)
}

// done ends what start began. An error is left to the caller to tell.
func (r *report) done(err error) {
	switch {
	case r.terminal && err != nil:
		fmt.Fprintln(r.w)
	case r.terminal:
		fmt.Fprint(r.w, "\r")
	}
	if err != nil {
		return
	}
	r.line("%s: ready, %d MB in %s", r.label, megabytes(r.total), time.Since(r.began).Round(100*time.Millisecond))
}

// watch reports size while something grows, until stop is called.
func (r *report) watch(size func() int64) (stop func()) {
	every := 5 * time.Second
	if r.terminal {
		every = 200 * time.Millisecond
	}
	quit := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				r.amount(size())
			case <-quit:
				return
			}
		}
	})
	return func() { close(quit); done.Wait() }
}

func megabytes(n int64) int64 { return (n + 500_000) / 1_000_000 }
