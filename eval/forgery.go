package eval

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"idflow/specimen"
	"idflow/vision/forgery"
)

// ForgeryReport is how often each way to forge was seen, and how often an
// untouched document was taken for a forged one.
type ForgeryReport struct {
	Seed    uint64         `json:"seed"`
	Classes []ForgeryClass `json:"classes"`
	CPUMilliseconds
}

// ForgeryClass is the figures of one kind of picture. An error is a forged
// picture in which no trace passed its threshold (ISO/IEC 30107-3: APCER), or an
// untouched one in which one did (BPCER).
type ForgeryClass struct {
	Name     string                    `json:"name"`
	Pictures int                       `json:"pictures"`
	Errors   int                       `json:"errors"`
	Expected int                       `json:"expected"` // pictures with a trace that the forgery should leave
	Traces   map[forgery.Code]int      `json:"traces"`   // pictures in which it passed
	Levels   map[specimen.Level][2]int `json:"levels"`   // errors, of pictures
}

// Rate is the rate of errors with its 95 % interval by Wilson's score.
func (c ForgeryClass) Rate() (rate, low, high float64) {
	low, high = wilson(c.Errors, c.Pictures)
	return float64(c.Errors) / float64(max(1, c.Pictures)), low, high
}

// wilson is the 95 % interval of a rate (Wilson 1927).
func wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	middle := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, (middle-half)/(1+z*z/m)), min(1, (middle+half)/(1+z*z/m))
}

// ForgeryFigures is what a judgement is learnt from: one line of JSON for each
// picture.
type ForgeryFigures struct {
	Class    string             `json:"class"`
	Level    specimen.Level     `json:"level"`
	Side     string             `json:"side"`
	Measured []forgery.Measured `json:"measured"`
}

// forgeryPicture is one picture and what came of it.
type forgeryPicture struct {
	class  forgeryClass
	level  specimen.Level
	side   string
	report forgery.Report
	found  []forgery.Measured
	ms     float64
	err    error
}

// untouchedTimes is how many untouched pictures there are to one of each kind of
// forgery: false alarms are to be rare, and rare things take many to count.
const untouchedTimes = 16

// Forgery makes n pictures of every kind of forgery, or of those named in only,
// and untouchedTimes as many untouched ones, from seed on, and inspects them. With figures it writes what
// was measured instead of judging alone. workers pictures are made at the same
// time; times are true for one.
func Forgery(ctx context.Context, portraits []specimen.Portrait, seed uint64, n, workers int, only []string, figures io.Writer, progress func(done, total int)) (ForgeryReport, error) {
	m, err := newMaterial(portraits)
	if err != nil {
		return ForgeryReport{}, err
	}
	type job struct {
		class forgeryClass
		i     int
	}
	var jobs []job
	for _, c := range forgeryClasses() {
		k := n
		if c.name == untouched {
			k = untouchedTimes * n
		}
		if len(only) > 0 && !slices.Contains(only, c.name) {
			continue
		}
		for i := range k {
			jobs = append(jobs, job{c, i})
		}
	}
	// In any order, so that what is written so far is of all kinds.
	order := rand.New(rand.NewPCG(seed, 0)).Perm(len(jobs))
	pictures := make([]forgeryPicture, len(jobs))
	var next, done int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				mu.Lock()
				if next >= len(jobs) || ctx.Err() != nil {
					mu.Unlock()
					return
				}
				k := order[next]
				next++
				mu.Unlock()
				p := m.inspect(ctx, jobs[k].class, seed, jobs[k].i)
				mu.Lock()
				if p.err == nil && p.found != nil && figures != nil {
					p.err = json.NewEncoder(figures).Encode(ForgeryFigures{p.class.name, p.level, p.side, p.found})
				}
				pictures[k] = p
				done++
				if progress != nil {
					progress(done, len(jobs))
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return ForgeryReport{}, err
	}
	return forgeryReport(seed, pictures)
}

// inspect makes picture i of the class and inspects it.
func (m *material) inspect(ctx context.Context, c forgeryClass, seed uint64, i int) (p forgeryPicture) {
	p.class = c
	// Sides that a class finds nothing to alter on are passed over.
	var photo *specimen.Photo
	for try := 0; photo == nil && p.err == nil && try < 40; try++ {
		photo, p.level, p.err = m.photograph(c, seed, i+try*len(specimen.Levels))
	}
	if p.err != nil || photo == nil {
		return p
	}
	p.side = photo.Truth.Document.Template + " " + photo.Truth.Document.Side
	in, err := inputOf(photo, seed+uint64(i))
	if err != nil {
		p.err = err
		return p
	}
	start := cpuTime()
	p.found, p.err = forgery.Measure(ctx, in)
	p.report = forgery.Judge(p.found)
	p.ms = float64(cpuTime()-start) / float64(time.Millisecond)
	return p
}

func forgeryReport(seed uint64, pictures []forgeryPicture) (ForgeryReport, error) {
	r := ForgeryReport{Seed: seed}
	var ms []float64
	for _, p := range pictures {
		if p.err != nil {
			return r, p.err
		}
		if p.found == nil {
			continue
		}
		if k := len(r.Classes); k == 0 || r.Classes[k-1].Name != p.class.name {
			r.Classes = append(r.Classes, ForgeryClass{Name: p.class.name, Traces: map[forgery.Code]int{}, Levels: map[specimen.Level][2]int{}})
		}
		r.Classes[len(r.Classes)-1].count(p)
		ms = append(ms, p.ms)
	}
	r.CPUMilliseconds = summarize(ms)
	return r, nil
}

func (c *ForgeryClass) count(p forgeryPicture) {
	c.Pictures++
	passed, expected := false, false
	for _, t := range p.report.Traces {
		if t.Score >= forgery.Threshold(t.Code) {
			c.Traces[t.Code]++
			passed = true
			expected = expected || slices.Contains(p.class.expects(), t.Code)
		}
	}
	if expected {
		c.Expected++
	}
	level := c.Levels[p.level]
	level[1]++
	if passed == (p.class.name == untouched) {
		c.Errors++
		level[0]++
	}
	c.Levels[p.level] = level
}

// Table writes the figures for people.
func (r ForgeryReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "pictures\tof\terrors\t95 %\teasy\tmedium\thard\tas expected\t")
	for _, c := range forgery.Codes {
		fmt.Fprintf(t, "%s\t", c)
	}
	fmt.Fprintln(t)
	for _, c := range r.Classes {
		rate, low, high := c.Rate()
		fmt.Fprintf(t, "%s\t%d\t%.1f %%\t%.1f–%.1f %%\t", c.Name, c.Pictures, 100*rate, 100*low, 100*high)
		for _, l := range specimen.Levels {
			k := c.Levels[l]
			fmt.Fprintf(t, "%.0f %%\t", 100*float64(k[0])/float64(max(1, k[1])))
		}
		fmt.Fprintf(t, "%d\t", c.Expected)
		for _, code := range forgery.Codes {
			fmt.Fprintf(t, "%d\t", c.Traces[code])
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nseed %d; CPU ms a page: median %.0f, p90 %.0f, max %.0f\n", r.Seed, r.Median, r.Percent90, r.Max)
	return err
}
