package liveness

import (
	"context"
	"fmt"
	"math"
	"slices"

	"idflow"
	"idflow/tech"
	"idflow/vision/face"
)

// Reasons of live passages.
const (
	PassageBroken  idflow.Reason = "passage_broken"  // the frames are not those that the page announced
	PassageTooSlow idflow.Reason = "passage_timeout" // what was asked did not come in time
	FaceLost       idflow.Reason = "face_lost"
	FramesFrozen   idflow.Reason = "frames_repeated"
	FramesJump     idflow.Reason = "frames_jump"
	FaceFlat       idflow.Reason = "face_flat"
	FlashUnseen    idflow.Reason = "flash_unseen"
)

// Limits of a passage. Where a number was measured, docs/LIVENESS.md has the
// table and the command.
const (
	minPassiveKeys = readyFrames // neutral key frames behind the passive median
	minReaction    = 200         // milliseconds from an action's telling to its being done; people need 250 and more
	maxFrozen      = 1500        // milliseconds in which nothing at all has changed; a camera's noise alone changes every frame
	maxLoops       = 3           // frames that had been there before others
	maxJumps       = 1           // leaps of the face that no person makes
	jumpPlace      = 0.45        // of the face's height, between frames less than jumpTime apart
	jumpSize       = 1.35        // ratio
	jumpYaw        = 45.0        // degrees
	jumpTime       = 300         // milliseconds
	minTurnDepth   = 4.5         // parallax; turned heads have 4.5 to 6.3 at 20 degrees and 6.8 to 9 at 30
	minNodDepth    = 3.3         // parallax; heads have 4.0 to 6.1, flat prints 1.0 to 1.9, bent ones 1.4 to 2.9
	minBreadth     = 0.90        // heads have 0.94 and more; flat prints that seem to turn by 20 degrees, 0.80 to 0.86
	minCloser      = 1.4         // bulge; heads have 1.9 to 4.0 from 46 to 32 cm, flat pictures 0.95 at most
	minAway        = 0.6         // bulge; heads have 0.8 to 2.6 from 46 to 66 cm, most flat pictures less
	minDistance    = 1.15        // mean of both bulges; heads have 1.4 and more, flat pictures 0.86 at most
	sameNeutral    = 0.42        // cosine between neutral key frames; FMR 1e-4 on LFW (idflow eval faces)
	sameActing     = 0.30        // and to a turned or grimacing one
	repeatedOK     = 0.8         // of an action's size, when its key frame is measured again
	maxCover       = 0.8         // probability of a mask; worn ones have 0.94 and more, 867 bare faces at most 0.70 (idflow eval faces)
)

// key is a key frame measured anew for the verdict.
type key struct {
	keyFrame
	photo
	measure measure
}

// verdict collects what speaks against a passage; the weightiest first counts.
type verdict struct {
	worst   idflow.Verdict
	reasons []idflow.Reason
	scores  []idflow.Score
}

var weight = map[idflow.Verdict]int{idflow.Pass: 0, idflow.Unclear: 1, idflow.Retry: 2, idflow.Fail: 3}

// against notes a reason once; one that weighs more goes before the others.
func (v *verdict) against(w idflow.Verdict, r idflow.Reason) {
	if slices.Contains(v.reasons, r) {
		return
	}
	if v.worst == "" || weight[w] > weight[v.worst] {
		v.worst = w
		v.reasons = append([]idflow.Reason{r}, v.reasons...)
		return
	}
	v.reasons = append(v.reasons, r)
}

// hold notes a score, and the reason when it is on the wrong side.
func (v *verdict) hold(s idflow.Score, w idflow.Verdict, r idflow.Reason) {
	v.scores = append(v.scores, s)
	if !s.OK() {
		v.against(w, r)
	}
}

// judge looks at what a passage left behind. It measures the key frames anew
// and believes nothing that the page could have made up; the transcript was
// written by the server.
func (t Live) judge(ctx context.Context, in tech.Input, s settings) (*verdict, []key, transcript, error) {
	v := &verdict{worst: idflow.Pass}
	asked, err := parseChallenge(in.Task.Challenge)
	if err != nil {
		return nil, nil, transcript{}, err
	}
	log, err := parseTranscript(in.Evidence[passageName])
	if err != nil || !log.Challenge.fulfils(asked) {
		v.against(idflow.Fail, PassageBroken)
		return v, nil, log, nil
	}
	if reason, verdict := endings(log.End); reason != "" {
		v.against(verdict, reason)
		return v, nil, log, nil
	}
	keys, err := t.measureKeys(ctx, in, log)
	if err != nil {
		return nil, nil, log, err
	}
	if len(neutrals(keys)) < minPassiveKeys {
		v.against(idflow.Fail, PassageBroken)
		return v, nil, log, nil
	}
	v.weigh(log, keys, s)
	return v, keys, log, nil
}

