package idflow_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Lock files pin packages by version and checksum and leave it to each machine
// where it fetches them; the .npmrc beside each keeps the addresses out.
func TestLockFilesNameNoAddress(t *testing.T) {
	files, err := filepath.Glob("*/package-lock.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no lock file was found: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(`"resolved":`)) {
			t.Errorf("%s names where packages come from: write it again with omit-lockfile-registry-resolved=true", file)
		}
		if !bytes.Contains(text, []byte(`"integrity":`)) {
			t.Errorf("%s has no checksums", file)
		}
	}
}
