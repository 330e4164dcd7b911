package engine

import "sync"

// news tells those who wait within this process that a session has moved.
// Other processes poll: the session's row is the truth, news only saves time.
type news struct {
	mu    sync.Mutex
	about map[string]*topic // session id
}

type topic struct {
	moved     chan struct{} // closed when the session moves
	listeners int
}

func newNews() *news { return &news{about: map[string]*topic{}} }

// listen returns a channel that is closed when the session moves next, and the
// function that ends the listening.
func (n *news) listen(sessionID string) (moved <-chan struct{}, leave func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := n.about[sessionID]
	if t == nil {
		t = &topic{moved: make(chan struct{})}
		n.about[sessionID] = t
	}
	t.listeners++
	return t.moved, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		if t.listeners--; t.listeners == 0 && n.about[sessionID] == t {
			delete(n.about, sessionID)
		}
	}
}

// spread wakes everyone who listens for the session.
func (n *news) spread(sessionID string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if t := n.about[sessionID]; t != nil {
		close(t.moved)
		delete(n.about, sessionID)
	}
}
