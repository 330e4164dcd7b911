package models

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"idflow/models/convert"
)

// errChecksum is met when bytes are not the ones that the manifest promises.
var errChecksum = errors.New("the SHA-256 is not the one in the manifest")

// make turns the bytes of the Artifact's source file into the artifact.
func (a Artifact) make(data []byte) ([]byte, error) {
	if r := a.From.Range; len(r) == 2 {
		if r[0] < 0 || r[0] > r[1] || r[1] > int64(len(data)) {
			return nil, fmt.Errorf("bytes %d to %d of %d", r[0], r[1], len(data))
		}
		data = data[r[0]:r[1]]
	}
	if t := a.From.TFLite; t != nil {
		if sum(data) != t.SHA256 {
			return nil, errChecksum
		}
		onnx, err := convert.TFLite(data, strings.TrimSuffix(a.File, ".onnx"), t.Outputs)
		if err != nil {
			return nil, err
		}
		data = onnx
	}
	if sum(data) != a.SHA256 {
		return nil, errChecksum
	}
	return data, nil
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
