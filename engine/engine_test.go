package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"idflow"
	"idflow/blob"
	"idflow/engine"
	"idflow/store"
	"idflow/tech"
)

// The engine is tested over the real database and the real vault; only the
// technologies are scripted: the bytes that the person gives say what they find.

// scripted asks for one photo. Its first word is the verdict, the rest is
// handed on.
type scripted struct{ ran *counter }

func (scripted) Spec() tech.Spec {
	return tech.Spec{Key: "scripted", Code: "SCR", Title: "Scripted", Result: "scripted_result", Gives: []string{"words"}}
}

func (scripted) Ask(json.RawMessage, *rand.Rand) (idflow.Task, error) {
	return idflow.Task{Captures: []idflow.Capture{{Name: "photo", Kind: idflow.CaptureSelfie}, {Name: "extra", Kind: idflow.CaptureSelfie, Optional: true}}}, nil
}

func (scripted) Inspect(_ idflow.Capture, _ string, data []byte) error {
	if bytes.HasPrefix(data, []byte("bomb")) {
		return tech.ErrPictureNotReadable
	}
	return nil
}

func (s scripted) Check(_ context.Context, in tech.Input) (tech.Outcome, error) {
	s.ran.add()
	verdict, rest, _ := strings.Cut(string(in.Evidence["photo"]), " ")
	if verdict == "broken" {
		return tech.Outcome{}, errors.New("the net is on fire")
	}
	out := tech.Outcome{Verdict: idflow.Verdict(verdict), Scores: []idflow.Score{idflow.AtLeast("words", 1, 1)}, Report: map[string]string{"words": rest},
		Facts: tech.Facts{"words": json.RawMessage(`"` + rest + `"`)}, Derived: []tech.Derived{{Name: "echo", ContentType: "text/plain", Data: []byte(rest)}}}
	if expected, err := tech.Get(in.Facts, tech.Expected); err == nil {
		out.Report = expected
	}
	if out.Verdict != idflow.Pass {
		out.Reasons = []idflow.Reason{"scripted"}
	}
	return out, nil
}

// marker remembers a thing and a holder, the second and third of the words that
// were given, and reports how many others have shown the thing.
type marker struct{ scripted }

func (marker) Spec() tech.Spec {
	return tech.Spec{Key: "marker", Code: "MRK", Title: "Marker", Result: "marker_result"}
}

func (marker) Check(ctx context.Context, in tech.Input) (tech.Outcome, error) {
	words := strings.Fields(string(in.Evidence["photo"]))
	m := tech.Mark{Kind: "document", Value: words[1], Holder: words[2]}
	n, err := in.Marks.OtherHolders(ctx, m)
	return tech.Outcome{Verdict: idflow.Verdict(words[0]), Marks: []tech.Mark{m}, Report: n}, err
}

// reader asks for nothing and fails when an earlier step handed on "bad".
type reader struct{}

func (reader) Spec() tech.Spec {
	return tech.Spec{Key: "reader", Code: "RDR", Title: "Reader", Result: "reader_result", Needs: []string{"words"}}
}

func (reader) Check(_ context.Context, in tech.Input) (tech.Outcome, error) {
	words, err := tech.Get(in.Facts, tech.Fact[string]("words"))
	if words == "bad" {
		return tech.Outcome{Verdict: idflow.Fail, Reasons: []idflow.Reason{"bad_words"}, Report: map[string]bool{"result": false}}, err
	}
	return tech.Outcome{Verdict: idflow.Pass, Report: map[string]bool{"result": true}}, err
}

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() { c.mu.Lock(); c.n++; c.mu.Unlock() }

// clock is time under the test's control.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(time.Millisecond) // so that every move is later than the last
	return c.t
}

func (c *clock) pass(d time.Duration) { c.mu.Lock(); c.t = c.t.Add(d); c.mu.Unlock() }

type bundle struct {
	*engine.Engine
	t     *testing.T
	db    *store.DB
	vault vault
	blobs *blob.Dir
	clock *clock
	ran   *counter
	owner idflow.Actor
}

type storeOf struct{ db *store.DB }

func (s storeOf) InTx(ctx context.Context, fn func(engine.Tx) error) error {
	return s.db.InTx(ctx, func(tx *store.Tx) error { return fn(tx) })
}

