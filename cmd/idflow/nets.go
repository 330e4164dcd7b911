package main

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"idflow/models"
	"idflow/tech/all"
	"idflow/vision/barcode"
	"idflow/vision/doc"
	"idflow/vision/face"
	"idflow/vision/mrz"
	"idflow/vision/onnx"
	"idflow/vision/viz"
)

// nets are the vision parts over the model files.
type nets struct {
	files       *models.Dir
	faces       *face.Analyzer
	zones       *mrz.Reader
	prints      *viz.Reader
	pages       *doc.Finder
	barcodes    *barcode.Reader
	text, lines *onnx.Net // for zones and for print
	words       *onnx.Net
	corners     *onnx.Net
}

// openNets checks the model files and makes ready for at most pool runs of
// each net at a time. The nets themselves are read when they are first needed.
func openNets(dir string, pool int) (*nets, error) {
	files, err := models.Open(dir)
	if err != nil {
		return nil, err
	}
	library, err := files.Runtime()
	if err != nil {
		return nil, err
	}
	if err := onnx.Init(library); err != nil {
		return nil, err
	}
	n := &nets{files: files}
	if n.faces, err = face.Open(files.Net, pool); err != nil {
		return nil, err
	}
	for name, net := range map[string]**onnx.Net{"text_detect": &n.text, "mrz_crnn": &n.lines, "viz_crnn": &n.words, doc.NetName: &n.corners} {
		if *net, err = openNet(files, name, pool); err != nil {
			n.Close()
			return nil, err
		}
	}
	n.zones = mrz.NewReader(n.text, n.lines)
	n.pages = doc.New(n.corners)
	if n.barcodes, err = openBarcodes(files); err != nil {
		n.Close()
		return nil, err
	}
	if n.prints, err = printReader(n.text, n.words); err != nil {
		n.Close()
		return nil, err
	}
	return n, nil
}

// openBarcodes has the decoder compiled when the first barcode is looked for.
func openBarcodes(files *models.Dir) (*barcode.Reader, error) {
	path, err := files.Program("rxing")
	if err != nil {
		return nil, err
	}
	wasm, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the barcode decoder: %w", err)
	}
	return barcode.Open(wasm, barcode.Limits{}), nil
}

// printReader reads the visual zone by the templates that ship.
func printReader(text, words *onnx.Net) (*viz.Reader, error) {
	templates, err := viz.Templates()
	if err != nil {
		return nil, err
	}
	return viz.NewReader(text, words, templates, time.Now)
}

func openNet(files *models.Dir, name string, pool int) (*onnx.Net, error) {
	path, err := files.Net(name)
	if err != nil {
		return nil, err
	}
	return onnx.Open(path, pool)
}

// parts for the technologies, with the ids of the nets behind them.
func (n *nets) parts() all.Parts {
	p := all.Parts{Faces: n.faces, Zones: n.zones, Pages: n.pages, Texts: n.prints, Barcodes: n.barcodes}
	for _, name := range face.NetNames {
		p.FaceNets.All = append(p.FaceNets.All, n.files.Info(name).ID())
	}
	// The name of what makes embeddings is that of its net, and how it is used.
	net, use, _ := strings.Cut(face.EmbeddingModel, "+")
	p.FaceNets.Embedding = n.files.Info(net).ID() + "+" + use
	for _, name := range []string{"text_detect", "mrz_crnn", "viz_crnn", doc.NetName} {
		p.TextNets.All = append(p.TextNets.All, n.files.Info(name).ID())
	}
	return p
}

// warm reads the nets before the first person needs them.
func (n *nets) warm(log *slog.Logger) {
	for _, load := range []func() error{n.faces.Load, n.text.Load, n.lines.Load, n.words.Load, n.corners.Load} {
		if err := load(); err != nil {
			log.Error("read a net", "error", err)
			return
		}
	}
}

func (n *nets) Close() {
	if n.faces != nil {
		n.faces.Close()
	}
	for _, net := range []*onnx.Net{n.text, n.lines, n.words, n.corners} {
		if net != nil {
			net.Close()
		}
	}
}
