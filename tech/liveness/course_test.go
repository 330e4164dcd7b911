package liveness

import (
	"fmt"
	"slices"
	"testing"

	"idflow/tech"
)

// stage plays a course: frames a tenth of a second apart.
type stage struct {
	*course
	t    *testing.T
	at   int64
	said []string
	tech.Advice
}

func newStage(t *testing.T, actions ...action) *stage {
	return &stage{course: newCourse(settings{OpenEyes: true, Mask: true}, challenge{Nonce: "00", Actions: actions}), t: t}
}

// entry is the next frame with that face; nil: without one.
func (s *stage) entry(m *measure) entry {
	n := len(s.log.Frames)
	e := entry{At: s.at, SHA256: fmt.Sprintf("%064x", n), Change: 1, SameAs: -1, Encoder: "e", Face: m, Skin: [3]int{15000, 11000, 9000}}
	if m != nil {
		e.Faces = 1
	}
	return e
}

func (s *stage) give(e entry) *stage {
	s.Advice = s.see(e)
	s.at += 100
	if len(s.said) == 0 || s.said[len(s.said)-1] != s.Say {
		s.said = append(s.said, s.Say)
	}
	return s
}

// show gives the same face a number of times.
func (s *stage) show(m measure, times int) *stage {
	for range times {
		if !s.Done {
			s.give(s.entry(&m))
		}
	}
	return s
}

func (s *stage) nobody(times int) *stage {
	for range times {
		if !s.Done {
			s.give(s.entry(nil))
		}
	}
	return s
}

// ready shows a neutral face until the first action is told.
func (s *stage) ready() *stage {
	s.t.Helper()
	for range 20 {
		if s.phase != preparing {
			return s
		}
		s.show(level, 1)
	}
	s.t.Fatalf("a neutral face is not enough: %v", s.said)
	return s
}

// perform does whatever is asked until the end.
func (s *stage) perform() *stage {
	for !s.Done {
		if s.Action == "" {
			s.show(level, 1)
			continue
		}
		s.show(level, 3).show(doing(action(s.Action)), 1)
		if !s.Done && s.Action != "" && s.Action != string(blink) {
			s.show(doing(action(s.Action)), 2)
		}
	}
	return s
}

func TestCourseToItsEnd(t *testing.T) {
	for _, a := range allActions {
		other := allActions[(slices.Index(allActions, a)+3)%len(allActions)]
		s := newStage(t, a, other).ready()
		if s.Action != string(a) || s.Step != 0 || s.Steps != 2 {
			t.Fatalf("%s: the first action is told as %+v", a, s.Advice)
		}
		s.perform()
		if s.log.End != endDone || s.Step != 2 {
			t.Fatalf("%s, %s: %s after %v", a, other, s.log.End, s.said)
		}
		if n := len(s.log.Keys); n != readyFrames+4 {
			t.Errorf("%s: %d key frames", a, n)
		}
		for _, k := range s.log.Keys {
			if shows := *s.log.Frames[k.Frame].Face; k.Action != "" && k.Action.progress(level, shows) < 1 {
				t.Errorf("the key frame of %s shows %+v", k.Action, shows)
			}
		}
		if got := s.see(s.entry(&level)); !got.Done {
			t.Errorf("a frame after the end is answered %+v", got)
		}
	}
}

// The next action is told only when the last one is done.
func TestCourseKeepsActionsToItself(t *testing.T) {
	s := newStage(t, turnLeft, openMouth).ready().show(level, 5)
	if slices.Contains(s.said, string(openMouth)) {
		t.Error("the second action is known before the first is done")
	}
}

func TestCourseEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		play func(s *stage)
		want ending
	}{
		{"nothing is done", func(s *stage) { s.ready().show(level, 200) }, endTimeout},
		{"the other way", func(s *stage) { s.ready().show(doing(turnRight), 10) }, endWrong},
		{"only for a moment", func(s *stage) {
			s.ready()
			for range 100 {
				s.show(doing(turnLeft), 1).show(level, 2)
			}
		}, endTimeout},
		{"the face goes away", func(s *stage) { s.ready().nobody(30) }, endLost},
		{"it comes back in time", func(s *stage) { s.ready().nobody(lostFrames).perform() }, endDone},
		{"another person comes", func(s *stage) {
			s.ready()
			for range 30 {
				e := s.entry(&level)
				e.Faces = 2
				if !s.Done {
					s.give(e)
				}
			}
		}, endSeveral},
		{"never ready", func(s *stage) { s.show(doing(turnLeft), 1000) }, endTimeout},
		{"never there", func(s *stage) { s.nobody(1000) }, endLost},
		{"does not come back", func(s *stage) { s.ready().show(doing(turnLeft), 300) }, endTimeout},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t, turnLeft)
			c.play(s)
			if s.log.End != c.want || !s.Done {
				t.Errorf("ended %q after %v", s.log.End, s.said)
			}
		})
	}
}

