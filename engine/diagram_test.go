package engine

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"idflow"
)

var update = flag.Bool("update", false, "rewrite the state diagram")

const diagramFile = "../docs/session.mmd"

// The diagram in docs is drawn from Next itself, so that it cannot lie.
func TestDiagram(t *testing.T) {
	got := diagram()
	if *update {
		if err := os.WriteFile(diagramFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(diagramFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s does not show what Next does; run go test ./engine -run Diagram -update\n%s", diagramFile, got)
	}
}

// diagram tries every input in every state and draws what moves.
func diagram() string {
	inputs := []struct {
		name string
		in   func(s idflow.Session) Input
	}{
		{"opened", func(idflow.Session) Input { return Opened{} }},
		{"asked", func(idflow.Session) Input { return Asked{task} }},
		{"nothing to ask", func(idflow.Session) Input { return Asked{noTask} }},
		{"live passage begins", func(s idflow.Session) Input { return Renewed{s.Step, s.Attempt} }},
		{"submitted", func(s idflow.Session) Input { return Submitted{s.Step, s.Attempt} }},
		{"check passes", func(s idflow.Session) Input { return checkOf(s.Step, s.Attempt, idflow.Pass) }},
		{"check is unclear", func(s idflow.Session) Input { return checkOf(s.Step, s.Attempt, idflow.Unclear) }},
		{"check fails", func(s idflow.Session) Input { return checkOf(s.Step, s.Attempt, idflow.Fail) }},
		{"nothing to judge", func(s idflow.Session) Input { return checkOf(s.Step, s.Attempt, idflow.Retry) }},
		{"machine broken", func(s idflow.Session) Input { return Broken{s.Step, s.Attempt} }},
		{"human approves", func(idflow.Session) Input { return Reviewed{idflow.Decision{State: idflow.Approved, By: "u"}} }},
		{"human declines", func(idflow.Session) Input { return Reviewed{idflow.Decision{State: idflow.Declined, By: "u"}} }},
		{"timed out", func(idflow.Session) Input { return TimedOut{} }},
		{"cancelled", func(idflow.Session) Input { return Cancelled{} }},
	}
	// Where a session may stand: at the first step of two or at the last, at the first attempt of two or the last.
	var sessions []idflow.Session
	for _, state := range idflow.States {
		for step := range 2 {
			for attempt := 1; attempt <= 2; attempt++ {
				for _, t := range []idflow.Task{noTask, task} {
					sessions = append(sessions, at(state, 2, step, attempt, t))
				}
			}
		}
	}
	arrows := map[string][]string{} // "a --> b" -> what moves it
	var order []string
	for _, s := range sessions {
		for _, i := range inputs {
			next, effects := Next(s, i.in(s))
			if next.State == s.State && len(effects) == 0 {
				continue
			}
			arrow := fmt.Sprintf("%s --> %s", s.State, next.State)
			if arrows[arrow] == nil {
				order = append(order, arrow)
			}
			if !slices.Contains(arrows[arrow], i.name) {
				arrows[arrow] = append(arrows[arrow], i.name)
			}
		}
	}
	var b strings.Builder
	b.WriteString("%% Drawn from engine.Next by go test ./engine -run Diagram -update\nstateDiagram-v2\n    [*] --> created\n")
	for _, arrow := range order {
		fmt.Fprintf(&b, "    %s : %s\n", arrow, strings.Join(arrows[arrow], ", "))
	}
	for _, state := range idflow.States {
		if state.Final() {
			fmt.Fprintf(&b, "    %s --> [*]\n", state)
		}
	}
	return b.String()
}
