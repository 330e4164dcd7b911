package attack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"idflow/vision"
)

// Target is a server under attack. It is reached as any page reaches it, over
// HTTP and WebSocket, with a key of the organization.
type Target struct {
	URL string
	Key string

	// Tick lets the server's clock go on before a frame is sent, so that results
	// do not depend on how busy this machine is; nil waits in earnest.
	Tick func(time.Duration)
}

// interval between frames.
const interval = 100 * time.Millisecond

// Outcome is what became of one presentation.
type Outcome struct {
	Verdict string             `json:"verdict"` // pass, review, retry, fail; "refused": it did not come to a verdict
	Reasons []string           `json:"reasons,omitempty"`
	Actions []string           `json:"actions,omitempty"` // that were asked
	Scores  map[string]float64 `json:"scores,omitempty"`
	Frames  int                `json:"frames"`
	Length  time.Duration      `json:"length"`  // by the server's clock
	Judging time.Duration      `json:"judging"` // from the last frame to the verdict, real time
}

// flow makes a Flow of one technology and returns its id.
func (t *Target) flow(ctx context.Context, technology, settings string) (string, error) {
	var made struct{ ID string }
	body := fmt.Sprintf(`{"name":%q,"steps":[{"technology":%q,"settings":%s,"attempts":1}]}`, technology, technology, settings)
	err := t.call(ctx, "POST", "/v1/flows", t.Key, body, &made)
	return made.ID, err
}

// session makes a session and opens its link.
func (t *Target) session(ctx context.Context, flow string) (id, token string, err error) {
	var made struct{ ID, URL string }
	if err := t.call(ctx, "POST", "/v1/sessions", t.Key, fmt.Sprintf(`{"flow_id":%q}`, flow), &made); err != nil {
		return "", "", err
	}
	token = made.URL[strings.LastIndex(made.URL, "/")+1:]
	return made.ID, token, t.call(ctx, "GET", "/capture/session", token, "", nil)
}

// play has an actor pass one session of a Flow.
func (t *Target) play(ctx context.Context, flow string, a actor, forge func(frame int, chain *[32]byte)) (Outcome, error) {
	id, token, err := t.session(ctx, flow)
	if err != nil {
		return Outcome{}, err
	}
	out, done, err := t.perform(ctx, token, a, forge)
	if err != nil || !done {
		out.Verdict = "refused"
		return out, err
	}
	return out, t.verdict(ctx, id, token, &out)
}

// message is what the server says over the WebSocket.
type message struct {
	Welcome struct{ Nonce string }
	Advice  *Advice
	Problem *struct{ Code string }
}

// perform plays before the WebSocket until the server has seen enough.
func (t *Target) perform(ctx context.Context, token string, a actor, forge func(int, *[32]byte)) (out Outcome, done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(t.URL, "http")+"/capture/live", nil)
	if err != nil {
		return out, false, fmt.Errorf("begin a passage: %w", err)
	}
	defer conn.CloseNow()
	if err := conn.Write(ctx, websocket.MessageText, fmt.Appendf(nil, `{"token":%q,"step":1,"attempt":1}`, token)); err != nil {
		return out, false, err
	}
	said, err := hear(ctx, conn)
	if err != nil {
		return out, false, err
	}
	if said.Problem != nil {
		out.Reasons = []string{said.Problem.Code}
		return out, false, nil
	}
	chain := sha256.Sum256([]byte(said.Welcome.Nonce))
	advice := Advice{}
	var shown *vision.Image
	var jpeg []byte
	for number := uint32(1); !advice.Done; number++ {
		m := a.frame(advice)
		if m == nil {
			return out, false, nil
		}
		if m != shown {
			if jpeg, err = m.EncodeJPEG(80); err != nil {
				return out, false, err
			}
			shown = m
		}
		t.wait()
		out.Length += interval
		chain = sha256.Sum256(append(chain[:], jpeg...))
		if forge != nil {
			forge(int(number), &chain)
		}
		packet := append(binary.BigEndian.AppendUint32(nil, number), chain[:]...)
		if err := conn.Write(ctx, websocket.MessageBinary, append(packet, jpeg...)); err != nil {
			return out, false, err
		}
		if said, err = hear(ctx, conn); err != nil {
			return out, false, err
		}
		if said.Problem != nil || said.Advice == nil {
			out.Reasons = []string{"too much"}
			if said.Problem != nil {
				out.Reasons[0] = said.Problem.Code
			}
			return out, false, nil
		}
		if advice = *said.Advice; advice.Action != "" && (len(out.Actions) == 0 || advice.Step >= len(out.Actions)) {
			out.Actions = append(out.Actions, advice.Action)
		}
		out.Frames++
	}
	return out, true, nil
}

