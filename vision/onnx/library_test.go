package onnx

import (
	"testing"

	"idflow/models/modelstest"
)

// load gives the tests ONNX Runtime; their networks they write themselves.
func load(t testing.TB) {
	t.Helper()
	library, err := modelstest.Dir(t).Runtime()
	if err == nil {
		err = Init(library)
	}
	if err != nil {
		t.Fatal(err)
	}
}
