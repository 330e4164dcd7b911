package liveness

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"idflow"
	"idflow/vision"
	"idflow/vision/face"
)

// head is a mesh of a solid head before a camera: turned by yaw degrees, at a
// distance in the unit of its own half width.
func head(yaw, distance, depth float64) (m face.Mesh) {
	sin, cos := math.Sincos(yaw * math.Pi / 180)
	for i := range m.Points {
		// A spiral over half an ellipsoid.
		h := -1 + 2*(float64(i)+0.5)/float64(len(m.Points))
		r := math.Sqrt(1 - h*h)
		a := (math.Mod(float64(i)*0.618, 1) - 0.5) * math.Pi
		p := face.Point3{X: r * math.Sin(a), Y: 1.3 * h, Z: -depth * r * math.Cos(a)}
		set(&m, i, p)
	}
	// The vertices that have a meaning.
	for i, p := range map[int]face.Point3{
		234: {X: -1}, 454: {X: 1}, 10: {Y: -1.3}, 152: {Y: 1.3}, 133: {X: -0.25, Y: -0.4, Z: -0.8 * depth}, 362: {X: 0.25, Y: -0.4, Z: -0.8 * depth},
		33: {X: -0.6, Y: -0.4, Z: -0.6 * depth}, 263: {X: 0.6, Y: -0.4, Z: -0.6 * depth}, 168: {Y: -0.4, Z: -depth}, 2: {Y: 0.2, Z: -depth},
	} {
		set(&m, i, p)
	}
	for i, p := range m.Points {
		x, z := p.X*cos-p.Z*sin, p.Z*cos+p.X*sin
		k := 100 * distance / (distance + z)
		m.Points[i] = face.Point3{X: 240 + x*k, Y: 180 + p.Y*k, Z: z * k}
	}
	return m
}

func set(m *face.Mesh, i int, p face.Point3) { m.Points[i] = p }

// meshDoing is the head that fits doing.
func meshDoing(a action, depth float64) face.Mesh {
	switch a {
	case turnLeft:
		return head(28, 6, depth)
	case turnRight, lookUp, lookDown: // the axis does not matter to the rules
		return head(-28, 6, depth)
	case comeCloser:
		return head(0, 4, depth)
	case moveAway:
		return head(0, 9, depth)
	}
	return head(0, 6, depth)
}

// passed is a passage as the judge sees it, all in order: the transcript by the
// real course, the key frames as they would be measured.
func passed(t *testing.T, actions ...action) (transcript, []key) {
	t.Helper()
	s := newStage(t, actions...).perform()
	if s.log.End != endDone {
		t.Fatalf("the passage ended %s", s.log.End)
	}
	var keys []key
	for _, k := range s.log.Keys {
		f := &face.Face{Mesh: meshDoing(k.Action, 1), Live: 0.99, Embedding: []float32{1, 0}, Quality: face.Quality{Sharpness: 300}}
		keys = append(keys, key{keyFrame: k, photo: photo{Analysis: face.Analysis{Face: f, Image: vision.New(480, 360)}}, measure: *s.log.Frames[k.Frame].Face})
	}
	return s.log, keys
}

var usual = settings{OpenEyes: true, Accept: defaultAccept, Reject: defaultReject, SameFace: true, Mask: true}

func TestSoundPassages(t *testing.T) {
	for _, a := range allActions {
		log, keys := passed(t, a, openMouth)
		v := &verdict{worst: idflow.Pass}
		if v.weigh(log, keys, usual); v.worst != idflow.Pass {
			t.Errorf("%s: %s because of %v; %+v", a, v.worst, v.reasons, v.scores)
		}
	}
}

// One of two distances may be measured badly, not both.
func TestDistancesTogether(t *testing.T) {
	for _, c := range []struct {
		closer, away float64
		passes       bool
	}{{2.6, 0.2, true}, {1.2, 1.4, true}, {1.0, 0.7, false}, {0.2, 1.1, false}} {
		v := &verdict{worst: idflow.Pass}
		if v.distance([]float64{c.closer}, []float64{c.away}); (v.worst == idflow.Pass) != c.passes {
			t.Errorf("%g and %g: %s", c.closer, c.away, v.worst)
		}
	}
}

