package models

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// shop is a fake npm with a manifest of two packages and three files.
type shop struct {
	*fakeNPM
	manifest *manifest
}

func newShop(t *testing.T) *shop {
	npm := newFakeNPM(t)
	lib := npm.publish(t, "runtime", tar.Header{Name: "package/README.md"}, tar.Header{Name: "package/bin/lib.so"})
	nets := npm.publish(t, "@scope/nets",
		tar.Header{Name: "package/a.onnx"}, tar.Header{Name: "package/pack.data"}, tar.Header{Name: "package/huge.bin"})
	return &shop{npm, &manifest{
		Packages: []Package{lib, nets},
		Runtime: []library{{OS: runtime.GOOS, Arch: runtime.GOARCH, Artifact: Artifact{
			File: "lib.so", From: Source{Package: "runtime", Path: "bin/lib.so"},
		}.with(content("package/bin/lib.so"))}},
		Nets: []Net{
			{Name: "a", Artifact: Artifact{
				File: "a.onnx", From: Source{Package: "@scope/nets", Path: "a.onnx"},
			}.with(content("package/a.onnx"))},
			{Name: "cut", Artifact: Artifact{
				File: "cut.onnx", From: Source{Package: "@scope/nets", Path: "pack.data", Range: []int64{4, 11}},
			}.with("content")},
		},
	}}
}

func (a Artifact) with(content string) Artifact {
	a.Bytes, a.SHA256 = int64(len(content)), sum([]byte(content))
	return a
}

func (s *shop) fetch(ctx context.Context, dir string, progress io.Writer) error {
	f := &fetcher{dir: dir, manifest: s.manifest, report: newReport(progress)}
	if err := f.run(ctx); err != nil {
		return f.explain(err)
	}
	return nil
}

func (s *shop) mustFetch(t *testing.T, dir string) {
	t.Helper()
	if err := s.fetch(t.Context(), dir, io.Discard); err != nil {
		t.Fatal(err)
	}
	s.expectComplete(t, dir)
}

