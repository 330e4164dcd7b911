package main

import (
	"io"
	"strings"
	"testing"
)

func TestReadGo(t *testing.T) {
	cases := map[string]struct {
		events string
		want   tally
		prints []string // in the output
		hides  []string // not in it
	}{
		"tests and subtests": {
			`{"Action":"output","Package":"p","Test":"TestA","Output":"quiet\n"}
			{"Action":"pass","Package":"p","Test":"TestA/x"}
			{"Action":"pass","Package":"p","Test":"TestA"}
			{"Action":"skip","Package":"p","Test":"TestB"}
			{"Action":"pass","Package":"p","Elapsed":1.23}`,
			tally{passed: 2, skipped: 1}, []string{"ok    p 1.2s"}, []string{"quiet"},
		},
		"a failed test": {
			`{"Action":"output","Package":"p","Test":"TestA","Output":"a.go:1: loud\n"}
			{"Action":"fail","Package":"p","Test":"TestA"}
			{"Action":"output","Package":"p","Output":"FAIL\n"}
			{"Action":"fail","Package":"p"}`,
			tally{failed: 1}, []string{"a.go:1: loud", "FAIL  p"}, nil,
		},
		"a package that does not build": {
			`{"ImportPath":"p","Action":"build-output","Output":"a.go:1: syntax error\n"}
			{"ImportPath":"p","Action":"build-fail"}
			{"Action":"fail","Package":"p"}`,
			tally{failed: 1}, []string{"syntax error", "FAIL  p"}, nil,
		},
		"a package that crashed": {
			`{"Action":"output","Package":"p","Output":"signal: killed\n"}
			{"Action":"fail","Package":"p"}`,
			tally{failed: 1}, []string{"signal: killed"}, nil,
		},
		"no test files":           {`{"Action":"skip","Package":"p"}`, tally{}, nil, []string{"p"}},
		"words of the go command": {"go: no such module", tally{}, []string{"no such module"}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			if got := readGo(strings.NewReader(c.events), &out); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			for _, text := range c.prints {
				if !strings.Contains(out.String(), text) {
					t.Errorf("the output lacks %q:\n%s", text, &out)
				}
			}
			for _, text := range c.hides {
				if strings.Contains(out.String(), text) {
					t.Errorf("the output has %q:\n%s", text, &out)
				}
			}
		})
	}
}

func TestReadNode(t *testing.T) {
	cases := map[string]struct {
		output string
		want   tally
	}{
		"vitest":        {" Test Files  2 passed (2)\n      Tests  12 passed (12)\n", tally{passed: 12}},
		"vitest failed": {"      Tests  1 failed | 11 passed | 2 skipped (14)\n", tally{passed: 11, failed: 1, skipped: 2}},
		"node":          {"# tests 3\n# pass 2\n# fail 1\n# skipped 0\n", tally{passed: 2, failed: 1}},
		"node's other":  {"ℹ pass 7\nℹ fail 0\n", tally{passed: 7}},
		"nothing":       {"hello\n", tally{}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := readNode(strings.NewReader(c.output), io.Discard); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestRun(t *testing.T) {
	cases := map[string]struct {
		step step
		want tally
	}{
		"a check that passes":          {step{command: []string{"true"}}, tally{passed: 1}},
		"a check that fails":           {step{command: []string{"false"}}, tally{failed: 1}},
		"a command that is not there":  {step{command: []string{"no-such-command"}}, tally{failed: 1}},
		"tests that pass":              {step{command: []string{"echo", "# pass 3"}, read: readNode}, tally{passed: 3}},
		"a failure outside of a test":  {step{command: []string{"sh", "-c", "echo '# pass 3'; exit 1"}, read: readNode}, tally{passed: 3, failed: 1}},
		"a failure that a test counts": {step{command: []string{"sh", "-c", "echo '# fail 2'; exit 1"}, read: readNode}, tally{failed: 2}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := c.step.run(io.Discard); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
