package liveness

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"idflow"
	"idflow/models/modelstest"
	"idflow/specimen/portraits"
	"idflow/tech"
	"idflow/vision"
	"idflow/vision/face"
	"idflow/vision/onnx"
)

// openLive is Liveness Detection on the real nets.
func openLive(t testing.TB) Live {
	t.Helper()
	files := modelstest.Dir(t)
	library, err := files.Runtime()
	if err == nil {
		err = onnx.Init(library)
	}
	if err != nil {
		t.Fatal(err)
	}
	faces, err := face.Open(files.Net, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(faces.Close)
	return Live{Variant: Detection, Faces: faces, Trackers: faces, Nets: tech.Nets{Embedding: "test"}}
}

// reel is a person's photos as frames.
type reel struct {
	t    testing.TB
	hand *rand.Rand
}

// frame is the photo as a hand-held camera sees it.
func (r reel) frame(p portraits.Picture) []byte {
	r.t.Helper()
	m, err := vision.Decode(p.JPEG)
	if err != nil {
		r.t.Fatal(err)
	}
	k := float64(m.W) / 480
	shift := vision.Affine{A: k, C: r.hand.NormFloat64() * 2, E: k, F: r.hand.NormFloat64() * 2}
	data, err := m.Warp(shift, 480, 480*m.H/m.W).EncodeJPEG(80)
	if err != nil {
		r.t.Fatal(err)
	}
	return data
}

// nodding passes a challenge of looking down, with photos of a person who did
// so, and gives what Check is given.
func nodding(t testing.TB, live Live, settings string) tech.Input {
	t.Helper()
	raw, problem := tech.Complete(live.Spec().Settings, json.RawMessage(settings))
	if problem != nil {
		t.Fatal(problem)
	}
	c := challenge{Nonce: "6e", Actions: []action{lookDown}}
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	in := tech.Input{Settings: raw, Task: idflow.Task{Captures: []idflow.Capture{liveCapture}, Challenge: data}, Evidence: map[string][]byte{}}
	guide, err := live.Guide(raw, in.Task, false)
	if err != nil {
		t.Fatal(err)
	}
	defer guide.Close()
	a := portraits.Load(t).Person("A")
	named := func(name string) portraits.Picture {
		return a.Pictures[slices.IndexFunc(a.Pictures, func(p portraits.Picture) bool { return p.Name == name })]
	}
	straight, down := named("franck_01829.jpg"), named("franck_03979.jpg")
	r := reel{t, rand.New(rand.NewPCG(1, 1))}
	chain, advice, told := chainSeed(c.Nonce), tech.Advice{}, 0
	for i := range 60 {
		picture := straight
		if advice.Action == string(lookDown) {
			if told++; told > 3 {
				picture = down
			}
		}
		jpeg := r.frame(picture)
		chain = chainNext(chain, jpeg)
		if advice, err = guide.See(t.Context(), tech.Frame{JPEG: jpeg, Chain: chain, At: time.Duration(i) * 100 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
		if advice.Done {
			break
		}
	}
	if !advice.Done || advice.Step != 1 {
		t.Fatalf("ends with %+v", advice)
	}
	given, err := guide.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range given {
		in.Evidence[g.Name] = g.Data
	}
	return in
}

func TestPassageIsJudgedTheSameAgain(t *testing.T) {
	live := openLive(t)
	in := nodding(t, live, `{"recording":true}`)
	var outcomes []tech.Outcome
	for range 2 {
		out, err := live.Check(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		outcomes = append(outcomes, out)
	}
	first := outcomes[0]
	if first.Verdict != idflow.Pass || len(first.Facts) != 1 || len(first.Derived) != 1 {
		t.Errorf("%s because of %v; %+v", first.Verdict, first.Reasons, first.Scores)
	}
	if !reflect.DeepEqual(first, outcomes[1]) {
		t.Errorf("judged again:\n%+v\n%+v", first, outcomes[1])
	}
	if n := len(in.Evidence[recordingName]); n < 100<<10 {
		t.Errorf("the recording has %d bytes", n)
	}
}

// Whoever changes the evidence gets no verdict out of it.
func TestEvidenceIsHeldAgainstTheTranscript(t *testing.T) {
	live := openLive(t)
	passed := nodding(t, live, `{}`)
	for name, change := range map[string]func(in *tech.Input){
		"a key frame is missing":    func(in *tech.Input) { delete(in.Evidence, "key_03") },
		"key frames are exchanged":  func(in *tech.Input) { e := in.Evidence; e["key_01"], e["key_06"] = e["key_06"], e["key_01"] },
		"no transcript":             func(in *tech.Input) { delete(in.Evidence, passageName) },
		"a transcript of something": func(in *tech.Input) { in.Evidence[passageName] = []byte(`{"end":"done"}`) },
		"another challenge":         func(in *tech.Input) { in.Task.Challenge = json.RawMessage(`{"nonce":"6f","actions":["look_down"]}`) },
	} {
		t.Run(name, func(t *testing.T) {
			in := passed
			in.Evidence = maps.Clone(passed.Evidence)
			change(&in)
			out, err := live.Check(t.Context(), in)
			if err != nil || out.Verdict != idflow.Fail || !slices.Equal(out.Reasons, []idflow.Reason{PassageBroken}) {
				t.Errorf("%s because of %v, %v", out.Verdict, out.Reasons, err)
			}
		})
	}
}

// BenchmarkVerdict is the check of a passage.
func BenchmarkVerdict(b *testing.B) {
	live := openLive(b)
	in := nodding(b, live, `{}`)
	for b.Loop() {
		if _, err := live.Check(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}
