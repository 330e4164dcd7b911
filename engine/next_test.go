package engine

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"idflow"
)

// task asks for one selfie, noTask for nothing.
var (
	task   = idflow.Task{Captures: []idflow.Capture{{Name: "selfie", Kind: idflow.CaptureSelfie}}}
	noTask = idflow.Task{}
	// drawnOut has been drawn as often as it may be.
	drawnOut = idflow.Task{Captures: task.Captures, Draws: MaxDraws}
)

// at makes a session of n steps with two attempts each, standing somewhere.
func at(state idflow.State, n, step, attempt int, t idflow.Task) idflow.Session {
	s := idflow.Session{ID: "s", State: state, Step: step, Attempt: attempt, Task: t}
	for range n {
		s.Flow.Steps = append(s.Flow.Steps, idflow.Step{Technology: "stub", Attempts: 2})
	}
	return s
}

func checkOf(step, attempt int, v idflow.Verdict) Checked {
	return Checked{idflow.Check{Step: step, Attempt: attempt, Verdict: v}}
}

func TestNext(t *testing.T) {
	approve := Reviewed{idflow.Decision{State: idflow.Approved, By: "u"}}
	for _, c := range []struct {
		name    string
		session idflow.Session
		input   Input
		want    string // state step attempt
		effects string
	}{
		{"open", at(idflow.Created, 2, 0, 0, noTask), Opened{}, "waiting 0 1", "session.started step.started ask"},
		{"open twice", at(idflow.Waiting, 2, 0, 1, task), Opened{}, "waiting 0 1", ""},
		{"asked", at(idflow.Waiting, 2, 0, 1, noTask), Asked{task}, "waiting 0 1", ""},
		{"nothing to ask", at(idflow.Waiting, 2, 1, 1, noTask), Asked{noTask}, "checking 1 1", "run"},
		{"asked twice keeps the first task", at(idflow.Waiting, 2, 0, 1, task), Asked{noTask}, "waiting 0 1", ""},
		{"a live passage begins", at(idflow.Waiting, 2, 0, 1, task), Renewed{0, 1}, "waiting 0 1", "ask"},
		{"a live passage of an attempt that is over", at(idflow.Waiting, 2, 0, 2, task), Renewed{0, 1}, "waiting 0 2", ""},
		{"a live passage begun too often", at(idflow.Waiting, 2, 0, 1, drawnOut), Renewed{0, 1}, "waiting 0 2", "record step.finished step.started ask"},
		{"submit", at(idflow.Waiting, 2, 0, 1, task), Submitted{0, 1}, "checking 0 1", "step.submitted run"},
		{"submit twice", at(idflow.Checking, 2, 0, 1, task), Submitted{0, 1}, "checking 0 1", ""},
		{"submit an attempt that is over", at(idflow.Waiting, 2, 0, 2, task), Submitted{0, 1}, "waiting 0 2", ""},
		{"pass", at(idflow.Checking, 2, 0, 1, task), checkOf(0, 1, idflow.Pass), "waiting 1 1", "record step.finished step.started ask"},
		{"unclear goes on", at(idflow.Checking, 2, 0, 1, task), checkOf(0, 1, idflow.Unclear), "waiting 1 1", "record step.finished step.started ask"},
		{"last pass", at(idflow.Checking, 2, 1, 1, task), checkOf(1, 1, idflow.Pass), "approved 1 1", "record step.finished decide session.decided"},
		{"last unclear", at(idflow.Checking, 1, 0, 1, task), checkOf(0, 1, idflow.Unclear), "review 0 1", "record step.finished decide session.decided"},
		{"retry", at(idflow.Checking, 2, 0, 1, task), checkOf(0, 1, idflow.Retry), "waiting 0 2", "record step.finished step.started ask"},
		{"fail with an attempt left", at(idflow.Checking, 2, 0, 1, task), checkOf(0, 1, idflow.Fail), "waiting 0 2", "record step.finished step.started ask"},
		{"fail at the last attempt", at(idflow.Checking, 2, 0, 2, task), checkOf(0, 2, idflow.Fail), "declined 0 2", "record step.finished decide session.decided"},
		{"retry at the last attempt", at(idflow.Checking, 2, 0, 2, task), checkOf(0, 2, idflow.Retry), "declined 0 2", "record step.finished decide session.decided"},
		{"fail where nothing is asked", at(idflow.Checking, 2, 1, 1, noTask), checkOf(1, 1, idflow.Fail), "declined 1 1", "record step.finished decide session.decided"},
		{"late answer of an earlier attempt", at(idflow.Checking, 2, 0, 2, task), checkOf(0, 1, idflow.Pass), "checking 0 2", ""},
		{"repeated answer", at(idflow.Waiting, 2, 1, 1, task), checkOf(0, 1, idflow.Pass), "waiting 1 1", ""},
		{"machine broken", at(idflow.Checking, 2, 0, 1, task), Broken{0, 1}, "review 0 1", "decide session.decided"},
		{"machine broken, but answered meanwhile", at(idflow.Waiting, 2, 1, 1, task), Broken{0, 1}, "waiting 1 1", ""},
		{"reviewed", at(idflow.Review, 1, 0, 1, task), approve, "approved 0 1", "decide session.decided"},
		{"reviewed by nobody", at(idflow.Review, 1, 0, 1, task), Reviewed{idflow.Decision{State: idflow.Approved}}, "review 0 1", ""},
		{"reviewed before review", at(idflow.Waiting, 1, 0, 1, task), approve, "waiting 0 1", ""},
		{"declined stays declined", at(idflow.Declined, 1, 0, 2, task), approve, "declined 0 2", ""},
		{"time out while waiting", at(idflow.Waiting, 1, 0, 1, task), TimedOut{}, "expired 0 1", "session.expired"},
		{"no time out while a check runs", at(idflow.Checking, 1, 0, 1, task), TimedOut{}, "checking 0 1", ""},
		{"time out before opening", at(idflow.Created, 1, 0, 0, noTask), TimedOut{}, "expired 0 0", "session.expired"},
		{"review does not time out", at(idflow.Review, 1, 0, 1, task), TimedOut{}, "review 0 1", ""},
		{"cancel", at(idflow.Checking, 1, 0, 1, task), Cancelled{}, "cancelled 0 1", "session.cancelled"},
		{"open after the end", at(idflow.Expired, 1, 0, 0, noTask), Opened{}, "expired 0 0", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, effects := Next(c.session, c.input)
			if got := fmt.Sprintf("%s %d %d", s.State, s.Step, s.Attempt); got != c.want {
				t.Errorf("session is %q, want %q", got, c.want)
			}
			if got := describe(effects); got != c.effects {
				t.Errorf("effects are %q, want %q", got, c.effects)
			}
		})
	}
}