func (s storeOf) View(ctx context.Context, fn func(engine.Tx) error) error {
	return s.db.View(ctx, func(tx *store.Tx) error { return fn(tx) })
}

type vault struct{ *blob.Vault }

func (v vault) Open(wrapped []byte) (engine.Safe, error) { return v.Vault.Open(wrapped) }

func setup(t *testing.T) *bundle {
	t.Helper()
	dir := t.TempDir()
	b := &bundle{t: t, clock: &clock{t: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}, ran: &counter{}}
	var err error
	if b.db, err = store.Open(t.Context(), filepath.Join(dir, "test.db"), store.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.db.Close() })
	b.must(b.db.Migrate(t.Context()))
	if b.blobs, err = blob.OpenDir(filepath.Join(dir, "evidence")); err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(dir, "master.key")
	if err := blob.CreateKeyring(keys); err != nil {
		t.Fatal(err)
	}
	ring, err := blob.ReadKeyring(keys)
	if err != nil {
		t.Fatal(err)
	}
	b.vault = vault{blob.NewVault(b.blobs, ring)}
	b.Engine = engine.New(engine.Config{Store: storeOf{b.db}, Vault: b.vault, Technologies: tech.NewSet(scripted{b.ran}, reader{}, walker{}, pointer{}, marker{}), Now: b.clock.now, Lifetime: time.Hour})
	b.owner = b.organization("first")
	return b
}

// organization makes one with a subscription for everything, and returns its owner.
func (b *bundle) organization(id string) idflow.Actor {
	b.t.Helper()
	b.must(b.db.InTx(b.t.Context(), func(tx *store.Tx) error {
		return tx.InsertOrganization(b.t.Context(), idflow.Organization{ID: id, Name: id, CreatedAt: b.clock.now()})
	}))
	b.must(b.Welcome(b.t.Context(), id, "Both", []string{"scripted", "reader"}))
	return idflow.Actor{OrganizationID: id, UserID: "u-" + id, Role: idflow.Owner}
}

func (b *bundle) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// begin makes a session and opens it.
func (b *bundle) begin() (id, token string) {
	b.t.Helper()
	flows, err := b.Flows(b.t.Context(), b.owner)
	b.must(err)
	s, token, err := b.CreateSession(b.t.Context(), b.owner, engine.NewSession{FlowID: flows[0].ID})
	b.must(err)
	_, err = b.Visit(b.t.Context(), token)
	b.must(err)
	return s.ID, token
}

func (b *bundle) give(token string, attempt int, words string) {
	b.t.Helper()
	b.must(b.Give(b.t.Context(), token, engine.Given{Step: 0, Attempt: attempt, Name: "photo", ContentType: "image/jpeg", Data: []byte(words)}))
}

// pass gives words, submits and runs the checks that follow.
func (b *bundle) pass(id, token string, attempt int, words string) idflow.Session {
	b.t.Helper()
	b.give(token, attempt, words)
	b.must(b.Submit(b.t.Context(), token, 0, attempt))
	for range 2 {
		b.must(b.RunCheck(b.t.Context(), id))
	}
	return b.read(id)
}

func (b *bundle) read(id string) idflow.Session {
	b.t.Helper()
	s, err := b.Session(b.t.Context(), b.owner, id)
	b.must(err)
	return s
}

// blobCount is how many pieces of sealed evidence lie in the vault.
func (b *bundle) blobCount() (n int) {
	for _, err := range b.blobs.List(b.t.Context()) {
		b.must(err)
		n++
	}
	return n
}

