// Package models knows the neural networks that idflow runs: what each one is,
// where its file comes from, under which licence, and that the file on the disk
// is the very one it should be. A prepared folder holds ONNX Runtime, one file
// for each network and the WebAssembly program that reads barcodes; [Fetch] makes
// it, [Open] uses it.
package models

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Env names the environment variable with the prepared folder.
const Env = "IDFLOW_MODELS"

// DefaultDir is the folder named by the environment variable IDFLOW_MODELS,
// else .models in the working directory.
func DefaultDir() string {
	if dir := os.Getenv(Env); dir != "" {
		return dir
	}
	return ".models"
}

// Dir is a prepared folder. It is safe for concurrent use.
type Dir struct {
	path     string
	library  Artifact
	nets     map[string]Net
	programs map[string]Program
	intact   map[string]func() error // by file; each computes its answer once
}

// Open looks whether dir has every file with its right size, and reads none of
// them. The error is one sentence that says what is missing and what to do.
func Open(dir string) (*Dir, error) { return open(dir, list()) }

func open(dir string, m *manifest) (*Dir, error) {
	files, err := m.artifacts()
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	d := &Dir{path: dir, library: files[0], nets: map[string]Net{}, programs: map[string]Program{}, intact: map[string]func() error{}}
	for _, a := range files {
		if err := present(dir, a); err != nil {
			return nil, err
		}
		d.intact[a.File] = sync.OnceValue(func() error { return intact(dir, a) })
	}
	for _, n := range m.Nets {
		d.nets[n.Name] = n
	}
	for _, p := range m.Programs {
		d.programs[p.Name] = p
	}
	return d, nil
}

// Path is the folder.
func (d *Dir) Path() string { return d.path }

// Runtime is the path of ONNX Runtime's shared library. Its SHA-256 is checked
// on the first call.
func (d *Dir) Runtime() (string, error) { return d.file(d.library) }

// Net is the path of a network's ONNX file. Its SHA-256 is checked on the first
// call for that network.
func (d *Dir) Net(name string) (string, error) {
	n, ok := d.nets[name]
	if !ok {
		return "", fmt.Errorf("models: no network is called %q", name)
	}
	return d.file(n.Artifact)
}

// Program is the path of a WebAssembly module. Its SHA-256 is checked on the
// first call for that module.
func (d *Dir) Program(name string) (string, error) {
	p, ok := d.programs[name]
	if !ok {
		return "", fmt.Errorf("models: no program is called %q", name)
	}
	return d.file(p.Artifact)
}

// Info describes a network; it is the zero Net for a name that does not exist.
func (d *Dir) Info(name string) Net { return d.nets[name] }

// Verify checks the SHA-256 of every file.
func (d *Dir) Verify() error {
	if _, err := d.Runtime(); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(d.programs)) {
		if _, err := d.Program(name); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.nets)) {
		if _, err := d.Net(name); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dir) file(a Artifact) (string, error) {
	if err := d.intact[a.File](); err != nil {
		return "", err
	}
	return filepath.Join(d.path, a.File), nil
}

const remedy = "run `make models`, or set " + Env + " to a folder that has it"

// present compares the size only, which finds the files of an interrupted copy.
func present(dir string, a Artifact) error {
	info, err := os.Stat(filepath.Join(dir, a.File))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("models: %s is missing from %s: %s", a.File, dir, remedy)
	case err != nil:
		return fmt.Errorf("models: %s in %s cannot be read (%w): %s", a.File, dir, err, remedy)
	case info.Size() != a.Bytes:
		return fmt.Errorf("models: %s in %s is another version or incomplete: %s", a.File, dir, remedy)
	}
	return nil
}

// intact compares the content.
func intact(dir string, a Artifact) error {
	sum, err := fileSHA256(filepath.Join(dir, a.File))
	if err != nil {
		return fmt.Errorf("models: %s in %s cannot be read (%w): %s", a.File, dir, err, remedy)
	}
	if sum != a.SHA256 {
		return fmt.Errorf("models: %s in %s is damaged or another version: %s", a.File, dir, remedy)
	}
	return nil
}

func fileSHA256(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