// describe writes effects as words.
func describe(effects []Effect) (s string) {
	for i, e := range effects {
		if i > 0 {
			s += " "
		}
		switch e := e.(type) {
		case Ask:
			s += "ask"
		case RunCheck:
			s += "run"
		case Record:
			s += "record"
		case Decide:
			s += "decide"
		case Emit:
			s += string(e.Event)
		}
	}
	return s
}

// anyInput draws any input at all, mostly one that fits the session.
func anyInput(t *rapid.T, s idflow.Session) Input {
	near := func(n int, label string) int { return n + rapid.SampledFrom([]int{0, 0, 0, 0, -1, 1}).Draw(t, label) }
	decision := idflow.Decision{
		State: rapid.SampledFrom([]idflow.State{idflow.Approved, idflow.Declined, idflow.Review, idflow.Waiting}).Draw(t, "to"),
		By:    rapid.SampledFrom([]string{"u", "u", ""}).Draw(t, "by"),
	}
	return rapid.SampledFrom([]Input{
		Opened{}, Asked{task}, Asked{task}, Asked{noTask}, Renewed{near(s.Step, "step"), s.Attempt},
		Submitted{near(s.Step, "step"), near(s.Attempt, "attempt")}, Submitted{s.Step, s.Attempt},
		checkOf(near(s.Step, "step"), near(s.Attempt, "attempt"), rapid.SampledFrom([]idflow.Verdict{idflow.Pass, idflow.Pass, idflow.Pass, idflow.Fail, idflow.Retry, idflow.Unclear}).Draw(t, "verdict")),
		checkOf(s.Step, s.Attempt, idflow.Pass),
		Broken{near(s.Step, "step"), s.Attempt}, Reviewed{decision}, TimedOut{}, Cancelled{},
	}).Draw(t, "input")
}

// Whatever comes in whatever order and however often: a session never goes
// back, what is decided stays decided, there is one decision by the rules at
// most and one by a human after it, every attempt is answered once, and the
// session that was put in is not changed under the caller's hands.
func TestNextProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := idflow.Session{State: idflow.Created}
		for range rapid.IntRange(1, 4).Draw(t, "steps") {
			s.Flow.Steps = append(s.Flow.Steps, idflow.Step{Technology: "stub", Attempts: rapid.IntRange(1, 3).Draw(t, "attempts")})
		}
		var byRules, byHuman, ended int
		for range 60 {
			in := anyInput(t, s)
			before := s
			before.Checks = slices.Clone(s.Checks)
			next, effects := Next(s, in)
			if fmt.Sprint(s) != fmt.Sprint(before) {
				t.Fatalf("%#v changed the session that it was given", in)
			}
			if again, more := Next(next, in); next.State == s.State && next.Step == s.Step && next.Attempt == s.Attempt && len(effects) == 0 && (len(more) > 0 || again.State != next.State) {
				t.Fatalf("%#v did nothing at first and something when repeated", in)
			}
			switch {
			case next.Step < s.Step || next.Step == s.Step && next.Attempt < s.Attempt:
				t.Fatalf("went back from %d/%d to %d/%d by %#v", s.Step, s.Attempt, next.Step, next.Attempt, in)
			case next.Step >= len(next.Flow.Steps) || next.Attempt > next.Flow.Steps[next.Step].Attempts:
				t.Fatalf("stands beyond the end at %d/%d", next.Step, next.Attempt)
			case s.State.Final() && (next.State != s.State || len(effects) > 0):
				t.Fatalf("%s is final, yet %#v made it %s with %s", s.State, in, next.State, describe(effects))
			case s.State == idflow.Review && !next.State.Final() && next.State != idflow.Review:
				t.Fatalf("left review for %s", next.State)
			}
			for _, e := range effects {
				switch e := e.(type) {
				case Decide:
					if e.Decision.By == "" {
						byRules++
					} else {
						byHuman++
					}
				case Emit:
					if e.Event == idflow.SessionExpired || e.Event == idflow.SessionCancelled {
						ended++
					}
				case Ask:
					if next.State != idflow.Waiting || next.Task.Captures != nil {
						t.Fatalf("asks in %s with the old task", next.State)
					}
				}
			}
			s = next
		}
		if byRules > 1 || byHuman > 1 || byHuman > byRules || byRules+ended > 1 {
			t.Fatalf("decided %d times by the rules, %d times by a human, ended otherwise %d times", byRules, byHuman, ended)
		}
		answered := map[string]bool{}
		for _, c := range s.Checks {
			key := fmt.Sprint(c.Step, c.Attempt)
			if answered[key] {
				t.Fatalf("attempt %s is answered twice", key)
			}
			answered[key] = true
		}
	})
}
