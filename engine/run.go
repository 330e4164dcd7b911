package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"idflow"
	"idflow/tech"
)

// ReasonNoSubscription is given when a technology is not, or no longer, paid for.
const ReasonNoSubscription idflow.Reason = "no_subscription"

// Reasons that the engine itself gives; the technologies' own stand in their Specs.
var Reasons = []idflow.Reason{ReasonMachineFailed, ReasonNoSubscription, ReasonTooManyStarts}

// work is what a check needs, read from the store in one snapshot.
type work struct {
	session  idflow.Session
	safe     Safe
	evidence []idflow.Evidence // of the current attempt
	facts    map[string][]byte // sealed
	paid     bool
}

// RunCheck runs the technology that a session in checking waits for, and moves
// the session by its answer. It may be called any number of times for the same
// attempt: one answer counts and one transaction is charged. No database
// transaction is open while the technology works. An error means that the
// machine failed: call again, or GiveUp.
func (e *Engine) RunCheck(ctx context.Context, sessionID string) error {
	w, err := e.readWork(ctx, sessionID)
	if err != nil {
		return fmt.Errorf("read the work of session %s: %w", sessionID, err)
	}
	if w.session.State != idflow.Checking {
		return nil
	}
	check, a := e.refusal(w.session), answer{}
	if w.paid {
		if check, a, err = e.check(ctx, w); err != nil {
			return fmt.Errorf("session %s, %s: %w", sessionID, w.session.Current().Technology, err)
		}
	} else if a.sealedReport, err = w.safe.Seal(reportName(check.Step, check.Attempt), check.Report); err != nil {
		return fmt.Errorf("seal a report: %w", err)
	}
	counted, err := e.file(ctx, w, check, a)
	if err != nil || !counted {
		for _, d := range a.derived {
			if derr := w.safe.Delete(context.WithoutCancel(ctx), d.ID); derr != nil {
				e.log.Error("destroy unwanted evidence", "session", sessionID, "evidence", d.ID, "error", derr)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("file the check of session %s: %w", sessionID, err)
	}
	e.news.spread(sessionID)
	return nil
}

// GiveUp hands a session whose check cannot be run to a human.
func (e *Engine) GiveUp(ctx context.Context, sessionID string) error {
	err := e.store.InTx(ctx, func(tx Tx) error {
		s, err := tx.Session(ctx, sessionID)
		if err != nil {
			return err
		}
		_, err = e.apply(ctx, tx, s, Broken{s.Step, s.Attempt}, answer{})
		return err
	})
	if err == nil {
		e.news.spread(sessionID)
	}
	return err
}

func (e *Engine) readWork(ctx context.Context, sessionID string) (w work, err error) {
	var wrapped []byte
	err = e.store.View(ctx, func(tx Tx) error {
		if w.session, err = tx.Session(ctx, sessionID); err != nil || w.session.State != idflow.Checking {
			return err
		}
		if wrapped, err = tx.WrappedKey(ctx, sessionID); err != nil {
			return err
		}
		all, err := tx.Evidence(ctx, sessionID)
		if err != nil {
			return err
		}
		for _, ev := range all {
			if !ev.Derived && current(w.session, ev.Step, ev.Attempt) {
				w.evidence = append(w.evidence, ev)
			}
		}
		if w.facts, err = tx.Facts(ctx, sessionID); err != nil {
			return err
		}
		subs, err := tx.Subscriptions(ctx, w.session.OrganizationID)
		w.paid = active(subs, w.session.Current().Technology, e.now())
		return err
	})
	if err != nil || w.session.State != idflow.Checking {
		return w, err
	}
	w.safe, err = e.vault.Open(wrapped)
	return w, err
}

// refusal is the check of a technology that is not paid for.
func (e *Engine) refusal(s idflow.Session) idflow.Check {
	now := e.now()
	return idflow.Check{
		Step: s.Step, Attempt: s.Attempt, Technology: s.Current().Technology, Verdict: idflow.Fail,
		Reasons: []idflow.Reason{ReasonNoSubscription}, Report: tech.Refused("CLIENT", "No active or future subscription for technology"),
		StartedAt: now, FinishedAt: now,
	}
}

// check runs the technology and seals what it answers.
func (e *Engine) check(ctx context.Context, w work) (c idflow.Check, a answer, err error) {
	s := w.session
	in := tech.Input{Evidence: map[string][]byte{}, Facts: tech.Facts{}, Settings: s.Current().Settings, Task: s.Task, Now: e.now()}
	marks := &sessionMarks{engine: e, session: s}
	in.Marks = marks
	for _, ev := range w.evidence {
		if in.Evidence[ev.Name], err = w.safe.Get(ctx, ev.ID); err != nil {
			return c, a, fmt.Errorf("read evidence %s: %w", ev.ID, err)
		}
	}
	for name, sealed := range w.facts {
		if in.Facts[name], err = w.safe.Unseal(factName(name), sealed); err != nil {
			return c, a, fmt.Errorf("read fact %s: %w", name, err)
		}
	}
	started := e.now()
	out, err := e.technologies.Get(s.Current().Technology).Check(ctx, in)
	if err != nil {
		return c, a, err
	}
	c = idflow.Check{
		Step: s.Step, Attempt: s.Attempt, Technology: s.Current().Technology, Verdict: out.Verdict,
		Reasons: out.Reasons, Scores: out.Scores, Models: out.Models, StartedAt: started, FinishedAt: e.now(),
	}
	if c.Report, err = json.Marshal(out.Report); err != nil {
		return c, a, fmt.Errorf("marshal the report: %w", err)
	}
	if a, err = e.seal(ctx, w, c, out); err != nil || !counts(out.Verdict) {
		return c, a, err
	}
	for _, m := range out.Marks {
		mark, err := marks.hash(ctx, m)
		if err != nil {
			return c, a, err
		}
		a.marks = append(a.marks, mark)
	}
	return c, a, nil
}

// counts says whether what a technology found is handed on and remembered.
func counts(v idflow.Verdict) bool { return v == idflow.Pass || v == idflow.Unclear }

// seal puts what a technology answered under the session's key.
func (e *Engine) seal(ctx context.Context, w work, c idflow.Check, out tech.Outcome) (a answer, err error) {
	if a.sealedReport, err = w.safe.Seal(reportName(c.Step, c.Attempt), c.Report); err != nil {
		return a, fmt.Errorf("seal the report: %w", err)
	}
	if counts(out.Verdict) {
		a.sealedFacts = make(map[string][]byte, len(out.Facts))
		for name, value := range out.Facts {
			if a.sealedFacts[name], err = w.safe.Seal(factName(name), value); err != nil {
				return a, fmt.Errorf("seal fact %s: %w", name, err)
			}
		}
	}
	for _, d := range out.Derived {
		sum := sha256.Sum256(d.Data)
		ev := idflow.Evidence{
			ID: newID(), SessionID: w.session.ID, Step: c.Step, Attempt: c.Attempt, Name: d.Name, Derived: true,
			ContentType: d.ContentType, Size: int64(len(d.Data)), SHA256: hex.EncodeToString(sum[:]), CreatedAt: e.now(),
		}
		if err := w.safe.Put(ctx, ev.ID, d.Data); err != nil {
			return a, fmt.Errorf("keep %s: %w", d.Name, err)
		}
		a.derived = append(a.derived, ev)
	}
	return a, nil
}

// file commits an answer, unless another worker has been faster. The charge is
// part of the same transaction: one attempt, one charge.
func (e *Engine) file(ctx context.Context, w work, c idflow.Check, a answer) (counted bool, err error) {
	err = e.store.InTx(ctx, func(tx Tx) error {
		counted = false
		s, err := tx.Session(ctx, w.session.ID)
		if err != nil {
			return err
		}
		if s.State != idflow.Checking || !current(s, c.Step, c.Attempt) {
			return nil
		}
		if w.paid {
			charged, err := tx.Charge(ctx, s.OrganizationID, c.Technology, e.now())
			if err != nil {
				return err
			}
			if !charged { // somebody else took the last transaction meanwhile
				c = e.refusal(s)
				report, err := w.safe.Seal(reportName(c.Step, c.Attempt), c.Report)
				if err != nil {
					return err
				}
				counted = false
				_, err = e.apply(ctx, tx, s, Checked{c}, answer{sealedReport: report})
				return err
			}
		}
		counted = true
		_, err = e.apply(ctx, tx, s, Checked{c}, a)
		return err
	})
	return counted && err == nil, err
}
