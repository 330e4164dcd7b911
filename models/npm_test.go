package models

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeNPM puts a script called npm on the PATH that "fetches" tarballs from a
// folder and writes down what it was asked for.
type fakeNPM struct {
	shelf string // tarballs that can be fetched
	log   string // one line a call
}

const npmScript = `#!/bin/sh
echo "$2" >> "$FAKE_NPM/calls"
if [ -n "$FAKE_NPM_FAILS" ]; then
	echo "npm error code $FAKE_NPM_FAILS" >&2
	echo "npm error the fetch did not work" >&2
	echo "npm error A complete log of this run can be found in: /nowhere" >&2
	exit 1
fi
name=$(echo "$2" | sed 's/^@//; s,/,-,; s/@/-/').tgz
while [ "$1" != --pack-destination ]; do shift; done
cp "$FAKE_NPM/$name" "$2/$name"
`

func newFakeNPM(t *testing.T) *fakeNPM {
	t.Helper()
	bin, shelf := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "npm"), []byte(npmScript), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("FAKE_NPM", shelf)
	return &fakeNPM{shelf: shelf, log: filepath.Join(shelf, "calls")}
}

// calls lists what was fetched since the last call.
func (n *fakeNPM) calls(t *testing.T) []string {
	t.Helper()
	log, err := os.ReadFile(n.log)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	os.Remove(n.log)
	return strings.Fields(string(log))
}

// publish puts a tarball on the shelf and describes it.
func (n *fakeNPM) publish(t *testing.T, name string, entries ...tar.Header) Package {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	archive := tar.NewWriter(zipped)
	for _, h := range entries {
		content := []byte(content(h.Name))
		h.Mode = 0o644
		if h.Typeflag == 0 {
			h.Typeflag = tar.TypeReg
		}
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(content))
		}
		if err := archive.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := archive.Write(content); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	hash := sha512.Sum512(b.Bytes())
	p := Package{
		Name: name, Version: "1.2.3", Bytes: int64(b.Len()),
		SHA512: base64.StdEncoding.EncodeToString(hash[:]),
	}
	if err := os.WriteFile(n.tarball(p), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

func (n *fakeNPM) tarball(p Package) string { return filepath.Join(n.shelf, p.tarballName()) }

// content is what a file of a published package holds.
func content(name string) string { return "the content of " + name }

func TestNPMError(t *testing.T) {
	p := Package{Name: "net", Version: "1.2.3"}
	cases := map[string]struct{ stderr, want string }{
		"no connection":  {"npm error code ENOTFOUND\nnpm error errno ENOTFOUND\n", "no connection (ENOTFOUND): check the network"},
		"older npm":      {"npm WARN something\nnpm ERR! code ECONNREFUSED\n", "no connection (ECONNREFUSED)"},
		"not there":      {"npm error code E404\nnpm error 404 Not Found\n", "does not have it (E404)"},
		"disk full":      {"npm error code ENOSPC\n", "the disk is full"},
		"something else": {"npm error code EWHAT\nnpm error it broke\nnpm error A complete log of this run can be found in: x\n", "npm says: it broke"},
		"nothing":        {"", "npm says: nothing"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := npmError(p, c.stderr).Error()
			if !strings.HasPrefix(got, "net 1.2.3 could not be fetched") || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q in it", got, c.want)
			}
		})
	}
}
