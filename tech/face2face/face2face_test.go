package face2face

import (
	"encoding/json"
	"math"
	"testing"

	"idflow"
	"idflow/tech"
)

// facts holds a live face and a portrait with the given cosine between them.
func facts(t *testing.T, cosine float64, models ...string) tech.Facts {
	t.Helper()
	f := tech.Facts{}
	a, b := []float32{1, 0}, []float32{float32(cosine), float32(math.Sqrt(1 - cosine*cosine))}
	model := func(i int) string {
		if i < len(models) {
			return models[i]
		}
		return "net@1"
	}
	if err := tech.Put(f, tech.FaceLive, tech.Face{Embedding: a, Model: model(0)}); err != nil {
		t.Fatal(err)
	}
	if err := tech.Put(f, tech.DocumentPortrait, tech.Face{Embedding: b, Model: model(1)}); err != nil {
		t.Fatal(err)
	}
	return f
}

func settingsJSON(t *testing.T, given string) json.RawMessage {
	t.Helper()
	s, problem := tech.Complete(Technology{}.Spec().Settings, json.RawMessage(given))
	if problem != nil {
		t.Fatal(problem)
	}
	return s
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name     string
		cosine   float64
		settings string
		want     idflow.Verdict
		reason   idflow.Reason
		percent  string
	}{
		{"the same person", 0.71, `{}`, idflow.Pass, "", "97.1"},
		{"just enough", 0.4201, `{}`, idflow.Pass, "", "70.0"},
		{"doubtful", 0.38, `{}`, idflow.Unclear, FacesUnsure, "58.6"},
		{"somebody else", 0.18, `{}`, idflow.Fail, FacesDiffer, "25.7"},
		{"the opposite", -0.5, `{}`, idflow.Fail, FacesDiffer, "0.0"},
		{"a strict Flow", 0.45, `{"accept":0.5,"review":0.5}`, idflow.Fail, FacesDiffer, "76.4"},
		{"review above accept counts as accept", 0.45, `{"accept":0.4,"review":0.6}`, idflow.Pass, "", "76.4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := Technology{}.Check(t.Context(), tech.Input{Facts: facts(t, c.cosine), Settings: settingsJSON(t, c.settings)})
			if err != nil {
				t.Fatal(err)
			}
			r := out.Report.(report)
			if out.Verdict != c.want || r.Result != (c.want != idflow.Fail) || r.PredictionPercent != c.percent {
				t.Errorf("%s, result %v, %s %%; want %s, %s %%", out.Verdict, r.Result, r.PredictionPercent, c.want, c.percent)
			}
			if c.reason == "" && (len(out.Reasons) > 0 || r.FailureReason != nil) || c.reason != "" && (len(out.Reasons) != 1 || out.Reasons[0] != c.reason || r.FailureReason == nil) {
				t.Errorf("reasons %v, failure %v, want %q", out.Reasons, r.FailureReason, c.reason)
			}
		})
	}
}

func TestFacesThatDoNotCompare(t *testing.T) {
	settings := settingsJSON(t, `{}`)
	if _, err := (Technology{}).Check(t.Context(), tech.Input{Facts: facts(t, 0.9, "net@1", "net@2"), Settings: settings}); err == nil {
		t.Error("embeddings of two nets were compared")
	}
	if _, err := (Technology{}).Check(t.Context(), tech.Input{Facts: tech.Facts{}, Settings: settings}); err == nil {
		t.Error("no faces at all were compared")
	}
}

func TestPercentRises(t *testing.T) {
	last := -1.0
	for c := -1.0; c <= 1; c += 0.001 {
		p := Percent(c)
		if p < last || p < 0 || p > 100 {
			t.Fatalf("%.3f is %.2f %%, after %.2f %%", c, p, last)
		}
		last = p
	}
	if Percent(1.0000001) != 100 || Percent(math.NaN()) != 0 {
		t.Error("beyond the ends")
	}
}
