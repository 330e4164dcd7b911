// Package capture serves the hosted page of one session: it takes what the
// person gives and tells where the session stands. The link's token is the
// only credential; it travels in a header, and nothing here logs it.
package capture

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"idflow"
	"idflow/engine"
	"idflow/problem"
	"idflow/tech"
)

// MaxUpload bounds one capture, in bytes.
const MaxUpload = 25 << 20

// maxWait bounds a long poll, below the patience of the usual proxies.
const maxWait = 25 * time.Second

// Config of the hosted page.
type Config struct {
	Engine *engine.Engine
	Page   http.Handler // the page itself
	Log    *slog.Logger
}

type handler struct {
	Config
	load *load
}

// Register adds the hosted page and what it calls.
func Register(mux *http.ServeMux, c Config) {
	h := handler{c, &load{}}
	mux.Handle("GET /s/{token}", c.Page)
	mux.HandleFunc("GET /capture/session", noting(h.session))
	mux.HandleFunc("PUT /capture/evidence/{name}", noting(h.give))
	mux.HandleFunc("POST /capture/submit", noting(h.submit))
	mux.HandleFunc("POST /capture/cancel", noting(h.cancel))
	mux.HandleFunc("GET /capture/live", h.live)
}

// visitBody is where a session stands, as its page sees it.
type visitBody struct {
	State        idflow.State    `json:"state"`
	Step         int             `json:"step"` // from 1
	Steps        []visitStep     `json:"steps"`
	Attempt      int             `json:"attempt"`
	Attempts     int             `json:"attempts"`
	Task         visitTask       `json:"task"`
	Given        []string        `json:"given"`
	Last         *visitCheck     `json:"last"`
	Reasons      []idflow.Reason `json:"reasons"`
	Locale       string          `json:"locale"`
	Organization visitName       `json:"organization"`
	Flow         visitName       `json:"flow"`
	UpdatedAt    time.Time       `json:"updated_at"`
	ExpiresAt    time.Time       `json:"expires_at"`
}

type visitStep struct {
	Technology string `json:"technology"`
	Code       string `json:"code"`
	Asks       bool   `json:"asks"`
}

type visitTask struct {
	Captures []idflow.Capture `json:"captures"`
}

type visitCheck struct {
	Technology string          `json:"technology"`
	Verdict    idflow.Verdict  `json:"verdict"`
	Reasons    []idflow.Reason `json:"reasons"`
}

type visitName struct {
	Name string `json:"name"`
}

func (h handler) session(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	seen, err := time.Parse(time.RFC3339Nano, q.Get("seen"))
	if err != nil {
		v, err := h.Engine.Visit(r.Context(), token(r))
		h.answer(w, r, http.StatusOK, v, err)
		return
	}
	seconds, _ := strconv.Atoi(q.Get("wait"))
	wait := min(max(0, time.Duration(seconds)*time.Second), maxWait)
	v, err := h.Engine.Await(r.Context(), token(r), seen, wait)
	h.answer(w, r, http.StatusOK, v, err)
}

func (h handler) give(w http.ResponseWriter, r *http.Request) {
	step, attempt, err := position(r.URL.Query().Get("step"), r.URL.Query().Get("attempt"))
	if err != nil {
		problem.Write(w, r, h.Log, err)
		return
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxUpload))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		err = tech.ErrPictureTooLarge
	case err != nil:
		err = &idflow.Error{Kind: idflow.KindInvalid, Code: "upload_cut_short", Message: "The upload broke off. Send it again."}
	default:
		err = h.Engine.Give(r.Context(), token(r), engine.Given{Step: step, Attempt: attempt, Name: r.PathValue("name"), ContentType: r.Header.Get("Content-Type"), Data: data})
	}
	if err != nil {
		problem.Write(w, r, h.Log, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (h handler) submit(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Step, Attempt int
		Camera        string // its label, as far as the page knows it
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&in); err != nil {
		problem.Write(w, r, h.Log, idflow.Invalid("request_malformed", "", "Send {\"step\": 1, \"attempt\": 1}."))
		return
	}
	if err := h.Engine.Submit(withCamera(r.Context(), r.UserAgent(), in.Camera), token(r), in.Step-1, in.Attempt); err != nil {
		problem.Write(w, r, h.Log, err)
		return
	}
	v, err := h.Engine.Visit(r.Context(), token(r))
	h.answer(w, r, http.StatusAccepted, v, err)
}

func (h handler) cancel(w http.ResponseWriter, r *http.Request) {
	if err := h.Engine.Abandon(r.Context(), token(r)); err != nil {
		problem.Write(w, r, h.Log, err)
		return
	}
	v, err := h.Engine.Visit(r.Context(), token(r))
	h.answer(w, r, http.StatusOK, v, err)
}

// token of the link, from the Authorization header.
func token(r *http.Request) string {
	scheme, t, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(t)
}

// position reads which attempt at which step is meant; steps count from 1 outside.
func position(step, attempt string) (int, int, error) {
	s, err1 := strconv.Atoi(step)
	a, err2 := strconv.Atoi(attempt)
	if err1 != nil || err2 != nil {
		return 0, 0, idflow.Invalid("request_malformed", "step", "Say which step and attempt this belongs to.")
	}
	return s - 1, a, nil
}

func (h handler) answer(w http.ResponseWriter, r *http.Request, status int, v engine.Visit, err error) {
	if err != nil {
		problem.Write(w, r, h.Log, err)
		return
	}
	body, err := json.Marshal(h.visit(v))
	if err != nil {
		problem.Write(w, r, h.Log, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(body)
}

func (h handler) visit(v engine.Visit) visitBody {
	s := v.Session
	b := visitBody{
		State: s.State, Step: s.Step + 1, Steps: []visitStep{}, Attempt: s.Attempt, Attempts: s.Current().Attempts, Task: visitTask{[]idflow.Capture{}}, Given: []string{},
		Reasons: []idflow.Reason{}, Locale: s.Locale, Organization: visitName{v.Organization.Name}, Flow: visitName{s.Flow.Name}, UpdatedAt: s.UpdatedAt, ExpiresAt: s.ExpiresAt,
	}
	if s.State == idflow.Waiting && s.Task.Captures != nil {
		b.Task.Captures = s.Task.Captures
	}
	if v.Given != nil {
		b.Given = v.Given
	}
	for _, step := range s.Flow.Steps {
		at := visitStep{Technology: step.Technology}
		if t := h.Engine.Technologies().Get(step.Technology); t != nil {
			at.Code = t.Spec().Code
			_, at.Asks = t.(tech.Asker)
		}
		b.Steps = append(b.Steps, at)
	}
	if n := len(s.Checks); n > 0 {
		c := s.Checks[n-1]
		if c.Verdict == idflow.Fail || c.Verdict == idflow.Retry {
			b.Last = &visitCheck{c.Technology, c.Verdict, c.Reasons}
			if c.Reasons == nil {
				b.Last.Reasons = []idflow.Reason{}
			}
		}
	}
	if s.Decision != nil && s.Decision.Reasons != nil {
		b.Reasons = s.Decision.Reasons
	}
	return b
}
