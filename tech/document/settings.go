package document

import (
	"encoding/json"
	"fmt"

	"idflow/tech"
)

// settings of the technology.
type settings struct {
	AcceptExpired bool     `json:"accept_expired"`
	Portrait      bool     `json:"portrait"` // a document without a photo is refused
	Zoneless      severity `json:"zoneless"` // what has no machine-readable zone, as most licences
	Types         []string `json:"types"`
	Countries     []string `json:"countries"` // ICAO codes of issuers; none: all
	MinAge        int      `json:"min_age"`   // 0: no limit
	MaxAge        int      `json:"max_age"`
	Mismatch      severity `json:"mismatch"`  // sources that say different things
	Expected      severity `json:"expected"`  // what the customer said of the person
	Corrected     severity `json:"corrected"` // characters that only the check digits tell
	Copies        severity `json:"copies"`    // screens, prints and copies
	Edits         severity `json:"edits"`     // traces of editing
	Reused        severity `json:"reused"`    // shown before as somebody else's
}

// documentTypes are the kinds of documents that are told apart.
var documentTypes = []string{"passport", "identity_card", "residence_permit", "driving_licence", "visa"}

// severities that a Flow may choose from.
var severities = []string{string(ignored), string(reviewed), string(declined)}

// schema is what a Flow may set.
var schema = []tech.Setting{
	{Name: "accept_expired", Type: tech.Bool, Default: false},
	{Name: "portrait", Type: tech.Bool, Default: true},
	{Name: "zoneless", Type: tech.Choice, Default: string(reviewed), Choices: severities},
	{Name: "types", Type: tech.Choices, Default: documentTypes, Choices: documentTypes},
	{Name: "countries", Type: tech.Countries, Default: []string{}},
	{Name: "min_age", Type: tech.Integer, Default: 0, Min: 0, Max: 120},
	{Name: "max_age", Type: tech.Integer, Default: 0, Min: 0, Max: 120},
	{Name: "mismatch", Type: tech.Choice, Default: string(reviewed), Choices: severities},
	{Name: "expected", Type: tech.Choice, Default: string(reviewed), Choices: severities},
	{Name: "corrected", Type: tech.Choice, Default: string(reviewed), Choices: severities},
	{Name: "copies", Type: tech.Choice, Default: string(reviewed), Choices: severities},
	{Name: "edits", Type: tech.Choice, Default: string(reviewed), Choices: severities},
	{Name: "reused", Type: tech.Choice, Default: string(reviewed), Choices: severities},
}

func parseSettings(raw json.RawMessage) (s settings, err error) {
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("settings of the document: %w", err)
	}
	return s, nil
}
