package capture

import (
	"sync"
	"time"

	"idflow"
)

// load keeps live passages fluent: when answers get slow, every page is asked
// for fewer frames a second, and when that does not help, new passages are
// refused for a while. Whoever is in a passage stays in it.
type load struct {
	mu       sync.Mutex
	passages int
	answer   time.Duration // smoothed time from a frame to its answer
}

const (
	fullRate    = 10.0 // frames a second that a page may send when there is room
	leastRate   = 3.0  // with fewer, a blink falls between two frames
	goodAnswer  = 60 * time.Millisecond
	busyAnswer  = 150 * time.Millisecond
	smoothing   = 0.1
	alwaysEnter = 4 // passages that are let in however slow the answers are
)

// errBusy refuses a new passage.
var errBusy = &idflow.Error{Kind: idflow.KindBusy, Code: "busy", Message: "Many people are being checked right now. Try again in a quarter of a minute.", RetryAfter: 15 * time.Second}

// enter lets one more passage begin, or refuses it.
func (l *load) enter() (leave func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.answer > busyAnswer && l.passages >= alwaysEnter {
		return nil, errBusy
	}
	l.passages++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.passages--; l.passages == 0 {
			l.answer = 0 // what was slow is over
		}
	}, nil
}

// took notes how long an answer took.
func (l *load) took(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer += time.Duration(smoothing * float64(d-l.answer))
}

// rate of frames a second that a page may send now.
func (l *load) rate() float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.answer <= goodAnswer:
		return fullRate
	case l.answer >= busyAnswer:
		return leastRate
	}
	room := float64(busyAnswer-l.answer) / float64(busyAnswer-goodAnswer)
	return leastRate + room*(fullRate-leastRate)
}
