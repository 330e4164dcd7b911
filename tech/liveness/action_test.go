package liveness

import "testing"

// level is a neutral face.
var level = measure{Pitch: -8, Size: 0.45, X: 0.5, Y: 0.5, Eyes: 0.02, Mouth: 0.05, Brightness: 120, Sharpness: 400, Inside: 1}

// with changes a measure.
func (m measure) with(change func(*measure)) measure {
	change(&m)
	return m
}

// doing is a face that shows the action clearly.
func doing(a action) measure {
	return level.with(func(m *measure) {
		switch a {
		case turnLeft:
			m.Yaw += 28
		case turnRight:
			m.Yaw -= 28
		case lookUp:
			m.Pitch += 18
		case lookDown:
			m.Pitch -= 18
		case comeCloser:
			m.Size *= 1.32
		case moveAway:
			m.Size *= 0.77
		case blink:
			m.Eyes = 0.95
		case openMouth:
			m.Mouth = 0.7
		}
	})
}

func TestActionsAreToldApart(t *testing.T) {
	for _, asked := range allActions {
		for _, done := range allActions {
			m := doing(done)
			if got := asked.progress(level, m) >= 1; got != (asked == done) {
				t.Errorf("%s asked, %s done: reached is %v", asked, done, got)
			}
		}
		if p := asked.progress(level, level); p > 0.2 {
			t.Errorf("%s: a neutral face has progress %.2f", asked, p)
		}
		if asked.wrong(level, level) || asked.wrong(level, doing(asked)) {
			t.Errorf("%s: the right face is wrong", asked)
		}
	}
}

func TestWrongDirection(t *testing.T) {
	for _, c := range []struct {
		asked, done action
		want        bool
	}{
		{turnLeft, turnRight, true}, {turnRight, turnLeft, true}, {lookUp, lookDown, true}, {turnLeft, lookUp, true},
		{turnLeft, blink, false}, {turnLeft, openMouth, false}, {blink, turnLeft, false}, {openMouth, comeCloser, false},
		{lookDown, comeCloser, false}, // a nod alone makes a face larger
	} {
		if got := c.asked.wrong(level, doing(c.done)); got != c.want {
			t.Errorf("%s asked, %s done: wrong is %v", c.asked, c.done, got)
		}
	}
}

func TestBlinkNeedsALevelSharpFace(t *testing.T) {
	for name, change := range map[string]func(*measure){
		"looking down": func(m *measure) { m.Pitch -= 9 },
		"turned away":  func(m *measure) { m.Yaw += 18 },
		"blurred":      func(m *measure) { m.Sharpness = 100 },
	} {
		if p := blink.progress(level, doing(blink).with(change)); p != 0 {
			t.Errorf("%s: progress %.2f", name, p)
		}
	}
}

func TestNeutralAgain(t *testing.T) {
	if !neutralAgain(level, level) {
		t.Error("the neutral face is not neutral")
	}
	for _, a := range allActions {
		if neutralAgain(level, doing(a)) {
			t.Errorf("%s is neutral", a)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		of   []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{5, 1}, 3}, {[]float64{9, 1, 2}, 2}} {
		if got := median(c.of); got != c.want {
			t.Errorf("median of %v is %g", c.of, got)
		}
	}
}
