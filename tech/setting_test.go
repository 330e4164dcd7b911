package tech

import (
	"encoding/json"
	"testing"
)

func TestComplete(t *testing.T) {
	schema := []Setting{
		{Name: "on", Type: Bool, Default: true},
		{Name: "share", Type: Number, Default: 0.5, Min: 0, Max: 1},
		{Name: "count", Type: Integer, Default: 3, Min: 1, Max: 5},
		{Name: "light", Type: Choice, Default: "soft", Choices: []string{"soft", "strict"}},
		{Name: "some", Type: Choices, Default: []string{}, Choices: []string{"a", "b"}},
		{Name: "from", Type: Countries, Default: []string{}},
	}
	for _, c := range []struct{ name, given, want, field string }{
		{"nothing", ``, `{"count":3,"from":[],"light":"soft","on":true,"share":0.5,"some":[]}`, ""},
		{"null", `null`, `{"count":3,"from":[],"light":"soft","on":true,"share":0.5,"some":[]}`, ""},
		{"everything", `{"on":false,"share":0.25,"count":5,"light":"strict","some":["b","a"],"from":["KAZ","D"]}`, `{"count":5,"from":["KAZ","D"],"light":"strict","on":false,"share":0.25,"some":["b","a"]}`, ""},
		{"a list", `[1]`, "", "settings"},
		{"an unknown name", `{"colour":1}`, "", "settings.colour"},
		{"a word for a truth", `{"on":"yes"}`, "", "settings.on"},
		{"too much", `{"share":1.01}`, "", "settings.share"},
		{"too little", `{"count":0}`, "", "settings.count"},
		{"a part of a count", `{"count":2.5}`, "", "settings.count"},
		{"none of the choices", `{"light":"dark"}`, "", "settings.light"},
		{"a choice twice", `{"some":["a","a"]}`, "", "settings.some"},
		{"a country in small letters", `{"from":["kaz"]}`, "", "settings.from"},
		{"a country twice", `{"from":["D","D"]}`, "", "settings.from"},
		{"no list of countries", `{"from":"KAZ"}`, "", "settings.from"},
		{"none of many", `{"some":["c"]}`, "", "settings.some"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Complete(schema, json.RawMessage(c.given))
			if c.field != "" {
				if err == nil || err.Field != c.field {
					t.Fatalf("answer %s, %v; want a problem at %s", got, err, c.field)
				}
				return
			}
			if err != nil || string(got) != c.want {
				t.Errorf("answer %s, %v; want %s", got, err, c.want)
			}
			if again, err := Complete(schema, got); err != nil || string(again) != string(got) {
				t.Errorf("completed again it is %s, %v", again, err)
			}
		})
	}
}
