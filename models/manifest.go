package models

import (
	"embed"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
)

// The list of what is fetched, and the networks that are idflow's own work.
//
//go:embed manifest.json own/*.onnx
var embedded embed.FS

// manifest says what a prepared folder holds and where each file comes from.
type manifest struct {
	Runtime  []library `json:"runtime"`
	Packages []Package `json:"packages"`
	Programs []Program `json:"programs"`
	Nets     []Net     `json:"nets"`
}

// Package is an npm package that files are taken from. None of its code runs.
type Package struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Bytes    int64  `json:"bytes"`  // of the tarball
	SHA512   string `json:"sha512"` // of the tarball, base64, as npm states it
	Licence  string `json:"licence"`
	Contents string `json:"contents"`
}

// library is ONNX Runtime for one platform.
type library struct {
	OS   string `json:"os"`   // as in GOOS
	Arch string `json:"arch"` // as in GOARCH
	Artifact
}

// Net describes one network.
type Net struct {
	Name    string `json:"name"`
	Purpose string `json:"purpose"`
	Input   string `json:"input"`   // shape, channel order and normalization
	Outputs string `json:"outputs"` // names, shapes and meaning
	Code    string `json:"code"`    // licence of the architecture's code, SPDX
	Weights string `json:"weights"` // licence of the weights, SPDX
	Data    string `json:"data"`    // what is known of the training data
	Origin  string `json:"origin"`  // who made it
	Artifact
}

// Program describes a WebAssembly module that runs in a sandbox.
type Program struct {
	Name    string `json:"name"`
	Purpose string `json:"purpose"`
	Licence string `json:"licence"` // SPDX
	Origin  string `json:"origin"`  // who made it
	Artifact
}

// Artifact is one file of a prepared folder.
type Artifact struct {
	File   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	From   Source `json:"from"`
}

// Source is where an artifact comes from: a file of an npm package, a part of
// such a file, or (when Package is empty) idflow's own folder own.
type Source struct {
	Package string  `json:"package,omitempty"`
	Path    string  `json:"path"`
	Range   []int64 `json:"range,omitempty"`  // first byte and the one after the last
	TFLite  *tflite `json:"tflite,omitempty"` // to be converted to ONNX
}

// tflite says how to convert a TensorFlow Lite network.
type tflite struct {
	SHA256  string   `json:"sha256"`  // before the conversion
	Outputs []string `json:"outputs"` // names, in the network's order
}

// ID names the exact weights: the network's name and the first 12 hexadecimal
// digits of their SHA-256. It is stored beside every number that the network
// gave, so that numbers of different weights are never compared.
func (n Net) ID() string {
	if len(n.SHA256) < 12 {
		return n.Name
	}
	return n.Name + "@" + n.SHA256[:12]
}

// Nets lists the networks of a prepared folder.
func Nets() []Net { return list().Nets }

// Programs lists the WebAssembly modules of a prepared folder.
func Programs() []Program { return list().Programs }

// Packages lists the npm packages that a prepared folder is made from.
func Packages() []Package { return list().Packages }

var list = sync.OnceValue(func() *manifest {
	text, err := embedded.ReadFile("manifest.json")
	if err != nil {
		panic(err)
	}
	m := new(manifest)
	if err := json.Unmarshal(text, m); err != nil {
		panic(fmt.Sprintf("models: manifest.json: %v", err))
	}
	return m
})

// library is ONNX Runtime for this machine.
func (m *manifest) library() (Artifact, error) {
	for _, l := range m.Runtime {
		if l.OS == runtime.GOOS && l.Arch == runtime.GOARCH {
			return l.Artifact, nil
		}
	}
	return Artifact{}, fmt.Errorf("there is no ONNX Runtime for %s/%s in the manifest", runtime.GOOS, runtime.GOARCH)
}

// artifacts are all the files that a folder needs on this machine.
func (m *manifest) artifacts() ([]Artifact, error) {
	lib, err := m.library()
	if err != nil {
		return nil, err
	}
	all := []Artifact{lib}
	for _, p := range m.Programs {
		all = append(all, p.Artifact)
	}
	for _, n := range m.Nets {
		all = append(all, n.Artifact)
	}
	return all, nil
}
