// Package onnx runs neural networks with ONNX Runtime: one thread a run, a
// bounded number of runs at a time a net, tensors kept between runs so that a
// steady stream of pictures allocates nothing.
//
// Nothing of it knows what a net computes; the packages that use one keep its
// constants.
package onnx

import (
	"errors"
	"fmt"
	"os"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// ErrNotInitialized is what Run says before Init.
var ErrNotInitialized = errors.New("ONNX Runtime is not loaded")

var runtime struct {
	sync.Mutex
	library string // "" until loaded
}

// Init loads the ONNX Runtime library (libonnxruntime.so.1, .dylib or .dll) with
// its telemetry off. It has to precede the first Run; to call it again with the
// same library is harmless, with another one an error, as a process holds one.
func Init(library string) error {
	runtime.Lock()
	defer runtime.Unlock()
	if runtime.library == library && library != "" {
		return nil
	}
	if runtime.library != "" {
		return fmt.Errorf("load ONNX Runtime %s: %s is loaded already", library, runtime.library)
	}
	if _, err := os.Stat(library); err != nil {
		return fmt.Errorf("load ONNX Runtime: %w", err)
	}
	// Some releases report usage to their maker unless told not to before they start.
	if err := os.Setenv("ORT_DISABLE_TELEMETRY", "1"); err != nil {
		return fmt.Errorf("load ONNX Runtime: switch its telemetry off: %w", err)
	}
	ort.SetSharedLibraryPath(library)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return fmt.Errorf("load ONNX Runtime %s: %w", library, err)
	}
	if err := ort.DisableTelemetry(); err != nil {
		return fmt.Errorf("load ONNX Runtime %s: switch its telemetry off: %w", library, err)
	}
	runtime.library = library
	return nil
}

func initialized() bool {
	runtime.Lock()
	defer runtime.Unlock()
	return runtime.library != ""
}
