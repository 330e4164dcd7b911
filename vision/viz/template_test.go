package viz

import (
	"strings"
	"testing"
)

func TestTemplates(t *testing.T) {
	list, err := Templates()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 15 {
		t.Errorf("%d templates", len(list))
	}
	for _, x := range list {
		newModel(x)
	}
	if _, err := newDictionary(labelFile); err != nil {
		t.Error(err)
	}
}

const minimal = `{"key": "x", "title": "X", "type": "id", "side": "front", "size": [85.6, 54], "marks": [{"text": "UTOPIA"}],
	"fields": [{"name": "sex", "box": [10, 10, 20, 2], "format": "choice", "values": {"M": "M"}}]}`

func TestLint(t *testing.T) {
	if _, err := ParseTemplate([]byte(minimal)); err != nil {
		t.Fatalf("a right one: %v", err)
	}
	for _, x := range []struct{ name, old, new, want string }{
		{"no key", `"key": "x"`, `"key": ""`, "key"},
		{"unknown word", `"title"`, `"titel"`, "unknown field"},
		{"unknown type", `"type": "id"`, `"type": "card"`, "one of passport"},
		{"unknown side", `"front"`, `"inside"`, "front or back"},
		{"size of nothing", `[85.6, 54]`, `[0, 54]`, "size[0]"},
		{"unreadable letter", `"UTOPIA"`, `"ΟΥΤΟΠΙΑ"`, "cannot be read"},
		{"box beyond the page", `[10, 10, 20, 2]`, `[80, 10, 20, 2]`, "not on the page"},
		{"unknown field", `"sex"`, `"gender"`, "not a name of a field"},
		{"unknown format", `"choice"`, `"enum"`, "format"},
		{"choice of nothing", `{"M": "M"}`, `{}`, "without values"},
		{"unknown check", `"format"`, `"check": "luhn", "format"`, "check"},
		{"nowhere", `"box": [10, 10, 20, 2], `, ``, "neither box nor labels"},
		{"mark of letters", `"format"`, `"mark": "xyz", "format"`, "want a number"},
		{"separator alone", `"format"`, `"separator": "/", "format"`, "go together"},
		{"covered", `{"name": "sex"`, `{"name": "patronymic", "box": [11, 11, 20, 2], "format": "name"}, {"name": "sex"`, "cover each other"},
		{"turned away", `"format"`, `"turn": 9, "format"`, "turn"},
		{"two values", `}]}`, `}]} {}`, "more than one"},
	} {
		t.Run(x.name, func(t *testing.T) {
			file := strings.Replace(minimal, x.old, x.new, 1)
			if file == minimal {
				t.Fatal("nothing changed")
			}
			_, err := ParseTemplate([]byte(file))
			if err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("error %v, want one with %q", err, x.want)
			}
		})
	}
}

func FuzzParseTemplate(f *testing.F) {
	f.Add([]byte(minimal))
	list, err := templateFiles.ReadDir("templates")
	if err != nil {
		f.Fatal(err)
	}
	for _, x := range list {
		data, err := templateFiles.ReadFile("templates/" + x.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if x, err := ParseTemplate(data); err == nil {
			newModel(x) // what the linter lets pass can be used
		}
	})
}
