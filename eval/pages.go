package eval

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
	"time"

	"idflow/specimen"
	"idflow/vision"
	"idflow/vision/doc"
)

// PagesReport is how well the pages of drawn documents were found, one level of
// photographs after the other, and what the quality of their pictures measures.
type PagesReport struct {
	Sets []PagesSet `json:"sets"`
}

// PagesSet is the figures of one level, or of pictures without a page.
type PagesSet struct {
	Name     string `json:"name"`
	Pictures int    `json:"pictures"` // with one page
	Found    int    `json:"found"`    // its corners less than a twentieth of its diagonal off in the mean
	Format   int    `json:"format"`   // of those found, called by the right proportions
	Extra    int    `json:"extra"`    // pages where there are none
	Empty    int    `json:"empty"`    // pictures without a page
	// Error is the mean distance of the corners from where they are, over the pages
	// found, as a share of the diagonal; Percent90 that of nine in ten pages.
	Error    float64   `json:"error"`
	Error90  float64   `json:"error_p90"`
	Quality  []Spread  `json:"quality"`
	Missed   []string  `json:"missed"`
	distance []float64 // of each page found
	CPUMilliseconds
}

// Spread is how a measure is distributed.
type Spread struct {
	Name   string  `json:"name"`
	P5     float64 `json:"p5"`
	Median float64 `json:"median"`
	P95    float64 `json:"p95"`
}

const (
	pageFound = 0.05 // of the diagonal
	// emptyFill makes a document in a photograph so small that it is none.
	emptyFill = 0.06
)

// Pages draws n documents of each template at each level, and as many desks
// without a document and selfies, and looks for pages.
func Pages(ctx context.Context, f *doc.Finder, people []specimen.Portrait, seed uint64, n int) (PagesReport, error) {
	var r PagesReport
	for _, level := range specimen.Levels {
		set, err := pagesAt(ctx, f, level, seed, n)
		if err != nil {
			return r, fmt.Errorf("eval pages: %w", err)
		}
		r.Sets = append(r.Sets, set)
	}
	empty, err := pagesNowhere(ctx, f, people, seed, n)
	if err != nil {
		return r, fmt.Errorf("eval pages: %w", err)
	}
	r.Sets = append(r.Sets, empty)
	return r, nil
}

func pagesAt(ctx context.Context, f *doc.Finder, level specimen.Level, seed uint64, n int) (PagesSet, error) {
	set := PagesSet{Name: string(level)}
	var cpu []float64
	measured := map[string][]float64{}
	g := specimen.New(seed)
	for _, template := range specimen.Templates() {
		t, err := specimen.LookUp(template)
		if err != nil {
			return set, err
		}
		card := t.Sides[0].Size[0] > 1.5*t.Sides[0].Size[1] // has the proportions of ID-1
		for i := range n {
			photo, err := photographed(g, template, g.Camera(level))
			if err != nil {
				return set, err
			}
			m, err := vision.Decode(photo.JPEG)
			if err != nil {
				return set, err
			}
			start := cpuTime()
			pages, err := f.Find(ctx, m)
			if err != nil {
				return set, err
			}
			cpu = append(cpu, float64(cpuTime()-start)/float64(time.Millisecond))
			set.count(fmt.Sprintf("%s %d", template, i), pages, photo.Truth.Corners, card)
			if len(pages) > 0 {
				q := doc.Measure(m, pages[0])
				for name, v := range map[string]float64{"pixels/mm": q.PixelsPerMM, "focus": q.Focus, "glare": q.Glare, "exposure": q.Exposure, "contrast": q.Contrast, "cut off": q.CutOff} {
					measured[name] = append(measured[name], v)
				}
			}
		}
	}
	set.finish(measured, cpu)
	return set, nil
}

// photographed is a document's first side.
func photographed(g *specimen.Generator, template string, c specimen.Camera) (*specimen.Photo, error) {
	d, err := g.Document(template)
	if err != nil {
		return nil, err
	}
	p, err := specimen.Draw(d, specimen.Portrait{})
	if err != nil {
		return nil, err
	}
	return specimen.Photograph(p, c)
}