func (s *shop) expectComplete(t *testing.T, dir string) {
	t.Helper()
	d, err := open(dir, s.manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Verify(); err != nil {
		t.Error(err)
	}
	want := []string{".lock", "a.onnx", "cut.onnx", "lib.so"}
	if got := files(t, dir); !slices.Equal(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
}

func (s *shop) expectCalls(t *testing.T, want ...string) {
	t.Helper()
	if got := s.calls(t); !slices.Equal(got, want) {
		t.Errorf("npm was asked for %v, want %v", got, want)
	}
}

// files lists a folder's files below it by their path.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && path != dir {
			name, _ := filepath.Rel(dir, path)
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestFetch(t *testing.T) {
	s, dir := newShop(t), filepath.Join(t.TempDir(), "new", "folder")
	var progress strings.Builder
	if err := s.fetch(t.Context(), dir, &progress); err != nil {
		t.Fatal(err)
	}
	s.expectComplete(t, dir)
	s.expectCalls(t, "runtime@1.2.3", "@scope/nets@1.2.3")
	for _, want := range []string{"[1/2] runtime 1.2.3: 0 of 0 MB", "[2/2] @scope/nets 1.2.3: ready"} {
		if !strings.Contains(progress.String(), want) {
			t.Errorf("the progress lacks %q:\n%s", want, &progress)
		}
	}
	t.Run("again", func(t *testing.T) {
		s.mustFetch(t, dir)
		s.expectCalls(t)
	})
}

func TestFetchMendsAFile(t *testing.T) {
	damage := map[string]func(path string) error{
		"gone":      os.Remove,
		"cut short": func(path string) error { return os.Truncate(path, 3) },
		"tampered": func(path string) error {
			return os.WriteFile(path, []byte(strings.ToUpper(content("package/a.onnx"))), 0o644)
		},
	}
	for name, spoil := range damage {
		t.Run(name, func(t *testing.T) {
			s, dir := newShop(t), t.TempDir()
			s.mustFetch(t, dir)
			s.calls(t)
			if err := spoil(filepath.Join(dir, "a.onnx")); err != nil {
				t.Fatal(err)
			}
			s.mustFetch(t, dir)
			s.expectCalls(t, "@scope/nets@1.2.3")
		})
	}
}

// cancelAt cancels as soon as a text is written to it.
type cancelAt struct {
	text   string
	cancel context.CancelFunc
}

func (c cancelAt) Write(b []byte) (int, error) {
	if strings.Contains(string(b), c.text) {
		c.cancel()
	}
	return len(b), nil
}

func TestFetchGoesOnAfterAnInterruption(t *testing.T) {
	s, dir := newShop(t), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	err := s.fetch(ctx, dir, cancelAt{"[2/2]", cancel})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want it cancelled", err)
	}
	s.expectCalls(t, "runtime@1.2.3")
	s.mustFetch(t, dir)
	s.expectCalls(t, "@scope/nets@1.2.3")
}

// A tarball that was complete when the run stopped is not fetched again; one
// that was cut off is.
func TestFetchReusesATarball(t *testing.T) {
	s, dir := newShop(t), t.TempDir()
	stage := filepath.Join(dir, staging)
	if err := os.Mkdir(stage, 0o755); err != nil {
		t.Fatal(err)
	}
	for i, p := range s.manifest.Packages {
		tarball, err := os.ReadFile(s.tarball(p))
		if err != nil {
			t.Fatal(err)
		}
		cut := len(tarball) - i*10
		if err := os.WriteFile(filepath.Join(stage, p.tarballName()), tarball[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s.mustFetch(t, dir)
	s.expectCalls(t, "@scope/nets@1.2.3")
}

func TestFetchTwiceAtOnce(t *testing.T) {
	s, dir := newShop(t), t.TempDir()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := s.fetch(t.Context(), dir, io.Discard); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	s.expectComplete(t, dir)
	s.expectCalls(t, "runtime@1.2.3", "@scope/nets@1.2.3")
}

func TestFetchFails(t *testing.T) {
	cases := map[string]struct {
		spoil func(t *testing.T, s *shop, dir string) string // returns the folder to use
		want  string
	}{
		"no npm": {func(t *testing.T, s *shop, dir string) string {
			t.Setenv("PATH", t.TempDir())
			return dir
		}, "npm is not installed: install Node.js 20 or newer with npm, or set IDFLOW_MODELS"},
		"no network": {func(t *testing.T, s *shop, dir string) string {
			t.Setenv("FAKE_NPM_FAILS", "EAI_AGAIN")
			return dir
		}, "no connection (EAI_AGAIN): check the network"},
		"a tarball with another content": {func(t *testing.T, s *shop, dir string) string {
			s.publish(t, "runtime", tar.Header{Name: "package/bin/lib.so"})
			return dir
		}, "the SHA-512 of runtime 1.2.3 is not the one in the manifest"},
		"a file with another content": {func(t *testing.T, s *shop, dir string) string {
			s.manifest.Nets[0].SHA256 = sum(nil)
			return dir
		}, "unpack @scope/nets 1.2.3: prepare a.onnx: the SHA-256 is not the one in the manifest"},
		"a file that is not in the package": {func(t *testing.T, s *shop, dir string) string {
			s.manifest.Nets[0].From.Path = "b.onnx"
			return dir
		}, "b.onnx is not in the package"},
		"not a tarball": {func(t *testing.T, s *shop, dir string) string {
			p := &s.manifest.Packages[0]
			p.SHA512 = "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
			if err := os.WriteFile(s.tarball(*p), nil, 0o644); err != nil {
				t.Fatal(err)
			}
			return dir
		}, "unpack runtime 1.2.3"},
		"a folder that cannot be made": {func(t *testing.T, s *shop, dir string) string {
			file := filepath.Join(dir, "file")
			if err := os.WriteFile(file, nil, 0o644); err != nil {
				t.Fatal(err)
			}
			return filepath.Join(file, "models")
		}, "cannot be written: make it writable or set IDFLOW_MODELS"},
		"another machine": {func(t *testing.T, s *shop, dir string) string {
			s.manifest.Runtime[0].Arch = "pdp11"
			return dir
		}, "there is no ONNX Runtime for"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			dir := c.spoil(t, s, t.TempDir())
			err := s.fetch(t.Context(), dir, io.Discard)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if strings.Count(err.Error(), "models: ") != 1 || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is not one sentence", err)
			}
		})
	}
}

// Names in a tarball never become paths on the disk, and a link is not a file.
func TestUnpackIgnoresTricks(t *testing.T) {
	npm, parent := newFakeNPM(t), t.TempDir()
	dir := filepath.Join(parent, "a", "b")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	p := npm.publish(t, "tricks",
		tar.Header{Name: "package/../../evil"},
		tar.Header{Name: "/tmp/../evil"},
		tar.Header{Name: "package/net.onnx", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
	)
	wanted := []Artifact{{File: "net.onnx", From: Source{Package: "tricks", Path: "net.onnx"}}}
	f := &fetcher{dir: dir}
	err := unpack(npm.tarball(p), wanted, f.install)
	if err == nil || !strings.Contains(err.Error(), "net.onnx is not in the package") {
		t.Errorf("got %v", err)
	}
	if got := files(t, parent); !slices.Equal(got, []string{"a", "a/b"}) {
		t.Errorf("the folder holds %v", got)
	}
}

func TestUnpackRefusesAHugeFile(t *testing.T) {
	if _, err := readFile(strings.NewReader(""), maxFile+1); err == nil {
		t.Error("no error")
	}
}