// Every rule has a passage that breaks it alone.
func TestEveryRule(t *testing.T) {
	for _, c := range []struct {
		name    string
		actions []action
		settle  func(*settings)
		spoil   func(log *transcript, keys []key)
		verdict idflow.Verdict
		reason  idflow.Reason
	}{
		{"an action that its key frame does not show", []action{openMouth}, nil, func(_ *transcript, keys []key) { acting(keys).measure.Mouth = 0.1 }, idflow.Fail, PoseWrong},
		{"another action than asked", []action{openMouth, blink}, nil, func(log *transcript, _ []key) { log.Challenge.Actions[0] = blink }, idflow.Fail, PoseWrong},
		{"an action less", []action{openMouth}, nil, func(log *transcript, _ []key) { log.Challenge.Actions = append(log.Challenge.Actions, blink) }, idflow.Fail, PoseWrong},
		{"done before it can be heard", []action{openMouth}, nil, func(log *transcript, keys []key) { log.Done[0].Asked = log.Frames[acting(keys).Frame].At - 50 }, idflow.Fail, FramesJump},
		{"frozen", []action{openMouth}, nil, func(log *transcript, _ []key) {
			for i := range log.Frames {
				log.Frames[i].At = int64(i) * 400
				log.Frames[i].Change = 0
			}
			log.Done[0].Asked = 0
		}, idflow.Fail, FramesFrozen},
		{"a loop", []action{openMouth}, nil, func(log *transcript, _ []key) {
			for i := 3; i < 8; i++ {
				log.Frames[i].SameAs = i - 3
			}
		}, idflow.Fail, FramesFrozen},
		{"leaps", []action{openMouth}, nil, func(log *transcript, _ []key) {
			for i := 1; i < 6; i += 2 {
				log.Frames[i].Face = &measure{Size: 0.45, X: 0.9, Y: 0.5}
			}
		}, idflow.Fail, FramesJump},
		{"another person at rest", []action{openMouth}, nil, func(_ *transcript, keys []key) { keys[2].Face.Embedding = []float32{0, 1} }, idflow.Fail, FaceChanged},
		{"another person acts", []action{openMouth}, nil, func(_ *transcript, keys []key) { acting(keys).Face.Embedding = []float32{0, 1} }, idflow.Fail, FaceChanged},
		{"another person, where the Flow does not mind", []action{openMouth}, func(s *settings) { s.SameFace = false }, func(_ *transcript, keys []key) { acting(keys).Face.Embedding = []float32{0, 1} }, idflow.Pass, ""},
		{"a picture", []action{openMouth}, nil, func(_ *transcript, keys []key) { live(keys, 0.1) }, idflow.Fail, NotLive},
		{"perhaps a picture", []action{openMouth}, nil, func(_ *transcript, keys []key) { live(keys, 0.7) }, idflow.Unclear, Unsure},
		{"one bad frame", []action{openMouth}, nil, func(_ *transcript, keys []key) { keys[1].Face.Live = 0.01 }, idflow.Pass, ""},
		{"a flat head turns", []action{turnLeft}, nil, func(_ *transcript, keys []key) { flatten(keys) }, idflow.Fail, FaceFlat},
		{"a flat head comes closer", []action{comeCloser}, nil, func(_ *transcript, keys []key) { flatten(keys) }, idflow.Fail, FaceFlat},
		{"a flat head moves away", []action{moveAway}, nil, func(_ *transcript, keys []key) { flatten(keys) }, idflow.Fail, FaceFlat},
		{"a flat head comes closer and moves away", []action{comeCloser, moveAway}, nil, func(_ *transcript, keys []key) { flatten(keys) }, idflow.Fail, FaceFlat},
		{"a mask", []action{openMouth}, nil, func(_ *transcript, keys []key) { covered(keys) }, idflow.Retry, FaceMasked},
		{"a mask, where the Flow does not mind", []action{openMouth}, func(s *settings) { s.Mask = false }, func(_ *transcript, keys []key) { covered(keys) }, idflow.Pass, ""},
		{"skin that does not answer the screen", []action{openMouth}, nil, func(log *transcript, _ []key) { flashed(log, 0) }, idflow.Unclear, FlashUnseen},
		{"noise that goes with the screen by chance", []action{openMouth}, nil, func(log *transcript, _ []key) { flashed(log, 60) }, idflow.Unclear, FlashUnseen},
		{"skin that does", []action{openMouth}, nil, func(log *transcript, _ []key) { flashed(log, 3000) }, idflow.Pass, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			log, keys := passed(t, c.actions...)
			s := usual
			if c.settle != nil {
				c.settle(&s)
			}
			c.spoil(&log, keys)
			v := &verdict{worst: idflow.Pass}
			v.weigh(log, keys, s)
			want := []idflow.Reason{c.reason}
			if c.reason == "" {
				want = nil
			}
			if v.worst != c.verdict || !slices.Equal(v.reasons, want) {
				t.Errorf("%s because of %v, want %s because of %s; %+v", v.worst, v.reasons, c.verdict, c.reason, v.scores)
			}
		})
	}
}

