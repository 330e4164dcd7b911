package main

import (
	"log/slog"
	"strings"

	"idflow/models"
	"idflow/tech"
	"idflow/tech/all"
	"idflow/vision/face"
	"idflow/vision/mrz"
	"idflow/vision/onnx"
)

// nets are the vision parts over the model files.
type nets struct {
	files       *models.Dir
	faces       *face.Analyzer
	zones       *mrz.Reader
	text, lines *onnx.Net
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
	if n.text, err = openNet(files, "text_detect", pool); err == nil {
		n.lines, err = openNet(files, "mrz_crnn", pool)
	}
	if err != nil {
		n.Close()
		return nil, err
	}
	n.zones = mrz.NewReader(n.text, n.lines)
	return n, nil
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
	p := all.Parts{Faces: n.faces, Zones: n.zones}
	for _, name := range face.NetNames {
		p.FaceNets.All = append(p.FaceNets.All, n.files.Info(name).ID())
	}
	// The name of what makes embeddings is that of its net, and how it is used.
	net, use, _ := strings.Cut(face.EmbeddingModel, "+")
	p.FaceNets.Embedding = n.files.Info(net).ID() + "+" + use
	p.ZoneNets = tech.Nets{All: []string{n.files.Info("text_detect").ID(), n.files.Info("mrz_crnn").ID()}}
	return p
}

// warm reads the nets before the first person needs them.
func (n *nets) warm(log *slog.Logger) {
	for _, load := range []func() error{n.faces.Load, n.text.Load, n.lines.Load} {
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
	if n.text != nil {
		n.text.Close()
	}
	if n.lines != nil {
		n.lines.Close()
	}
}