func code(err error) string {
	if e := idflow.AsError(err); e != nil {
		return e.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestSessionRunsToItsResult(t *testing.T) {
	for _, c := range []struct {
		name  string
		words []string // one attempt each
		want  idflow.State
	}{
		{"approved", []string{"pass good"}, idflow.Approved},
		{"a second try", []string{"retry x", "pass good"}, idflow.Approved},
		{"declined by what was handed on", []string{"pass bad"}, idflow.Declined},
		{"declined after all tries", []string{"fail a", "retry b", "fail c"}, idflow.Declined},
		{"review", []string{"review good"}, idflow.Review},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := setup(t)
			id, token := b.begin()
			var s idflow.Session
			for i, words := range c.words {
				s = b.pass(id, token, i+1, words)
			}
			if s.State != c.want || s.Decision == nil || s.Decision.State != c.want {
				t.Fatalf("session is %s with decision %+v, want %s", s.State, s.Decision, c.want)
			}
			d, err := b.Dossier(t.Context(), b.owner, id)
			b.must(err)
			if got := string(d.Session.Checks[0].Report); !strings.Contains(got, strings.Fields(c.words[0])[1]) {
				t.Errorf("report is %s", got)
			}
			for i, e := range d.Events {
				if e.Sequence != i+1 {
					t.Fatalf("event %d has number %d", i, e.Sequence)
				}
			}
			if last := d.Events[len(d.Events)-1]; last.Type != idflow.SessionDecided {
				t.Errorf("the last event is %s", last.Type)
			}
			for _, e := range d.Evidence {
				_, data, err := b.EvidenceBytes(t.Context(), b.owner, id, e.ID)
				b.must(err)
				if int64(len(data)) != e.Size {
					t.Errorf("%s has %d bytes, filed are %d", e.Name, len(data), e.Size)
				}
			}
		})
	}
}

func TestRepeatedAndLateCallsChangeNothing(t *testing.T) {
	b := setup(t)
	id, token := b.begin()
	b.give(token, 1, "retry x")
	b.give(token, 1, "retry y") // replaces
	if n := b.blobCount(); n != 1 {
		t.Fatalf("%d pieces of evidence lie in the vault, want 1", n)
	}
	b.must(b.Submit(t.Context(), token, 0, 1))
	b.must(b.Submit(t.Context(), token, 0, 1))
	for range 3 {
		b.must(b.RunCheck(t.Context(), id))
	}
	if s := b.read(id); len(s.Checks) != 1 || s.Attempt != 2 {
		t.Fatalf("%d checks and attempt %d, want 1 and 2", len(s.Checks), s.Attempt)
	}
	if got := code(b.Submit(t.Context(), token, 0, 1)); got != "attempt_over" {
		t.Errorf("late submit: %q", got)
	}
	if got := code(b.Give(t.Context(), token, engine.Given{Attempt: 1, Name: "photo", Data: []byte("pass z")})); got != "attempt_over" {
		t.Errorf("late evidence: %q", got)
	}
	if b.ran.n != 1 {
		t.Errorf("the technology ran %d times, want once", b.ran.n)
	}
}

// Workers that run the same check at the same time file one answer and take
// one transaction.
func TestParallelWorkersCountOnce(t *testing.T) {
	b := setup(t)
	id, token := b.begin()
	b.give(token, 1, "retry x")
	b.must(b.Submit(t.Context(), token, 0, 1))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := b.RunCheck(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if s := b.read(id); len(s.Checks) != 1 {
		t.Errorf("%d checks are filed, want 1", len(s.Checks))
	}
	if used := b.used("scripted"); used != 1 {
		t.Errorf("%d transactions are charged, want 1", used)
	}
	if n := b.blobCount(); n != 2 { // the photo and the echo
		t.Errorf("%d pieces of evidence lie in the vault, want 2", n)
	}
}

func (b *bundle) used(technology string) (n int) {
	subs, err := b.Subscriptions(b.t.Context(), b.owner)
	b.must(err)
	for _, s := range subs {
		if s.Technology == technology {
			n += s.Used
		}
	}
	return n
}

func TestRefusedEvidenceLeavesNothing(t *testing.T) {
	b := setup(t)
	_, token := b.begin()
	for _, c := range []struct {
		name  string
		given engine.Given
		want  string
	}{
		{"not a picture", engine.Given{Attempt: 1, Name: "photo", Data: []byte("bomb")}, "picture_not_readable"},
		{"not asked for", engine.Given{Attempt: 1, Name: "passport", Data: []byte("x")}, "capture_unknown"},
		{"another attempt", engine.Given{Attempt: 2, Name: "photo", Data: []byte("x")}, "attempt_over"},
		{"another step", engine.Given{Step: 1, Attempt: 1, Name: "photo", Data: []byte("x")}, "attempt_over"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := code(b.Give(t.Context(), token, c.given)); got != c.want {
				t.Errorf("answer %q, want %q", got, c.want)
			}
			if n := b.blobCount(); n != 0 {
				t.Errorf("%d pieces of evidence were kept", n)
			}
		})
	}
	if got := code(b.Submit(t.Context(), token, 0, 1)); got != "capture_missing" {
		t.Errorf("submit without evidence: %q", got)
	}
	if got := code(b.Give(t.Context(), "no such token", engine.Given{Attempt: 1, Name: "photo"})); got != "link_unknown" {
		t.Errorf("unknown link: %q", got)
	}
}

