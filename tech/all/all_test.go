package all

import (
	"slices"
	"strings"
	"testing"

	"idflow"
	"idflow/catalog"
	"idflow/engine"
	"idflow/tech"
	"idflow/tech/document"
	"idflow/tech/liveness"
)

func steps(keys ...string) *idflow.Flow {
	f := &idflow.Flow{Name: "f"}
	for _, k := range keys {
		f.Steps = append(f.Steps, idflow.Step{Technology: k})
	}
	return f
}

func TestFlowOrder(t *testing.T) {
	set := New(Parts{})
	for _, c := range []struct {
		name string
		flow *idflow.Flow
		want string
	}{
		{"full", steps("liveness_short", "document_recognition", "face2face"), ""},
		{"the document first", steps("document_recognition", "liveness_head_position", "face2face"), ""},
		{"one technology", steps("document_recognition"), ""},
		{"face match before any face", steps("face2face", "liveness_short", "document_recognition"),
			"flow_order_impossible (steps[0].technology): Face 2 Face (step 1) needs a live face, which no earlier step gives. Put Liveness Short or Liveness Detection or Liveness Head Position or Liveness Distance before it."},
		{"face match with one face", steps("liveness_short", "face2face"),
			"flow_order_impossible (steps[1].technology): Face 2 Face (step 2) needs the photo in a document, which no earlier step gives. Put Document Recognition before it."},
		{"unknown", steps("palm"), `technology_unknown (steps[0].technology): There is no technology "palm".`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if err := set.Validate(c.flow); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// Whatever a technology may say to a person, it says in every language.
func TestEverythingIsInTheCatalogs(t *testing.T) {
	var keys []string
	for _, r := range engine.Reasons {
		keys = append(keys, "reason."+string(r))
	}
	for _, code := range slices.Concat(liveness.Codes(), document.Codes()) {
		keys = append(keys, "coach."+code)
	}
	for _, technology := range New(Parts{}).All() {
		s := technology.Spec()
		keys = append(keys, "technology."+s.Key+".title", "technology."+s.Key+".description")
		for _, r := range s.Reasons {
			keys = append(keys, "reason."+string(r))
		}
		for _, x := range s.Settings {
			keys = append(keys, "setting."+s.Key+"."+x.Name, "setting."+s.Key+"."+x.Name+".help")
		}
		if s.Code == "" || s.Result == "" || strings.ToLower(s.Key) != s.Key {
			t.Errorf("the Spec of %s is not complete: %+v", s.Key, s)
		}
		if _, problem := tech.Complete(s.Settings, nil); problem != nil {
			t.Errorf("the defaults of %s do not fit its own schema: %v", s.Key, problem)
		}
	}
	for _, locale := range catalog.Locales {
		for _, key := range keys {
			if text := catalog.Text(locale, key); text == "" || text == key {
				t.Errorf("%s has no text for %s", locale, key)
			}
		}
	}
}
