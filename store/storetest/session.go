package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"idflow"
	"idflow/store"
)

func readSession(t testing.TB, db *store.DB, id string) idflow.Session {
	t.Helper()
	return read(t, db, func(ctx context.Context, tx *store.Tx) (idflow.Session, error) { return tx.Session(ctx, id) })
}

func sessions(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	s := w.session("s")
	s.Task = idflow.Task{Captures: []idflow.Capture{{Name: "selfie", Kind: idflow.CaptureSelfie, Pose: "left", Optional: true}}, Challenge: json.RawMessage(`{"n":1}`)}
	s.State, s.Step, s.Attempt, s.DecidedAt = idflow.Waiting, 1, 2, noon.Add(time.Minute)
	key := []byte{0, 1, 2, 0xff, 0}
	in(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.InsertSession(ctx, s, []byte("hash"), key) })
	equal(t, "session", readSession(t, db, "s"), s)
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.Session(ctx, "s")
		equal(t, "session, locked", got, s)
		return err
	})
	got := read(t, db, func(ctx context.Context, tx *store.Tx) ([]byte, error) { return tx.WrappedKey(ctx, "s") })
	equal(t, "wrapped key", got, key)
	id := read(t, db, func(ctx context.Context, tx *store.Tx) (string, error) {
		return tx.SessionIDByToken(ctx, []byte("hash"))
	})
	equal(t, "session by token", id, "s")

	plain := w.session("plain")
	plain.Metadata, plain.Reference, plain.Locale = nil, "", ""
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return tx.InsertSession(ctx, plain, []byte("hash 2"), key)
	})
	equal(t, "session without anything", readSession(t, db, "plain"), plain)

	err := db.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.InsertSession(t.Context(), w.session("same token"), []byte("hash"), key)
	})
	if err == nil {
		t.Error("two sessions have one token")
	}

	// A session keeps the version it began with.
	second := w.flow
	second.Version, second.Name = 2, "changed"
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertFlow(ctx, second), tx.DeleteFlow(ctx, "a", second.ID, noon))
	})
	s.Flow.DeletedAt = noon
	equal(t, "session of an old version of a deleted flow", readSession(t, db, "s"), s)
}

func sessionsListed(t *testing.T, db *store.DB) {
	w, other := makeWorld(t, db, "a"), makeWorld(t, db, "b")
	second := w
	second.flow.ID = "a-second"
	in(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.InsertFlow(ctx, second.flow) })
	for i := range 60 {
		from, state := w, idflow.Created
		if i%2 == 0 {
			from = second
		}
		if i%3 == 0 {
			state = idflow.Approved
		}
		from.addSession(t, db, fmt.Sprintf("s%02d", i), state)
	}
	other.addSession(t, db, "s99", idflow.Approved)
	for _, c := range []struct {
		name   string
		filter idflow.SessionFilter
		want   string
	}{
		{"newest", idflow.SessionFilter{Limit: 3}, "[s59 s58 s57]"},
		{"next page", idflow.SessionFilter{Limit: 3, Before: "s57"}, "[s56 s55 s54]"},
		{"last page", idflow.SessionFilter{Limit: 3, Before: "s02"}, "[s01 s00]"},
		{"after the last", idflow.SessionFilter{Before: "s00"}, "[]"},
		{"one flow", idflow.SessionFilter{FlowID: "a-second", Limit: 3}, "[s58 s56 s54]"},
		{"one state", idflow.SessionFilter{State: idflow.Approved, Limit: 3}, "[s57 s54 s51]"},
		{"flow, state and page", idflow.SessionFilter{FlowID: "a-second", State: idflow.Approved, Before: "s54", Limit: 2}, "[s48 s42]"},
		{"another organization's flow", idflow.SessionFilter{FlowID: other.flow.ID}, "[]"},
	} {
		c.filter.OrganizationID = "a"
		list := read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Session, error) { return tx.Sessions(ctx, c.filter) })
		ids := []string{}
		for _, s := range list {
			ids = append(ids, s.ID)
		}
		equal(t, c.name, fmt.Sprint(ids), c.want)
	}
	all := read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Session, error) {
		return tx.Sessions(ctx, idflow.SessionFilter{OrganizationID: "a"})
	})
	equal(t, "sessions without a limit", len(all), 50)
	equal(t, "a session in the list", all[0], w.session("s59"))
}

