package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// event is a line of `go test -json`, as `go doc test2json` describes it.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

// readGo counts tests and subtests, and prints a line for each package and the
// output of what failed.
func readGo(r io.Reader, w io.Writer) (t tally) {
	outputs := map[string][]byte{}
	failedIn := map[string]int{}
	lines(r, func(line string) {
		var e event
		if json.Unmarshal([]byte(line), &e) != nil || e.Action == "" {
			fmt.Fprintln(w, line) // from the go command itself
			return
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "build-output":
			fmt.Fprint(w, e.Output)
		case "output":
			outputs[key] = append(outputs[key], e.Output...)
		case "pass", "fail", "skip":
			printed := outputs[key]
			delete(outputs, key)
			if e.Test == "" {
				t.add(endPackage(w, e, printed, failedIn[e.Package]))
				return
			}
			switch e.Action {
			case "pass":
				t.passed++
			case "skip":
				t.skipped++
				w.Write(printed)
			case "fail":
				t.failed++
				failedIn[e.Package]++
				w.Write(printed)
			}
		}
	})
	return t
}

// endPackage prints a package's line. A package that failed although none of
// its tests did (it does not build, or it was killed) counts as a failed test.
func endPackage(w io.Writer, e event, printed []byte, failed int) (t tally) {
	switch {
	case e.Action == "skip": // no test files
	case e.Action == "pass":
		fmt.Fprintf(w, "ok    %s %.1fs\n", e.Package, e.Elapsed)
	default:
		if failed == 0 {
			t.failed = 1
			w.Write(printed)
		}
		fmt.Fprintf(w, "FAIL  %s %.1fs\n", e.Package, e.Elapsed)
	}
	return t
}

var (
	// Vitest: "Tests  1 failed | 12 passed (13)"
	vitest     = regexp.MustCompile(`^\s*Tests\s+\d`)
	vitestPart = regexp.MustCompile(`(\d+) (passed|failed|skipped)`)
	// Node's own test runner: "# pass 12", or "ℹ pass 12" on a terminal
	nodeTest = regexp.MustCompile(`^(?:#|ℹ) (pass|fail|skipped) (\d+)`)
)

// readNode passes the output on and picks the runner's closing counts out of it.
func readNode(r io.Reader, w io.Writer) (t tally) {
	lines(r, func(line string) {
		fmt.Fprintln(w, line)
		if vitest.MatchString(line) {
			for _, m := range vitestPart.FindAllStringSubmatch(line, -1) {
				t.count(m[2], m[1])
			}
		} else if m := nodeTest.FindStringSubmatch(line); m != nil {
			t.count(m[1], m[2])
		}
	})
	return t
}

func (t *tally) count(what, number string) {
	n, err := strconv.Atoi(number)
	if err != nil {
		return
	}
	switch what[:4] {
	case "pass":
		t.passed += n
	case "fail":
		t.failed += n
	case "skip":
		t.skipped += n
	}
}
