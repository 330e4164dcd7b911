// Package engine moves sessions forward and is the only writer of their state.
//
// Next is the whole state machine: one pure function, so that it can be read
// in one sitting and tested by table and by property. What it asks for, the
// new state, its events and its jobs, commits in one transaction (see commit).
package engine

import "idflow"

// Input is something that may move a session: one of the types below.
type Input interface{ input() }

type (
	// Opened: the person has opened the link.
	Opened struct{}
	// Asked: the Task of the current attempt was drawn.
	Asked struct{ Task idflow.Task }
	// Renewed: a live passage begins, and what was drawn before is void.
	Renewed struct{ Step, Attempt int }
	// Submitted: everything the Task asks for is stored.
	Submitted struct{ Step, Attempt int }
	// Checked: a technology has answered.
	Checked struct{ Check idflow.Check }
	// Broken: the machine failed so often that nobody tries again.
	Broken struct{ Step, Attempt int }
	// Reviewed: a human has decided.
	Reviewed struct{ Decision idflow.Decision }
	// TimedOut: the session's time is over.
	TimedOut struct{}
	// Cancelled: the customer or the person gave up.
	Cancelled struct{}
)

func (Opened) input()    {}
func (Asked) input()     {}
func (Renewed) input()   {}
func (Submitted) input() {}
func (Checked) input()   {}
func (Broken) input()    {}
func (Reviewed) input()  {}
func (TimedOut) input()  {}
func (Cancelled) input() {}

// Effect is what must happen in the same transaction as the change of state:
// one of the types below.
type Effect interface{ effect() }

type (
	// Ask: draw the Task of the current attempt and feed it back as Asked.
	Ask struct{}
	// RunCheck: let a worker run the technology of the current step.
	RunCheck struct{}
	// Record: add the Check, and charge the technology's subscription for it.
	Record struct{ Check idflow.Check }
	// Decide: add the Decision.
	Decide struct{ Decision idflow.Decision }
	// Emit: add an event.
	Emit struct{ Event idflow.EventType }
)

func (Ask) effect()      {}
func (RunCheck) effect() {}
func (Record) effect()   {}
func (Decide) effect()   {}
func (Emit) effect()     {}

// ReasonMachineFailed is given when a check could not be run: a human decides,
// since no person is declined for a machine's failure.
const ReasonMachineFailed idflow.Reason = "machine_failed"

// ReasonTooManyStarts ends an attempt whose live passage was begun again and
// again: who may draw without end waits for the challenge he has prepared.
const ReasonTooManyStarts idflow.Reason = "too_many_starts"

// MaxDraws is how often the Task of one attempt may be drawn.
const MaxDraws = 8

// Next says what an input makes of a session. A late, repeated or impossible
// input changes nothing and has no effects, so that inputs may be delivered
// any number of times.
func Next(s idflow.Session, in Input) (idflow.Session, []Effect) {
	if s.State.Final() {
		return s, nil
	}
	switch in := in.(type) {
	case Opened:
		if s.State == idflow.Created {
			s.State = idflow.Waiting
			s, effects := begin(s, 0, 1)
			return s, append([]Effect{Emit{idflow.SessionStarted}}, effects...)
		}
	case Asked:
		if s.State == idflow.Waiting && s.Task.Captures == nil {
			return asked(s, in.Task)
		}
	case Renewed:
		if s.State == idflow.Waiting && current(s, in.Step, in.Attempt) && s.Task.Captures != nil {
			return renewed(s)
		}
	case Submitted:
		if s.State == idflow.Waiting && current(s, in.Step, in.Attempt) && len(s.Task.Captures) > 0 {
			s.State = idflow.Checking
			return s, []Effect{Emit{idflow.StepSubmitted}, RunCheck{}}
		}
	case Checked:
		if s.State == idflow.Checking && current(s, in.Check.Step, in.Check.Attempt) {
			return checked(s, in.Check)
		}
	case Broken:
		if s.State == idflow.Checking && current(s, in.Step, in.Attempt) {
			return decide(s, idflow.Decision{State: idflow.Review, Reasons: []idflow.Reason{ReasonMachineFailed}})
		}
	case Reviewed:
		d := in.Decision
		if s.State == idflow.Review && d.By != "" && (d.State == idflow.Approved || d.State == idflow.Declined) {
			return decide(s, d)
		}
	case TimedOut: // whoever has given everything waits for the answer, and not the answer for them
		if s.State == idflow.Created || s.State == idflow.Waiting {
			s.State = idflow.Expired
			return s, []Effect{Emit{idflow.SessionExpired}}
		}
	case Cancelled:
		if !s.State.Over() {
			s.State = idflow.Cancelled
			return s, []Effect{Emit{idflow.SessionCancelled}}
		}
	}
	return s, nil
}