func sessionUpdated(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	s := w.addSession(t, db, "s", idflow.Created)
	update := func(s idflow.Session) error {
		return db.InTx(t.Context(), func(tx *store.Tx) error { return tx.UpdateSession(t.Context(), s) })
	}
	s.State, s.Step, s.Attempt = idflow.Checking, 1, 2
	s.Task = idflow.Task{Captures: []idflow.Capture{{Name: "page", Kind: idflow.CaptureDocument}}}
	s.UpdatedAt, s.ExpiresAt, s.DecidedAt = noon.Add(time.Second), noon.Add(2*time.Hour), noon.Add(time.Minute)
	if err := update(s); err != nil {
		t.Fatal(err)
	}
	equal(t, "updated session", readSession(t, db, "s"), s)

	for _, c := range []struct {
		name    string
		at, now time.Time
	}{
		{"in the same moment", s.UpdatedAt, s.UpdatedAt.Add(time.Millisecond)},
		{"with a clock that went back", noon, s.UpdatedAt.Add(2 * time.Millisecond)},
		{"later", noon.Add(time.Minute), noon.Add(time.Minute)},
	} {
		next := s
		next.UpdatedAt = c.at
		if err := update(next); err != nil {
			t.Fatal(err)
		}
		equal(t, "updated "+c.name, readSession(t, db, "s").UpdatedAt, c.now)
	}
	foreign := s
	foreign.OrganizationID = makeWorld(t, db, "b").organization.ID
	missing(t, "updating another organization's session", update(foreign))
	missing(t, "updating an unknown session", update(w.session("unknown")))
}

func overdueAndStuck(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	var waiting []string
	for _, state := range idflow.States {
		w.addSession(t, db, string(state), state)
		if state == idflow.Created || state == idflow.Waiting {
			waiting = append(waiting, string(state))
		}
	}
	overdue := func(at time.Time, limit int) []string {
		return read(t, db, func(ctx context.Context, tx *store.Tx) ([]string, error) { return tx.Overdue(ctx, at, limit) })
	}
	stuck := func(before time.Time, limit int) []string {
		return read(t, db, func(ctx context.Context, tx *store.Tx) ([]string, error) { return tx.Stuck(ctx, before, limit) })
	}
	equal(t, "overdue before the time", overdue(noon.Add(time.Hour-time.Millisecond), 10), nil)
	got := overdue(noon.Add(time.Hour), 10)
	slices.Sort(got)
	slices.Sort(waiting)
	equal(t, "overdue", got, waiting)

	for _, state := range []idflow.State{idflow.Waiting, idflow.Checking} {
		early := w.session("early " + string(state))
		early.State, early.ExpiresAt, early.UpdatedAt = state, noon.Add(time.Minute), noon.Add(-time.Minute)
		in(t, db, func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertSession(ctx, early, []byte(state), []byte("k"))
		})
	}
	equal(t, "the longest overdue first", overdue(noon.Add(time.Hour), 1), []string{"early waiting"})
	equal(t, "stuck", stuck(noon, 10), []string{"early checking"})
	equal(t, "stuck a moment later", stuck(noon.Add(time.Millisecond), 10), []string{"early checking", "checking"})
	equal(t, "the longest stuck first", stuck(noon.Add(time.Millisecond), 1), []string{"early checking"})
}

