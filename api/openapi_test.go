package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"idflow/api"
	"idflow/engine"
	"idflow/tech"
)

var update = flag.Bool("update", false, "rewrite the committed OpenAPI document")

const document = "../docs/openapi.json"

// The committed document is what the server serves: whoever changes the API
// sees the change in the diff.
func TestOpenAPI(t *testing.T) {
	mux := http.NewServeMux()
	spec := api.Register(mux, api.Config{Engine: engine.New(engine.Config{Technologies: tech.NewSet()}), PublicURL: "https://id.example.com", Log: slog.New(slog.DiscardHandler)})
	got, err := json.MarshalIndent(spec, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(document, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the server serves; look at the change with: go test ./api -run OpenAPI -update && git diff %[1]s", document)
	}
	for path, item := range spec.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op != nil && (op.OperationID == "" || op.Summary == "" || len(op.Tags) == 0) {
				t.Errorf("an operation of %s has no id, summary or tag", path)
			}
		}
	}
}
