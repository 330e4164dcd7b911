package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"idflow"
	"idflow/engine"
)

type newSession struct {
	FlowID    string            `json:"flow_id,omitempty" doc:"May be left out when the key belongs to one Flow."`
	Reference string            `json:"reference_id,omitempty" maxLength:"100" example:"customer-4711" doc:"Your own id for the person. Put no personal data into it."`
	Metadata  map[string]string `json:"metadata,omitempty" doc:"Up to 20 members of up to 500 bytes, given back as they are."`
	Expected  map[string]string `json:"expected,omitempty" doc:"What the document should say: surname, given_names, birth_date (1990-12-31), sex (M, F, X), nationality (three letters), document_number, personal_number, expiry_date. Kept sealed and not given back."`
	Locale    string            `json:"locale,omitempty" enum:"en,ru,kk,kz" doc:"Language of the hosted page; the browser's when left out."`
	ExpiresIn int               `json:"expires_in_seconds,omitempty" minimum:"60" maximum:"2592000" example:"3600" doc:"24 hours when left out."`
}

type sessionBody struct {
	ID           string             `json:"id" format:"uuid"`
	Status       string             `json:"status" enum:"created,in_progress,processing,completed,expired,cancelled" doc:"Where the session is. Processing: a check runs, ask again in a second."`
	Decision     *string            `json:"decision" enum:"approved,declined,review" doc:"Null until the session is completed."`
	Reasons      []idflow.Reason    `json:"reasons" doc:"Why the decision is not approved; the weightiest first."`
	Flow         sessionFlow        `json:"flow"`
	Technologies []string           `json:"technologies" example:"[\"LDS\",\"DR\",\"F2F\"]"`
	Reference    string             `json:"reference_id"`
	Metadata     map[string]string  `json:"metadata"`
	Locale       string             `json:"locale"`
	URL          string             `json:"url,omitempty" doc:"The person's page. Only in the answer to the creation."`
	CreatedAt    time.Time          `json:"created_at"`
	UpdatedAt    time.Time          `json:"updated_at"`
	ExpiresAt    time.Time          `json:"expires_at"`
	DecidedAt    *time.Time         `json:"decided_at"`
	Steps        []sessionStep      `json:"steps,omitempty"`
	Result       map[string]any     `json:"result,omitempty" doc:"The last report of every technology, under its own name."`
	Events       []sessionEventBody `json:"events,omitempty"`
}

type sessionFlow struct {
	ID      string `json:"id" format:"uuid"`
	Name    string `json:"name"`
	Version int    `json:"version"`
}

type sessionStep struct {
	Number     int            `json:"number" example:"1"`
	Technology string         `json:"technology"`
	Code       string         `json:"code"`
	Title      string         `json:"title"`
	Status     string         `json:"status" enum:"pending,waiting,checking,passed,failed,review"`
	Attempt    int            `json:"attempt"`
	Attempts   int            `json:"attempts"`
	Checks     []checkBody    `json:"checks"`
	Evidence   []evidenceBody `json:"evidence"`
}

type checkBody struct {
	Attempt   int             `json:"attempt"`
	Verdict   idflow.Verdict  `json:"verdict" enum:"pass,fail,retry,review"`
	Reasons   []idflow.Reason `json:"reasons"`
	Scores    []scoreBody     `json:"scores"`
	Models    []string        `json:"models" doc:"Ids of the nets that took part, with the beginning of their SHA-256."`
	StartedAt time.Time       `json:"started_at"`
	Duration  int64           `json:"duration_ms"`
	Report    any             `json:"report"`
}

type scoreBody struct {
	Name      string   `json:"name" example:"liveness.passive"`
	Value     float64  `json:"value"`
	Threshold *float64 `json:"threshold" doc:"Null: measured, not judged."`
	Below     bool     `json:"below" doc:"Passes at or below the threshold instead of at or above."`
	OK        bool     `json:"ok"`
}

type evidenceBody struct {
	ID          string    `json:"id" format:"uuid"`
	Name        string    `json:"name" example:"selfie"`
	Attempt     int       `json:"attempt"`
	Derived     bool      `json:"derived" doc:"Made by a technology, not given by the person."`
	ContentType string    `json:"content_type"`
	Size        int64     `json:"size"`
	SHA256      string    `json:"sha256"`
	CreatedAt   time.Time `json:"created_at"`
	URL         string    `json:"url"`
}

type sessionEventBody struct {
	Sequence  int              `json:"sequence"`
	Type      idflow.EventType `json:"type"`
	CreatedAt time.Time        `json:"created_at"`
	Data      any              `json:"data"`
}

type sessionAnswer struct{ Body sessionBody }

type sessionID struct {
	ID string `path:"id" doc:"The session's id."`
}