func (t *Target) wait() {
	if t.Tick != nil {
		t.Tick(interval)
		return
	}
	time.Sleep(interval)
}

func hear(ctx context.Context, conn *websocket.Conn) (m message, err error) {
	_, data, err := conn.Read(ctx)
	if err != nil {
		return m, fmt.Errorf("hear the server: %w", err)
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("understand the server: %w", err)
	}
	return m, nil
}

// give uploads one photo and submits it.
func (t *Target) give(ctx context.Context, flow, name string, picture []byte) (Outcome, error) {
	id, token, err := t.session(ctx, flow)
	if err != nil {
		return Outcome{}, err
	}
	r, err := http.NewRequestWithContext(ctx, "PUT", t.URL+"/capture/evidence/"+name+"?step=1&attempt=1", bytes.NewReader(picture))
	if err != nil {
		return Outcome{}, err
	}
	r.Header.Set("Content-Type", http.DetectContentType(picture))
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return Outcome{}, err
	}
	answer.Body.Close()
	out := Outcome{Verdict: "refused"}
	if err := t.call(ctx, "POST", "/capture/submit", token, `{"step":1,"attempt":1}`, nil); err != nil {
		var refused *refusal
		if errors.As(err, &refused) {
			out.Reasons = []string{refused.code}
			return out, nil
		}
		return out, err
	}
	return out, t.verdict(ctx, id, token, &out)
}

// verdict waits for the check and reads what it found.
func (t *Target) verdict(ctx context.Context, id, token string, out *Outcome) error {
	began := time.Now()
	visit := struct {
		State     string
		UpdatedAt string `json:"updated_at"`
	}{State: "checking"}
	for path := "/capture/session"; visit.State == "checking"; path = "/capture/session?wait=10&seen=" + visit.UpdatedAt {
		if err := t.call(ctx, "GET", path, token, "", &visit); err != nil {
			return err
		}
	}
	out.Judging = time.Since(began)
	var s struct {
		Steps []struct {
			Checks []struct {
				Verdict string
				Reasons []string
				Scores  []struct {
					Name  string
					Value float64
				}
			}
		}
	}
	if err := t.call(ctx, "GET", "/v1/sessions/"+id, t.Key, "", &s); err != nil {
		return err
	}
	if len(s.Steps) == 0 || len(s.Steps[0].Checks) == 0 {
		return fmt.Errorf("session %s is %s and was not checked", id, visit.State)
	}
	c := s.Steps[0].Checks[0]
	out.Verdict, out.Reasons, out.Scores = c.Verdict, c.Reasons, map[string]float64{}
	for _, score := range c.Scores {
		out.Scores[score.Name] = score.Value
	}
	return nil
}

// refusal is an answer of the server that is no success.
type refusal struct {
	status int
	code   string
}

func (r *refusal) Error() string { return fmt.Sprintf("the server answers %d %s", r.status, r.code) }

// call makes a request with a key or token and reads the JSON answer.
func (t *Target) call(ctx context.Context, method, path, key, body string, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, t.URL+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, 8<<20))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if answer.StatusCode >= 300 {
		var problem struct{ Code string }
		_ = json.Unmarshal(data, &problem) // what is no problem document has no code
		return fmt.Errorf("%s %s: %w", method, path, &refusal{answer.StatusCode, problem.Code})
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}
