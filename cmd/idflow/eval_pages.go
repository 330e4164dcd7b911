package main

import (
	"context"

	"idflow/eval"
	"idflow/models"
	"idflow/vision/doc"
	"idflow/vision/onnx"
)

type evalPagesCmd struct {
	modelFolder
	Seed  uint64 `help:"Of the documents and photographs." default:"7"`
	Count int    `help:"Documents of each template at each level." default:"8"`
	JSON  bool   `help:"Print JSON instead of a table."`
}

func (c *evalPagesCmd) Run(ctx context.Context) error {
	files, err := models.Open(c.path())
	if err != nil {
		return err
	}
	library, err := files.Runtime()
	if err != nil {
		return err
	}
	if err := onnx.Init(library); err != nil {
		return err
	}
	net, err := openNet(files, doc.NetName, 1)
	if err != nil {
		return err
	}
	defer net.Close()
	people, err := allPortraits(ctx)
	if err != nil {
		return err
	}
	r, err := eval.Pages(ctx, doc.New(net), people, c.Seed, c.Count)
	if err != nil {
		return err
	}
	return show(r, c.JSON)
}
