package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// page is docs/BENCHMARKS.md.
type page struct {
	machine     string
	command     string // that ran the benchmarks
	results     []*result
	evaluations []evaluation
}

// evaluation is what `idflow eval` printed.
type evaluation struct{ command, table string }

// promise is a limit that the product is to keep.
type promise struct {
	what      string
	pkg, name string // of the benchmark
	unit      string
	most      float64
}

var promises = []promise{
	{"a selfie of 640×480, from the file to everything known of the face, on the processor", "cmd/idflow", "Selfie", "cpu-ms/op", 60},
	{"a passport of 1300 pixels, from the file to the machine-readable zone, on the processor", "cmd/idflow", "Passport", "cpu-ms/op", 600},
	{"`idflow verify` of a selfie and a passport, start of the process included", "cmd/idflow", "Verify", "ns/op", 2.5e9},
	{"`idflow serve` until its first answer, first start", "cmd/idflow", "Serve/first_start", "ns/op", 2e9},
	{"`idflow serve` until its first answer, later start", "cmd/idflow", "Serve/later_start", "ns/op", 2e9},
	{"memory that `idflow serve` holds after ten sessions", "cmd/idflow", "Serve/ten_sessions", "MB", 400},
}

func (p *page) write(w io.Writer) {
	fmt.Fprintf(w, "# Benchmarks\n\nWritten by `make bench` on %s. Figures are medians.\n", p.machine)
	p.writePromises(w)
	for _, e := range p.evaluations {
		fmt.Fprintf(w, "\n## %s\n\n```\n%s\n```\n", e.command, strings.Trim(e.table, "\n"))
	}
	p.writeResults(w)
}

func (p *page) writePromises(w io.Writer) {
	head := "\n## What is promised\n\n| what | at most | measured |\n|---|---:|---:|\n"
	for _, promise := range promises {
		i := slices.IndexFunc(p.results, func(r *result) bool { return r.pkg == promise.pkg && r.name == promise.name })
		if i < 0 {
			continue
		}
		v, ok := p.results[i].median(promise.unit)
		if !ok {
			continue
		}
		measured := figure(v, promise.unit)
		if v > promise.most {
			measured = "**" + measured + "**"
		}
		fmt.Fprintf(w, "%s| %s | %s | %s |\n", head, promise.what, figure(promise.most, promise.unit), measured)
		head = ""
	}
}

func (p *page) writeResults(w io.Writer) {
	fmt.Fprintf(w, "\n## Go benchmarks\n\n```\n%s\n```\n\nTimes are the clock's; cpu-ms is the processor's, all threads together.\n", p.command)
	pkg := ""
	for _, r := range p.results {
		if r.pkg != pkg {
			pkg = r.pkg
			fmt.Fprintf(w, "\n### %s\n\n| benchmark | time | memory | allocations | more |\n|---|---:|---:|---:|---|\n", pkg)
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", r.name, r.text("ns/op"), r.text("B/op"), r.text("allocs/op"), r.more())
	}
}
