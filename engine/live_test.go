package engine_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"idflow"
	"idflow/engine"
	"idflow/tech"
)

// walker is passed live: three frames are enough, and what it leaves behind are
// their times.
type walker struct{ scripted }

func (walker) Spec() tech.Spec {
	return tech.Spec{Key: "walker", Code: "WLK", Title: "Walker", Result: "walker_result"}
}

func (walker) Ask(_ json.RawMessage, rng *rand.Rand) (idflow.Task, error) {
	challenge := json.RawMessage(strconv.Quote(strconv.FormatUint(rng.Uint64(), 16)))
	return idflow.Task{Captures: []idflow.Capture{{Name: "walk", Kind: idflow.CaptureLive}}, Challenge: challenge}, nil
}

func (walker) Guide(_ json.RawMessage, task idflow.Task, calm bool) (tech.Guide, error) {
	return &walk{task: task, calm: calm}, nil
}

func (walker) Check(_ context.Context, in tech.Input) (tech.Outcome, error) {
	return tech.Outcome{Verdict: idflow.Pass, Report: map[string]string{"times": string(in.Evidence["walk"])}}, nil
}

type walk struct {
	task  idflow.Task
	calm  bool
	times []time.Duration
}

func (w *walk) Welcome() json.RawMessage { return w.task.Challenge }
func (w *walk) Close()                   {}

func (w *walk) See(_ context.Context, f tech.Frame) (tech.Advice, error) {
	w.times = append(w.times, f.At)
	return tech.Advice{Done: len(w.times) == 3}, nil
}

func (w *walk) Evidence() ([]tech.Given, error) {
	data, err := json.Marshal(w.times)
	return []tech.Given{{Name: "walk", ContentType: "application/json", Data: data}}, err
}

// walking makes a session that is passed live.
func (b *bundle) walking() (id, token string) {
	b.t.Helper()
	f, err := b.CreateFlow(b.t.Context(), b.owner, "Walk", []idflow.Step{{Technology: "walker"}})
	b.must(err)
	s, token, err := b.CreateSession(b.t.Context(), b.owner, engine.NewSession{FlowID: f.ID})
	b.must(err)
	_, err = b.Visit(b.t.Context(), token)
	b.must(err)
	return s.ID, token
}

func (b *bundle) see(p *engine.Passage) tech.Advice {
	b.t.Helper()
	a, err := p.See(b.t.Context(), []byte("jpeg"), [32]byte{})
	b.must(err)
	return a
}

// A clock that is set back in the middle of a passage stands still until its
// time has come again: times never run backwards, and nothing is lost.
func TestPassageUnderAClockThatRunsBackwards(t *testing.T) {
	b := setup(t)
	id, token := b.walking()
	p, err := b.Pass(t.Context(), token, 0, 1, false)
	b.must(err)
	b.clock.pass(2 * time.Second)
	b.see(p)
	b.clock.pass(-time.Hour)
	b.see(p)
	b.clock.pass(time.Hour + time.Second)
	if !b.see(p).Done {
		t.Fatal("is not done")
	}
	b.must(p.Finish(t.Context()))
	b.must(b.RunCheck(t.Context(), id))
	d, err := b.Dossier(t.Context(), b.owner, id)
	b.must(err)
	var report struct{ Times string }
	b.must(json.Unmarshal(d.Session.Checks[0].Report, &report))
	var times []time.Duration
	b.must(json.Unmarshal([]byte(report.Times), &times))
	if len(times) != 3 || times[0] < 2*time.Second || times[1] != times[0] || times[2] < 3*time.Second || d.Session.State != idflow.Approved {
		t.Errorf("%s after %v", d.Session.State, times)
	}
}

// Of two tabs the one that began last counts, and only once.
func TestPassageInTwoTabs(t *testing.T) {
	b := setup(t)
	id, token := b.walking()
	first, err := b.Pass(t.Context(), token, 0, 1, false)
	b.must(err)
	second, err := b.Pass(t.Context(), token, 0, 1, true)
	b.must(err)
	if slices.Equal(first.Welcome(), second.Welcome()) {
		t.Error("both are asked the same")
	}
	if got := code(first.Finish(t.Context())); got != "passage_replaced" {
		t.Errorf("the first one ends with %q", got)
	}
	if n := b.blobCount(); n != 0 {
		t.Errorf("it leaves %d files", n)
	}
	b.must(second.Finish(t.Context()))
	if got := code(second.Finish(t.Context())); got != "attempt_over" {
		t.Errorf("the second one ends again with %q", got)
	}
	b.must(b.RunCheck(t.Context(), id))
	if s := b.read(id); s.State != idflow.Approved || len(s.Checks) != 1 {
		t.Errorf("%s after %d checks", s.State, len(s.Checks))
	}
	if n := b.blobCount(); n != 1 {
		t.Errorf("%d files are left", n)
	}
}

// The person's browser is told by what the person brought about, and by nothing else.
func TestDevicesAreNoted(t *testing.T) {
	b := setup(t)
	id, token := b.begin()
	phone := engine.WithDevice(t.Context(), idflow.Device{Browser: "Chrome 141", System: "Android"})
	b.give(token, 1, "pass words")
	b.must(b.Submit(phone, token, 0, 1))
	b.must(b.RunCheck(t.Context(), id))
	d, err := b.Dossier(t.Context(), b.owner, id)
	b.must(err)
	for _, e := range d.Events {
		var data struct{ Device *idflow.Device }
		b.must(json.Unmarshal(e.Data, &data))
		if noted := data.Device != nil && data.Device.Browser == "Chrome 141"; noted != (e.Type == idflow.StepSubmitted) {
			t.Errorf("%s: %s", e.Type, e.Data)
		}
	}
}

// pointer hints at how to take its one photo.
type pointer struct{ walker }

func (pointer) Spec() tech.Spec {
	return tech.Spec{Key: "pointer", Code: "PTR", Title: "Pointer", Result: "pointer_result"}
}

func (pointer) Ask(json.RawMessage, *rand.Rand) (idflow.Task, error) {
	return idflow.Task{Captures: []idflow.Capture{{Name: "front", Kind: idflow.CaptureDocument}}}, nil
}

func (pointer) Hint(json.RawMessage, idflow.Capture) (tech.Guide, error) { return &walk{}, nil }

// Hints are looked at and forgotten: nothing is drawn anew, nothing is kept.
func TestHints(t *testing.T) {
	b := setup(t)
	f, err := b.CreateFlow(t.Context(), b.owner, "Point", []idflow.Step{{Technology: "pointer"}})
	b.must(err)
	s, token, err := b.CreateSession(t.Context(), b.owner, engine.NewSession{FlowID: f.ID})
	b.must(err)
	before, err := b.Visit(t.Context(), token)
	b.must(err)
	p, err := b.Hint(t.Context(), token, 0, 1, "front")
	b.must(err)
	b.see(p)
	p.Close()
	after, err := b.Visit(t.Context(), token)
	b.must(err)
	if after.Session.State != before.Session.State || after.Session.Task.Draws != before.Session.Task.Draws {
		t.Errorf("session %s: %+v, was %+v", s.ID, after.Session, before.Session)
	}
	if _, err := b.Hint(t.Context(), token, 0, 1, "side"); code(err) != "not_live" {
		t.Errorf("hints for what is not asked: %v", err)
	}
	_, walking := b.walking()
	if _, err := b.Hint(t.Context(), walking, 0, 1, "walk"); code(err) != "not_live" {
		t.Errorf("hints for a live passage: %v", err)
	}
}