func TestBrokenMachineGoesToReview(t *testing.T) {
	b := setup(t)
	id, token := b.begin()
	b.give(token, 1, "broken x")
	b.must(b.Submit(t.Context(), token, 0, 1))
	if err := b.RunCheck(t.Context(), id); err == nil || idflow.AsError(err) != nil {
		t.Fatalf("a failing machine answered %v", err)
	}
	if s := b.read(id); s.State != idflow.Checking {
		t.Fatalf("session is %s after one failure, want checking", s.State)
	}
	b.must(b.GiveUp(t.Context(), id))
	s := b.read(id)
	if s.State != idflow.Review || len(s.Decision.Reasons) != 1 || s.Decision.Reasons[0] != engine.ReasonMachineFailed {
		t.Errorf("session is %s because of %v", s.State, s.Decision)
	}
	if b.used("scripted") != 0 {
		t.Error("a failure was charged")
	}
}

func TestTimeRunsOut(t *testing.T) {
	b := setup(t)
	waiting, token := b.begin()
	checking, other := b.begin()
	b.give(other, 1, "pass good")
	b.must(b.Submit(t.Context(), other, 0, 1))
	b.clock.pass(2 * time.Hour)
	expired, woken, err := b.Sweep(t.Context())
	b.must(err)
	if expired != 1 || woken != 1 {
		t.Errorf("the sweep expired %d and woke %d sessions, want 1 and 1", expired, woken)
	}
	if s := b.read(waiting); s.State != idflow.Expired {
		t.Errorf("session is %s, want expired", s.State)
	}
	if s := b.read(checking); s.State != idflow.Checking {
		t.Errorf("a session under check is %s", s.State)
	}
	if got := code(b.Submit(t.Context(), token, 0, 1)); got != "session_over" {
		t.Errorf("submit after the end: %q", got)
	}
	if _, again, err := b.Sweep(t.Context()); err != nil || again != 0 {
		t.Errorf("a second sweep woke %d, %v", again, err)
	}
}

