package tech

import "encoding/json"

// FailureReason is a cause in the words that customers' programs already know:
// a type out of SERVICE_ERROR, REQUEST_ERROR, CLIENT, CALC_RESULT, OTHER,
// NO_CAM and TIMEOUT, and a detail.
type FailureReason struct {
	Type   string `json:"type"`
	Detail string `json:"detail,omitempty"`
}

// Refused is the report of a technology that did not run.
func Refused(kind, detail string) json.RawMessage {
	b, err := json.Marshal(struct {
		Result bool          `json:"result"`
		Reason FailureReason `json:"failure_reason"`
	}{Reason: FailureReason{kind, detail}})
	if err != nil {
		panic(err) // two strings and a bool
	}
	return b
}
