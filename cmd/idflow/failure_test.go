package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"idflow/models/modelstest"
	"idflow/store"
)

// The test binary is the program when this variable is set.
const asProgram = "IDFLOW_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// idflowRun runs the program and returns its exit code and what it said.
func idflowRun(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), asProgram+"=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// copyModels makes a folder of links to the model files, all but one, which is
// a copy that may be changed.
func copyModels(t *testing.T, own string) string {
	t.Helper()
	dir := t.TempDir()
	files, err := filepath.Glob(filepath.Join(modelstest.Dir(t).Path(), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if filepath.Base(f) != own {
			if f, err = filepath.Abs(f); err == nil {
				err = os.Symlink(f, filepath.Join(dir, filepath.Base(f)))
			}
		} else {
			var data []byte
			if data, err = os.ReadFile(f); err == nil {
				err = os.WriteFile(filepath.Join(dir, own), data, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Whatever keeps the program from starting is told in one sentence that says
// what to do, and with an exit code.
func TestFailuresThatAreExplained(t *testing.T) {
	good := modelstest.Dir(t).Path()
	good, err := filepath.Abs(good)
	if err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	damaged := copyModels(t, "fr_eye.onnx")
	data, err := os.ReadFile(filepath.Join(damaged, "fr_eye.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 0xff
	if err := os.WriteFile(filepath.Join(damaged, "fr_eye.onnx"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	serve := func(models string, more ...string) []string {
		return append([]string{"serve", "--addr", "127.0.0.1:0", "--models", models, "--data", filepath.Join(t.TempDir(), "data")}, more...)
	}
	for _, c := range []struct {
		name string
		args []string
		code int
		say  string
	}{
		{"no models", serve(t.TempDir()), 1, "run `make models`"},
		{"a damaged model", serve(damaged), 1, "is damaged"},
		{"a used port", serve(good, "--addr", taken.Addr().String()), 1, "is in use: stop the program"},
		{"a data folder that is a file", serve(good, "--data", file), 1, "cannot be written to"},
		{"a newer data folder", serve(good, "--data", newer(t)), 1, "newer"},
		{"a lost master key", serve(good, "--data", keyless(t)), 1, "master key"},
		{"a public address that is none", serve(good, "--public-url", "id.example.com"), 1, "https://id.example.com"},
		{"an unknown flag", []string{"serve", "--colour"}, 2, "unknown flag"},
		{"verify without files", []string{"verify", "--models", good}, 2, "--selfie"},
		{"verify a file that is no picture", []string{"verify", "--models", good, "--selfie", file}, 2, "JPEG"},
		{"verify in an impossible order", []string{"verify", "--models", good, "--selfie", os.Args[0], "--flow", "face2face"}, 2, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, said := idflowRun(t, c.args...)
			if code != c.code || !strings.Contains(said, c.say) {
				t.Errorf("exit code %d, said %q; want %d and %q", code, said, c.code, c.say)
			}
			if lines := strings.Count(strings.TrimSpace(said), "\n") + 1; lines > 1 {
				t.Errorf("said %d lines instead of a sentence: %s", lines, said)
			}
		})
	}
}

// newer is a data folder whose database a later version has migrated.
func newer(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "idflow.db")
	db, err := store.Open(t.Context(), file, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	db.Close()
	raw, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`); err != nil {
		t.Fatal(err)
	}
	return dir
}

// keyless is a data folder whose master key is gone.
func keyless(t *testing.T) string {
	t.Helper()
	i := newTestServer(t)
	dir := t.TempDir()
	for _, name := range []string{"idflow.db", "idflow.db-wal", "idflow.db-shm"} {
		data, err := os.ReadFile(filepath.Join(i.data, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
