package idflow_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says which packages of this module each package may import. A folder
// with a slash at its end stands for everything below it. What is not listed
// may import nothing of ours; tests may import what they need.
var arrows = map[string][]string{
	"idflow":                   {},
	"idflow/catalog":           {},
	"idflow/vision":            {},
	"idflow/vision/":           {"idflow/vision", "idflow/vision/"}, // pixels to numbers: no nouns
	"idflow/models":            {"idflow/models/convert"},
	"idflow/models/convert":    {},
	"idflow/models/modelstest": {"idflow/models"},
	"idflow/tech":              {"idflow", "idflow/vision"}, // vision only to refuse what is no picture
	"idflow/tech/":             {"idflow", "idflow/tech", "idflow/vision", "idflow/vision/"},
	"idflow/tech/all":          {"idflow/tech", "idflow/tech/", "idflow/vision/"},
	"idflow/engine":            {"idflow", "idflow/tech"},
	"idflow/store":             {"idflow"},
	"idflow/store/":            {"idflow", "idflow/store", "idflow/store/"},
	"idflow/blob":              {"idflow"},
	"idflow/blob/":             {"idflow/blob"},
	"idflow/problem":           {"idflow"},
	"idflow/api":               {"idflow", "idflow/engine", "idflow/tech", "idflow/problem"},
	"idflow/capture":           {"idflow", "idflow/engine", "idflow/tech", "idflow/problem"},
	"idflow/cabinet":           {"idflow", "idflow/problem"},
	"idflow/web":               {},
	"idflow/specimen":          {"idflow/vision", "idflow/vision/"},
	"idflow/specimen/":         {"idflow/specimen", "idflow/specimen/", "idflow/vision", "idflow/vision/"},
	"idflow/eval":              {"idflow/specimen", "idflow/specimen/", "idflow/vision", "idflow/vision/"},
	"idflow/attack":            {"idflow/vision", "idflow/vision/"},
	"idflow/cmd/":              {"idflow", "idflow/"}, // wiring
	"idflow/e2e":               {"idflow", "idflow/"},
	"idflow/e2e/":              {"idflow", "idflow/"},
	"idflow/scripts/":          {},
	"idflow/train/":            {"idflow/models", "idflow/specimen", "idflow/vision", "idflow/vision/"},
}

// The direction of imports is part of the design, and is tested like behaviour.
func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		imports := strings.Fields(line)
		pkg, imports := imports[0], imports[1:]
		allowed, known := rule(pkg)
		if !known {
			t.Errorf("%s has no place in the picture: add it to arrows", pkg)
		}
		for _, i := range imports {
			if (i == "idflow" || strings.HasPrefix(i, "idflow/")) && !matches(allowed, i) {
				t.Errorf("%s must not import %s", pkg, i)
			}
		}
	}
}

// A technology knows none of its siblings, although both stand below tech.
func TestTechnologiesAreStrangers(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./tech/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		imports := strings.Fields(line)
		if imports[0] == "idflow/tech/all" {
			continue
		}
		for _, i := range imports[1:] {
			if strings.HasPrefix(i, "idflow/tech/") {
				t.Errorf("%s must not import %s", imports[0], i)
			}
		}
	}
}

// rule finds the entry of a package: its own, or that of the nearest folder.
func rule(pkg string) ([]string, bool) {
	if allowed, ok := arrows[pkg]; ok {
		return allowed, true
	}
	for {
		i := strings.LastIndex(pkg, "/")
		if i < 0 {
			return nil, false
		}
		pkg = pkg[:i]
		if allowed, ok := arrows[pkg+"/"]; ok {
			return allowed, true
		}
	}
}

func matches(allowed []string, pkg string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		return a == pkg || strings.HasSuffix(a, "/") && strings.HasPrefix(pkg, a)
	})
}
