package attack

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what the kit has found.
type Report struct {
	Results []Result      `json:"results"`
	Took    time.Duration `json:"took"`
}

// Result is what became of one kind.
type Result struct {
	Kind  `json:"kind"`
	Cases []Case `json:"cases"`
}

// Case is one presentation.
type Case struct {
	Subject string `json:"subject"`
	Outcome
}

// Counts of a result.
type Counts struct {
	Shown    int // presentations with a face to show
	Accepted int
	Review   int
	Rejected int // fail, or refused before a verdict
	Again    int // asked to try again
}

// Count sums a result up.
func (r Result) Count() (c Counts) {
	for _, o := range r.Cases {
		switch o.Verdict {
		case "no face", "does neither":
			continue
		case "pass":
			c.Accepted++
		case "review":
			c.Review++
		case "retry":
			c.Again++
		default:
			c.Rejected++
		}
		c.Shown++
	}
	return c
}

// Error is how many presentations were judged wrongly: attacks that were
// accepted (ISO/IEC 30107-3: APCER), honest people who were rejected (BPCER).
// Whoever is only asked to try again counts in neither (non-response).
func (r Result) Error() int {
	c := r.Count()
	if r.Attack {
		return c.Accepted
	}
	return c.Rejected
}

// Interval is the 95 % interval of a rate by Wilson's score.
func Interval(wrong, of int) (low, high float64) {
	if of == 0 {
		return 0, 1
	}
	const z = 1.959964
	n, p := float64(of), float64(wrong)/float64(of)
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, mid-half), min(1, mid+half)
}

// Table prints the report for people.
func (r *Report) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, attacks := range []bool{true, false} {
		rate := "BPCER"
		if attacks {
			rate = "APCER"
		}
		if !slices.ContainsFunc(r.Results, func(x Result) bool { return x.Attack == attacks }) {
			continue
		}
		fmt.Fprintf(t, "kind\tshown\taccepted\treview\trejected\tagain\t%s\t95 %%\twhy not\n", rate)
		for _, x := range r.Results {
			if x.Attack != attacks {
				continue
			}
			c := x.Count()
			low, high := Interval(x.Error(), c.Shown)
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%.1f %%\t%.1f to %.1f\t%s\n", x.Name, c.Shown, c.Accepted, c.Review, c.Rejected, c.Again,
				100*float64(x.Error())/float64(max(1, c.Shown)), 100*low, 100*high, x.why())
		}
		fmt.Fprintln(t)
	}
	fmt.Fprintf(t, "took %v\n", r.Took)
	return t.Flush()
}

// why lists the first reasons, the most frequent first.
func (r Result) why() string {
	counts := map[string]int{}
	for _, c := range r.Cases {
		if len(c.Reasons) > 0 {
			counts[c.Reasons[0]]++
		} else if c.Verdict == "refused" {
			counts["gave up"]++
		}
	}
	var reasons []string
	for reason := range counts {
		reasons = append(reasons, reason)
	}
	slices.SortFunc(reasons, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	for i, reason := range reasons {
		reasons[i] = fmt.Sprintf("%s %d", reason, counts[reason])
	}
	return strings.Join(reasons, ", ")
}

// Markdown writes the report as the tables of a document.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	for _, attacks := range []bool{true, false} {
		if attacks {
			fmt.Fprint(&b, "| attack | what | shown | accepted | to a reviewer | asked again | APCER | 95 % interval | first reasons |\n|---|---|---|---|---|---|---|---|---|\n")
		} else {
			fmt.Fprint(&b, "\n| honest | what | shown | accepted | to a reviewer | asked again | BPCER | 95 % interval | first reasons |\n|---|---|---|---|---|---|---|---|---|\n")
		}
		for _, x := range r.Results {
			c := x.Count()
			if x.Attack != attacks || c.Shown == 0 {
				continue
			}
			low, high := Interval(x.Error(), c.Shown)
			fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %.1f %% | %.1f to %.1f %% | %s |\n", x.Name, x.About, c.Shown, c.Accepted, c.Review, c.Again,
				100*float64(x.Error())/float64(c.Shown), 100*low, 100*high, x.why())
		}
	}
	judging, length, frames := r.times()
	fmt.Fprintf(&b, "\nFrom the last frame to the verdict: median %v, 95th percentile %v (%d passages). Passages of clips and rendered people that were accepted took %.1f s at the median.\n",
		percentile(judging, 0.5).Round(10*time.Millisecond), percentile(judging, 0.95).Round(10*time.Millisecond), frames, percentile(length, 0.5).Seconds())
	_, err := io.WriteString(w, b.String())
	return err
}

// times are those of verdicts on passages, and of honest passages that passed.
func (r *Report) times() (judging, length []time.Duration, passages int) {
	for _, x := range r.Results {
		for _, c := range x.Cases {
			if c.Frames == 0 || c.Judging == 0 || c.Verdict == "retry" {
				continue // a photo, or nothing to judge
			}
			judging = append(judging, c.Judging)
			if !x.Attack && c.Verdict == "pass" && len(c.Actions) > 0 {
				length = append(length, c.Length)
			}
		}
	}
	return judging, length, len(judging)
}

func percentile(of []time.Duration, p float64) time.Duration {
	if len(of) == 0 {
		return 0
	}
	slices.Sort(of)
	return of[min(len(of)-1, int(p*float64(len(of))))]
}