func TestCourseAsksForSleepersToOpenTheirEyes(t *testing.T) {
	s := newStage(t, blink).ready().show(doing(blink), closedFrames+3)
	if s.Say != "open_eyes" {
		t.Errorf("eyes closed for long are answered %q", s.Say)
	}
	if s.show(level, 3); s.Done || s.Step != 0 {
		t.Error("opening them counts as a blink")
	}
	if s.perform(); s.log.End != endDone {
		t.Errorf("a blink after that: %s", s.log.End)
	}
}

func TestCourseGivesStillHeadsMoreTime(t *testing.T) {
	s := newStage(t, blink)
	s.settings.StillHead = true
	if s.ready().show(level, 150); s.Done {
		t.Error("ended after 15 s")
	}
	if s.show(level, 100); s.log.End != endTimeout {
		t.Error("does not end after 25 s")
	}
}

func TestCourseSaysWhatIsWrongBeforeItBegins(t *testing.T) {
	for _, c := range []struct {
		want   string
		light  string
		change func(*measure)
	}{
		{"more_light", lightSoft, func(m *measure) { m.Brightness = 30 }},
		{"less_light", lightSoft, func(m *measure) { m.Brightness = 240 }},
		{"hold_still", lightSoft, func(m *measure) { m.Brightness = 60 }},
		{"more_light", lightStrict, func(m *measure) { m.Brightness = 60 }},
		{"less_light", lightStrict, func(m *measure) { m.Clipped, m.Brightness = 0.6, 150 }},
		{"come_nearer", lightSoft, func(m *measure) { m.Size = 0.2 }},
		{"go_further", lightSoft, func(m *measure) { m.Size = 0.8 }},
		{"to_the_middle", lightSoft, func(m *measure) { m.X = 0.8 }},
		{"to_the_middle", lightSoft, func(m *measure) { m.Inside = 0.5 }},
		{"look_straight", lightSoft, func(m *measure) { m.Yaw = 20 }},
		{"open_eyes", lightSoft, func(m *measure) { m.Eyes = 0.9 }},
		{"take_off_mask", lightSoft, func(m *measure) { m.Cover = 0.9 }},
		{"hold_still", lightSoft, func(m *measure) { m.Sharpness = 20 }},
	} {
		s := newStage(t, turnLeft)
		s.settings.Light = c.light
		if s.show(level.with(c.change), 1); s.Say != c.want {
			t.Errorf("%s in %s light is answered %q", c.want, c.light, s.Say)
		}
		if !slices.Contains(says, s.Say) {
			t.Errorf("%q is missing in says", s.Say)
		}
	}
}

// A face that walks through the picture never holds still.
func TestCourseWaitsForAStillFace(t *testing.T) {
	s := newStage(t, turnLeft)
	for i := range 10 {
		s.show(level.with(func(m *measure) { m.X = 0.4 + 0.04*float64(i%5) }), 1)
	}
	if s.phase != preparing {
		t.Error("begins with a moving face")
	}
}

func TestCourseNeedsFewPictures(t *testing.T) {
	s := newStage(t, turnLeft, blink, comeCloser, openMouth, lookUp, moveAway, lookDown).perform()
	needed := 0
	for i := range s.log.Frames {
		if s.needs(i) {
			needed++
		}
	}
	if s.log.End != endDone || needed != maxKeys {
		t.Errorf("%d pictures are kept of %d frames (%s)", needed, len(s.log.Frames), s.log.End)
	}
}

// A telephone that sends a frame every 700 ms shows each colour until the judge
// has enough of it; one that sends next to nothing gets no more time than that.
func TestFlashWaitsForSlowTelephones(t *testing.T) {
	for step, want := range map[int64]int{700: 3, 5000: 2} {
		s := newStage(t, blink)
		s.log.Challenge.Colours = []string{"#00ff00", "#0000ff"}
		s.ready()
		seen := map[string]int{}
		for s.phase == flashing {
			s.at += step
			e := s.entry(&level)
			e.Colour = s.showing()
			seen[e.Colour]++
			s.give(e)
		}
		if seen["#00ff00"] != want || seen["#0000ff"] != want {
			t.Errorf("a frame every %d ms: %v", step, seen)
		}
	}
}

func TestFlashComesFirst(t *testing.T) {
	s := newStage(t, blink)
	s.log.Challenge.Colours = []string{"#00ff00", "#0000ff"}
	s.ready()
	var shown []string
	for s.phase == flashing {
		e := s.entry(&level)
		e.Colour = s.showing()
		s.give(e)
		if c := s.Colour; c != "" && !slices.Contains(shown, c) {
			shown = append(shown, c)
		}
	}
	if !slices.Equal(shown, s.log.Challenge.Colours) || s.Action != string(blink) {
		t.Errorf("showed %v, then asks %q", shown, s.Action)
	}
}