// weigh holds a passage that came to its end against every rule.
func (v *verdict) weigh(log transcript, keys []key, s settings) {
	v.actions(log, keys)
	v.stream(log)
	v.person(keys, s)
	v.passive(keys, s)
	v.depth(keys)
	v.flash(log)
	if s.Mask {
		v.hold(idflow.AtMost("face.cover", coverMedian(keys), maxCover), idflow.Retry, FaceMasked)
	}
}

func coverMedian(keys []key) float64 {
	var of []float64
	for _, k := range neutrals(keys) {
		of = append(of, k.measure.Cover)
	}
	return median(of)
}

// endings of passages that did not come to their end.
func endings(e ending) (idflow.Reason, idflow.Verdict) {
	switch e {
	case endDone:
		return "", idflow.Pass
	case endWrong:
		return PoseWrong, idflow.Fail
	case endTimeout:
		return PassageTooSlow, idflow.Retry
	case endLost:
		return FaceLost, idflow.Retry
	case endSeveral:
		return FaceSeveral, idflow.Retry
	}
	return PassageBroken, idflow.Fail
}

// measureKeys analyses every key frame anew. It returns nil when one is missing
// or is not the frame that the transcript names.
func (t Live) measureKeys(ctx context.Context, in tech.Input, log transcript) ([]key, error) {
	keys := make([]key, 0, len(log.Keys))
	for _, k := range log.Keys {
		data := in.Evidence[k.Name]
		if hashOf(data) != log.Frames[k.Frame].SHA256 {
			return nil, nil
		}
		m := decodeFrame(data)
		if m == nil {
			return nil, nil
		}
		a, err := t.Faces.Analyze(ctx, m, face.WantAll)
		if err != nil {
			return nil, fmt.Errorf("measure %s: %w", k.Name, err)
		}
		if a.Face == nil || a.Turn != 0 {
			return nil, nil
		}
		keys = append(keys, key{keyFrame: k, photo: photo{Analysis: a}, measure: measureOf(m, a.Face)})
	}
	return keys, nil
}

// neutrals are the key frames of the neutral face.
func neutrals(keys []key) (list []key) {
	for _, k := range keys {
		if k.Action == "" {
			list = append(list, k)
		}
	}
	return list
}

// actions must have been seen in the order they were asked, after they were
// told, and must show again when their key frames are measured anew.
func (v *verdict) actions(log transcript, keys []key) {
	var base []measure
	for _, k := range neutrals(keys) {
		base = append(base, k.measure)
	}
	neutral := medianOf(base)
	done := 0
	for _, k := range keys {
		if k.Action == "" {
			continue
		}
		if done >= len(log.Challenge.Actions) || k.Action != log.Challenge.Actions[done] || done >= len(log.Done) || log.Done[done].Action != k.Action {
			v.against(idflow.Fail, PoseWrong)
			return
		}
		d := log.Done[done]
		done++
		v.hold(idflow.AtLeast(fmt.Sprintf("action.%d.%s", done, k.Action), k.Action.progress(neutral, k.measure), repeatedOK), idflow.Fail, PoseWrong)
		at := log.Frames[k.Frame].At
		v.hold(idflow.AtLeast(fmt.Sprintf("action.%d.reaction_ms", done), float64(at-d.Asked), minReaction), idflow.Fail, FramesJump)
	}
	if done != len(log.Challenge.Actions) {
		v.against(idflow.Fail, PoseWrong)
	}
}

// stream looks for frames that are frozen, come again, or leap.
func (v *verdict) stream(log transcript) {
	var still, longest int64
	loops, jumps := 0, 0
	for i := 1; i < len(log.Frames); i++ {
		a, b := log.Frames[i-1], log.Frames[i]
		if b.Change == 0 {
			still += b.At - a.At
			longest = max(longest, still)
		} else {
			still = 0
			if b.SameAs >= 0 {
				loops++
			}
		}
		if leaps(a, b) {
			jumps++
		}
	}
	v.hold(idflow.AtMost("stream.frozen_ms", float64(longest), maxFrozen), idflow.Fail, FramesFrozen)
	v.hold(idflow.AtMost("stream.loops", float64(loops), maxLoops), idflow.Fail, FramesFrozen)
	v.hold(idflow.AtMost("stream.jumps", float64(jumps), maxJumps), idflow.Fail, FramesJump)
	v.hints(log)
}

// hints are numbers that tell a fed stream from a camera weakly, so weakly that
// nothing depends on them: a reviewer may find them worth a look.
func (v *verdict) hints(log transcript) {
	encoders := map[string]bool{}
	var gaps []float64
	for i, f := range log.Frames {
		encoders[f.Encoder] = true
		if i > 0 {
			gaps = append(gaps, float64(f.At-log.Frames[i-1].At))
		}
	}
	v.scores = append(v.scores, idflow.Measured("stream.frames", float64(len(log.Frames))), idflow.Measured("stream.encoders", float64(len(encoders))),
		idflow.Measured("stream.jitter_ms", deviation(gaps)), idflow.Measured("stream.interval_ms", median(gaps)))
}

