package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"idflow"
	"idflow/eval"
	"idflow/specimen"
	"idflow/specimen/portraits"
	"idflow/tech"
	"idflow/tech/all"
)

type evalDocumentsCmd struct {
	modelFolder
	Dir  string `arg:"" optional:"" help:"Folder with pictures and mrz_gt.tsv or gt.json; without one, documents are drawn." type:"existingdir"`
	Seed uint64 `help:"First seed of the documents." default:"50001"`
	N    int    `help:"Documents of each type at each level." default:"6"`
	JSON bool   `help:"Print JSON instead of a table."`
}

func (evalDocumentsCmd) Help() string {
	return `The documents of a folder are judged as if they were not expired: its pictures are mostly old.

Examples:
  idflow eval documents
  idflow eval documents ../shared/data/docs --json`
}

func (c *evalDocumentsCmd) Run(ctx context.Context) error {
	n, err := openNets(c.path(), 1)
	if err != nil {
		return err
	}
	defer n.Close()
	technology := all.New(n.parts()).Get("document_recognition")
	progress := func(done, total int) { fmt.Fprintf(os.Stderr, "\r%d of %d documents", done, total) }
	defer fmt.Fprintln(os.Stderr)
	if c.Dir != "" {
		r, err := eval.Folder(ctx, c.Dir, judgeDocument(technology, json.RawMessage(`{"accept_expired": true}`)), time.Now(), progress)
		if err != nil {
			return err
		}
		return show(r, c.JSON)
	}
	people, err := allPortraits(ctx)
	if err != nil {
		return err
	}
	r, err := eval.Documents(ctx, judgeDocument(technology, nil), people, c.Seed, c.N, progress)
	if err != nil {
		return err
	}
	return show(r, c.JSON)
}

// judgeDocument runs Document Recognition with the settings, and the usual ones
// where they say nothing.
func judgeDocument(t tech.Technology, chosen json.RawMessage) eval.JudgeDocument {
	return func(ctx context.Context, front, back []byte, now time.Time) (j eval.JudgedDocument, err error) {
		settings, problem := tech.Complete(t.Spec().Settings, chosen)
		if problem != nil {
			return j, problem
		}
		in := tech.Input{Evidence: map[string][]byte{"front": front}, Facts: tech.Facts{}, Settings: settings, Now: now}
		if back != nil {
			in.Evidence["back"] = back
		}
		out, err := t.Check(ctx, in)
		if err != nil {
			return j, err
		}
		data, err := json.Marshal(out.Report)
		if err != nil {
			return j, err
		}
		var report struct {
			Fields map[string]string
			Checks []struct{ Code, Result string }
			MRZ    *struct{ Lines []string }
		}
		if err := json.Unmarshal(data, &report); err != nil {
			return j, err
		}
		j.Verdict, j.Fields = string(out.Verdict), report.Fields
		if report.MRZ != nil {
			j.Lines = report.MRZ.Lines
		}
		if out.Verdict == idflow.Unclear {
			j.Verdict = "review"
		}
		for _, r := range out.Reasons {
			j.Reasons = append(j.Reasons, string(r))
		}
		for _, k := range report.Checks {
			if k.Result == "failed" {
				j.Failed = append(j.Failed, k.Code)
			}
		}
		return j, nil
	}
}

// allPortraits are the portraits of everybody there is.
func allPortraits(ctx context.Context) ([]specimen.Portrait, error) {
	dir, err := portraits.DefaultDir()
	if err != nil {
		return nil, err
	}
	set, err := portraits.Fetch(ctx, dir)
	if err != nil {
		return nil, err
	}
	var out []specimen.Portrait
	for _, person := range set {
		for _, picture := range person.Pictures {
			p, err := picture.Portrait()
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	return out, nil
}
