package engine

import (
	"context"
	"encoding/json"
	"fmt"

	"idflow"
	"idflow/tech"
)

// apply moves a session by one input, inside the caller's transaction: the new
// state, its checks, decisions, events and jobs are written together. An input
// that changes nothing writes nothing. a holds what belongs to a Checked input
// and is not part of its Check.
func (e *Engine) apply(ctx context.Context, tx Tx, s idflow.Session, in Input, a answer) (idflow.Session, error) {
	next, effects := Next(s, in)
	if len(effects) == 0 {
		return s, nil
	}
	for len(effects) > 0 {
		effect := effects[0]
		effects = effects[1:]
		if _, ok := effect.(Ask); ok {
			task, err := e.draw(next)
			if err != nil {
				return s, err
			}
			var more []Effect
			next, more = Next(next, Asked{task})
			effects = append(effects, more...)
			continue
		}
		if err := e.perform(ctx, tx, &next, effect, a); err != nil {
			return s, err
		}
	}
	next.UpdatedAt = e.now()
	return next, tx.UpdateSession(ctx, next)
}

// answer is what a technology gave beside its Check.
type answer struct {
	sealedReport []byte
	sealedFacts  map[string][]byte
	derived      []idflow.Evidence
	marks        []idflow.Mark
}

// draw asks the technology of the current step for a Task.
func (e *Engine) draw(s idflow.Session) (idflow.Task, error) {
	step := s.Current()
	asker, ok := e.technologies.Get(step.Technology).(tech.Asker)
	if !ok {
		return idflow.Task{}, nil
	}
	task, err := asker.Ask(step.Settings, unpredictable())
	if err != nil {
		return task, fmt.Errorf("ask for %s: %w", step.Technology, err)
	}
	return task, nil
}

// perform writes one effect.
func (e *Engine) perform(ctx context.Context, tx Tx, s *idflow.Session, effect Effect, a answer) error {
	switch effect := effect.(type) {
	case RunCheck:
		return tx.EnqueueCheck(ctx, s.ID)
	case Record:
		return e.record(ctx, tx, s, effect.Check, a)
	case Decide:
		d := effect.Decision
		d.At = e.now()
		s.Decision, s.DecidedAt = &d, d.At
		return tx.InsertDecision(ctx, s.ID, d)
	case Emit:
		return e.emit(ctx, tx, *s, effect.Event)
	}
	return fmt.Errorf("engine has no way to perform %T", effect)
}

// record files a check with what the technology handed on.
func (e *Engine) record(ctx context.Context, tx Tx, s *idflow.Session, c idflow.Check, a answer) error {
	if c.FinishedAt.IsZero() { // the state machine's own answer, which has no clock
		c.StartedAt, c.FinishedAt = e.now(), e.now()
	}
	if err := tx.InsertCheck(ctx, s.ID, c, a.sealedReport); err != nil {
		return err
	}
	for _, d := range a.derived {
		if _, err := tx.PutEvidence(ctx, d); err != nil {
			return err
		}
	}
	for _, m := range a.marks {
		if err := tx.InsertMark(ctx, m); err != nil {
			return err
		}
	}
	for name, sealed := range a.sealedFacts {
		if err := tx.PutFact(ctx, s.ID, name, sealed); err != nil {
			return err
		}
	}
	return nil
}

// eventData is what an event tells. It never holds personal data.
type eventData struct {
	State      idflow.State    `json:"state"`
	Step       int             `json:"step,omitempty"` // from 1
	Technology string          `json:"technology,omitempty"`
	Code       string          `json:"code,omitempty"`
	Attempt    int             `json:"attempt,omitempty"`
	Verdict    idflow.Verdict  `json:"verdict,omitempty"`
	Reasons    []idflow.Reason `json:"reasons,omitempty"`
	Device     *idflow.Device  `json:"device,omitempty"` // of the person who brought it about
}

func (e *Engine) emit(ctx context.Context, tx Tx, s idflow.Session, event idflow.EventType) error {
	d := eventData{State: s.State, Device: deviceOf(ctx)}
	switch event {
	case idflow.StepStarted, idflow.StepSubmitted:
		d.Step, d.Attempt, d.Technology = s.Step+1, s.Attempt, s.Current().Technology
	case idflow.StepFinished:
		c := s.Checks[len(s.Checks)-1]
		d.Step, d.Attempt, d.Technology = c.Step+1, c.Attempt, c.Technology
		d.Verdict, d.Reasons = c.Verdict, c.Reasons
	case idflow.SessionDecided:
		d.Reasons = s.Decision.Reasons
	}
	if d.Technology != "" {
		d.Code = e.technologies.Get(d.Technology).Spec().Code
	}
	data, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("event %s: %w", event, err)
	}
	return tx.AppendEvent(ctx, idflow.Event{ID: newID(), OrganizationID: s.OrganizationID, SessionID: s.ID, Type: event, Data: data, CreatedAt: e.now()})
}