// deviation is the standard deviation, 0 of fewer than two.
func deviation(list []float64) float64 {
	if len(list) < 2 {
		return 0
	}
	var sum, squares float64
	for _, x := range list {
		sum += x
		squares += x * x
	}
	n := float64(len(list))
	return math.Sqrt(max(0, squares/n-sum*sum/n/n))
}

func leaps(a, b entry) bool {
	if a.Face == nil || b.Face == nil || b.At-a.At > jumpTime {
		return false
	}
	size := b.Face.Size / a.Face.Size
	return abs(b.Face.X-a.Face.X) > jumpPlace*a.Face.Size || abs(b.Face.Y-a.Face.Y) > jumpPlace*a.Face.Size ||
		size > jumpSize || size < 1/jumpSize || abs(b.Face.Yaw-a.Face.Yaw) > jumpYaw
}

// person: every key frame shows the one whose face is handed on.
func (v *verdict) person(keys []key, s settings) {
	held := neutrals(keys)
	own := best(held).Face.Embedding
	neutral, acting := 1.0, 1.0
	for _, k := range keys {
		likeness := face.Similarity(own, k.Face.Embedding)
		if k.Action == "" {
			neutral = min(neutral, likeness)
		} else {
			acting = min(acting, likeness)
		}
	}
	if !s.SameFace {
		v.scores = append(v.scores, idflow.Measured("person.neutral", neutral), idflow.Measured("person.acting", acting))
		return
	}
	v.hold(idflow.AtLeast("person.neutral", neutral, sameNeutral), idflow.Fail, FaceChanged)
	if len(keys) > len(held) {
		v.hold(idflow.AtLeast("person.acting", acting, sameActing), idflow.Fail, FaceChanged)
	}
}

// best is the neutral key frame that is handed on: the sharpest of those that
// look straight.
func best(held []key) key {
	b := held[0]
	for _, k := range held[1:] {
		if k.frontal() && (!b.frontal() || k.Face.Quality.Sharpness > b.Face.Quality.Sharpness) {
			b = k
		}
	}
	return b
}

// passive is the median over the neutral key frames, since single frames err.
func (v *verdict) passive(keys []key, s settings) {
	held := neutrals(keys)
	live := make([]float64, len(held))
	for i, k := range held {
		live[i] = k.Face.Live
	}
	m := median(live)
	v.scores = append(v.scores, idflow.AtLeast("liveness.passive", m, s.Accept), idflow.Measured("liveness.passive_frames", float64(len(held))))
	switch {
	case m < min(s.Reject, s.Accept):
		v.against(idflow.Fail, NotLive)
	case m < s.Accept:
		v.against(idflow.Unclear, Unsure)
	}
}

// depth holds turning heads and coming faces against what flat pictures do.
func (v *verdict) depth(keys []key) {
	held := neutrals(keys)
	var closer, away []float64
	for _, k := range keys {
		name := "depth." + string(k.Action)
		switch k.Action {
		case turnLeft, turnRight:
			v.solid(name, typical(held, func(n *face.Mesh) (float64, bool) { return parallax(n, &k.Face.Mesh) }), minTurnDepth)
			v.solid(name+".breadth", typical(held, func(n *face.Mesh) (float64, bool) { return breadth(n, &k.Face.Mesh), true }), minBreadth)
		case lookUp, lookDown:
			v.solid(name, typical(held, func(n *face.Mesh) (float64, bool) { return parallax(n, &k.Face.Mesh) }), minNodDepth)
		case comeCloser:
			closer = append(closer, typical(held, func(n *face.Mesh) (float64, bool) { return bulge(n, &k.Face.Mesh) }))
		case moveAway:
			away = append(away, typical(held, func(n *face.Mesh) (float64, bool) { return bulge(&k.Face.Mesh, n) }))
		}
	}
	v.distance(closer, away)
}

// distance judges the perspective of coming closer and moving away together
// where both were asked: alone each errs more.
func (v *verdict) distance(closer, away []float64) {
	switch {
	case len(closer) > 0 && len(away) > 0:
		v.scores = append(v.scores, idflow.Measured("depth.come_closer", mean(closer)), idflow.Measured("depth.move_away", mean(away)))
		v.solid("depth.distance", (mean(closer)+mean(away))/2, minDistance)
	case len(closer) > 0:
		v.solid("depth.come_closer", mean(closer), minCloser)
	case len(away) > 0:
		v.solid("depth.move_away", mean(away), minAway)
	}
}

func mean(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// typical is the median of a depth cue over the neutral faces that it is measured
// against, so that one bad fit of the mesh counts little.
func typical(held []key, cue func(neutral *face.Mesh) (float64, bool)) float64 {
	var of []float64
	for i := range held {
		if x, ok := cue(&held[i].Face.Mesh); ok {
			of = append(of, x)
		}
	}
	return median(of)
}

func (v *verdict) solid(name string, cue, least float64) {
	v.hold(idflow.AtLeast(name, cue, least), idflow.Fail, FaceFlat)
}
