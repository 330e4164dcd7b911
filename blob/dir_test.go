package blob_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"idflow/blob"
	"idflow/blob/blobtest"
)

func openDir(t testing.TB, name string) *blob.Dir {
	t.Helper()
	d, err := blob.OpenDir(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func TestDir(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store { return openDir(t, filepath.Join(t.TempDir(), "a", "evidence")) })
}

func TestDirIsPrivate(t *testing.T) {
	root := filepath.Join(t.TempDir(), "evidence")
	d := openDir(t, root)
	if err := d.Put(t.Context(), "key", []byte("x")); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o700)
		if !entry.IsDir() {
			want = 0o600
			files++
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
		return nil
	})
	if err != nil || files != 1 {
		t.Errorf("%d files, %v, want the one", files, err)
	}
}

// What a crash left half written is no blob, and is in nobody's way.
func TestDirAfterCrash(t *testing.T) {
	root := t.TempDir()
	d := openDir(t, root)
	if err := d.Put(t.Context(), "key", []byte("whole")); err != nil {
		t.Fatal(err)
	}
	places, err := filepath.Glob(filepath.Join(root, "??", "key"))
	if err != nil || len(places) != 1 {
		t.Fatalf("the blob lies in %q, %v", places, err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(places[0]), ".partial-X"), []byte("hal"), 0o600); err != nil {
		t.Fatal(err)
	}
	for key, err := range d.List(t.Context()) {
		if err != nil || key != "key" {
			t.Errorf("lists %q, %v", key, err)
		}
	}
}

// A write that fails leaves nothing behind.
func TestDirPutFails(t *testing.T) {
	root := t.TempDir()
	d := openDir(t, root)
	if err := d.Put(t.Context(), "key", nil); err != nil {
		t.Fatal(err)
	}
	places, err := filepath.Glob(filepath.Join(root, "??", "key"))
	if err != nil || len(places) != 1 {
		t.Fatalf("the blob lies in %q, %v", places, err)
	}
	if err := os.Remove(places[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(places[0], "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := d.Put(t.Context(), "key", []byte("x")); err == nil {
		t.Error("a folder was replaced")
	}
	if left, err := os.ReadDir(filepath.Dir(places[0])); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A link that somebody put there leads nowhere.
func TestDirLink(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	d := openDir(t, root)
	if err := d.Put(t.Context(), "key", nil); err != nil {
		t.Fatal(err)
	}
	places, err := filepath.Glob(filepath.Join(root, "??", "key"))
	if err != nil || len(places) != 1 {
		t.Fatalf("the blob lies in %q, %v", places, err)
	}
	if err := os.Remove(places[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, places[0]); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Get(t.Context(), "key"); err == nil {
		t.Errorf("read %q through a link", got)
	}
	if err := d.Put(t.Context(), "key", []byte("mine")); err != nil {
		t.Error(err)
	}
	if got, err := os.ReadFile(outside); err != nil || string(got) != "secret" {
		t.Errorf("what lies outside is now %q, %v", got, err)
	}
}

func TestOpenDirFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.OpenDir(file); err == nil || !strings.Contains(err.Error(), "open the evidence folder") {
		t.Errorf("open a file as a folder: %v", err)
	}
}
