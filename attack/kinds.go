package attack

import (
	"context"
	"fmt"
	"math/rand/v2"

	"idflow/vision"
	"idflow/vision/face"
)

// Kinds are all attacks, and then the honest ways.
var Kinds = []Kind{
	{Name: "print, still", About: "a print held up", Attack: true, flow: "LD", runs: each(printStill)},
	{Name: "print, turned", About: "a print turned, tilted and moved as asked", Attack: true, flow: "LD", runs: each(printTurned(0))},
	{Name: "print, bent", About: "a print bent like a face, turned and moved as asked", Attack: true, flow: "LD", runs: each(printTurned(0.45))},
	{Name: "print, turned (LDHP)", About: "the same where only turns are asked", Attack: true, flow: "LDHP", runs: each(printTurned(0))},
	{Name: "print, bent (LDHP)", About: "the same where only turns are asked", Attack: true, flow: "LDHP", runs: each(printTurned(0.45))},
	{Name: "screen, still", About: "a photo on a screen", Attack: true, flow: "LD", runs: each(screenStill)},
	{Name: "screen, reacting", About: "a screen on which the person does what is asked", Attack: true, flow: "LD", runs: each(screenReacting)},
	{Name: "zoomed photo (LDD)", About: "a picture fed in that is enlarged and reduced as asked", Attack: true, flow: "LDD", runs: each(zoomed)},
	{Name: "moved print (LDD)", About: "a print brought closer and taken away as asked", Attack: true, flow: "LDD", runs: each(printTurned(0))},
	{Name: "replayed passage", About: "frames of another passage that was passed, fed in", Attack: true, flow: "LD", runs: each(replayed)},
	{Name: "wrong direction", About: "the opposite of what is asked", Attack: true, flow: "LDHP", runs: each(opposite)},
	{Name: "swapped face", About: "another person from the second action on", Attack: true, flow: "LD", runs: each(swap)},
	{Name: "swapped face (LDHP)", About: "the same, by people whose turns and nods pass", Attack: true, flow: "LDHP", runs: each(swap)},
	{Name: "frozen frames", About: "the picture stands still after a while", Attack: true, flow: "LD", runs: each(freeze)},
	{Name: "edited chain", About: "one frame is not the one that was announced", Attack: true, flow: "LD", runs: each(edited)},
	{Name: "no challenge", About: "a photo is uploaded instead of a passage", Attack: true, flow: "LD", runs: each(uploaded)},
	{Name: "re-rendered photo", About: "one photo put on a mesh, turned, blinking and speaking, fed in", Attack: true, flow: "LD", runs: each(rendered)},
	{Name: "re-rendered photo (LDHP)", About: "the same where only turns are asked", Attack: true, flow: "LDHP", runs: each(rendered)},
	{Name: "re-rendered photo (LDD)", About: "the same where only the distance is asked", Attack: true, flow: "LDD", runs: each(rendered)},

	{Name: "clips, passive", About: "recordings of real people, nothing asked", flow: "LD none", runs: clips("")},
	{Name: "clips, acting", About: "recordings of real people who blink or open their mouths, as asked", flow: "LD lone", runs: clips("act")},
	{Name: "photos, passive", About: "photographs of real people, as LDS judges them", flow: "LDS", runs: photos},
	{Name: "people, rendered (LDHP)", About: "turns and nods rendered from a photograph on its mesh", Rendered: true, flow: "LDHP", runs: each(rendered)},
	{Name: "people, rendered (LDD)", About: "coming closer and moving away rendered in true perspective", Rendered: true, flow: "LDD", runs: each(rendered)},
}

// scene is what a presentation of one subject begins with.
type scene struct {
	*Kit
	subject Subject
	frame   *vision.Image // the subject before a camera
	face    *face.Face
	rand    *rand.Rand
	target  *Target
	flow    string
}

// each plays a way once for every subject.
func each(way func(ctx context.Context, s *scene) (Outcome, error)) func(k *Kit) []run {
	return func(k *Kit) (runs []run) {
		for _, subject := range k.Material.Subjects {
			runs = append(runs, run{subject.Name, func(ctx context.Context, t *Target, flow string, r *rand.Rand) (Outcome, error) {
				m, f, err := k.framed(ctx, subject.Pictures[0])
				if err != nil || m == nil {
					return Outcome{Verdict: "no face"}, err
				}
				return way(ctx, &scene{k, subject, m, f, r, t, flow})
			}})
		}
		return runs
	}
}

// perform plays what a posture is shown as.
func (s *scene) perform(ctx context.Context, show func(posture) *vision.Image) (Outcome, error) {
	return s.target.play(ctx, s.flow, s.performer(show), nil)
}

func (s *scene) performer(show func(posture) *vision.Image) *performer {
	return &performer{show: show, hand: s.rand, now: posture{closer: 1}}
}

// share is how much of the frame's height a sheet covers: its edges are seen, or not.
func (s *scene) share() float64 { return 0.85 + 0.4*s.rand.Float64() }

func printStill(ctx context.Context, s *scene) (Outcome, error) {
	sheet := newSheet(printed(s.frame), room(s.rand), s.share(), 0)
	return s.perform(ctx, func(posture) *vision.Image { return sheet.draw(posture{closer: 1}) })
}

