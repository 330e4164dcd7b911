package main

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// result is what one benchmark measured, a number for each run under each unit.
type result struct {
	pkg, name string
	measured  map[string][]float64
}

// "BenchmarkDecode-2   100   1234 ns/op   56 B/op": the suffix is GOMAXPROCS.
var line = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.*)$`)

// parse reads the output of `go test -bench`, in its order.
func parse(r io.Reader) (results []*result) {
	pkg := ""
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		if p, ok := strings.CutPrefix(scanner.Text(), "pkg: "); ok {
			pkg = strings.TrimPrefix(p, "idflow/")
			continue
		}
		m := line.FindStringSubmatch(scanner.Text())
		if m == nil {
			continue
		}
		i := slices.IndexFunc(results, func(r *result) bool { return r.pkg == pkg && r.name == m[1] })
		if i < 0 {
			results = append(results, &result{pkg: pkg, name: m[1], measured: map[string][]float64{}})
			i = len(results) - 1
		}
		fields := strings.Fields(m[2])
		for k := 0; k+1 < len(fields); k += 2 {
			if v, err := strconv.ParseFloat(fields[k], 64); err == nil {
				unit := fields[k+1]
				results[i].measured[unit] = append(results[i].measured[unit], v)
			}
		}
	}
	return results
}

// median is of the runs of one unit; ok is false when there are none.
func (r *result) median(unit string) (m float64, ok bool) {
	v := slices.Sorted(slices.Values(r.measured[unit]))
	if len(v) == 0 {
		return 0, false
	}
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2, true
}

// text is a unit's median as a person reads it, or nothing.
func (r *result) text(unit string) string {
	if v, ok := r.median(unit); ok {
		return figure(v, unit)
	}
	return ""
}

// more is every unit that a benchmark reported of its own.
func (r *result) more() string {
	var parts []string
	for unit := range r.measured {
		if !slices.Contains([]string{"ns/op", "B/op", "allocs/op"}, unit) {
			parts = append(parts, r.text(unit))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// figure writes a number with its unit.
func figure(v float64, unit string) string {
	switch unit {
	case "ns/op":
		return duration(v)
	case "B/op":
		return memory(v)
	case "allocs/op":
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64) + " " + strings.TrimSuffix(unit, "/op")
}

// duration shows nanoseconds with three digits or so.
func duration(ns float64) string {
	d := time.Duration(ns)
	switch {
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	case d >= time.Microsecond:
		return d.Round(10 * time.Nanosecond).String()
	}
	return fmt.Sprintf("%.3gns", ns)
}

func memory(bytes float64) string {
	switch {
	case bytes >= 1e6:
		return fmt.Sprintf("%.1f MB", bytes/1e6)
	case bytes >= 1e3:
		return fmt.Sprintf("%.1f kB", bytes/1e3)
	}
	return fmt.Sprintf("%.0f B", bytes)
}
