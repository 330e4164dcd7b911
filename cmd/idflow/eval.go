package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"idflow/eval"
)

type evalCmd struct {
	Documents evalDocumentsCmd `cmd:"" help:"Document Recognition on drawn documents: verdicts, fields, false alarms."`
	Liveness  evalLivenessCmd  `cmd:"" help:"Live passages of your own recordings."`
	Faces     evalFacesCmd     `cmd:"" help:"Face verification, head pose, eyes and passive liveness on labelled faces."`
	Forgery   evalForgeryCmd   `cmd:"" help:"Recaptured and edited documents, drawn for the purpose."`
	MRZ       evalMRZCmd       `cmd:"" name:"mrz" help:"Machine-readable zones on labelled documents."`
	VIZ       evalVIZCmd       `cmd:"" name:"viz" help:"What is printed for people on drawn documents, field by field."`
	Pages     evalPagesCmd     `cmd:"" help:"The pages of drawn documents in photographs: corners, false alarms, quality."`
}

// report is what an evaluation ends in.
type report interface{ Table(w io.Writer) error }

// show prints a report as a table or as JSON.
func show(r report, asJSON bool) error {
	if !asJSON {
		return r.Table(os.Stdout)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

type evalFacesCmd struct {
	modelFolder
	Dir     string `arg:"" optional:"" help:"Folder of labelled faces." type:"path" default:"../shared/data/faces"`
	Workers int    `help:"Pictures at the same time (default: one for each core)."`
	JSON    bool   `help:"Print JSON instead of a table."`
}

func (c *evalFacesCmd) Run(ctx context.Context) error {
	if c.Workers <= 0 {
		c.Workers = runtime.NumCPU()
	}
	n, err := openNets(c.path(), c.Workers)
	if err != nil {
		return err
	}
	defer n.Close()
	r, err := eval.Faces(ctx, c.Dir, n.faces, c.Workers, func(done, total int) { fmt.Fprintf(os.Stderr, "\r%d of %d pictures", done, total) })
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	return show(r, c.JSON)
}

type evalMRZCmd struct {
	modelFolder
	Dir  string `arg:"" optional:"" help:"Folder of labelled documents." type:"path" default:"../shared/data/docs"`
	JSON bool   `help:"Print JSON instead of a table."`
}

func (c *evalMRZCmd) Run(ctx context.Context) error {
	n, err := openNets(c.path(), 1)
	if err != nil {
		return err
	}
	defer n.Close()
	r, err := eval.MRZ(ctx, c.Dir, n.zones, time.Now())
	if err != nil {
		return err
	}
	return show(r, c.JSON)
}
