package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"idflow/specimen/portraits"
	"idflow/vision"
)

// What a broken or hostile page may do to a live passage, each answered with a
// stable code, and none of it counted.

// wire is a page's connection.
type wire struct {
	t     *testing.T
	conn  *websocket.Conn
	chain [32]byte
	next  uint32
}

// heard is what the server says.
type heard struct {
	Welcome *struct{ Nonce string }
	Number  uint32
	Advice  *struct {
		Say  string
		Done bool
	}
	Problem *struct{ Code string }
}

func (i *instance) dial(t *testing.T) *wire {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(i.url, "http")+"/capture/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	return &wire{t: t, conn: conn, next: 1}
}

func (w *wire) say(kind websocket.MessageType, data []byte) heard {
	w.t.Helper()
	if err := w.conn.Write(w.t.Context(), kind, data); err != nil {
		w.t.Fatal(err)
	}
	_, answer, err := w.conn.Read(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var h heard
	if err := json.Unmarshal(answer, &h); err != nil {
		w.t.Fatalf("%v in %s", err, answer)
	}
	return h
}

// hello begins a passage, or fails with the code.
func (w *wire) hello(token string) string {
	w.t.Helper()
	h := w.say(websocket.MessageText, fmt.Appendf(nil, `{"token":%q,"step":1,"attempt":1}`, token))
	if h.Problem != nil {
		return h.Problem.Code
	}
	w.chain = sha256.Sum256([]byte(h.Welcome.Nonce))
	return ""
}

// frame sends the next frame as a page would.
func (w *wire) frame(jpeg []byte) heard {
	w.t.Helper()
	w.chain = sha256.Sum256(append(w.chain[:], jpeg...))
	h := w.say(websocket.MessageBinary, append(append(binary.BigEndian.AppendUint32(nil, w.next), w.chain[:]...), jpeg...))
	w.next++
	return h
}

// liveFlow makes a Flow of Liveness Detection.
func (i *instance) liveFlow() string {
	i.t.Helper()
	return i.want(201, "POST", "/v1/flows", `{"name":"live","steps":[{"technology":"liveness_detection","settings":{},"attempts":2}]}`)["id"].(string)
}

// checks waits until nothing is being checked, and counts.
func (p *passage) checks() int {
	p.t.Helper()
	v := p.want(200, "GET", "/capture/session", "", p.auth...)
	for v["state"] == "checking" {
		v = p.want(200, "GET", "/capture/session?wait=10&seen="+v["updated_at"].(string), "", p.auth...)
	}
	step := p.instance.want(200, "GET", "/v1/sessions/"+p.id, "")["steps"].([]any)[0].(map[string]any)
	return len(step["checks"].([]any))
}

func (p *passage) token() string { return strings.TrimPrefix(p.auth[1], "Bearer ") }

func TestHostilePassages(t *testing.T) {
	i := newTestServer(t)
	flow := i.liveFlow()
	face := smallFrame(t, portraits.Load(t).Person("A").Pictures[0].JPEG)
	packet := func(number uint32, jpeg []byte) []byte {
		return append(append(binary.BigEndian.AppendUint32(nil, number), make([]byte, 32)...), jpeg...)
	}
	for _, c := range []struct {
		name string
		kind websocket.MessageType
		data []byte
		want string
	}{
		{"text where a frame should be", websocket.MessageText, []byte(`{"done":true}`), "frame_malformed"},
		{"cut short", websocket.MessageBinary, []byte{0, 0, 0, 1}, "frame_malformed"},
		{"out of order", websocket.MessageBinary, packet(2, face), "frame_out_of_order"},
		{"too large", websocket.MessageBinary, packet(1, make([]byte, 600<<10)), "frame_too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := i.dial(t)
			if code := w.hello(i.begin(flow).token()); code != "" {
				t.Fatalf("refused with %s", code)
			}
			if h := w.say(c.kind, c.data); h.Problem == nil || h.Problem.Code != c.want {
				t.Errorf("answered %+v, want %s", h, c.want)
			}
		})
	}
	t.Run("no hello", func(t *testing.T) {
		if h := i.dial(t).say(websocket.MessageBinary, packet(1, face)); h.Problem == nil || h.Problem.Code != "request_malformed" {
			t.Errorf("answered %+v", h)
		}
	})
	t.Run("somebody else's link", func(t *testing.T) {
		if code := i.dial(t).hello("nonsense"); code == "" {
			t.Error("begins without a session")
		}
	})
	t.Run("not a JPEG", func(t *testing.T) {
		w := i.dial(t)
		w.hello(i.begin(flow).token())
		if h := w.frame([]byte("GIF89a")); h.Advice == nil || h.Advice.Say != "send_again" {
			t.Errorf("answered %+v", h)
		}
		if h := w.frame(face); h.Advice == nil || h.Advice.Say == "send_again" {
			t.Errorf("a good frame after it is answered %+v", h)
		}
	})
	t.Run("another picture than announced", func(t *testing.T) {
		p := i.begin(flow)
		w := i.dial(t)
		w.hello(p.token())
		w.chain[0] ^= 1
		if h := w.frame(face); h.Advice == nil || !h.Advice.Done {
			t.Fatalf("answered %+v", h)
		}
		v := p.want(200, "GET", "/capture/session", "", p.auth...)
		for v["state"] == "checking" {
			v = p.want(200, "GET", "/capture/session?wait=10&seen="+v["updated_at"].(string), "", p.auth...)
		}
		s := i.want(200, "GET", "/v1/sessions/"+p.id, "")
		failure := s["result"].(map[string]any)["liveness_result"].(map[string]any)["failure_reason"]
		if fmt.Sprint(failure) != "map[detail:Incorrect image hash type:OTHER]" || v["attempt"] != 2.0 {
			t.Errorf("failure %v, attempt %v", failure, v["attempt"])
		}
	})
	t.Run("a photo instead of a passage", func(t *testing.T) {
		p := i.begin(flow)
		answer, data := p.call("PUT", "/capture/evidence/passage?step=1&attempt=1", "image/jpeg", face, p.auth...)
		if answer.StatusCode < 400 || !bytes.Contains(data, []byte("live_only")) {
			t.Errorf("upload: %d %s", answer.StatusCode, data)
		}
		if answer, data := p.call("POST", "/capture/submit", "application/json", []byte(`{"step":1,"attempt":1}`), p.auth...); answer.StatusCode < 400 {
			t.Errorf("submit: %d %s", answer.StatusCode, data)
		}
	})
	t.Run("a lost connection gets another challenge", func(t *testing.T) {
		p := i.begin(flow)
		first, second := i.dial(t), i.dial(t)
		first.hello(p.token())
		second.hello(p.token())
		if first.chain == second.chain {
			t.Error("the challenge is the old one")
		}
	})
	t.Run("two tabs", func(t *testing.T) {
		p := i.begin(flow)
		first, second := i.dial(t), i.dial(t)
		first.hello(p.token())
		second.hello(p.token())
		first.chain[0] ^= 1 // the shortest way to an end
		if h := first.frame(face); h.Problem == nil || h.Problem.Code != "passage_replaced" {
			t.Errorf("the tab that was replaced hears %+v", h)
		}
	})
	t.Run("far too large", func(t *testing.T) { // not even read
		w := i.dial(t)
		w.hello(i.begin(flow).token())
		if err := w.conn.Write(t.Context(), websocket.MessageBinary, packet(1, make([]byte, 4<<20))); err == nil {
			_, _, err = w.conn.Read(t.Context())
			if code := websocket.CloseStatus(err); code != websocket.StatusMessageTooBig && !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) {
				t.Errorf("the connection ends with %v", err)
			}
		}
	})
	t.Run("too many", func(t *testing.T) {
		w := i.dial(t)
		w.hello(i.begin(flow).token())
		for n := range 1600 {
			switch h := w.frame([]byte("GIF89a")); {
			case h.Problem != nil && h.Problem.Code == "too_many_frames" && n >= 1499:
				return
			case h.Advice == nil || h.Advice.Say != "send_again":
				t.Fatalf("frame %d is answered %+v", n+1, h)
			}
			if n == 1499 { // the answer to the last one is followed by the problem
				_, answer, err := w.conn.Read(t.Context())
				if err != nil || !bytes.Contains(answer, []byte(`"too_many_frames"`)) {
					t.Errorf("after 1,500 frames: %s, %v", answer, err)
				}
				return
			}
		}
	})
	t.Run("after the end", func(t *testing.T) {
		p := i.begin(flow)
		w := i.dial(t)
		w.hello(p.token())
		w.chain[0] ^= 1 // the shortest way to an end
		if h := w.frame(face); h.Advice == nil || !h.Advice.Done {
			t.Fatalf("answered %+v", h)
		}
		_ = w.conn.Write(t.Context(), websocket.MessageBinary, packet(2, face)) // the connection may be closed already
		if _, _, err := w.conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
			t.Errorf("the connection ends with %v", err)
		}
		if code := i.dial(t).hello(p.token()); code != "attempt_over" {
			t.Errorf("the same attempt again: %q", code)
		}
		if checks := p.checks(); checks != 1 {
			t.Errorf("%d checks", checks)
		}
	})
	t.Run("a tab is closed", func(t *testing.T) {
		p := i.begin(flow)
		w := i.dial(t)
		w.hello(p.token())
		w.frame(face)
		w.conn.CloseNow()
		next := i.dial(t)
		if code := next.hello(p.token()); code != "" {
			t.Fatalf("the next one is refused with %s", code)
		}
		if h := next.frame(face); h.Advice == nil || h.Number != 1 {
			t.Errorf("answered %+v", h)
		}
		v := p.want(200, "GET", "/capture/session", "", p.auth...)
		if v["attempt"] != 1.0 || v["state"] != "waiting" {
			t.Errorf("attempt %v is %v", v["attempt"], v["state"])
		}
	})
	t.Run("begun again and again", func(t *testing.T) {
		p := i.begin(flow)
		for range 20 {
			if code := i.dial(t).hello(p.token()); code != "" {
				return
			}
		}
		t.Error("draws without end")
	})
}