func TestOrganizationsSeeTheirOwn(t *testing.T) {
	b := setup(t)
	stranger := b.organization("second")
	id, token := b.begin()
	b.give(token, 1, "pass good")
	d, err := b.Dossier(t.Context(), b.owner, id)
	b.must(err)
	flows, err := b.Flows(t.Context(), b.owner)
	b.must(err)
	keys, err := b.Keys(t.Context(), b.owner)
	b.must(err)
	for name, call := range map[string]func() error{
		"session":  func() error { _, err := b.Session(t.Context(), stranger, id); return err },
		"dossier":  func() error { _, err := b.Dossier(t.Context(), stranger, id); return err },
		"evidence": func() error { _, _, err := b.EvidenceBytes(t.Context(), stranger, id, d.Evidence[0].ID); return err },
		"cancel":   func() error { _, err := b.CancelSession(t.Context(), stranger, id); return err },
		"flow":     func() error { _, err := b.Flow(t.Context(), stranger, flows[0].ID); return err },
		"delete":   func() error { return b.DeleteFlow(t.Context(), stranger, flows[0].ID) },
		"key":      func() error { _, err := b.RevealKey(t.Context(), stranger, flows[0].ID, keys[0].ID); return err },
		"create": func() error {
			_, _, err := b.CreateSession(t.Context(), stranger, engine.NewSession{FlowID: flows[0].ID})
			return err
		},
	} {
		if err := call(); !errors.Is(err, idflow.ErrNotFound) {
			t.Errorf("%s of another organization: %v", name, err)
		}
	}
	if list, err := b.Sessions(t.Context(), stranger, engine.SessionFilter{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("another organization lists %d sessions, %v", len(list), err)
	}
}

func TestKeys(t *testing.T) {
	b := setup(t)
	flows, err := b.Flows(t.Context(), b.owner)
	b.must(err)
	keys, err := b.Keys(t.Context(), b.owner)
	b.must(err)
	secret, err := b.RevealKey(t.Context(), b.owner, flows[0].ID, keys[0].ID)
	b.must(err)
	if _, err := b.RevealKey(t.Context(), b.owner, flows[0].ID, keys[0].ID); !errors.Is(err, engine.ErrKeyShown) {
		t.Errorf("a second look at the key: %v", err)
	}
	holder, err := b.Authenticate(t.Context(), secret)
	b.must(err)
	if _, _, err := b.CreateSession(t.Context(), holder, engine.NewSession{}); err != nil {
		t.Errorf("the key's own Flow: %v", err)
	}
	other, err := b.CreateFlow(t.Context(), b.owner, "Other", []idflow.Step{{Technology: "scripted"}})
	b.must(err)
	if _, _, err := b.CreateSession(t.Context(), holder, engine.NewSession{FlowID: other.ID}); !errors.Is(err, idflow.ErrNotFound) {
		t.Errorf("another Flow: %v", err)
	}
	if _, err := b.CreateFlow(t.Context(), holder, "Mine", []idflow.Step{{Technology: "scripted"}}); !errors.Is(err, idflow.ErrForbidden) {
		t.Errorf("a Flow's key made a Flow: %v", err)
	}
	if _, err := b.Authenticate(t.Context(), secret+"x"); !errors.Is(err, idflow.ErrUnauthorized) {
		t.Errorf("a wrong key: %v", err)
	}
	id, token := b.begin()
	b.must(b.DeleteFlow(t.Context(), b.owner, flows[0].ID))
	if _, err := b.Authenticate(t.Context(), secret); !errors.Is(err, idflow.ErrUnauthorized) {
		t.Errorf("the key of a deleted Flow: %v", err)
	}
	if s := b.pass(id, token, 1, "pass good"); s.State != idflow.Approved {
		t.Errorf("a session of a deleted Flow is %s", s.State)
	}
}

func TestSubscriptions(t *testing.T) {
	b := setup(t)
	poor := idflow.Actor{OrganizationID: "poor", UserID: "p", Role: idflow.Owner}
	b.must(b.db.InTx(t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertOrganization(t.Context(), idflow.Organization{ID: "poor", Name: "Poor", CreatedAt: b.clock.now()}); err != nil {
			return err
		}
		return tx.InsertSubscription(t.Context(), idflow.Subscription{ID: "limited", OrganizationID: "poor", Technology: "scripted", Transactions: 1, StartsAt: b.clock.now(), PurchasedAt: b.clock.now()})
	}))
	if _, err := b.CreateFlow(t.Context(), poor, "Both", []idflow.Step{{Technology: "scripted"}, {Technology: "reader"}}); code(err) != "subscription_missing" {
		t.Errorf("a Flow with an unpaid technology: %v", err)
	}
	f, err := b.CreateFlow(t.Context(), poor, "One", []idflow.Step{{Technology: "scripted"}})
	b.must(err)
	run := func() idflow.Session {
		s, token, err := b.CreateSession(t.Context(), poor, engine.NewSession{FlowID: f.ID})
		b.must(err)
		b.give(token, 1, "pass good")
		b.must(b.Submit(t.Context(), token, 0, 1))
		return s
	}
	first, second := run(), run() // both begin while one transaction is left
	b.must(b.RunCheck(t.Context(), first.ID))
	b.must(b.RunCheck(t.Context(), second.ID))
	s, err := b.Session(t.Context(), poor, first.ID)
	b.must(err)
	if s.State != idflow.Approved {
		t.Errorf("the paid session is %s", s.State)
	}
	if s, err = b.Session(t.Context(), poor, second.ID); err != nil || len(s.Checks) != 1 || s.Checks[0].Reasons[0] != engine.ReasonNoSubscription {
		t.Errorf("the session beyond the subscription has checks %+v, %v", s.Checks, err)
	}
	if _, _, err := b.CreateSession(t.Context(), poor, engine.NewSession{FlowID: f.ID}); code(err) != "subscription_missing" {
		t.Errorf("a session beyond the subscription: %v", err)
	}
}