// acting is the key frame of the first action.
func acting(keys []key) *key {
	for i := range keys {
		if keys[i].Action != "" {
			return &keys[i]
		}
	}
	return nil
}

func live(keys []key, score float64) {
	for i := range keys {
		keys[i].Face.Live = score
	}
}

func covered(keys []key) {
	for i := range keys {
		keys[i].measure.Cover = 0.9
	}
}

func flatten(keys []key) {
	for i := range keys {
		keys[i].Face.Mesh = meshDoing(keys[i].Action, 0)
	}
}

// flashed puts the screen-flash before the challenge; the skin, of 35,000 in all,
// answers with so much of it.
func flashed(log *transcript, answer float64) {
	log.Challenge.Colours = []string{"#ffffff", "#00ff00", "#0000ff", "#ffff00"}
	var before []entry
	for i, colour := range log.Challenge.Colours {
		light, _ := chromaOf(colour)
		for j := range 8 {
			skin := [3]int{15000, 11000 + j%2, 9000}
			if answer > 0 {
				skin = [3]int{15000 + int(answer*light[0]), 11000 + int(answer*(1-light[0]-light[1])), 9000 + int(answer*light[1])}
			}
			before = append(before, entry{At: int64(i)*flashTime + int64(j)*100, Colour: colour, Face: &level, Skin: skin, Change: 1, SameAs: -1})
		}
	}
	for i := range log.Frames {
		log.Frames[i].Colour = ""
	}
	log.Frames = append(log.Frames, before...)
	for i := range before {
		log.Frames[len(log.Frames)-len(before)+i].At += log.Frames[len(log.Frames)-len(before)-1].At
	}
}

func TestWeightiestReasonComesFirst(t *testing.T) {
	v := &verdict{worst: idflow.Pass}
	v.against(idflow.Unclear, Unsure)
	v.against(idflow.Retry, FaceLost)
	v.against(idflow.Fail, FaceFlat)
	v.against(idflow.Retry, FaceBlurred)
	if v.worst != idflow.Fail || fmt.Sprint(v.reasons) != "[face_flat face_lost liveness_unsure face_blurred]" {
		t.Errorf("%s %v", v.worst, v.reasons)
	}
}

func TestEndings(t *testing.T) {
	for _, c := range []struct {
		end     ending
		verdict idflow.Verdict
		reason  idflow.Reason
	}{
		{endDone, idflow.Pass, ""}, {endWrong, idflow.Fail, PoseWrong}, {endTimeout, idflow.Retry, PassageTooSlow}, {endLost, idflow.Retry, FaceLost},
		{endSeveral, idflow.Retry, FaceSeveral}, {endChain, idflow.Fail, PassageBroken}, {"", idflow.Fail, PassageBroken}, {"?", idflow.Fail, PassageBroken},
	} {
		if reason, v := endings(c.end); reason != c.reason || v != c.verdict {
			t.Errorf("%q: %s %s", c.end, v, reason)
		}
	}
}