// What a browser says of itself is noted with what the person did, the camera's
// own label is not.
func TestDeviceIsNoted(t *testing.T) {
	i := newTestServer(t)
	p := i.begin(i.liveFlow())
	w := i.dial(t)
	h := w.say(websocket.MessageText, fmt.Appendf(nil, `{"token":%q,"step":1,"attempt":1,"camera":"OBS Virtual Camera of Anna"}`, p.token()))
	w.chain = sha256.Sum256([]byte(h.Welcome.Nonce))
	w.chain[0] ^= 1 // the shortest way to an end
	if h := w.frame([]byte("GIF89a")); h.Advice == nil || !h.Advice.Done {
		t.Fatalf("answered %+v", h)
	}
	events := fmt.Sprint(i.want(200, "GET", "/v1/sessions/"+p.id, "")["events"])
	if !strings.Contains(events, "virtual_camera:OBS]") || strings.Contains(events, "Anna") {
		t.Errorf("events %s", events)
	}
}

// smallFrame is a photo as a page sends it.
func smallFrame(t *testing.T, photo []byte) []byte {
	t.Helper()
	m, err := vision.Decode(photo)
	if err != nil {
		t.Fatal(err)
	}
	data, err := m.Resize(480, 480*m.H/m.W).EncodeJPEG(80)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
