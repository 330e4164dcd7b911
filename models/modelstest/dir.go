// Package modelstest gives tests the prepared folder of networks.
package modelstest

import (
	"os"
	"path/filepath"
	"testing"

	"idflow/models"
)

// Dir opens the prepared folder: the one that IDFLOW_MODELS names, else .models
// beside go.mod. A test that needs it fails when it is not ready.
func Dir(t testing.TB) *models.Dir {
	t.Helper()
	path := os.Getenv(models.Env)
	if path == "" {
		path = filepath.Join(moduleRoot(t), ".models")
	}
	dir, err := models.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// moduleRoot is the closest folder above the working directory with a go.mod;
// tests run in their package's folder.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("modelstest: no go.mod above the working directory")
		}
		dir = parent
	}
}
