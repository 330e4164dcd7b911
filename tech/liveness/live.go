package liveness

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"idflow"
	"idflow/tech"
)

// Live judges a passage before the camera in which the person does what was
// drawn by chance and told only then. Its three variants differ in what they
// may ask.
type Live struct {
	Variant  Variant
	Faces    Faces
	Trackers Trackers
	Nets     tech.Nets
}

var _ tech.Coach = Live{}

// Variant is what a Live technology is called and may ask.
type Variant struct {
	Key, Code, Title, Description string
	kinds                         [2][]action // two or more actions are always of both
	usual                         int         // actions asked unless the Flow says otherwise
}

// The variants.
var (
	Detection = Variant{"liveness_detection", "LD", "Liveness Detection",
		"Movements drawn by chance before the camera: turn, look up or down, come closer, move away, blink, open the mouth.", [2][]action{faceActions, slices.Concat(headActions, distanceActions)}, 3}
	Positions = Variant{"liveness_head_position", "LDHP", "Liveness Head Position",
		"Head positions drawn by chance before the camera.", [2][]action{turns, nods}, 2}
	Distance = Variant{"liveness_distance", "LDD", "Liveness Distance",
		"Coming closer to the camera and moving away from it, in an order drawn by chance.", [2][]action{{comeCloser}, {moveAway}}, 2}
)

// liveCapture is the passage, as the page sees it.
var liveCapture = idflow.Capture{Name: passageName, Kind: idflow.CaptureLive}

// notices are what the person must know before the camera opens.
func notices(s settings) (list []string) {
	if s.Glasses {
		list = append(list, idflow.NoticeGlasses)
	}
	if s.Flash {
		list = append(list, idflow.NoticeFlash)
	}
	return list
}

func (t Live) Spec() tech.Spec {
	settings := slices.Concat(commonSettings, []tech.Setting{
		{Name: "active", Type: tech.Bool, Default: true},
		{Name: "actions", Type: tech.Integer, Default: t.Variant.usual, Min: 1, Max: maxActions},
		{Name: "same_face", Type: tech.Bool, Default: true},
		{Name: "light", Type: tech.Choice, Default: lightSoft, Choices: []string{lightSoft, lightStrict}},
		{Name: "mask", Type: tech.Bool, Default: true},
		{Name: "glasses", Type: tech.Bool, Default: false},
		{Name: "flash", Type: tech.Bool, Default: false},
		{Name: "recording", Type: tech.Bool, Default: false},
	})
	if t.Variant.Code == Detection.Code {
		settings = append(settings, tech.Setting{Name: "still_head", Type: tech.Bool, Default: false})
	}
	return tech.Spec{
		Key: t.Variant.Key, Code: t.Variant.Code, Title: t.Variant.Title, Description: t.Variant.Description, Result: "liveness_result",
		Gives: []string{string(tech.FaceLive)}, Settings: settings,
		Reasons: slices.Concat(photoReasons, []idflow.Reason{PoseWrong, FaceChanged, FaceMasked, PassageBroken, PassageTooSlow, FaceLost, FramesFrozen, FramesJump, FaceFlat, FlashUnseen}),
	}
}

// Ask draws what the passage will ask.
func (t Live) Ask(raw json.RawMessage, rng *rand.Rand) (idflow.Task, error) {
	s, err := parse(raw)
	if err != nil {
		return idflow.Task{}, err
	}
	var nonce [16]byte
	for i := range nonce {
		nonce[i] = byte(rng.Uint32())
	}
	n, instead := 0, 0
	if s.Active {
		n = s.Actions
	}
	if s.Flash {
		instead = calmActions
	}
	drawn := draw(t.possible(s), n, instead, rng)
	c := challenge{Nonce: hex.EncodeToString(nonce[:]), Actions: drawn[:n:n], Instead: drawn[n:]}
	if s.Flash {
		c.Colours = drawColours(rng)
	}
	data, err := json.Marshal(c)
	if err != nil {
		return idflow.Task{}, fmt.Errorf("write the challenge: %w", err)
	}
	passage := liveCapture
	passage.Notices = notices(s)
	return idflow.Task{Captures: []idflow.Capture{passage}, Challenge: data}, nil
}

