package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"idflow"
)

type flowBody struct {
	ID        string     `json:"id" format:"uuid"`
	Name      string     `json:"name" example:"Liveness + Document + Face 2 Face"`
	Version   int        `json:"version" doc:"An edit makes the next version; running sessions keep theirs." example:"1"`
	CreatedAt time.Time  `json:"created_at"`
	Steps     []stepBody `json:"steps"`
	Keys      []keyBody  `json:"keys" doc:"Empty for those who may not see keys."`
}

type stepBody struct {
	Technology string         `json:"technology" example:"liveness_short"`
	Code       string         `json:"code" example:"LDS"`
	Title      string         `json:"title" example:"Liveness Short"`
	Attempts   int            `json:"attempts" example:"3"`
	Settings   map[string]any `json:"settings"`
}

type keyBody struct {
	ID        string    `json:"id" format:"uuid"`
	Masked    string    `json:"masked" example:"idf_live_Ab3d…x9Qz"`
	Shown     bool      `json:"shown" doc:"A key can be shown once; then only its hash is left."`
	CreatedAt time.Time `json:"created_at"`
}

// newFlow is what a customer sends. The rules stand in idflow.Flow.Clean and
// tech.Set.Validate, whose codes are more telling than a schema's.
type newFlow struct {
	Name  string    `json:"name" required:"false" example:"Liveness + Document + Face 2 Face"`
	Steps []newStep `json:"steps" required:"false" doc:"In the order the person passes them."`
}

type newStep struct {
	Technology string         `json:"technology" example:"liveness_short" doc:"Key of a technology."`
	Attempts   int            `json:"attempts,omitempty" example:"3" doc:"Tries in all, 1 to 5; 3 when left out."`
	Settings   map[string]any `json:"settings,omitempty" doc:"What the technology lists under settings; defaults stand for what is left out."`
}

func (n newFlow) steps() ([]idflow.Step, error) {
	steps := make([]idflow.Step, len(n.Steps))
	for i, s := range n.Steps {
		settings, err := json.Marshal(s.Settings)
		if err != nil {
			return nil, idflow.Invalid("settings_not_an_object", idflow.Field("steps", i, "settings"), "Settings must be a JSON object.")
		}
		steps[i] = idflow.Step{Technology: s.Technology, Attempts: s.Attempts, Settings: settings}
	}
	return steps, nil
}

type flowID struct {
	ID string `path:"id" doc:"The Flow's id."`
}

type flowAnswer struct{ Body flowBody }

type flowCheck struct {
	Body struct {
		Valid    bool          `json:"valid"`
		Problems []flowProblem `json:"problems"`
	}
}

type flowProblem struct {
	Code    string `json:"code" example:"flow_order_impossible"`
	Field   string `json:"field" example:"steps[0].technology"`
	Message string `json:"message"`
}

