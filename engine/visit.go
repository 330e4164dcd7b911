package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"idflow"
	"idflow/tech"
)

// ErrLink is the answer to a link that no session has.
var ErrLink = &idflow.Error{Kind: idflow.KindNotFound, Code: "link_unknown", Message: "This link is not valid. Ask for a new one where you got it."}

// Visit is what the person's page needs to know.
type Visit struct {
	Session      idflow.Session
	Organization idflow.Organization // who asks for the verification
	Given        []string            // captures of the current attempt that are stored already
}

// Visit opens the session of a link, if it is not open yet, and tells where it stands.
func (e *Engine) Visit(ctx context.Context, token string) (Visit, error) {
	v, err := e.look(ctx, token)
	if err != nil {
		return v, err
	}
	late := !v.Session.State.Over() && e.now().After(v.Session.ExpiresAt)
	if v.Session.State != idflow.Created && !late {
		return v, nil
	}
	var in Input = Opened{}
	if late {
		in = TimedOut{}
	}
	if err := e.move(ctx, v.Session.ID, in); err != nil {
		return v, err
	}
	return e.look(ctx, token)
}

// look reads a session by its link without changing it.
func (e *Engine) look(ctx context.Context, token string) (v Visit, err error) {
	err = e.store.View(ctx, func(tx Tx) error {
		id, err := tx.SessionIDByToken(ctx, hashToken(token))
		if errors.Is(err, idflow.ErrNotFound) {
			return ErrLink
		}
		if err != nil {
			return err
		}
		if v.Session, err = tx.Session(ctx, id); err != nil {
			return err
		}
		if v.Organization, err = tx.Organization(ctx, v.Session.OrganizationID); err != nil {
			return err
		}
		list, err := tx.Evidence(ctx, id)
		for _, ev := range list {
			if !ev.Derived && current(v.Session, ev.Step, ev.Attempt) {
				v.Given = append(v.Given, ev.Name)
			}
		}
		return err
	})
	return v, err
}

// move applies an input to a session in a transaction of its own.
func (e *Engine) move(ctx context.Context, sessionID string, in Input) error {
	err := e.store.InTx(ctx, func(tx Tx) error {
		s, err := tx.Session(ctx, sessionID)
		if err != nil {
			return err
		}
		_, err = e.apply(ctx, tx, s, in, answer{})
		return err
	})
	if err == nil {
		e.news.spread(sessionID)
	}
	return err
}

// Given is one capture that the person gives.
type Given struct {
	Step, Attempt int // what the page believes it answers
	Name          string
	ContentType   string
	Data          []byte
}

// Give stores one capture of the current attempt; given again, it replaces.
// Nothing is kept of what is refused.
func (e *Engine) Give(ctx context.Context, token string, g Given) error {
	v, err := e.Visit(ctx, token)
	if err != nil {
		return err
	}
	s := v.Session
	if err := answers(s, g.Step, g.Attempt); err != nil {
		return err
	}
	capture, ok := captureNamed(s.Task, g.Name)
	if !ok {
		return idflow.Invalid("capture_unknown", "name", "Nothing called %q is asked for.", g.Name)
	}
	asker, ok := e.technologies.Get(s.Current().Technology).(tech.Asker)
	if !ok {
		return fmt.Errorf("%s asks for nothing, yet session %s has a task", s.Current().Technology, s.ID)
	}
	if err := asker.Inspect(capture, g.ContentType, g.Data); err != nil {
		return err
	}
	sum := sha256.Sum256(g.Data)
	return e.keep(ctx, s, idflow.Evidence{
		ID: newID(), SessionID: s.ID, Step: g.Step, Attempt: g.Attempt, Name: g.Name, ContentType: g.ContentType,
		Size: int64(len(g.Data)), SHA256: hex.EncodeToString(sum[:]), CreatedAt: e.now(),
	}, g.Data)
}

