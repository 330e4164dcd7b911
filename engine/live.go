package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"idflow"
	"idflow/tech"
)

// ErrReplaced ends a live passage when another one of the same session has
// begun, in another tab or after a lost connection.
var ErrReplaced = idflow.Conflict("passage_replaced", "This check was started again somewhere else. Go on there, or reload this page.")

// Passage is one live passage of an attempt: frames in, advice out, and
// evidence at its end. It lives in the process that holds the connection and
// nowhere else; a lost one leaves nothing behind.
type Passage struct {
	engine  *Engine
	session idflow.Session
	guide   tech.Guide
	began   time.Time
	last    time.Duration // of the frame before
}

// Pass begins a live passage. What the session asked for until now is void and
// drawn anew, so that nobody can prepare for what is asked. calm: nothing flashes.
func (e *Engine) Pass(ctx context.Context, token string, step, attempt int, calm bool) (*Passage, error) {
	v, err := e.Visit(ctx, token)
	if err != nil {
		return nil, err
	}
	if err := answers(v.Session, step, attempt); err != nil {
		return nil, err
	}
	coach, ok := e.technologies.Get(v.Session.Current().Technology).(tech.Coach)
	if !ok || !asksLive(v.Session.Task) {
		return nil, idflow.Conflict("not_live", "This step is not passed live. Reload the page.")
	}
	s, err := e.renew(ctx, v.Session)
	if err != nil {
		return nil, err
	}
	guide, err := coach.Guide(s.Current().Settings, s.Task, calm)
	if err != nil {
		return nil, fmt.Errorf("guide through %s: %w", s.Current().Technology, err)
	}
	return &Passage{engine: e, session: s, guide: guide, began: e.now()}, nil
}

// Hint begins the hints for one photo of the running attempt. Nothing is drawn
// anew and nothing is left behind.
func (e *Engine) Hint(ctx context.Context, token string, step, attempt int, capture string) (*Passage, error) {
	v, err := e.Visit(ctx, token)
	if err != nil {
		return nil, err
	}
	s := v.Session
	if err := answers(s, step, attempt); err != nil {
		return nil, err
	}
	hinter, ok := e.technologies.Get(s.Current().Technology).(tech.Hinter)
	asked := slices.IndexFunc(s.Task.Captures, func(c idflow.Capture) bool { return c.Name == capture && c.Kind != idflow.CaptureLive })
	if !ok || asked < 0 {
		return nil, idflow.Conflict("not_live", "This step is not passed live. Reload the page.")
	}
	guide, err := hinter.Hint(s.Current().Settings, s.Task.Captures[asked])
	if err != nil {
		return nil, fmt.Errorf("hints of %s: %w", s.Current().Technology, err)
	}
	return &Passage{engine: e, session: s, guide: guide, began: e.now()}, nil
}

// renew draws the Task of the running attempt anew.
func (e *Engine) renew(ctx context.Context, seen idflow.Session) (s idflow.Session, err error) {
	safe, err := e.safe(ctx, seen.ID)
	if err != nil {
		return s, err
	}
	// Needed only when the attempt ends here because it was begun too often.
	report, err := safe.Seal(reportName(seen.Step, seen.Attempt), tech.Refused("CLIENT", "Operation aborted by user"))
	if err != nil {
		return s, fmt.Errorf("seal a report: %w", err)
	}
	err = e.store.InTx(ctx, func(tx Tx) error {
		if s, err = tx.Session(ctx, seen.ID); err != nil {
			return err
		}
		if err := answers(s, seen.Step, seen.Attempt); err != nil {
			return err
		}
		s, err = e.apply(ctx, tx, s, Renewed{seen.Step, seen.Attempt}, answer{sealedReport: report})
		return err
	})
	if err != nil {
		return s, err
	}
	e.news.spread(seen.ID)
	return s, answers(s, seen.Step, seen.Attempt)
}

func asksLive(t idflow.Task) bool {
	for _, c := range t.Captures {
		if c.Kind == idflow.CaptureLive {
			return true
		}
	}
	return false
}

// Welcome is what the page must know before the first frame.
func (p *Passage) Welcome() json.RawMessage { return p.guide.Welcome() }

// SessionID of the passage, for logs.
func (p *Passage) SessionID() string { return p.session.ID }

// See answers one frame.
func (p *Passage) See(ctx context.Context, jpeg []byte, chain [32]byte) (tech.Advice, error) {
	p.last = max(p.last, p.engine.now().Sub(p.began)) // a clock that is set back stands still
	advice, err := p.guide.See(ctx, tech.Frame{JPEG: jpeg, Chain: chain, At: p.last})
	if err != nil {
		return advice, fmt.Errorf("session %s, %s: %w", p.session.ID, p.session.Current().Technology, err)
	}
	return advice, nil
}

// Finish keeps the evidence and lets it be checked, all of it or nothing.
func (p *Passage) Finish(ctx context.Context) error {
	given, err := p.guide.Evidence()
	if err != nil {
		return fmt.Errorf("evidence of session %s: %w", p.session.ID, err)
	}
	e, s := p.engine, p.session
	safe, err := e.safe(ctx, s.ID)
	if err != nil {
		return err
	}
	var kept []idflow.Evidence
	for _, g := range given {
		sum := sha256.Sum256(g.Data)
		ev := idflow.Evidence{ID: newID(), SessionID: s.ID, Step: s.Step, Attempt: s.Attempt, Name: g.Name, ContentType: g.ContentType,
			Size: int64(len(g.Data)), SHA256: hex.EncodeToString(sum[:]), CreatedAt: e.now()}
		if err = safe.Put(ctx, ev.ID, g.Data); err != nil {
			err = fmt.Errorf("keep %s: %w", g.Name, err)
			break
		}
		kept = append(kept, ev)
	}
	if err == nil {
		err = e.filePassage(ctx, s, kept)
	}
	if err != nil {
		for _, ev := range kept {
			err = errors.Join(err, safe.Delete(context.WithoutCancel(ctx), ev.ID))
		}
		return err
	}
	e.news.spread(s.ID)
	return nil
}

// filePassage files the evidence and submits the attempt in one transaction,
// unless another passage has begun meanwhile.
func (e *Engine) filePassage(ctx context.Context, seen idflow.Session, kept []idflow.Evidence) error {
	return e.store.InTx(ctx, func(tx Tx) error {
		s, err := tx.Session(ctx, seen.ID)
		if err != nil {
			return err
		}
		if err := answers(s, seen.Step, seen.Attempt); err != nil {
			return err
		}
		if s.Task.Draws != seen.Task.Draws {
			return ErrReplaced
		}
		for _, ev := range kept {
			if _, err := tx.PutEvidence(ctx, ev); err != nil {
				return err
			}
		}
		_, err = e.apply(ctx, tx, s, Submitted{s.Step, s.Attempt}, answer{})
		return err
	})
}

// Close frees what the passage holds.
func (p *Passage) Close() { p.guide.Close() }
