// Package catalog holds every message that a person may see, in every
// language. A key is "<part>.<name>", e.g. "reason.face_blurred"; its texts
// stand in <language>/<part>.json. Programs and pages pass codes around, and
// only what is shown to a person is looked up here.
//
// A text may hold {parameters}. One that counts something is an object of
// plural forms ({"one": "…", "other": "…"}), as CLDR names them.
package catalog

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed */*.json
var files embed.FS

// Locales are the languages, the fallback first.
var Locales = []string{"en", "ru", "kk"}

// text is one message in one language.
type text struct {
	plain string
	forms map[string]string // by plural category; nil: plain
}

// UnmarshalJSON reads a string or an object of plural forms.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &t.plain)
	}
	return json.Unmarshal(b, &t.forms)
}

// Text is the message of a key in a language, in English where the language is
// unknown, and the key itself where there is no such message. Of a text that
// counts it is the general form.
func Text(locale, key string) string {
	t, ok := Find(locale, key)
	if !ok {
		return key
	}
	return t
}

// Find is Text, and tells whether there is such a message.
func Find(locale, key string) (string, bool) {
	messages, ok := all()[locale]
	if !ok {
		messages = all()[Locales[0]]
	}
	t, ok := messages[key]
	if t.forms != nil {
		return t.forms["other"], ok
	}
	return t.plain, ok
}

// all messages by language and key, read at the first look-up.
var all = sync.OnceValue(func() map[string]map[string]text {
	messages, err := read(files)
	if err != nil {
		panic(err) // the files are part of the program, and a test reads them all
	}
	return messages
})

func read(from fs.FS) (map[string]map[string]text, error) {
	messages := make(map[string]map[string]text, len(Locales))
	for _, locale := range Locales {
		parts, err := fs.Glob(from, locale+"/*.json")
		if err != nil {
			return nil, err
		}
		messages[locale] = map[string]text{}
		for _, file := range parts {
			data, err := fs.ReadFile(from, file)
			if err != nil {
				return nil, err
			}
			var texts map[string]text
			if err := json.Unmarshal(data, &texts); err != nil {
				return nil, fmt.Errorf("catalog %s: %w", file, err)
			}
			part := strings.TrimSuffix(path.Base(file), ".json")
			for name, t := range texts {
				messages[locale][part+"."+name] = t
			}
		}
	}
	return messages, nil
}