// possible actions under the settings, by kind.
func (t Live) possible(s settings) [2][]action {
	if s.StillHead {
		return [2][]action{{blink}, {openMouth}}
	}
	return t.Variant.kinds
}

// draw draws n actions and more behind them, each time of both kinds if there is
// more than one: a print that is bent turns well but neither nods nor blinks.
func draw(kinds [2][]action, n, more int, rng *rand.Rand) []action {
	for {
		drawn := shuffled(slices.Concat(kinds[0], kinds[1]), n+more, rng)
		if mixed(kinds, drawn[:n]) && mixed(kinds, drawn) {
			return drawn
		}
	}
}

// mixed reports whether actions are of both kinds, or fewer than two.
func mixed(kinds [2][]action, drawn []action) bool {
	first := 0
	for _, a := range drawn {
		if slices.Contains(kinds[0], a) {
			first++
		}
	}
	return len(drawn) < 2 || first > 0 && first < len(drawn)
}

// shuffled draws n actions, without repeating one before all were drawn, and
// never the same twice in a row.
func shuffled(from []action, n int, rng *rand.Rand) []action {
	drawn := []action{}
	for len(drawn) < n {
		round := slices.Clone(from)
		rng.Shuffle(len(round), func(i, j int) { round[i], round[j] = round[j], round[i] })
		if len(drawn) > 0 && len(round) > 1 && round[0] == drawn[len(drawn)-1] {
			round[0], round[1] = round[1], round[0]
		}
		drawn = append(drawn, round...)
	}
	return drawn[:n]
}

// Inspect refuses everything: a passage comes over the live connection only.
func (Live) Inspect(idflow.Capture, string, []byte) error {
	return idflow.Invalid("live_only", "name", "This step is passed live before the camera; pictures cannot be uploaded for it.")
}

// Guide leads through one challenge.
func (t Live) Guide(raw json.RawMessage, task idflow.Task, calm bool) (tech.Guide, error) {
	s, err := parse(raw)
	if err != nil {
		return nil, err
	}
	c, err := parseChallenge(task.Challenge)
	if err != nil {
		return nil, err
	}
	if calm && len(c.Colours) > 0 {
		c = c.calm()
	}
	return newGuide(s, c, t.Trackers), nil
}

func parseChallenge(raw json.RawMessage) (c challenge, err error) {
	if err := json.Unmarshal(raw, &c); err != nil || c.Nonce == "" {
		return c, fmt.Errorf("challenge of liveness: %w", err)
	}
	return c, nil
}

// Check judges what the passage left behind.
func (t Live) Check(ctx context.Context, in tech.Input) (tech.Outcome, error) {
	s, err := parse(in.Settings)
	if err != nil {
		return tech.Outcome{}, err
	}
	v, keys, log, err := t.judge(ctx, in, s)
	if err != nil {
		return tech.Outcome{}, err
	}
	var shown photo
	if held := neutrals(keys); len(held) > 0 {
		shown = best(held).photo
	}
	out, r, err := outcome(&shown, s, t.Nets, v.worst, v.reasons)
	if err != nil {
		return tech.Outcome{}, err
	}
	out.Scores = append(v.scores, qualityOnly(out.Scores)...)
	for _, score := range v.scores {
		if score.Name == "liveness.passive" {
			r.Prediction = fmt.Sprintf("%.4f", score.Value)
		}
	}
	r.Actions = actionReports(log)
	return out, nil
}

// qualityOnly drops the single frame's passive score: the median counts.
func qualityOnly(scores []idflow.Score) []idflow.Score {
	return slices.DeleteFunc(scores, func(s idflow.Score) bool { return s.Name == "liveness.passive" })
}

// actionReport is one action in the result object.
type actionReport struct {
	Action string `json:"action"`
	Asked  int64  `json:"asked_ms"` // since the passage began
	Took   int64  `json:"took_ms"`  // -1: not seen
}

func actionReports(log transcript) (list []actionReport) {
	for _, d := range log.Done {
		took := int64(-1)
		if d.Seen >= 0 {
			took = d.Seen - d.Asked
		}
		list = append(list, actionReport{string(d.Action), d.Asked, took})
	}
	return list
}