// keep seals the bytes first and files them second, so that a row never names
// bytes that do not exist; what is replaced or refused is destroyed.
func (e *Engine) keep(ctx context.Context, s idflow.Session, ev idflow.Evidence, data []byte) error {
	safe, err := e.safe(ctx, s.ID)
	if err != nil {
		return err
	}
	if err := safe.Put(ctx, ev.ID, data); err != nil {
		return fmt.Errorf("keep evidence: %w", err)
	}
	var replaced string
	err = e.store.InTx(ctx, func(tx Tx) error {
		now, err := tx.Session(ctx, s.ID)
		if err != nil {
			return err
		}
		if err := answers(now, ev.Step, ev.Attempt); err != nil {
			return err
		}
		replaced, err = tx.PutEvidence(ctx, ev)
		return err
	})
	unwanted := replaced
	if err != nil {
		unwanted = ev.ID
	}
	if unwanted != "" {
		if derr := safe.Delete(ctx, unwanted); derr != nil {
			e.log.Error("destroy unwanted evidence", "session", s.ID, "evidence", unwanted, "error", derr)
		}
	}
	return err
}

// safe opens a session's safe.
func (e *Engine) safe(ctx context.Context, sessionID string) (Safe, error) {
	var wrapped []byte
	err := e.store.View(ctx, func(tx Tx) (err error) {
		wrapped, err = tx.WrappedKey(ctx, sessionID)
		return err
	})
	if err != nil {
		return nil, err
	}
	safe, err := e.vault.Open(wrapped)
	if err != nil {
		return nil, fmt.Errorf("open the safe of session %s: %w", sessionID, err)
	}
	return safe, nil
}

// Submit ends the attempt: what was given is checked.
func (e *Engine) Submit(ctx context.Context, token string, step, attempt int) error {
	v, err := e.Visit(ctx, token)
	if err != nil {
		return err
	}
	if v.Session.State == idflow.Checking && current(v.Session, step, attempt) {
		return nil // said twice
	}
	if err := answers(v.Session, step, attempt); err != nil {
		return err
	}
	for _, c := range v.Session.Task.Captures {
		if !c.Optional && !slices.Contains(v.Given, c.Name) {
			return idflow.Conflict("capture_missing", "%q has not been given yet.", c.Name)
		}
	}
	return e.move(ctx, v.Session.ID, Submitted{step, attempt})
}

// Abandon ends the session at the person's wish.
func (e *Engine) Abandon(ctx context.Context, token string) error {
	v, err := e.look(ctx, token)
	if err != nil {
		return err
	}
	return e.move(ctx, v.Session.ID, Cancelled{})
}

// Await is Visit, but waits up to a time for the session to move on from what
// the page has seen (Session.UpdatedAt). Only this process' own moves are
// noticed at once, others within a second.
func (e *Engine) Await(ctx context.Context, token string, seen time.Time, atMost time.Duration) (Visit, error) {
	v, err := e.Visit(ctx, token)
	if err != nil || v.Session.UpdatedAt.After(seen) {
		return v, err
	}
	end := time.NewTimer(atMost)
	defer end.Stop()
	for {
		moved, leave := e.news.listen(v.Session.ID) // before looking, so that no move falls between
		v, err = e.Visit(ctx, token)
		if err != nil || v.Session.UpdatedAt.After(seen) {
			leave()
			return v, err
		}
		poll := time.NewTimer(time.Second)
		select {
		case <-moved:
		case <-poll.C:
		case <-end.C:
			leave()
			return v, nil
		case <-ctx.Done():
			leave()
			return v, ctx.Err()
		}
		poll.Stop()
		leave()
	}
}

// answers tells whether a page answers the attempt that runs now.
func answers(s idflow.Session, step, attempt int) error {
	switch {
	case s.State.Over():
		return &idflow.Error{Kind: idflow.KindGone, Code: "session_over", Message: "This verification is over."}
	case s.State != idflow.Waiting || !current(s, step, attempt):
		return idflow.Conflict("attempt_over", "This attempt is over. Reload the page to see what is asked now.")
	}
	return nil
}

func captureNamed(t idflow.Task, name string) (idflow.Capture, bool) {
	for _, c := range t.Captures {
		if c.Name == name {
			return c, true
		}
	}
	return idflow.Capture{}, false
}