func (a *api) registerFlows() {
	tags := []string{"Flows"}
	register(a, huma.Operation{OperationID: "list-flows", Method: http.MethodGet, Path: "/v1/flows", Tags: tags, Summary: "List Flows"},
		func(ctx context.Context, actor idflow.Actor, _ *struct{}) (*list[flowBody], error) {
			flows, err := a.Engine.Flows(ctx, actor)
			if err != nil {
				return nil, err
			}
			keys, err := a.keys(ctx, actor)
			if err != nil {
				return nil, err
			}
			out := &list[flowBody]{}
			out.Body.Data = []flowBody{}
			for _, f := range flows {
				out.Body.Data = append(out.Body.Data, a.flow(f, keys))
			}
			return out, nil
		})
	register(a, huma.Operation{OperationID: "create-flow", Method: http.MethodPost, Path: "/v1/flows", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Create a Flow", Description: "Refused when the order cannot work, when a technology has no active subscription, or when a setting is wrong; the code and the field say which. The new key is shown by the reveal call, once.",
		Errors: []int{http.StatusUnprocessableEntity}},
		func(ctx context.Context, actor idflow.Actor, in *struct{ Body newFlow }) (*flowAnswer, error) {
			steps, err := in.Body.steps()
			if err != nil {
				return nil, err
			}
			f, err := a.Engine.CreateFlow(ctx, actor, in.Body.Name, steps)
			if err != nil {
				return nil, err
			}
			return a.answerFlow(ctx, actor, f)
		})
	register(a, huma.Operation{OperationID: "validate-flow", Method: http.MethodPost, Path: "/v1/flows/validate", Tags: tags,
		Summary: "Check a Flow without saving it", Errors: []int{http.StatusUnprocessableEntity}},
		func(ctx context.Context, actor idflow.Actor, in *struct{ Body newFlow }) (*flowCheck, error) {
			steps, err := in.Body.steps()
			if err != nil {
				return nil, err
			}
			problems, err := a.Engine.ValidateFlow(ctx, actor, in.Body.Name, steps)
			if err != nil {
				return nil, err
			}
			out := &flowCheck{}
			out.Body.Valid, out.Body.Problems = len(problems) == 0, []flowProblem{}
			for _, p := range problems {
				out.Body.Problems = append(out.Body.Problems, flowProblem{p.Code, p.Field, p.Message})
			}
			return out, nil
		})
	register(a, huma.Operation{OperationID: "get-flow", Method: http.MethodGet, Path: "/v1/flows/{id}", Tags: tags, Summary: "Read a Flow", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, actor idflow.Actor, in *flowID) (*flowAnswer, error) {
			f, err := a.Engine.Flow(ctx, actor, in.ID)
			if err != nil {
				return nil, err
			}
			return a.answerFlow(ctx, actor, f)
		})
	register(a, huma.Operation{OperationID: "delete-flow", Method: http.MethodDelete, Path: "/v1/flows/{id}", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Delete a Flow", Description: "Its keys stop working at once; sessions that run finish.", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, actor idflow.Actor, in *flowID) (*struct{}, error) {
			return nil, a.Engine.DeleteFlow(ctx, actor, in.ID)
		})
	type revealed struct {
		Body struct {
			Key string `json:"key" example:"idf_live_Ab3d0123456789abcdefghijklmnopqrstuvwxyzx9Qz"`
		}
	}
	register(a, huma.Operation{OperationID: "reveal-key", Method: http.MethodPost, Path: "/v1/flows/{id}/keys/{key_id}/reveal", Tags: tags,
		Summary: "Show a key, once", Description: "Afterwards only a hash of the key is kept, and nobody can show it again.", Errors: []int{http.StatusNotFound, http.StatusConflict}},
		func(ctx context.Context, actor idflow.Actor, in *struct {
			ID    string `path:"id" doc:"The Flow's id."`
			KeyID string `path:"key_id" doc:"The key's id."`
		}) (*revealed, error) {
			secret, err := a.Engine.RevealKey(ctx, actor, in.ID, in.KeyID)
			out := &revealed{}
			out.Body.Key = secret
			return out, err
		})
}

// keys lists keys for those who may see them, and none for others.
func (a *api) keys(ctx context.Context, actor idflow.Actor) ([]idflow.APIKey, error) {
	if !actor.May(idflow.ReadKeys) {
		return nil, nil
	}
	return a.Engine.Keys(ctx, actor)
}

func (a *api) answerFlow(ctx context.Context, actor idflow.Actor, f idflow.Flow) (*flowAnswer, error) {
	keys, err := a.keys(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &flowAnswer{a.flow(f, keys)}, nil
}

func (a *api) flow(f idflow.Flow, keys []idflow.APIKey) flowBody {
	b := flowBody{ID: f.ID, Name: f.Name, Version: f.Version, CreatedAt: f.CreatedAt, Keys: []keyBody{}}
	for _, s := range f.Steps {
		step := stepBody{Technology: s.Technology, Title: s.Technology, Attempts: s.Attempts, Settings: map[string]any{}}
		if t := a.Engine.Technologies().Get(s.Technology); t != nil {
			step.Code, step.Title = t.Spec().Code, t.Spec().Title
		}
		if err := json.Unmarshal(s.Settings, &step.Settings); err != nil {
			a.Log.Error("settings of a stored Flow are not an object", "flow", f.ID, "error", err)
		}
		b.Steps = append(b.Steps, step)
	}
	for _, k := range keys {
		if k.FlowID == f.ID && k.RevokedAt.IsZero() {
			b.Keys = append(b.Keys, keyBody{k.ID, k.Masked, k.Shown, k.CreatedAt})
		}
	}
	return b
}