func printTurned(bend float64) func(ctx context.Context, s *scene) (Outcome, error) {
	return func(ctx context.Context, s *scene) (Outcome, error) {
		return s.perform(ctx, newSheet(printed(s.frame), room(s.rand), s.share(), bend).draw)
	}
}

func screenStill(ctx context.Context, s *scene) (Outcome, error) {
	sheet := newSheet(screened(s.frame, s.rand), room(s.rand), s.share(), 0)
	return s.perform(ctx, func(posture) *vision.Image { return sheet.draw(posture{closer: 1}) })
}

// screenReacting shows the re-rendered photo on a screen: what a program that
// drives a picture live would show.
func screenReacting(ctx context.Context, s *scene) (Outcome, error) {
	h, behind, share, seed := newHead(s.frame, &s.face.Mesh), room(s.rand), s.share(), s.rand.Uint64()
	return s.perform(ctx, func(p posture) *vision.Image {
		shown := screened(h.draw(p), rand.New(rand.NewPCG(seed, 0))) // one screen, one pattern
		return newSheet(shown, behind, share, 0).draw(posture{closer: 1})
	})
}

func zoomed(ctx context.Context, s *scene) (Outcome, error) {
	sheet := newSheet(s.frame, s.frame, 1, 0)
	sheet.zoomed = true
	return s.perform(ctx, sheet.draw)
}

func replayed(ctx context.Context, s *scene) (Outcome, error) {
	h := newHead(s.frame, &s.face.Mesh)
	tapped := &recorder{actor: s.performer(h.draw)}
	if _, err := s.target.play(ctx, s.flow, tapped, nil); err != nil {
		return Outcome{}, err
	}
	return s.target.play(ctx, s.flow, &tape{list: tapped.list}, nil)
}

func opposite(ctx context.Context, s *scene) (Outcome, error) {
	p := s.performer(newHead(s.frame, &s.face.Mesh).draw)
	p.as = func(action string) string {
		return map[string]string{"turn_left": "turn_right", "turn_right": "turn_left", "look_up": "look_down", "look_down": "look_up"}[action]
	}
	return s.target.play(ctx, s.flow, p, nil)
}

func swap(ctx context.Context, s *scene) (Outcome, error) {
	for i, other := range s.Material.Subjects {
		if other.Name != s.subject.Name {
			continue
		}
		accomplice := s.Material.Subjects[(i+1)%len(s.Material.Subjects)]
		m, f, err := s.framed(ctx, accomplice.Pictures[0])
		if err != nil || m == nil {
			return Outcome{Verdict: "no face"}, err
		}
		first, second := s.performer(newHead(s.frame, &s.face.Mesh).draw), s.performer(newHead(m, &f.Mesh).draw)
		return s.target.play(ctx, s.flow, &swapped{first, second}, nil)
	}
	return Outcome{Verdict: "no face"}, nil
}

func freeze(ctx context.Context, s *scene) (Outcome, error) {
	return s.target.play(ctx, s.flow, &frozen{actor: s.performer(newHead(s.frame, &s.face.Mesh).draw), after: 6}, nil)
}

func edited(ctx context.Context, s *scene) (Outcome, error) {
	p := s.performer(newHead(s.frame, &s.face.Mesh).draw)
	return s.target.play(ctx, s.flow, p, func(frame int, chain *[32]byte) {
		if frame == 9 {
			chain[0] ^= 1
		}
	})
}

func uploaded(ctx context.Context, s *scene) (Outcome, error) {
	jpeg, err := s.frame.EncodeJPEG(90)
	if err != nil {
		return Outcome{}, err
	}
	return s.target.give(ctx, s.flow, "passage", jpeg)
}

func rendered(ctx context.Context, s *scene) (Outcome, error) {
	return s.perform(ctx, newHead(s.frame, &s.face.Mesh).draw)
}

func photos(k *Kit) (runs []run) {
	for _, p := range k.Material.Photos {
		runs = append(runs, run{p.Name, func(ctx context.Context, t *Target, flow string, _ *rand.Rand) (Outcome, error) {
			return t.give(ctx, flow, "selfie", p.Data)
		}})
	}
	return runs
}

// clips has every recorded person pass; what they do decides what they can be
// asked, so passages are begun until one asks for that.
func clips(what string) func(k *Kit) []run {
	return func(k *Kit) (runs []run) {
		for _, c := range k.Material.Clips {
			runs = append(runs, run{c.Name, func(ctx context.Context, t *Target, flow string, r *rand.Rand) (Outcome, error) {
				a, err := k.acted(ctx, c, r)
				if err != nil {
					return Outcome{}, err
				}
				if what == "" {
					return t.play(ctx, flow, a, nil)
				}
				if len(a.moments) == 0 {
					return Outcome{Verdict: "does neither"}, nil
				}
				for range 12 {
					a.stuck = false
					out, err := t.play(ctx, flow, a, nil)
					if err != nil || !a.stuck {
						return out, err
					}
				}
				return Outcome{}, fmt.Errorf("%s is never asked for what the recording shows", c.Name)
			}})
		}
		return runs
	}
}
