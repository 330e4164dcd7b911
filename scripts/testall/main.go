// Command testall runs every check and test of idflow, goes on after a failure,
// and ends with a line that counts them: "N passed, N failed".
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// step is one command. read looks at what it prints and counts its tests; a
// step without one counts as a single test by its exit code.
type step struct {
	name    string
	dir     string
	command []string
	read    func(io.Reader, io.Writer) tally
}

// tally counts tests.
type tally struct{ passed, failed, skipped int }

func (t *tally) add(o tally) {
	t.passed += o.passed
	t.failed += o.failed
	t.skipped += o.skipped
}

func (t tally) String() string {
	s := fmt.Sprintf("%d passed, %d failed", t.passed, t.failed)
	if t.skipped > 0 {
		s += fmt.Sprintf(", %d skipped", t.skipped)
	}
	return s
}

var steps = []step{
	{name: "go vet", command: []string{"go", "vet", "./..."}},
	{name: "staticcheck", command: []string{"go", "tool", "staticcheck", "./..."}},
	{name: "Go tests", command: append([]string{"go", "test", "-race", "-timeout", "20m", "-json"}, packages(false)...), read: readGo},
	{name: "Go tests of pixels", command: append([]string{"go", "test", "-timeout", "20m", "-json"}, packages(true)...), read: readGo},
	{name: "types of the pages", dir: "web", command: []string{"npm", "run", "--silent", "check"}},
	{name: "tests of the pages", dir: "web", command: []string{"npm", "test", "--silent"}, read: readNode},
}

// pixels are packages that are loops over pixels: the race detector makes them
// ten times as slow and has nothing to find, for they start no goroutines.
var pixels = []string{
	"idflow/specimen", "idflow/tech/document", "idflow/vision/barcode", "idflow/vision/doc", "idflow/vision/face",
	"idflow/vision/forgery", "idflow/vision/mrz", "idflow/vision/viz",
}

// packages lists the module's packages: the pixel ones, or all others.
func packages(pixel bool) (list []string) {
	out, err := exec.Command("go", "list", "./...").Output()
	if err != nil {
		return []string{"./..."} // the test itself will say what is wrong
	}
	for _, p := range strings.Fields(string(out)) {
		if slices.Contains(pixels, p) == pixel {
			list = append(list, p)
		}
	}
	return list
}

func main() {
	var total tally
	var summary []string
	for _, s := range steps {
		fmt.Printf("\n== %s\n", s.name)
		began := time.Now()
		t := s.run(os.Stdout)
		total.add(t)
		summary = append(summary, fmt.Sprintf("%-20s %s in %s", s.name, t, time.Since(began).Round(time.Second)))
	}
	fmt.Println()
	for _, line := range summary {
		fmt.Println(line)
	}
	fmt.Println(total)
	if total.failed > 0 {
		os.Exit(1)
	}
}

func (s step) run(w io.Writer) tally {
	cmd := exec.Command(s.command[0], s.command[1:]...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
	reader, writer := io.Pipe()
	cmd.Stdout, cmd.Stderr = writer, writer
	counted := make(chan tally)
	go func() {
		read := s.read
		if read == nil {
			read = pass
		}
		t := read(reader, w)
		io.Copy(w, reader) // whatever a long line left unread
		counted <- t
	}()
	err := cmd.Run()
	writer.Close()
	t := <-counted
	switch {
	case err != nil && t.failed == 0: // it failed outside of any test
		fmt.Fprintf(w, "%s: %v\n", s.name, err)
		t.failed = 1
	case err == nil && t == tally{}:
		t.passed = 1
	}
	return t
}

func pass(r io.Reader, w io.Writer) tally {
	io.Copy(w, r)
	return tally{}
}

// lines calls f for each line; one longer than 16 MB ends it.
func lines(r io.Reader, f func(string)) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		f(scanner.Text())
	}
}