func evidence(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	w.addSession(t, db, "s", idflow.Waiting)
	w.addSession(t, db, "other", idflow.Waiting)
	selfie := idflow.Evidence{ID: "e1", SessionID: "s", Step: 0, Attempt: 1, Name: "selfie", ContentType: "image/jpeg", Size: 1 << 40, SHA256: "ab", CreatedAt: noon}
	with := func(change func(*idflow.Evidence)) idflow.Evidence {
		e := selfie
		change(&e)
		return e
	}
	list := func(session string) []idflow.Evidence {
		return read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Evidence, error) { return tx.Evidence(ctx, session) })
	}
	steps := []struct {
		name     string
		put      idflow.Evidence
		replaced string
	}{
		{"first", selfie, ""},
		{"another name", with(func(e *idflow.Evidence) { e.ID, e.Name, e.CreatedAt = "e2", "page", noon.Add(time.Second) }), ""},
		{"another attempt", with(func(e *idflow.Evidence) { e.ID, e.Attempt, e.CreatedAt = "e3", 2, noon.Add(2*time.Second) }), ""},
		{"another step", with(func(e *idflow.Evidence) { e.ID, e.Step, e.CreatedAt = "e4", 1, noon.Add(3*time.Second) }), ""},
		{"another session", with(func(e *idflow.Evidence) { e.ID, e.SessionID = "e5", "other" }), ""},
		{"derived from it", with(func(e *idflow.Evidence) { e.ID, e.Derived, e.CreatedAt = "e6", true, noon.Add(4*time.Second) }), ""},
		{"again", with(func(e *idflow.Evidence) { e.ID, e.Size, e.CreatedAt = "e7", 0, noon.Add(5*time.Second) }), "e1"},
	}
	var want []idflow.Evidence
	for _, s := range steps {
		var replaced string
		in(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
			replaced, err = tx.PutEvidence(ctx, s.put)
			return err
		})
		equal(t, s.name+": replaced", replaced, s.replaced)
		if s.put.SessionID == "s" {
			want = append(slices.DeleteFunc(want, func(e idflow.Evidence) bool { return e.ID == s.replaced }), s.put)
		}
	}
	equal(t, "evidence, oldest first", list("s"), want)
	equal(t, "evidence of the other session", len(list("other")), 1)
	equal(t, "evidence of an unknown session", list("unknown"), nil)
}

func facts(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	w.addSession(t, db, "s", idflow.Checking)
	w.addSession(t, db, "other", idflow.Checking)
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.PutFact(ctx, "s", "face.live", []byte("first")), tx.PutFact(ctx, "s", "document.fields", []byte{0, 0xff}),
			tx.PutFact(ctx, "other", "face.live", []byte("other")), tx.PutFact(ctx, "s", "face.live", []byte("second")))
	})
	got := read(t, db, func(ctx context.Context, tx *store.Tx) (map[string][]byte, error) { return tx.Facts(ctx, "s") })
	equal(t, "facts", got, map[string][]byte{"face.live": []byte("second"), "document.fields": {0, 0xff}})
	got = read(t, db, func(ctx context.Context, tx *store.Tx) (map[string][]byte, error) { return tx.Facts(ctx, "unknown") })
	equal(t, "facts of an unknown session", got, map[string][]byte{})
}

func checksAndReports(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	w.addSession(t, db, "s", idflow.Checking)
	threshold := 0.5
	first := idflow.Check{Step: 0, Attempt: 2, Technology: "liveness_short", Verdict: idflow.Retry, Reasons: []idflow.Reason{"too_dark", "no_face"},
		Scores: []idflow.Score{{Name: "liveness.passive", Value: 0.25, Threshold: &threshold}, {Name: "yaw", Value: -3, Below: true}},
		Models: []string{"fr@1"}, StartedAt: noon, FinishedAt: noon.Add(time.Second)}
	bare := idflow.Check{Step: 0, Attempt: 1, Technology: "face_to_face", Verdict: idflow.Pass, StartedAt: noon, FinishedAt: noon}
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertCheck(ctx, "s", first, []byte("report 2")), tx.InsertCheck(ctx, "s", bare, []byte("report 1")))
	})
	equal(t, "checks in the order they were made", readSession(t, db, "s").Checks, []idflow.Check{first, bare})
	reports := read(t, db, func(ctx context.Context, tx *store.Tx) ([][]byte, error) { return tx.Reports(ctx, "s") })
	equal(t, "reports in the same order", reports, [][]byte{[]byte("report 2"), []byte("report 1")})
	err := db.InTx(t.Context(), func(tx *store.Tx) error { return tx.InsertCheck(t.Context(), "s", bare, []byte("again")) })
	if err == nil {
		t.Error("an attempt has two checks")
	}
}

