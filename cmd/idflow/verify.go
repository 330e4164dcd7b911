package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"idflow"
	"idflow/catalog"
	"idflow/engine"
	"idflow/tech"
	"idflow/tech/all"
)

type verifyCmd struct {
	modelFolder
	Selfie   string    `help:"Photo of the person." type:"existingfile" placeholder:"FILE"`
	Document []string  `help:"Photo of the document; give it twice for front and back." type:"existingfile" placeholder:"FILE" sep:"none"`
	Flow     []string  `help:"Technologies in order (default: what the given files allow)." placeholder:"KEY,…"`
	Today    time.Time `help:"Day that expiry dates are held against (default: today)." format:"2006-01-02" placeholder:"YYYY-MM-DD"`
	JSON     bool      `help:"Print JSON instead of a table."`
}

func (verifyCmd) Help() string {
	return `Exit code: 0 approved, 1 declined or review, 2 could not run.

Examples:
  idflow verify --selfie me.jpg --document passport.jpg
  idflow verify --selfie me.jpg --document front.jpg --document back.jpg --json
  idflow verify --document passport.jpg --flow document_recognition`
}

// verification is what the command found out.
type verification struct {
	Decision idflow.State    `json:"decision"`
	Reasons  []idflow.Reason `json:"reasons"`
	Took     int64           `json:"took_ms"`
	Checks   []verifiedCheck `json:"checks"`
}

type verifiedCheck struct {
	Technology string `json:"technology"`
	Code       string `json:"code"`
	title      string
	Verdict    idflow.Verdict  `json:"verdict"`
	Reasons    []idflow.Reason `json:"reasons"`
	Scores     []idflow.Score  `json:"scores"`
	Models     []string        `json:"models"`
	Report     any             `json:"report"`
}

func (c *verifyCmd) Run(ctx context.Context) error {
	evidence, err := c.evidence()
	if err != nil {
		return err
	}
	nets, err := openNets(c.path(), 1)
	if err != nil {
		return err
	}
	defer nets.Close()
	set := all.New(nets.parts())
	flow := idflow.Flow{Name: "verify"}
	for _, key := range c.technologies() {
		flow.Steps = append(flow.Steps, idflow.Step{Technology: key, Attempts: 1})
	}
	if err := set.Validate(&flow); err != nil {
		return fmt.Errorf("%s", idflow.AsError(err).Message)
	}
	if c.Today.IsZero() {
		c.Today = time.Now()
	}
	v, err := verify(ctx, set, flow, evidence, c.Today)
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(v)
	} else {
		err = v.table(os.Stdout)
	}
	if err == nil && v.Decision != idflow.Approved {
		err = exit(1)
	}
	return err
}

// technologies of the Flow: those asked for, or what the given files allow.
func (c *verifyCmd) technologies() []string {
	if len(c.Flow) > 0 {
		return c.Flow
	}
	var keys []string
	if c.Selfie != "" {
		keys = append(keys, "liveness_short")
	}
	if len(c.Document) > 0 {
		keys = append(keys, "document_recognition")
	}
	if len(keys) == 2 {
		keys = append(keys, "face2face")
	}
	return keys
}

// evidence reads the files under the names that the technologies capture.
func (c *verifyCmd) evidence() (map[string][]byte, error) {
	files := map[string]string{}
	if c.Selfie != "" {
		files["selfie"] = c.Selfie
	}
	if len(c.Document) > 2 {
		return nil, fmt.Errorf("give at most two photos of the document: its front and its back")
	}
	for i, f := range c.Document {
		files[[]string{"front", "back"}[i]] = f
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("give --selfie FILE, --document FILE, or both")
	}
	evidence := map[string][]byte{}
	for name, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := tech.InspectPicture("", data); err != nil {
			return nil, fmt.Errorf("%s: %s", file, idflow.AsError(err).Message)
		}
		evidence[name] = data
	}
	return evidence, nil
}

// verify drives the engine's own state machine over files.
func verify(ctx context.Context, set tech.Set, flow idflow.Flow, evidence map[string][]byte, today time.Time) (verification, error) {
	began := time.Now()
	v := verification{Reasons: []idflow.Reason{}}
	facts := tech.Facts{}
	s, effects := engine.Next(idflow.Session{State: idflow.Created, Flow: flow}, engine.Opened{})
	for len(effects) > 0 {
		var more []engine.Effect
		switch effects[0].(type) {
		case engine.Ask:
			task, err := given(set, s, evidence)
			if err != nil {
				return v, err
			}
			s, more = engine.Next(s, engine.Asked{Task: task})
			if s.State == idflow.Waiting {
				s, more = engine.Next(s, engine.Submitted{Step: s.Step, Attempt: s.Attempt})
			}
		case engine.RunCheck:
			t := set.Get(s.Current().Technology)
			out, err := t.Check(ctx, tech.Input{Evidence: evidence, Facts: facts, Settings: s.Current().Settings, Task: s.Task, Now: today})
			if err != nil {
				return v, fmt.Errorf("%s: %w", t.Spec().Title, err)
			}
			for name, fact := range out.Facts {
				facts[name] = fact
			}
			v.Checks = append(v.Checks, verifiedCheck{t.Spec().Key, t.Spec().Code, t.Spec().Title, out.Verdict, out.Reasons, out.Scores, out.Models, out.Report})
			s, more = engine.Next(s, engine.Checked{Check: idflow.Check{Step: s.Step, Attempt: s.Attempt, Technology: s.Current().Technology, Verdict: out.Verdict, Reasons: out.Reasons}})
		}
		effects = append(effects[1:], more...)
	}
	v.Decision, v.Took = s.State, time.Since(began).Milliseconds()
	if s.Decision != nil {
		v.Reasons = append(v.Reasons, s.Decision.Reasons...)
	}
	return v, nil
}

// given is the task of a step, as far as files can answer it.
func given(set tech.Set, s idflow.Session, evidence map[string][]byte) (idflow.Task, error) {
	asker, ok := set.Get(s.Current().Technology).(tech.Asker)
	if !ok {
		return idflow.Task{}, nil
	}
	task, err := asker.Ask(s.Current().Settings, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		return task, err
	}
	for _, capture := range task.Captures {
		if evidence[capture.Name] == nil && !capture.Optional {
			return task, fmt.Errorf("%s asks for %q, which no file can answer; leave it out of --flow", set.Get(s.Current().Technology).Spec().Title, capture.Name)
		}
	}
	return task, nil
}

// table prints every check, score, threshold and reason.
func (v verification) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range v.Checks {
		fmt.Fprintf(t, "%s (%s): %s\n", c.title, c.Code, strings.ToUpper(string(c.Verdict)))
		for _, s := range c.Scores {
			fmt.Fprintf(t, "  %s\t%.4g\t%s\t%s\n", s.Name, s.Value, limit(s), mark(s))
		}
		for _, r := range c.Reasons {
			fmt.Fprintf(t, "  reason: %s\n", catalog.Text("en", "reason."+string(r)))
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s in %.1f s\n", strings.ToUpper(string(v.Decision)), float64(v.Took)/1000)
	return err
}

func limit(s idflow.Score) string {
	switch {
	case s.Threshold == nil:
		return ""
	case s.Below:
		return fmt.Sprintf("≤ %.4g", *s.Threshold)
	}
	return fmt.Sprintf("≥ %.4g", *s.Threshold)
}

func mark(s idflow.Score) string {
	switch {
	case s.Threshold == nil:
		return ""
	case s.OK():
		return "ok"
	}
	return "NO"
}
