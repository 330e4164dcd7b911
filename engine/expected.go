package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"idflow"
	"idflow/tech"
)

// ExpectedFields are what a customer may say of the person beforehand, for the
// document to be held against.
var ExpectedFields = []string{"surname", "given_names", "birth_date", "sex", "nationality", "document_number", "personal_number", "expiry_date"}

// MaxExpectedValue bounds a value of expected data, in bytes.
const MaxExpectedValue = 200

// cleanExpected refuses what no document could be held against.
func cleanExpected(f tech.Fields) error {
	for name, value := range f {
		switch {
		case !slices.Contains(ExpectedFields, name):
			return idflow.Invalid("expected_unknown", idflow.Field("expected", name), "Expected data may be: %s.", strings.Join(ExpectedFields, ", "))
		case len(value) > MaxExpectedValue:
			return idflow.Invalid("expected_too_long", idflow.Field("expected", name), "This may have %d bytes at most.", MaxExpectedValue)
		case strings.HasSuffix(name, "_date") && !isoDay(value):
			return idflow.Invalid("expected_date", idflow.Field("expected", name), "Write dates as 1990-12-31.")
		}
	}
	return nil
}

// isoDay says whether s is a day as ISO 8601 writes it.
func isoDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// sealExpected seals expected data under a new session's data key; nil of none.
func (e *Engine) sealExpected(wrapped []byte, f tech.Fields) ([]byte, error) {
	if len(f) == 0 {
		return nil, nil
	}
	plain, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("write the expected data: %w", err)
	}
	safe, err := e.vault.Open(wrapped)
	if err != nil {
		return nil, fmt.Errorf("open a new safe: %w", err)
	}
	sealed, err := safe.Seal(factName(string(tech.Expected)), plain)
	if err != nil {
		return nil, fmt.Errorf("seal the expected data: %w", err)
	}
	return sealed, nil
}