func TestAwait(t *testing.T) {
	b := setup(t)
	id, token := b.begin()
	b.give(token, 1, "pass good")
	b.must(b.Submit(t.Context(), token, 0, 1))
	v, err := b.Visit(t.Context(), token)
	b.must(err)
	moved := make(chan idflow.State)
	go func() {
		v, err := b.Await(t.Context(), token, v.Session.UpdatedAt, time.Minute)
		if err != nil {
			t.Error(err)
		}
		moved <- v.Session.State
	}()
	b.must(b.RunCheck(t.Context(), id))
	if state := <-moved; state != idflow.Checking { // the reader's turn
		t.Errorf("woken in %s", state)
	}
	if v, err = b.Visit(t.Context(), token); err != nil || v.Session.Step != 1 {
		t.Fatalf("at step %d, %v", v.Session.Step, err)
	}
	before := v.Session.UpdatedAt
	if v, err = b.Await(t.Context(), token, before, time.Millisecond); err != nil || !v.Session.UpdatedAt.Equal(before) {
		t.Errorf("waiting in vain: %v, %v", v.Session.UpdatedAt, err)
	}
}

// What a customer says of the person reaches the technologies, and nobody else.
func TestExpectedData(t *testing.T) {
	b := setup(t)
	flows, err := b.Flows(t.Context(), b.owner)
	b.must(err)
	s, token, err := b.CreateSession(t.Context(), b.owner, engine.NewSession{FlowID: flows[0].ID, Expected: tech.Fields{"surname": "NURLANOVA"}})
	b.must(err)
	_, err = b.Visit(t.Context(), token)
	b.must(err)
	b.pass(s.ID, token, 1, "pass good")
	d, err := b.Dossier(t.Context(), b.owner, s.ID)
	b.must(err)
	if got := string(d.Session.Checks[0].Report); got != `{"surname":"NURLANOVA"}` {
		t.Errorf("the technology got %s", got)
	}
	for field, value := range map[string]string{"surname": strings.Repeat("x", 201), "birth_date": "31.12.1990", "shoe_size": "43"} {
		_, _, err := b.CreateSession(t.Context(), b.owner, engine.NewSession{FlowID: flows[0].ID, Expected: tech.Fields{field: value}})
		if e := idflow.AsError(err); e == nil || !strings.Contains(e.Field, field) {
			t.Errorf("%s %q: %v", field, value, err)
		}
	}
}

func TestNewSessionBounds(t *testing.T) {
	b := setup(t)
	flows, err := b.Flows(t.Context(), b.owner)
	b.must(err)
	for _, c := range []struct {
		name string
		in   engine.NewSession
		want string
	}{
		{"no flow", engine.NewSession{}, "flow_missing"},
		{"unknown flow", engine.NewSession{FlowID: "nowhere"}, "not_found"},
		{"reference", engine.NewSession{FlowID: flows[0].ID, Reference: strings.Repeat("x", 101)}, "reference_too_long"},
		{"locale", engine.NewSession{FlowID: flows[0].ID, Locale: "xx"}, "locale_unknown"},
		{"lifetime", engine.NewSession{FlowID: flows[0].ID, Lifetime: time.Second}, "lifetime_out_of_range"},
		{"metadata", engine.NewSession{FlowID: flows[0].ID, Metadata: map[string]string{"k": strings.Repeat("x", 501)}}, "metadata_too_large"},
		{"fine", engine.NewSession{FlowID: flows[0].ID, Reference: "r", Locale: "kz", Lifetime: time.Hour, Metadata: map[string]string{"a": "b"}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _, err := b.CreateSession(t.Context(), b.owner, c.in)
			if code(err) != c.want {
				t.Errorf("answer %v, want %q", err, c.want)
			}
			if err == nil && (s.Locale != "kk" || s.Metadata["a"] != "b") {
				t.Errorf("session is %+v", s)
			}
		})
	}
}
