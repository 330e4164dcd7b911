package blob_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"idflow/blob"
)

func TestParseKeyring(t *testing.T) {
	short := base64.StdEncoding.EncodeToString(make([]byte, blob.KeySize-1))
	for _, c := range []struct{ name, text, says string }{
		{"lone", key(1), ""},
		{"lone with a new line", key(1) + "\n", ""},
		{"numbered", "7:" + key(1), ""},
		{"several", "1:" + key(1) + ", 2:" + key(2) + "\r\n\t4294967295:" + key(3), ""},
		{"nothing", "", "no master key"},
		{"blank", " \n,", "no master key"},
		{"not base64", "1:" + strings.Repeat("!", 44), "32 bytes in base64"},
		{"too short", short, "32 bytes in base64"},
		{"too long", base64.StdEncoding.EncodeToString(make([]byte, blob.KeySize+1)), "32 bytes in base64"},
		{"hex", strings.Repeat("0f", 32), "32 bytes in base64"},
		{"number 0", "0:" + key(1), "NUMBER:BASE64"},
		{"negative", "-1:" + key(1), "NUMBER:BASE64"},
		{"number too large", "4294967296:" + key(1), "NUMBER:BASE64"},
		{"no number", ":" + key(1), "NUMBER:BASE64"},
		{"same number", "1:" + key(1) + " 1:" + key(2), "two master keys with the number 1"},
		{"same number, unsaid", key(1) + " 1:" + key(2), "two master keys with the number 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := blob.ParseKeyring(c.text)
			switch {
			case c.says == "" && err != nil:
				t.Error(err)
			case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
				t.Errorf("%v, want something with %q", err, c.says)
			case err != nil && len(c.text) > 20 && strings.Contains(err.Error(), c.text[len(c.text)-20:]):
				t.Errorf("the error tells the key: %v", err)
			}
		})
	}
}

func TestKeyFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "master.key")
	if _, err := blob.ReadKeyring(name); !errors.Is(err, blob.ErrNotExist) {
		t.Fatalf("no file: %v, want ErrNotExist", err)
	}
	if err := blob.CreateKeyring(name); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 600", info.Mode(), err)
	}
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := blob.CreateKeyring(name); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made again: %v, want ErrExist", err)
	}
	if after, err := os.ReadFile(name); err != nil || string(after) != string(before) {
		t.Errorf("the key was replaced, %v", err)
	}
	if entries, err := os.ReadDir(filepath.Dir(name)); err != nil || len(entries) != 1 {
		t.Errorf("the folder has %v, %v, want the key only", entries, err)
	}
	if _, err := blob.ReadKeyring(name); err != nil {
		t.Error(err)
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o602, 0o610} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := blob.ReadKeyring(name); err == nil || !strings.Contains(err.Error(), "chmod 600 "+name) {
			t.Errorf("mode %o: %v, want a hint to chmod", mode, err)
		}
	}
	if err := os.Chmod(name, 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.ReadKeyring(name); err != nil {
		t.Errorf("mode 400: %v", err)
	}
}

func TestKeyFileRefused(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"empty": "", "nonsense": "hello", "huge": strings.Repeat(" ", 1<<17) + key(1)} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := blob.ReadKeyring(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want an error that names the file", name, err)
		}
	}
	if err := blob.CreateKeyring(filepath.Join(folder, "none", "master.key")); err == nil {
		t.Error("made in a folder that is not there")
	}
}

// Processes that start together make one key.
func TestKeyFileMadeTogether(t *testing.T) {
	name := filepath.Join(t.TempDir(), "master.key")
	var made atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			switch err := blob.CreateKeyring(name); {
			case err == nil:
				made.Add(1)
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
			if _, err := blob.ReadKeyring(name); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := made.Load(); n != 1 {
		t.Errorf("made %d times, want once", n)
	}
}

func FuzzParseKeyring(f *testing.F) {
	for _, seed := range []string{"", key(1), "1:" + key(1), "1:" + key(1) + ",2:" + key(2), "x:" + key(1), "1:", ":", "1:1:" + key(1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, err := blob.ParseKeyring(text)
		if err != nil {
			return
		}
		v := blob.NewVault(nil, k)
		wrapped, err := v.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Open(wrapped); err != nil {
			t.Error(fmt.Errorf("a set that was read does not open what it seals: %w", err))
		}
	})
}
