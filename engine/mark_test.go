package engine_test

import (
	"testing"

	"idflow"
	"idflow/engine"
)

// A thing that is shown as somebody else's is seen, within one organization.
func TestMarks(t *testing.T) {
	b := setup(t)
	other := b.organization("second")
	for _, c := range []struct {
		name  string
		who   idflow.Actor
		words []string // one attempt each
		want  string   // what the last check knows of other sessions
	}{
		{"the first", b.owner, []string{"pass passport Anna"}, "0"},
		{"the same person again", b.owner, []string{"pass passport Anna"}, "0"},
		{"somebody else", b.owner, []string{"pass passport Boris"}, "2"},
		{"somebody else, in another organization", other, []string{"pass passport Clara"}, "0"},
		{"another thing", b.owner, []string{"pass card Dina"}, "0"},
		{"what was refused is not remembered", b.owner, []string{"fail watch Anna", "pass watch Boris"}, "0"},
		{"nor held against the next person", b.owner, []string{"review watch Boris"}, "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := *b
			b.t, b.owner = t, c.who
			flow, err := b.CreateFlow(t.Context(), c.who, "Marks", []idflow.Step{{Technology: "marker"}})
			b.must(err)
			s, token, err := b.CreateSession(t.Context(), c.who, engine.NewSession{FlowID: flow.ID})
			b.must(err)
			_, err = b.Visit(t.Context(), token)
			b.must(err)
			for i, words := range c.words {
				b.pass(s.ID, token, i+1, words)
			}
			d, err := b.Dossier(t.Context(), c.who, s.ID)
			b.must(err)
			if got := string(d.Session.Checks[len(c.words)-1].Report); got != c.want {
				t.Errorf("%s other sessions, want %s", got, c.want)
			}
		})
	}
}
