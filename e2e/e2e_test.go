package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"idflow/e2e"
	"idflow/models/modelstest"
	"idflow/specimen/portraits"
	"idflow/vision/face"
	"idflow/vision/onnx"
)

const root = ".."

// built is what all walks share.
var built struct{ bin, films, chromium string }

func TestWalks(t *testing.T) {
	prepare(t)
	for _, walk := range []string{"cabinet", "stranger", "interruptions", "live"} {
		t.Run(walk, func(t *testing.T) {
			out, err := filepath.Abs(filepath.Join(root, "build", "e2e", walk))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.RemoveAll(out); err != nil {
				t.Fatal(err)
			}
			server := start(t)
			stage := e2e.Stage{URL: server.URL, Email: server.Email, Password: server.Password, Chromium: built.chromium, Films: built.films, Out: out}
			if err := stage.Walk(t.Context(), root, "walks/"+walk+".mjs", t.Output()); err != nil {
				t.Fatalf("%v\nWhat was to be seen lies in %s. The server's log:\n%s", err, out, server.Log())
			}
		})
	}
}

// prepare builds the program and the films, once.
func prepare(t *testing.T) {
	t.Helper()
	chromium, err := e2e.Ready(root)
	if err != nil {
		t.Fatal(err)
	}
	dir, faces := t.TempDir(), portraits.Load(t)
	analyzer := openFaces(t)
	var parts errgroup.Group
	parts.Go(func() error { return e2e.Films(dir, faces) })
	parts.Go(func() error { return e2e.Movements(t.Context(), dir, analyzer, faces) })
	parts.Go(func() (err error) {
		built.bin, err = e2e.Build(t.Context(), root, dir)
		return err
	})
	if err := parts.Wait(); err != nil {
		t.Fatal(err)
	}
	built.films, built.chromium = dir, chromium
}

// openFaces gives the networks that the movements are made with.
func openFaces(t *testing.T) *face.Analyzer {
	t.Helper()
	models := modelstest.Dir(t)
	library, err := models.Runtime()
	if err != nil {
		t.Fatal(err)
	}
	if err := onnx.Init(library); err != nil {
		t.Fatal(err)
	}
	a, err := face.Open(models.Net, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

// start runs a server of the test's own; it must end well and have found no
// fault of its own.
func start(t *testing.T) *e2e.Server {
	t.Helper()
	server, err := e2e.Start(built.bin, root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Errorf("%v\n%s", err, server.Log())
		}
		for line := range strings.Lines(server.Log()) {
			if strings.Contains(line, "level=ERROR") || strings.Contains(line, "level=WARN") {
				t.Errorf("the server says: %s", line)
			}
		}
	})
	return server
}