func decisions(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	w.addSession(t, db, "s", idflow.Review)
	rules := idflow.Decision{State: idflow.Review, Reasons: []idflow.Reason{"glare"}, At: noon}
	human := idflow.Decision{State: idflow.Approved, By: "u", Comment: "Көрінеді", At: noon.Add(time.Hour)}
	for _, d := range []idflow.Decision{rules, human} {
		in(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.InsertDecision(ctx, "s", d) })
		equal(t, "decision that counts", readSession(t, db, "s").Decision, &d)
	}
}

func events(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	w.addSession(t, db, "s", idflow.Created)
	w.addSession(t, db, "other", idflow.Created)
	event := func(id, session string) idflow.Event {
		return idflow.Event{ID: id, OrganizationID: "a", SessionID: session, Type: idflow.StepStarted, Data: json.RawMessage(`{"step":1}`), CreatedAt: noon}
	}
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.AppendEvent(ctx, event("e1", "s")), tx.AppendEvent(ctx, event("e2", "other")), tx.AppendEvent(ctx, event("e3", "s")))
	})
	list := func(after int) []idflow.Event {
		return read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Event, error) { return tx.Events(ctx, "s", after) })
	}
	first, second := event("e1", "s"), event("e3", "s")
	first.Sequence, second.Sequence = 1, 2
	equal(t, "events", list(0), []idflow.Event{first, second})
	equal(t, "events after the first", list(1), []idflow.Event{second})
	equal(t, "events after the last", list(2), nil)

	foreign := event("e4", "s")
	foreign.OrganizationID = makeWorld(t, db, "b").organization.ID
	err := db.InTx(t.Context(), func(tx *store.Tx) error { return tx.AppendEvent(t.Context(), foreign) })
	missing(t, "an event of another organization", err)
}

func hostileText(t *testing.T, db *store.DB) {
	w := makeWorld(t, db, "a")
	for i, text := range []string{
		`'; DROP TABLE session; --`, `$1 $2 ? ?1 :x @y`, "\\", "\"", "%_%", "\t\n\r", "\u202e\u200b\ufeff", "👩🏽‍🚀", string(bytes.Repeat([]byte("x"), 1<<20)),
	} {
		s := w.session(fmt.Sprint("s", i))
		s.Reference, s.Metadata = text, map[string]string{text: text}
		in(t, db, func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertSession(ctx, s, []byte(s.ID), []byte("k"))
		})
		if got := readSession(t, db, s.ID); got.Reference != text || got.Metadata[text] != text {
			t.Errorf("%.20q comes back as %.20q and %.20q", text, got.Reference, got.Metadata)
		}
	}
	for _, text := range []string{"\x00", "a\x00b", "\xff", "a\xc3"} {
		for name, do := range map[string]func(ctx context.Context, tx *store.Tx) error{
			"stored": func(ctx context.Context, tx *store.Tx) error {
				s := w.session("refused")
				s.Reference = text
				return tx.InsertSession(ctx, s, []byte("refused"), []byte("k"))
			},
			"an id":      func(ctx context.Context, tx *store.Tx) error { _, err := tx.Session(ctx, text); return err },
			"an address": func(ctx context.Context, tx *store.Tx) error { _, err := tx.UserByEmail(ctx, "a"+text); return err },
			"a state": func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Sessions(ctx, idflow.SessionFilter{OrganizationID: "a", State: idflow.State(text)})
				return err
			},
		} {
			if err := db.InTx(t.Context(), func(tx *store.Tx) error { return do(t.Context(), tx) }); !errors.Is(err, store.ErrText) && !(name == "an address" && errors.Is(err, idflow.ErrNotFound)) {
				t.Errorf("%q as %s: %v, want ErrText", text, name, err)
			}
		}
	}
}