// current reports whether an answer belongs to the attempt that runs now.
func current(s idflow.Session, step, attempt int) bool {
	return s.Step == step && s.Attempt == attempt
}

// begin starts an attempt at a step.
func begin(s idflow.Session, step, attempt int) (idflow.Session, []Effect) {
	s.State, s.Step, s.Attempt, s.Task = idflow.Waiting, step, attempt, idflow.Task{}
	return s, []Effect{Emit{idflow.StepStarted}, Ask{}}
}

// asked lets the person see the Task, or goes straight on to the check when
// there is nothing to ask.
func asked(s idflow.Session, t idflow.Task) (idflow.Session, []Effect) {
	t.Draws = s.Task.Draws + 1
	s.Task = t
	if len(t.Captures) > 0 {
		return s, nil
	}
	s.State = idflow.Checking
	return s, []Effect{RunCheck{}}
}

// renewed voids the Task, so that a broken passage is never resumed.
func renewed(s idflow.Session) (idflow.Session, []Effect) {
	if s.Task.Draws >= MaxDraws {
		return checked(s, idflow.Check{Step: s.Step, Attempt: s.Attempt, Technology: s.Current().Technology, Verdict: idflow.Retry, Reasons: []idflow.Reason{ReasonTooManyStarts}})
	}
	s.Task = idflow.Task{Draws: s.Task.Draws}
	return s, []Effect{Ask{}}
}

// checked files a technology's answer and goes to the next attempt, the next
// step or the decision.
func checked(s idflow.Session, c idflow.Check) (idflow.Session, []Effect) {
	s.Checks = append(s.Checks[:len(s.Checks):len(s.Checks)], c) // never into an array that the caller holds
	effects := []Effect{Record{c}, Emit{idflow.StepFinished}}
	var more []Effect
	switch passed := c.Verdict == idflow.Pass || c.Verdict == idflow.Unclear; {
	case passed && s.Step+1 < len(s.Flow.Steps):
		s, more = begin(s, s.Step+1, 1)
	case passed:
		s, more = decide(s, sum(s.Checks))
	case len(s.Task.Captures) > 0 && s.Attempt < s.Current().Attempts:
		s, more = begin(s, s.Step, s.Attempt+1)
	default:
		s, more = decide(s, idflow.Decision{State: idflow.Declined, Reasons: c.Reasons})
	}
	return s, append(effects, more...)
}

// sum is the one result of checks that all passed: approved, unless one of
// them asks for a human.
func sum(checks []idflow.Check) idflow.Decision {
	d := idflow.Decision{State: idflow.Approved}
	for _, c := range checks {
		if c.Verdict == idflow.Unclear {
			d.State = idflow.Review
			d.Reasons = append(d.Reasons, c.Reasons...)
		}
	}
	return d
}

func decide(s idflow.Session, d idflow.Decision) (idflow.Session, []Effect) {
	s.State, s.Decision = d.State, &d
	return s, []Effect{Decide{d}, Emit{idflow.SessionDecided}}
}
