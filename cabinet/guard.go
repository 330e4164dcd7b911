package cabinet

import (
	"sync"
	"time"
)

// guard slows down who guesses passwords: after maxFailures wrong ones for an
// e-mail address within the window, that address is locked until the window
// has passed. It lives in this process: with n replicas, n times as many
// guesses, still far too few.
type guard struct {
	now      func() time.Time
	mu       sync.Mutex
	failures map[string][]time.Time
}

const (
	maxFailures = 10
	window      = 15 * time.Minute
	maxWatched  = 10_000 // addresses kept in memory
)

func newGuard(now func() time.Time) *guard {
	return &guard{now: now, failures: map[string][]time.Time{}}
}

// locked tells how long an address has to wait, zero if it need not.
func (g *guard) locked(email string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	recent := g.recent(email)
	if len(recent) < maxFailures {
		return 0
	}
	return recent[0].Add(window).Sub(g.now())
}

func (g *guard) failed(email string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.failures) >= maxWatched {
		for e := range g.failures {
			if len(g.recent(e)) == 0 {
				delete(g.failures, e)
			}
		}
		if len(g.failures) >= maxWatched { // an attack over many addresses: forget rather than grow
			clear(g.failures)
		}
	}
	g.failures[email] = append(g.recent(email), g.now())
}

func (g *guard) succeeded(email string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.failures, email)
}

// recent drops failures older than the window.
func (g *guard) recent(email string) []time.Time {
	list := g.failures[email]
	for len(list) > 0 && g.now().Sub(list[0]) >= window {
		list = list[1:]
	}
	return list
}