type sessionQuery struct {
	FlowID   string `query:"flow_id" doc:"Only sessions of this Flow."`
	Status   string `query:"status" enum:"created,in_progress,processing,expired,cancelled"`
	Decision string `query:"decision" enum:"approved,declined,review"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"25"`
	After    string `query:"after" doc:"The next of the page before."`
}

type sessionPage struct {
	Body struct {
		Data []sessionBody `json:"data"`
		Next *string       `json:"next" doc:"Give it as after for the next page; null on the last one."`
	}
}

// statuses as customers see them; what is decided is completed.
var statuses = map[idflow.State]string{
	idflow.Created: "created", idflow.Waiting: "in_progress", idflow.Checking: "processing",
	idflow.Approved: "completed", idflow.Declined: "completed", idflow.Review: "completed",
	idflow.Expired: "expired", idflow.Cancelled: "cancelled",
}

func (a *api) registerSessions() {
	tags := []string{"Sessions"}
	register(a, huma.Operation{OperationID: "create-session", Method: http.MethodPost, Path: "/v1/sessions", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Create a session", Description: "Send the person to the url of the answer; it is the only place where the url is given.",
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity}},
		func(ctx context.Context, actor idflow.Actor, in *struct{ Body newSession }) (*sessionAnswer, error) {
			s, token, err := a.Engine.CreateSession(ctx, actor, engine.NewSession{
				FlowID: in.Body.FlowID, Reference: in.Body.Reference, Metadata: in.Body.Metadata, Expected: in.Body.Expected, Locale: in.Body.Locale,
				Lifetime: time.Duration(in.Body.ExpiresIn) * time.Second,
			})
			if err != nil {
				return nil, err
			}
			body := a.session(s)
			body.URL = a.PublicURL + "/s/" + token
			return &sessionAnswer{body}, nil
		})
	register(a, huma.Operation{OperationID: "list-sessions", Method: http.MethodGet, Path: "/v1/sessions", Tags: tags, Summary: "List sessions, newest first",
		Errors: []int{http.StatusUnprocessableEntity}},
		a.listSessions)
	register(a, huma.Operation{OperationID: "get-session", Method: http.MethodGet, Path: "/v1/sessions/{id}", Tags: tags, Summary: "Read a session and its one result",
		Description: "While the decision is null there is no verdict yet, which is not a failure: Retry-After says when to ask again.", Errors: []int{http.StatusNotFound}},
		a.getSession)
	register(a, huma.Operation{OperationID: "cancel-session", Method: http.MethodPost, Path: "/v1/sessions/{id}/cancel", Tags: tags, Summary: "Cancel a session",
		Errors: []int{http.StatusNotFound, http.StatusConflict}},
		func(ctx context.Context, actor idflow.Actor, in *sessionID) (*sessionAnswer, error) {
			s, err := a.Engine.CancelSession(ctx, actor, in.ID)
			if err != nil {
				return nil, err
			}
			return &sessionAnswer{a.session(s)}, nil
		})
	register(a, huma.Operation{OperationID: "get-evidence", Method: http.MethodGet, Path: "/v1/sessions/{id}/evidence/{evidence_id}", Tags: tags,
		Summary: "Read one piece of evidence", Description: "The bytes as the person gave them, or as a technology derived them. A live passage leaves its transcript (passage), its key frames, and if the Flow wants it a recording: the frames that the transcript lists, as JPEGs one behind the other.", Errors: []int{http.StatusNotFound},
		Responses: map[string]*huma.Response{"200": {Description: "A picture, the transcript or the recording of a live passage", Content: map[string]*huma.MediaType{"image/jpeg": {}, "image/png": {}, "image/webp": {}, "application/json": {}, "video/x-motion-jpeg": {}}}}},
		a.getEvidence)
}

