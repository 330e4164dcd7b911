package main

import (
	"testing"

	"idflow/attack"
	"idflow/models/modelstest"
)

// The attack kit itself, on one person: what must not pass does not, and what
// must does.
func TestAttacks(t *testing.T) {
	n, err := openNets(modelstest.Dir(t).Path(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	a, err := openArena(t.Context(), n, true)
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	material, err := (&attackCmd{}).material(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind   string
		passes bool
	}{
		{"zoomed photo (LDD)", false}, {"wrong direction", false}, {"edited chain", false}, {"no challenge", false}, {"print, bent (LDHP)", false},
		{"people, rendered (LDHP)", true}, {"people, rendered (LDD)", true},
	} {
		t.Run(c.kind, func(t *testing.T) {
			kit := &attack.Kit{Targets: []*attack.Target{a.target}, Faces: n.faces, Material: material, People: 1, Only: []string{c.kind}, Seed: 1}
			r, err := kit.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Results) != 1 || len(r.Results[0].Cases) != 1 {
				t.Fatalf("%+v", r.Results)
			}
			if got := r.Results[0].Cases[0]; (got.Verdict == "pass") != c.passes {
				t.Errorf("%s because of %v; %v", got.Verdict, got.Reasons, got.Scores)
			}
		})
	}
}
