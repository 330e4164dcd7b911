// Package attack plays before a server what impostors play, and what honest
// people do, and counts what gets through. It makes its sequences from
// photographs and recordings, and meets the server only where everybody meets
// it: at its API, its hosted page's calls and its WebSocket.
//
// What it shows is made by computing, not by printing and filming: its prints
// and screens are models of prints and screens. It shows that a rule works, and
// it shows a regression; it is no test by ISO/IEC 30107-3.
package attack

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"idflow/vision"
	"idflow/vision/face"
)

// Subject is somebody of whom pictures are at hand.
type Subject struct {
	Name     string
	Pictures []*vision.Image
}

// Clip is a recording of somebody before a camera, 15 frames a second.
type Clip struct {
	Name   string
	Frames []*vision.Image
}

// Material is what sequences are made of.
type Material struct {
	Subjects []Subject // attacked and, rendered, honest
	Clips    []Clip
	Photos   []Photo // of honest people, for the passive check alone
}

// Photo is one picture of an honest person.
type Photo struct {
	Name string
	Data []byte // a file of it, in a format that the server takes
}

// Kit runs presentations against targets, one after the other at each.
type Kit struct {
	Targets  []*Target
	Faces    *face.Analyzer // to make sequences with, not to judge them
	Material Material
	Seed     uint64
	Only     []string // names of the kinds to run; none: all
	People   int      // at most so many subjects; 0: all
	Progress func(done, total int, kind string, c Case)
}

// Kind is a way to attack, or an honest way to pass.
type Kind struct {
	Name     string
	About    string
	Attack   bool
	Rendered bool // made from one photograph, although honest
	flow     string
	runs     func(k *Kit) []run
}

// run is one presentation.
type run struct {
	subject string
	play    func(ctx context.Context, t *Target, flow string, r *rand.Rand) (Outcome, error)
}

// flows by name: technology and settings.
var flows = map[string][2]string{
	"LD":      {"liveness_detection", `{}`},
	"LD all":  {"liveness_detection", `{"actions":5}`},
	"LD one":  {"liveness_detection", `{"actions":1}`},
	"LD face": {"liveness_detection", `{"still_head":true,"actions":2}`},
	"LD lone": {"liveness_detection", `{"still_head":true,"actions":1}`},
	"LD none": {"liveness_detection", `{"active":false}`},
	"LDHP":    {"liveness_head_position", `{}`},
	"LDD":     {"liveness_distance", `{}`},
	"LDS":     {"liveness_short", `{}`},
}

// Run plays everything and counts.
func (k *Kit) Run(ctx context.Context) (*Report, error) {
	began := time.Now()
	if n := len(k.Material.Subjects); k.People > 0 {
		k.Material.Subjects = k.Material.Subjects[:min(n, k.People)]
	}
	var jobs []job
	report := &Report{}
	for _, kind := range Kinds {
		if len(k.Only) > 0 && !slices.Contains(k.Only, kind.Name) {
			continue
		}
		report.Results = append(report.Results, Result{Kind: kind})
		for _, r := range kind.runs(k) {
			jobs = append(jobs, job{run: r, kind: len(report.Results) - 1, seed: k.Seed + uint64(len(jobs))})
		}
	}
	if err := k.work(ctx, jobs, report); err != nil {
		return nil, err
	}
	report.Took = time.Since(began).Round(time.Second)
	return report, nil
}

type job struct {
	run
	kind int
	seed uint64
}

// work hands the jobs to the targets.
func (k *Kit) work(ctx context.Context, jobs []job, report *Report) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	var group sync.WaitGroup
	todo, done := make(chan job), 0
	for _, t := range k.Targets {
		made := map[string]string{}
		group.Go(func() {
			for j := range todo {
				out, err := k.one(ctx, t, made, report.Results[j.kind].flow, j)
				if err != nil {
					cancel(fmt.Errorf("%s, %s: %w", report.Results[j.kind].Name, j.subject, err))
					return
				}
				mu.Lock()
				report.Results[j.kind].Cases = append(report.Results[j.kind].Cases, Case{j.subject, out})
				done++
				if k.Progress != nil {
					k.Progress(done, len(jobs), report.Results[j.kind].Name, Case{j.subject, out})
				}
				mu.Unlock()
			}
		})
	}
	for _, j := range jobs {
		select {
		case todo <- j:
		case <-ctx.Done():
		}
	}
	close(todo)
	group.Wait()
	return context.Cause(ctx)
}

func (k *Kit) one(ctx context.Context, t *Target, made map[string]string, name string, j job) (Outcome, error) {
	if made[name] == "" {
		id, err := t.flow(ctx, flows[name][0], flows[name][1])
		if err != nil {
			return Outcome{}, err
		}
		made[name] = id
	}
	return j.play(ctx, t, made[name], rand.New(rand.NewPCG(j.seed, 0xa77ac)))
}

// framed cuts a picture to a frame in which the face has the height that a
// guide asks for, and measures it again. It is nil when there is no face.
func (k *Kit) framed(ctx context.Context, m *vision.Image) (*vision.Image, *face.Face, error) {
	const size = 0.46 // height of the face over that of the frame
	a, err := k.Faces.Analyze(ctx, m, 0)
	if err != nil || a.Face == nil {
		return nil, nil, err
	}
	c, h := a.Face.Box.Center(), a.Face.Box.H()/size
	w := h * float64(webcam.w) / float64(webcam.h)
	out := extended(a.Image, vision.Rect{X0: c.X - w/2, Y0: c.Y - h/2, X1: c.X + w/2, Y1: c.Y + h/2})
	b, err := k.Faces.Analyze(ctx, out, face.WantEyes)
	if err != nil || b.Face == nil || b.Turn != 0 {
		return nil, nil, err
	}
	return out, b.Face, nil
}

// extended cuts a frame out of a picture; beyond the picture its edge goes on.
func extended(m *vision.Image, r vision.Rect) *vision.Image {
	if k := r.H() / float64(webcam.h); k > 1 {
		m = m.Resize(int(float64(m.W)/k), int(float64(m.H)/k))
		r = vision.Rect{X0: r.X0 / k, Y0: r.Y0 / k, X1: r.X1 / k, Y1: r.Y1 / k}
	}
	out := vision.New(webcam.w, webcam.h)
	for y := range out.H {
		for x := range out.W {
			p := vision.Point{X: r.X0 + (float64(x)+0.5)*r.W()/float64(out.W), Y: r.Y0 + (float64(y)+0.5)*r.H()/float64(out.H)}
			sample(out.Pix[3*(y*out.W+x):][:3], m, p)
		}
	}
	return out
}