func (a *api) listSessions(ctx context.Context, actor idflow.Actor, in *sessionQuery) (*sessionPage, error) {
	f := engine.SessionFilter{FlowID: in.FlowID, State: idflow.State(in.Decision), Before: in.After, Limit: in.Limit + 1}
	for state, status := range statuses {
		if in.Decision == "" && status == in.Status {
			f.State = state
		}
	}
	sessions, err := a.Engine.Sessions(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	out := &sessionPage{}
	out.Body.Data = []sessionBody{}
	for i, s := range sessions {
		if i == in.Limit {
			out.Body.Next = &sessions[i-1].ID
			break
		}
		out.Body.Data = append(out.Body.Data, a.session(s))
	}
	return out, nil
}

type dossierAnswer struct {
	RetryAfter int `header:"Retry-After" doc:"Seconds until it is worth asking again; only while there is no decision."`
	Body       sessionBody
}

func (a *api) getSession(ctx context.Context, actor idflow.Actor, in *sessionID) (*dossierAnswer, error) {
	d, err := a.Engine.Dossier(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := &dossierAnswer{Body: a.session(d.Session)}
	switch d.Session.State {
	case idflow.Checking:
		out.RetryAfter = 1
	case idflow.Created, idflow.Waiting:
		out.RetryAfter = 5
	}
	b := &out.Body
	b.Result = map[string]any{}
	b.Steps = a.steps(d)
	for _, c := range d.Session.Checks {
		if t := a.Engine.Technologies().Get(c.Technology); t != nil {
			b.Result[t.Spec().Result] = value(c.Report)
		}
	}
	for _, e := range d.Events {
		b.Events = append(b.Events, sessionEventBody{e.Sequence, e.Type, e.CreatedAt, value(e.Data)})
	}
	return out, nil
}

// session is what lists tell of a session.
func (a *api) session(s idflow.Session) sessionBody {
	b := sessionBody{
		ID: s.ID, Status: statuses[s.State], Reasons: []idflow.Reason{}, Flow: sessionFlow{s.Flow.ID, s.Flow.Name, s.Flow.Version}, Technologies: []string{},
		Reference: s.Reference, Metadata: s.Metadata, Locale: s.Locale, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt, ExpiresAt: s.ExpiresAt, DecidedAt: when(s.DecidedAt),
	}
	if b.Metadata == nil {
		b.Metadata = map[string]string{}
	}
	if b.Status == "completed" {
		decision := string(s.State)
		b.Decision = &decision
	}
	if s.Decision != nil {
		b.Reasons = some(s.Decision.Reasons)
	}
	for _, step := range s.Flow.Steps {
		code := step.Technology
		if t := a.Engine.Technologies().Get(step.Technology); t != nil {
			code = t.Spec().Code
		}
		b.Technologies = append(b.Technologies, code)
	}
	return b
}

// steps tells the whole story of a session, step by step.
func (a *api) steps(d engine.Dossier) []sessionStep {
	s := d.Session
	steps := make([]sessionStep, len(s.Flow.Steps))
	for i, step := range s.Flow.Steps {
		b := sessionStep{Number: i + 1, Technology: step.Technology, Title: step.Technology, Status: "pending", Attempts: step.Attempts, Checks: []checkBody{}, Evidence: []evidenceBody{}}
		if t := a.Engine.Technologies().Get(step.Technology); t != nil {
			b.Code, b.Title = t.Spec().Code, t.Spec().Title
		}
		steps[i] = b
	}
	if !s.State.Over() && s.Attempt > 0 {
		at := &steps[s.Step]
		at.Attempt, at.Status = s.Attempt, "waiting"
		if s.State == idflow.Checking {
			at.Status = "checking"
		}
	}
	verdicts := map[idflow.Verdict]string{idflow.Pass: "passed", idflow.Unclear: "review", idflow.Fail: "failed", idflow.Retry: "failed"}
	for _, c := range s.Checks {
		at := &steps[c.Step]
		if at.Attempt <= c.Attempt {
			at.Attempt, at.Status = c.Attempt, verdicts[c.Verdict]
		}
		at.Checks = append(at.Checks, check(c))
	}
	for _, e := range d.Evidence {
		steps[e.Step].Evidence = append(steps[e.Step].Evidence, evidenceBody{e.ID, e.Name, e.Attempt, e.Derived, e.ContentType, e.Size, e.SHA256, e.CreatedAt,
			"/v1/sessions/" + s.ID + "/evidence/" + e.ID})
	}
	return steps
}

func check(c idflow.Check) checkBody {
	b := checkBody{Attempt: c.Attempt, Verdict: c.Verdict, Reasons: some(c.Reasons), Scores: []scoreBody{}, Models: some(c.Models),
		StartedAt: c.StartedAt, Duration: c.FinishedAt.Sub(c.StartedAt).Milliseconds(), Report: value(c.Report)}
	for _, s := range c.Scores {
		b.Scores = append(b.Scores, scoreBody{s.Name, s.Value, s.Threshold, s.Below, s.OK()})
	}
	return b
}

// value lets stored JSON travel as it is.
func value(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	return raw
}

type evidenceAnswer struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Disposition  string `header:"Content-Disposition"`
	Body         []byte
}

func (a *api) getEvidence(ctx context.Context, actor idflow.Actor, in *struct {
	ID         string `path:"id" doc:"The session's id."`
	EvidenceID string `path:"evidence_id" doc:"The id that the session lists."`
}) (*evidenceAnswer, error) {
	e, data, err := a.Engine.EvidenceBytes(ctx, actor, in.ID, in.EvidenceID)
	if err != nil {
		return nil, err
	}
	return &evidenceAnswer{ContentType: e.ContentType, CacheControl: "private, no-store", Disposition: "inline", Body: data}, nil
}
