package liveness

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"idflow"
	"idflow/tech"
)

// ask draws a challenge under the settings' defaults with some changed.
func ask(t *testing.T, technology Live, changed string, seed uint64) (json.RawMessage, challenge) {
	t.Helper()
	raw, problem := tech.Complete(technology.Spec().Settings, json.RawMessage(changed))
	if problem != nil {
		t.Fatal(problem)
	}
	task, err := technology.Ask(raw, rand.New(rand.NewPCG(seed, 0)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := parseChallenge(task.Challenge)
	if err != nil {
		t.Fatal(err)
	}
	return raw, c
}

func TestDraws(t *testing.T) {
	for _, c := range []struct {
		variant  Variant
		settings string
		from     []action
		n        int
		mixed    bool
	}{
		{Detection, `{}`, allActions, 3, true},
		{Detection, `{"actions":1}`, allActions, 1, false},
		{Detection, `{"actions":5}`, allActions, 5, true},
		{Detection, `{"still_head":true,"actions":4}`, faceActions, 4, false},
		{Detection, `{"active":false}`, nil, 0, false},
		{Positions, `{}`, headActions, 2, true},
		{Distance, `{}`, distanceActions, 2, true},
		{Distance, `{"actions":5}`, distanceActions, 5, false},
	} {
		nonces, firsts := map[string]bool{}, map[action]bool{}
		for seed := range uint64(200) {
			_, drawn := ask(t, Live{Variant: c.variant}, c.settings, seed)
			if len(drawn.Actions) != c.n {
				t.Fatalf("%s %s: %v", c.variant.Code, c.settings, drawn.Actions)
			}
			for i, a := range drawn.Actions {
				firsts[drawn.Actions[0]] = true
				if !slices.Contains(c.from, a) || i > 0 && drawn.Actions[i-1] == a || i < len(c.from) && slices.Contains(drawn.Actions[:i], a) {
					t.Errorf("%s %s: %v", c.variant.Code, c.settings, drawn.Actions)
				}
			}
			kinds := Live{Variant: c.variant}.possible(settings{})
			if of := func(a action) bool { return slices.Contains(kinds[0], a) }; c.mixed && (!slices.ContainsFunc(drawn.Actions, of) || !slices.ContainsFunc(drawn.Actions, func(a action) bool { return !of(a) })) {
				t.Errorf("%s %s: %v asks for one kind only", c.variant.Code, c.settings, drawn.Actions)
			}
			nonces[drawn.Nonce] = true
		}
		if len(nonces) != 200 || c.n > 0 && len(firsts) != len(c.from) {
			t.Errorf("%s %s: %d nonces of 200, first actions %v", c.variant.Code, c.settings, len(nonces), firsts)
		}
	}
}

func TestFlashIsOffUnlessAskedFor(t *testing.T) {
	if _, c := ask(t, Live{Variant: Detection}, `{}`, 1); c.Colours != nil {
		t.Errorf("draws %v", c.Colours)
	}
	_, c := ask(t, Live{Variant: Detection}, `{"flash":true}`, 1)
	if len(c.Colours) != flashColours {
		t.Errorf("draws %v", c.Colours)
	}
	for i, colour := range c.Colours {
		if _, ok := chromaOf(colour); !ok || slices.Contains(c.Colours[:i], colour) {
			t.Errorf("%s is no colour, or comes twice in %v", colour, c.Colours)
		}
	}
}

// Whoever wants no flash is asked more instead, and either way is judged as one
// that was drawn; a mixture of both, or less than either, is not.
func TestTheCalmWayAsksMore(t *testing.T) {
	for _, c := range []struct {
		variant  Variant
		settings string
		n        int
	}{{Detection, `{"flash":true}`, 5}, {Detection, `{"flash":true,"actions":5}`, 7}, {Detection, `{"flash":true,"active":false}`, 2}, {Distance, `{"flash":true}`, 4}} {
		for seed := range uint64(50) {
			_, drawn := ask(t, Live{Variant: c.variant}, c.settings, seed)
			calm := drawn.calm()
			if len(calm.Actions) != c.n || calm.Colours != nil || !mixed(Live{Variant: c.variant}.possible(settings{}), calm.Actions) || !mixed(Live{Variant: c.variant}.possible(settings{}), drawn.Actions) {
				t.Fatalf("%s %s: %+v", c.variant.Code, c.settings, drawn)
			}
			less := calm
			less.Actions = less.Actions[:len(less.Actions)-1]
			if !drawn.fulfils(drawn) || !calm.fulfils(drawn) || less.fulfils(drawn) || (challenge{Nonce: drawn.Nonce, Actions: drawn.Actions}).fulfils(drawn) {
				t.Errorf("%+v", drawn)
			}
		}
	}
	if _, drawn := ask(t, Live{Variant: Detection}, `{}`, 1); len(drawn.Instead) != 0 || drawn.equal(challenge{Nonce: drawn.Nonce}) || (challenge{Nonce: drawn.Nonce}).fulfils(drawn) {
		t.Errorf("without a flash: %+v", drawn)
	}
}

func TestNoticesComeBeforeTheCamera(t *testing.T) {
	for settings, want := range map[string][]string{`{}`: nil, `{"glasses":true}`: {idflow.NoticeGlasses}, `{"glasses":true,"flash":true}`: {idflow.NoticeGlasses, idflow.NoticeFlash}} {
		technology := Live{Variant: Detection}
		raw, problem := tech.Complete(technology.Spec().Settings, json.RawMessage(settings))
		if problem != nil {
			t.Fatal(problem)
		}
		task, err := technology.Ask(raw, rand.New(rand.NewPCG(1, 0)))
		if err != nil || !slices.Equal(task.Captures[0].Notices, want) {
			t.Errorf("%s: %v, %v", settings, task.Captures[0].Notices, err)
		}
	}
}

func TestNothingCanBeUploaded(t *testing.T) {
	if err := (Live{Variant: Detection}).Inspect(liveCapture, "image/jpeg", []byte("\xff\xd8\xff")); err == nil {
		t.Error("a passage can be uploaded")
	}
}
