package idflow_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// Every module that idflow imports, in the program or in a test, stands in
// THIRD_PARTY.md with its licence.
func TestModulesAreNamed(t *testing.T) {
	text, err := os.ReadFile("THIRD_PARTY.md")
	if err != nil {
		t.Fatal(err)
	}
	imports := run(t, "go", "list", "-f", `{{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}`, "./...")
	var modules []string
	for line := range strings.Lines(run(t, "go", "mod", "edit", "-print")) {
		if f := strings.Fields(strings.TrimPrefix(line, "require ")); len(f) > 1 && strings.HasPrefix(f[1], "v") {
			modules = append(modules, f[0])
		}
	}
	missing := map[string]bool{}
	for _, path := range strings.Fields(imports) {
		module := ""
		for _, m := range modules {
			if (path == m || strings.HasPrefix(path, m+"/")) && len(m) > len(module) {
				module = m
			}
		}
		if !bytes.Contains(text, []byte(module)) {
			missing[module] = true
		}
	}
	for module := range missing {
		t.Errorf("THIRD_PARTY.md does not name %s", module)
	}
}

func run(t *testing.T, command string, args ...string) string {
	t.Helper()
	out, err := exec.Command(command, args...).Output()
	if err != nil {
		t.Fatalf("%s %s: %v", command, strings.Join(args, " "), err)
	}
	return string(out)
}
