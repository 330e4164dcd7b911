package main

import (
	"context"
	"fmt"
	"os"

	"idflow/models"
)

type modelsCmd struct {
	Fetch modelsFetchCmd `cmd:"" help:"Fetch the model packages with npm, check them, and prepare the nets."`
	Check modelsCheckCmd `cmd:"" help:"Check every model file against its checksum."`
}

// modelFolder is the flag of every command that needs the nets.
type modelFolder struct {
	Models string `help:"Folder with the model files." env:"IDFLOW_MODELS" placeholder:"DIR" type:"path"`
}

func (m modelFolder) path() string {
	if m.Models != "" {
		return m.Models
	}
	return models.DefaultDir()
}

type modelsFetchCmd struct{ modelFolder }

func (c *modelsFetchCmd) Run(ctx context.Context) error {
	return models.Fetch(ctx, c.path(), os.Stdout)
}

type modelsCheckCmd struct{ modelFolder }

func (c *modelsCheckCmd) Run() error {
	dir, err := models.Open(c.path())
	if err != nil {
		return err
	}
	if err := dir.Verify(); err != nil {
		return err
	}
	fmt.Println("Every model file is what it should be.")
	return nil
}
