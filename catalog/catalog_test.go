package catalog

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// forms that whole numbers take in each language, by CLDR's plural rules;
// "other" is also the form of fractions.
var forms = map[string][]string{
	"en": {"one", "other"},
	"ru": {"few", "many", "one", "other"},
	"kk": {"one", "other"},
}

func TestLanguagesAreEqual(t *testing.T) {
	for _, problem := range compare(files) {
		t.Error(problem)
	}
}

// compare holds every language against English.
func compare(from fs.FS) (problems []string) {
	messages, err := read(from)
	if err != nil {
		return []string{err.Error()}
	}
	english := messages["en"]
	for _, locale := range Locales {
		for key := range english {
			if _, ok := messages[locale][key]; !ok {
				problems = append(problems, locale+" lacks "+key)
			}
		}
		for key, text := range messages[locale] {
			want, ok := english[key]
			if !ok {
				problems = append(problems, locale+" has "+key+", English has not")
				continue
			}
			for _, p := range differences(locale, text, want) {
				problems = append(problems, locale+" "+key+": "+p)
			}
		}
	}
	slices.Sort(problems)
	return problems
}

func differences(locale string, got, want text) (problems []string) {
	if (got.forms == nil) != (want.forms == nil) {
		return []string{"counts in one language and not in the other"}
	}
	if got.forms == nil {
		return judge(got.plain, want.plain)
	}
	if have := slices.Sorted(maps.Keys(got.forms)); !slices.Equal(have, forms[locale]) {
		problems = append(problems, "has the plural forms "+strings.Join(have, ", ")+" instead of "+strings.Join(forms[locale], ", "))
	}
	for _, form := range got.forms {
		problems = append(problems, judge(form, want.forms["other"])...)
	}
	return problems
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

func judge(got, want string) (problems []string) {
	if strings.TrimSpace(got) == "" {
		problems = append(problems, "is empty")
	}
	if got != strings.TrimSpace(got) {
		problems = append(problems, "begins or ends with a space")
	}
	if have, need := placeholders(got), placeholders(want); !slices.Equal(have, need) {
		problems = append(problems, "has the parameters "+strings.Join(have, " ")+" instead of "+strings.Join(need, " "))
	}
	return problems
}

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryLanguageHasEveryPart(t *testing.T) {
	parts, err := fs.Glob(files, "en/*.json")
	if err != nil || len(parts) == 0 {
		t.Fatalf("no English parts: %v", err)
	}
	for _, locale := range Locales {
		for _, part := range parts {
			if _, err := fs.Stat(files, locale+strings.TrimPrefix(part, "en")); err != nil {
				t.Error(err)
			}
		}
	}
}

// Every reason says what was found and what the person does about it.
func TestReasonsComeInPairs(t *testing.T) {
	found := 0
	for key := range all()["en"] {
		code, ok := strings.CutPrefix(key, "reason.")
		if !ok {
			continue
		}
		found++
		other := code + ".do"
		if base, isAdvice := strings.CutSuffix(code, ".do"); isAdvice {
			other = base
		}
		if _, ok := all()["en"]["reason."+other]; !ok {
			t.Errorf("reason.%s has no reason.%s", code, other)
		}
	}
	if found == 0 {
		t.Error("there are no reasons")
	}
}

// The test above must be able to fail.
func TestCompareFinds(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	good := `{"a": "x {n}", "b": {"one": "1", "other": "n"}}`
	for name, c := range map[string]struct{ kk, want string }{
		"missing key":       {`{"a": "x {n}"}`, "kk lacks p.b"},
		"extra key":         {`{"a": "x {n}", "b": {"one": "1", "other": "n"}, "c": "x"}`, "kk has p.c, English has not"},
		"empty text":        {`{"a": "", "b": {"one": "1", "other": "n"}}`, "kk p.a: is empty"},
		"other placeholder": {`{"a": "x {m}", "b": {"one": "1", "other": "n"}}`, "kk p.a: has the parameters {m} instead of {n}"},
		"plural form":       {`{"a": "x {n}", "b": {"other": "n"}}`, "kk p.b: has the plural forms other instead of one, other"},
		"not plural":        {`{"a": "x {n}", "b": "n"}`, "kk p.b: counts in one language and not in the other"},
		"not JSON":          {`{`, "catalog kk/p.json: unexpected end of JSON input"},
	} {
		t.Run(name, func(t *testing.T) {
			problems := compare(fstest.MapFS{"en/p.json": file(good), "kk/p.json": file(c.kk),
				"ru/p.json": file(`{"a": "x {n}", "b": {"one": "1", "few": "2", "many": "5", "other": "n"}}`)})
			if !slices.Contains(problems, c.want) {
				t.Errorf("got %q, want %q among them", problems, c.want)
			}
		})
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct{ name, locale, key, want string }{
		{"Russian", "ru", "technology.face2face.title", "Сравнение лиц"},
		{"unknown language", "de", "technology.face2face.title", "Face 2 Face"},
		{"unknown key", "ru", "technology.none", "technology.none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Text(c.locale, c.key); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
