package liveness

import (
	"bytes"
	"encoding/json"
	"testing"

	"idflow/vision"
)

func sound(t testing.TB) transcript {
	t.Helper()
	return transcript{
		Challenge: challenge{Nonce: "00", Actions: []action{blink}},
		Frames:    []entry{{At: 0, SameAs: -1, Face: &measure{Size: 0.4}}, {At: 100, SameAs: 0}, {At: 200, SameAs: -1}},
		Keys:      []keyFrame{{Name: "key_01", Frame: 0}, {Name: "key_02", Frame: 2, Action: blink}},
		Done:      []doneEntry{{blink, 0, 200}}, End: endDone,
	}
}

func TestTranscriptsAreNotTrustedBlindly(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(*transcript)
		ok     bool
	}{
		{"sound", func(*transcript) {}, true},
		{"key frame behind the end", func(l *transcript) { l.Keys[0].Frame = 3 }, false},
		{"key frame before the beginning", func(l *transcript) { l.Keys[0].Frame = -1 }, false},
		{"one frame as two key frames", func(l *transcript) { l.Keys[1].Frame = 0 }, false},
		{"time runs backwards", func(l *transcript) { l.Frames[2].At = 50 }, false},
		{"time before the beginning", func(l *transcript) { l.Frames[0].At = -1 }, false},
		{"repeats itself", func(l *transcript) { l.Frames[1].SameAs = 1 }, false},
		{"a face without size", func(l *transcript) { l.Frames[0].Face.Size = 0 }, false},
		{"too many key frames", func(l *transcript) {
			for range 100 {
				l.Keys = append(l.Keys, keyFrame{})
			}
		}, false},
		{"too many actions", func(l *transcript) { l.Done = make([]doneEntry, maxAsked+1) }, false},
		{"too many frames", func(l *transcript) { l.Frames = make([]entry, maxEntries+1) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := sound(t)
			c.damage(&log)
			data, err := json.Marshal(log)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parseTranscript(data); (err == nil) != c.ok {
				t.Errorf("parsed with %v", err)
			}
		})
	}
	if _, err := parseTranscript(bytes.Repeat([]byte(" "), maxTranscript+1)); err == nil {
		t.Error("a huge transcript is parsed")
	}
}

// Whatever is parsed can be weighed.
func FuzzTranscript(f *testing.F) {
	data, err := json.Marshal(sound(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"frames":[{"at":1,"face":{"size":1e-300}},{"at":2,"face":{"size":1e300}}],"challenge":{"colours":["#0","zzzzzzz"]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		log, err := parseTranscript(data)
		if err != nil {
			return
		}
		v := &verdict{}
		v.stream(log)
		v.flash(log)
		for _, s := range v.scores {
			if s.Value != s.Value {
				t.Errorf("%s is no number", s.Name)
			}
		}
		actionReports(log)
	})
}

func TestChain(t *testing.T) {
	a := chainNext(chainSeed("nonce"), []byte("one"))
	if b := chainNext(chainSeed("other"), []byte("one")); a == b {
		t.Error("the chain does not depend on the nonce")
	}
	if ab, ba := chainNext(a, []byte("two")), chainNext(chainNext(chainSeed("nonce"), []byte("two")), []byte("one")); ab == ba {
		t.Error("the chain does not depend on the order")
	}
}

func TestGlance(t *testing.T) {
	m := vision.New(480, 360)
	a := glanceOf(m)
	for i := range m.Pix {
		m.Pix[i] = 40
	}
	b := glanceOf(m)
	if a.change(&a) != 0 || a.change(&b) != 40 || b.change(&a) != 40 {
		t.Errorf("changes %g, %g", a.change(&b), b.change(&a))
	}
	glanceOf(vision.New(3, 2)) // smaller than its grid
}

func TestEncoders(t *testing.T) {
	m := vision.New(64, 48)
	encode := func(quality int) []byte {
		data, err := m.EncodeJPEG(quality)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	a, b := encoderOf(encode(80)), encoderOf(encode(60))
	m.Pix[0] = 200
	if a == b || a != encoderOf(encode(80)) {
		t.Errorf("80: %s, 60: %s, 80 of another picture: %s", a, b, encoderOf(encode(80)))
	}
	for _, broken := range [][]byte{nil, {0xff}, {0xff, 0xd8, 0xff, 0xdb, 0, 0}, {0xff, 0xd8, 0xff, 0xdb, 0xff, 0xff, 1}} {
		encoderOf(broken)
	}
}