// pagesNowhere looks at n desks of each level and at the people.
func pagesNowhere(ctx context.Context, f *doc.Finder, people []specimen.Portrait, seed uint64, n int) (PagesSet, error) {
	set := PagesSet{Name: "no page"}
	look := func(name string, m *vision.Image) error {
		pages, err := f.Find(ctx, m)
		set.Empty++
		if len(pages) > 0 {
			set.Extra += len(pages)
			set.Missed = append(set.Missed, name)
		}
		return err
	}
	g := specimen.New(seed + 1)
	for i := range n {
		for _, level := range specimen.Levels {
			c := g.Camera(level)
			c.Fill, c.Open, c.Glare = emptyFill, false, 0
			photo, err := photographed(g, "utopia-id", c)
			if err != nil {
				return set, err
			}
			if err := look(fmt.Sprintf("%s desk %d: %s", level, i, c.Ground), vision.FromImage(photo.Image)); err != nil {
				return set, err
			}
		}
	}
	for i, p := range people {
		m, err := specimen.Selfie(p, 720, 960)
		if err != nil {
			return set, err
		}
		if err := look(fmt.Sprintf("selfie %d", i), vision.FromImage(m)); err != nil {
			return set, err
		}
	}
	return set, nil
}

// count compares what was found with where the page lies.
func (s *PagesSet) count(name string, pages []doc.Page, truth vision.Quad, card bool) {
	s.Pictures++
	best, which := math.Inf(1), -1
	for i, p := range pages {
		if d := cornerError(p.Quad, truth); d < best {
			best, which = d, i
		}
	}
	if best > pageFound {
		s.Missed = append(s.Missed, fmt.Sprintf("%s: %d pages, %.0f %% off", name, len(pages), 100*best))
		s.Extra += len(pages)
		return
	}
	s.Found++
	s.Extra += len(pages) - 1
	s.distance = append(s.distance, best)
	if card == (pages[which].Format == doc.ID1) {
		s.Format++
	}
}

// cornerError is the mean distance of the corners as a share of the diagonal,
// whichever is called the first.
func cornerError(q, truth vision.Quad) float64 {
	least := math.Inf(1)
	for turn := range 4 {
		t, d := q.Turned(turn), 0.0
		for i := range t {
			d += t[i].Dist(truth[i]) / 4
		}
		least = min(least, d)
	}
	return least / max(truth[0].Dist(truth[2]), truth[1].Dist(truth[3]))
}

func (s *PagesSet) finish(measured map[string][]float64, cpu []float64) {
	slices.Sort(s.distance)
	for _, d := range s.distance {
		s.Error += d / float64(len(s.distance))
	}
	if n := len(s.distance); n > 0 {
		s.Error90 = s.distance[n*9/10]
	}
	for _, name := range []string{"pixels/mm", "focus", "glare", "exposure", "contrast", "cut off"} {
		v := measured[name]
		if len(v) == 0 {
			continue
		}
		slices.Sort(v)
		s.Quality = append(s.Quality, Spread{name, v[len(v)/20], v[len(v)/2], v[len(v)*19/20]})
	}
	s.CPUMilliseconds = summarize(cpu)
}

// Table writes the figures for people.
func (r PagesReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "set\tfound\tcorner error\tp90\tformat\tfalse pages\tCPU ms median\tp90\tmax\t")
	for _, s := range r.Sets {
		fmt.Fprintf(t, "%s\t%s\t%.2f %%\t%.2f %%\t%s\t%d in %d\t%.0f\t%.0f\t%.0f\t\n", s.Name, share(s.Found, s.Pictures),
			100*s.Error, 100*s.Error90, share(s.Format, s.Found), s.Extra, s.Pictures+s.Empty, s.Median, s.Percent90, s.Max)
	}
	fmt.Fprintln(t, "\t\t\t\t\t\t\t\t\t\nset\tmeasure\t5 %\tmedian\t95 %\t")
	for _, s := range r.Sets {
		for _, q := range s.Quality {
			fmt.Fprintf(t, "%s\t%s\t%.3f\t%.3f\t%.3f\t\n", s.Name, q.Name, q.P5, q.Median, q.P95)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, s := range r.Sets {
		for _, m := range s.Missed {
			fmt.Fprintf(w, "%s: %s\n", s.Name, m)
		}
	}
	return nil
}
