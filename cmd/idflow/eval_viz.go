package main

import (
	"context"
	"fmt"
	"os"

	"idflow/eval"
)

type evalVIZCmd struct {
	modelFolder
	Seed   uint64 `help:"First seed of the documents." default:"90001"`
	N      int    `help:"Documents of each type at each level." default:"6"`
	Hinted bool   `help:"Tell country and type, as a machine-readable zone does."`
	JSON   bool   `help:"Print JSON instead of a table."`
}

func (c *evalVIZCmd) Run(ctx context.Context) error {
	n, err := openNets(c.path(), 1)
	if err != nil {
		return err
	}
	defer n.Close()
	r, err := eval.VIZ(ctx, n.prints, c.Seed, c.N, c.Hinted, func(done, total int) { fmt.Fprintf(os.Stderr, "\r%d of %d documents", done, total) })
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	return show(r, c.JSON)
}
