package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"idflow/eval"
)

type evalForgeryCmd struct {
	modelFolder
	Dir     string   `help:"Folder of labelled real documents, to count false alarms on too." type:"path"`
	Seed    uint64   `help:"First seed of the pictures; the judgement was learnt from seeds 1 to 999." default:"20001"`
	N       int      `help:"Pictures of each kind of forgery; of untouched documents 16 times as many." default:"24"`
	Workers int      `help:"Pictures at the same time; processor times are true for one." default:"1"`
	Figures string   `help:"Write what was measured to this file, to learn from." type:"path"`
	Only    []string `help:"Kinds to make, by their names in the table."`
	JSON    bool     `help:"Print JSON instead of a table."`
}

func (c *evalForgeryCmd) Run(ctx context.Context) error {
	faces, err := allPortraits(ctx)
	if err != nil {
		return err
	}
	var figures io.Writer
	if c.Figures != "" {
		f, err := os.Create(c.Figures)
		if err != nil {
			return err
		}
		defer f.Close()
		figures = f
	}
	r, err := eval.Forgery(ctx, faces, c.Seed, c.N, max(1, c.Workers), c.Only, figures,
		func(done, total int) { fmt.Fprintf(os.Stderr, "\r%d of %d pictures", done, total) })
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	if c.Dir != "" {
		n, err := openNets(c.path(), 1)
		if err != nil {
			return err
		}
		defer n.Close()
		if err := r.RealForgery(ctx, c.Dir, n.zones, time.Now(), figures); err != nil {
			return err
		}
	}
	return show(r, c.JSON)
}
