package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"
)

func frame(number uint32, jpeg string) []byte {
	b := binary.BigEndian.AppendUint32(nil, number)
	b = append(b, bytes.Repeat([]byte{7}, 32)...)
	return append(b, jpeg...)
}

func TestParseFrame(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"in order", frame(3, "jpeg"), nil},
		{"the one before again", frame(2, "jpeg"), errFrameOutOfOrder},
		{"one left out", frame(4, "jpeg"), errFrameOutOfOrder},
		{"no picture", frame(3, ""), errFrameMalformed},
		{"cut short", frame(3, "")[:20], errFrameMalformed},
		{"too large", frame(3, string(make([]byte, maxFrame))), errFrameTooLarge},
		{"empty", nil, errFrameMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			chain, jpeg, err := parseFrame(c.data, 3)
			if !errors.Is(err, c.want) || c.want == nil && (string(jpeg) != "jpeg" || chain[31] != 7) {
				t.Errorf("%v, chain %x, %q", err, chain, jpeg)
			}
		})
	}
}

func FuzzParseFrame(f *testing.F) {
	f.Add(frame(1, "jpeg"), uint32(1))
	f.Add([]byte{0, 0, 0, 1}, uint32(1))
	f.Fuzz(func(t *testing.T, data []byte, number uint32) {
		chain, jpeg, err := parseFrame(data, number)
		if err != nil {
			return
		}
		again := append(binary.BigEndian.AppendUint32(nil, number), chain[:]...)
		if !bytes.Equal(append(again, jpeg...), data) {
			t.Errorf("%x was read as another frame", data)
		}
	})
}

func TestLoad(t *testing.T) {
	l := &load{}
	answers := func(d time.Duration) {
		for range 100 {
			l.took(d)
		}
	}
	var leave []func()
	for range alwaysEnter {
		out, err := l.enter()
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, out)
	}
	if l.rate() != fullRate {
		t.Errorf("the rate at rest is %g", l.rate())
	}
	answers(100 * time.Millisecond)
	if r := l.rate(); r <= leastRate || r >= fullRate {
		t.Errorf("the rate under load is %g", r)
	}
	if _, err := l.enter(); err != nil {
		t.Errorf("refused under load: %v", err)
	}
	answers(time.Second)
	if l.rate() != leastRate {
		t.Errorf("the rate when too busy is %g", l.rate())
	}
	if _, err := l.enter(); !errors.Is(err, errBusy) {
		t.Errorf("when too busy: %v", err)
	}
	for _, out := range leave {
		out()
	}
	if _, err := l.enter(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
