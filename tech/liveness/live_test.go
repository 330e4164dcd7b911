package liveness

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

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

func TestNothingCanBeUploaded(t *testing.T) {
	if err := (Live{Variant: Detection}).Inspect(liveCapture, "image/jpeg", []byte("\xff\xd8\xff")); err == nil {
		t.Error("a passage can be uploaded")
	}
}
