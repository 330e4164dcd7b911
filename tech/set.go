package tech

import (
	"strings"

	"idflow"
)

// Set is the technologies that a build knows, in the order the cabinet offers them.
type Set struct {
	list  []Technology
	byKey map[string]Technology
}

// NewSet panics on a key that stands twice: that is a slip in tech/all.
func NewSet(list ...Technology) Set {
	s := Set{list: list, byKey: make(map[string]Technology, len(list))}
	for _, t := range list {
		k := t.Spec().Key
		if s.byKey[k] != nil {
			panic("technology registered twice: " + k)
		}
		s.byKey[k] = t
	}
	return s
}

// All technologies in order.
func (s Set) All() []Technology { return s.list }

// Get finds a technology by key, nil if this build has none.
func (s Set) Get(key string) Technology { return s.byKey[key] }

// Validate proves that the Flow can work: every technology exists, its
// settings fit its schema, and what it needs was given by an earlier step.
// It fills the settings' defaults in. The error is an *idflow.Error whose
// Field names the step.
func (s Set) Validate(f *idflow.Flow) error {
	if err := f.Clean(); err != nil {
		return err
	}
	given := map[string]string{} // fact -> title of the giver
	for i := range f.Steps {
		step := &f.Steps[i]
		t := s.Get(step.Technology)
		if t == nil {
			return idflow.Invalid("technology_unknown", idflow.Field("steps", i, "technology"), "There is no technology %q.", step.Technology)
		}
		spec := t.Spec()
		settings, err := Complete(spec.Settings, step.Settings)
		if err != nil {
			err.Field = idflow.Field("steps", i, err.Field)
			return err
		}
		step.Settings = settings
		for _, need := range spec.Needs {
			if given[need] == "" {
				return idflow.Invalid("flow_order_impossible", idflow.Field("steps", i, "technology"),
					"%s (step %d) needs %s, which no earlier step gives. Put %s before it.", spec.Title, i+1, FactTitle(need), s.givers(need))
			}
		}
		for _, g := range spec.Gives {
			given[g] = spec.Title
		}
	}
	return nil
}

// givers names the technologies that give a fact, "Liveness Short or Liveness Head Position".
func (s Set) givers(fact string) string {
	var names []string
	for _, t := range s.list {
		spec := t.Spec()
		for _, g := range spec.Gives {
			if g == fact {
				names = append(names, spec.Title)
			}
		}
	}
	if len(names) == 0 {
		return "a technology that gives it"
	}
	return strings.Join(names, " or ")
}

// FactTitle is a fact in plain English.
func FactTitle(fact string) string {
	switch fact {
	case string(FaceLive):
		return "a live face"
	case string(DocumentPortrait):
		return "the photo in a document"
	case string(DocumentFields):
		return "a document's fields"
	}
	return fact
}
