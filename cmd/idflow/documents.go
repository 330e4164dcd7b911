package main

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"idflow/vision"
	"idflow/vision/doc"
	"idflow/vision/viz"
)

type documentsCmd struct {
	List    documentsListCmd    `cmd:"" help:"List the types of documents that are read by a template."`
	Lint    documentsLintCmd    `cmd:"" help:"Say what is wrong with templates."`
	Preview documentsPreviewCmd `cmd:"" help:"Read a picture by a template and draw what was found where."`
}

type documentsListCmd struct{}

func (c *documentsListCmd) Run() error {
	list, err := viz.Templates()
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, x := range list {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", x.Key, x.Country, x.Type, x.Title)
	}
	return t.Flush()
}

type documentsLintCmd struct {
	Files []string `arg:"" help:"Templates." type:"existingfile"`
}

func (c *documentsLintCmd) Help() string {
	return `Example:

  idflow documents lint vision/viz/templates/*.json

The exit code is 0 where nothing is wrong, else 1. docs/TEMPLATES.md says what a template is.`
}

func (c *documentsLintCmd) Run() error {
	wrong := 0
	for _, f := range c.Files {
		if _, err := readTemplate(f); err != nil {
			wrong++
			for line := range strings.Lines(err.Error()) {
				fmt.Printf("%s: %s\n", f, strings.TrimSpace(line))
			}
		}
	}
	if wrong > 0 {
		return exit(1)
	}
	fmt.Printf("%d templates, nothing wrong.\n", len(c.Files))
	return nil
}

func readTemplate(path string) (viz.Template, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return viz.Template{}, err
	}
	t, err := viz.ParseTemplate(data)
	if key := strings.TrimSuffix(filepath.Base(path), ".json"); err == nil && t.Key != key {
		err = fmt.Errorf("key: %q, but the file is called %s.json", t.Key, key)
	}
	return t, err
}

type documentsPreviewCmd struct {
	modelFolder
	Template string `arg:"" help:"The template." type:"existingfile"`
	Picture  string `help:"A photograph or scan of such a document." required:"" type:"existingfile"`
	Out      string `help:"The PNG to write." default:"preview.png" type:"path"`
	Straight bool   `help:"The picture is the page and nothing else; do not look for its corners."`
}

func (c *documentsPreviewCmd) Help() string {
	return `Examples:

  idflow documents preview vision/viz/templates/kazakhstan-id-front.json --picture card.jpg
  idflow documents preview new.json --picture scan.png --straight --out new.png

Blue boxes are where the template has its fields, green ones what was read and has the right form, red ones what has not; grey ones
are the other lines of text. The fields are printed as well.`
}

func (c *documentsPreviewCmd) Run(ctx context.Context) error {
	t, err := readTemplate(c.Template)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(c.Picture)
	if err != nil {
		return err
	}
	m, err := vision.Decode(data)
	if err != nil {
		return fmt.Errorf("read %s: %w", c.Picture, err)
	}
	n, err := openNets(c.path(), 1)
	if err != nil {
		return err
	}
	defer n.Close()
	page := m
	if !c.Straight {
		if page, err = firstPage(ctx, n.pages, m); err != nil {
			return err
		}
	}
	r, err := viz.NewReader(n.text, n.words, []viz.Template{t}, time.Now)
	if err != nil {
		return err
	}
	got, err := r.Read(ctx, page, viz.Hint{Country: t.Country, Type: t.Type, Side: t.Side})
	if err != nil {
		return err
	}
	if err := writePreview(c.Out, page, got); err != nil {
		return err
	}
	return printFields(got)
}

// firstPage is the page that is the surest of a picture, straightened.
func firstPage(ctx context.Context, f *doc.Finder, m *vision.Image) (*vision.Image, error) {
	pages, err := f.Find(ctx, m)
	if err != nil {
		return nil, err
	}
	if len(pages) == 0 {
		return nil, errors.New("there is no page in the picture; --straight takes all of it for one")
	}
	return doc.Straighten(m, pages[0], pages[0].PixelsPerMM())
}

func printFields(got viz.Result) error {
	if got.Template == "" {
		fmt.Println("The template does not fit; what follows was found by its labels.")
	} else {
		fmt.Printf("The template fits by %.0f %%.\n", 100*got.Score)
	}
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, f := range got.Fields {
		fmt.Fprintf(t, "%s\t%s\t%s\t%.2f\t%s\n", f.Name, f.Text, f.Value, f.Confidence, f.Check)
	}
	return t.Flush()
}

func writePreview(path string, page *vision.Image, got viz.Result) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	picture, err := drawPreview(page, got)
	if err != nil {
		return err
	}
	if err := png.Encode(f, picture); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return f.Close()
}
