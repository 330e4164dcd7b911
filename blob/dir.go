package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
)

// Dir is a Store in a local folder. A blob is the file KK/KEY, where KK is the
// first byte of the key's SHA-256 in hex: 256 folders of even size, however
// alike the keys are.
type Dir struct{ root *os.Root }

// OpenDir opens a folder, which it makes if need be, for its owner alone.
func OpenDir(name string) (*Dir, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("open the evidence folder: %w", err)
	}
	root, err := os.OpenRoot(name) // nothing outside can be reached through it, by links neither
	if err != nil {
		return nil, fmt.Errorf("open the evidence folder: %w", err)
	}
	return &Dir{root}, nil
}

// Close lets the folder go.
func (d *Dir) Close() error { return d.root.Close() }

// partial begins the names of files that are being written; no key does.
const partial = ".partial-"

// place is the folder of a key.
func place(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:1])
}

// Put writes beside and renames, so that a file is whole or not there, and
// lets the disk confirm both.
func (d *Dir) Put(ctx context.Context, key string, data []byte) (err error) {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("put blob %s: %w", key, err)
		}
	}()
	folder := place(key)
	switch err := d.root.Mkdir(folder, 0o700); {
	case err == nil:
		if err := d.sync("."); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	beside := path.Join(folder, partial+rand.Text())
	if err := d.write(beside, data); err != nil {
		return errors.Join(err, d.remove(beside))
	}
	if err := d.root.Rename(beside, path.Join(folder, key)); err != nil {
		return errors.Join(err, d.remove(beside))
	}
	return d.sync(folder)
}

func (d *Dir) write(name string, data []byte) error {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// sync makes the disk keep the names in a folder.
func (d *Dir) sync(folder string) error {
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d *Dir) remove(name string) error {
	if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Get reads a file.
func (d *Dir) Get(ctx context.Context, key string) ([]byte, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	data, err := d.root.ReadFile(path.Join(place(key), key))
	if err != nil {
		return nil, fmt.Errorf("get blob %s: %w", key, err)
	}
	return data, nil
}

// Delete removes a file.
func (d *Dir) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.remove(path.Join(place(key), key)); err != nil {
		return fmt.Errorf("delete blob %s: %w", key, err)
	}
	return nil
}

// List walks the folders. What a crash left half written is no blob.
func (d *Dir) List(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := fs.WalkDir(d.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case ctx.Err() != nil:
				return ctx.Err()
			case entry.IsDir() || strings.HasPrefix(entry.Name(), partial):
				return nil
			case !yield(entry.Name(), nil):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", fmt.Errorf("list blobs: %w", err))
		}
	}
}
