// Command bench runs every Go benchmark several times and the evaluations whose
// labelled data is at hand, and writes docs/BENCHMARKS.md: what was promised
// and what was measured, with the machine and the commands.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

func main() {
	var (
		out      = flag.String("out", "docs/BENCHMARKS.md", "the file to write")
		count    = flag.Int("count", 5, "how often each benchmark runs")
		pattern  = flag.String("bench", ".", "which benchmarks, a regular expression")
		packages = flag.String("packages", "./...", "which packages")
		accuracy = flag.Bool("accuracy", true, "run `idflow eval` too, where its data is at hand")
	)
	flag.Parse()
	p := page{machine: machine()}
	err := p.measure(*pattern, *packages, *count)
	if err == nil && *accuracy {
		err = p.evaluate()
	}
	if err == nil {
		var text bytes.Buffer
		p.write(&text)
		err = os.WriteFile(*out, text.Bytes(), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measure runs the benchmarks, one package after the other: two at once would
// take each other's cores.
func (p *page) measure(pattern, packages string, count int) error {
	args := []string{"go", "test", "-run", "^$", "-bench", pattern, "-benchmem",
		"-count", fmt.Sprint(count), "-p", "1", "-timeout", "60m", packages}
	text, err := run(args)
	if err != nil {
		return err
	}
	p.command, p.results = strings.Join(args, " "), parse(bytes.NewReader(text))
	if len(p.results) == 0 {
		return fmt.Errorf("no benchmark is called %s", pattern)
	}
	return nil
}

// evaluations are run on the folders that are their default.
var evaluations = []struct{ what, folder string }{
	{"faces", "../shared/data/faces"},
	{"mrz", "../shared/data/docs"},
}

func (p *page) evaluate() error {
	for _, e := range evaluations {
		if _, err := os.Stat(e.folder); err != nil {
			fmt.Fprintf(os.Stderr, "bench: no labelled data in %s, so `idflow eval %s` is left out\n", e.folder, e.what)
			continue
		}
		args := []string{"bin/idflow", "eval", e.what}
		text, err := run(args)
		if err != nil {
			return err
		}
		p.evaluations = append(p.evaluations, evaluation{strings.Join(args, " "), string(text)})
	}
	return nil
}

// run shows what a command prints and returns it.
func run(args []string) ([]byte, error) {
	var printed bytes.Buffer
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout = io.MultiWriter(os.Stdout, &printed)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	return printed.Bytes(), nil
}

// machine describes where the figures come from.
func machine() string {
	cpu := "an unknown processor"
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				cpu = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%d cores of %s, %s/%s, %s", runtime.NumCPU(), cpu, runtime.GOOS, runtime.GOARCH, runtime.Version())
}
