// Command bench runs every Go benchmark several times and writes the medians to
// docs/BENCHMARKS.md, with the machine and the command that made them.
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
	)
	flag.Parse()
	if err := bench(*out, *pattern, *packages, *count); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(out, pattern, packages string, count int) error {
	// One package after the other: two at once would take each other's cores.
	args := []string{"test", "-run", "^$", "-bench", pattern, "-benchmem",
		"-count", fmt.Sprint(count), "-p", "1", "-timeout", "60m", packages}
	var printed bytes.Buffer
	cmd := exec.Command("go", args...)
	cmd.Stdout = io.MultiWriter(os.Stdout, &printed)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	results := parse(&printed)
	if len(results) == 0 {
		return fmt.Errorf("no benchmark is called %s", pattern)
	}
	var page bytes.Buffer
	write(&page, results, "go "+strings.Join(args, " "), machine())
	return os.WriteFile(out, page.Bytes(), 0o644)
}

// machine describes where the figures come from.
func machine() string {
	cpu := "unknown processor"
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
