package models

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpen(t *testing.T) {
	s, dir := newShop(t), t.TempDir()
	s.mustFetch(t, dir)
	d, err := open(dir, s.manifest)
	if err != nil {
		t.Fatal(err)
	}
	path, err := d.Net("cut")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "content" {
		t.Errorf("%s holds %q, %v", path, got, err)
	}
	if path, err = d.Runtime(); err != nil || path != filepath.Join(dir, "lib.so") {
		t.Errorf("the runtime is %s, %v", path, err)
	}
	if got, want := d.Info("cut").ID(), "cut@"+sum([]byte("content"))[:12]; got != want {
		t.Errorf("the id is %s, want %s", got, want)
	}
	if _, err := d.Net("nobody"); err == nil {
		t.Error("a network that does not exist has a path")
	}
	if got := d.Info("nobody"); got.Name != "" {
		t.Errorf("a network that does not exist is %v", got)
	}
}

// What is wrong is told in one sentence, when the folder is opened if the size
// tells, and else when the file is first used.
func TestDamageIsTold(t *testing.T) {
	whole := content("package/a.onnx")
	cases := map[string]struct {
		content string
		gone    bool
		open    bool // found by open already
		want    string
	}{
		"gone":      {gone: true, open: true, want: "models: a.onnx is missing from DIR: run `make models`, or set IDFLOW_MODELS to a folder that has it"},
		"cut short": {content: whole[:5], open: true, want: "models: a.onnx in DIR is another version or incomplete: run `make models`, or set IDFLOW_MODELS to a folder that has it"},
		"tampered":  {content: strings.ToUpper(whole), want: "models: a.onnx in DIR is damaged or another version: run `make models`, or set IDFLOW_MODELS to a folder that has it"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s, dir := newShop(t), t.TempDir()
			s.mustFetch(t, dir)
			path := filepath.Join(dir, "a.onnx")
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if !c.gone {
				if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			d, err := open(dir, s.manifest)
			if c.open != (err != nil) {
				t.Fatalf("open gives %v", err)
			}
			if err == nil {
				_, err = d.Net("a")
				if _, again := d.Net("a"); again == nil {
					t.Error("the second look finds nothing")
				}
				if _, other := d.Net("cut"); other != nil {
					t.Errorf("a file that is whole is refused: %v", other)
				}
			}
			if got := strings.ReplaceAll(err.Error(), dir, "DIR"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestDefaultDir(t *testing.T) {
	t.Setenv(Env, "")
	if got := DefaultDir(); got != ".models" {
		t.Errorf("got %s", got)
	}
	t.Setenv(Env, "/srv/nets")
	if got := DefaultDir(); got != "/srv/nets" {
		t.Errorf("got %s", got)
	}
}
