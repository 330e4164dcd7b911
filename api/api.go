// Package api is /v1: JSON in, engine call, JSON out. It holds no rules. The
// OpenAPI document is made from the types in this package.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"idflow"
	"idflow/engine"
	"idflow/problem"
)

// Users knows the humans of the cabinet, who come with a cookie instead of a key.
type Users interface {
	// Actor of the login that the request carries; idflow.ErrUnauthorized if none.
	Actor(r *http.Request) (idflow.Actor, error)
}

// Config of the API.
type Config struct {
	Engine    *engine.Engine
	Users     Users        // nil: keys only
	PublicURL string       // address that people reach this server under, without a slash at the end
	Log       *slog.Logger // required
}

// maxBody bounds every request of /v1: they are small JSON documents.
const maxBody = 256 << 10

type api struct {
	Config
	huma huma.API
}

// Register adds the routes of /v1 to the mux and returns the document that describes them.
func Register(mux *http.ServeMux, c Config) *huma.OpenAPI {
	config := huma.DefaultConfig("idflow", "1.0.0")
	config.Info.Description = "Identity verification: create a session with a Flow's API key, send the person to its address, read the one result."
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.CreateHooks = nil // no $schema members in answers
	config.DocsPath = ""     // huma's own page loads scripts from elsewhere
	config.OpenAPIPath = "/v1/openapi"
	config.SchemasPath = ""
	config.RejectUnknownQueryParameters = true
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key":    {Type: "http", Scheme: "bearer", Description: "A Flow's API key (idf_live_…), or the organization's own."},
		"cookie": {Type: "apiKey", In: "cookie", Name: "idflow_login", Description: "The cabinet's login."},
	}
	config.Security = []map[string][]string{{"key": {}}, {"cookie": {}}}
	a := &api{Config: c, huma: humago.New(mux, config)}
	a.huma.UseMiddleware(a.authenticate)
	a.registerTechnologies()
	a.registerFlows()
	a.registerSessions()
	return a.huma.OpenAPI()
}

// schemaName is how the document calls a Go type.
func schemaName(t reflect.Type, hint string) string {
	if t == reflect.TypeFor[problem.Document]() {
		return "Problem"
	}
	return strings.TrimSuffix(huma.DefaultSchemaNamer(t, hint), "Body")
}

func init() {
	huma.DefaultArrayNullable = false // a list with nothing in it is [], never null
	// What huma itself refuses (bad JSON, a member that does not fit its schema)
	// gets the same shape as everything else. The offending value is not
	// repeated: it may be personal data.
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		d := &problem.Document{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: codes[status], Detail: message}
		if d.Code == "" {
			d.Code = "request_invalid"
		}
		for _, err := range errs {
			var detail huma.ErrorDetailer
			if errors.As(err, &detail) {
				d.Errors = append(d.Errors, problem.Detail{Location: detail.ErrorDetail().Location, Message: detail.ErrorDetail().Message})
			}
		}
		return d
	}
}

// codes of what huma refuses by itself.
var codes = map[int]string{
	http.StatusBadRequest:            "request_malformed",
	http.StatusNotAcceptable:         "answer_type_unknown",
	http.StatusRequestEntityTooLarge: "body_too_large",
	http.StatusUnsupportedMediaType:  "body_type_unknown",
	http.StatusUnprocessableEntity:   "request_invalid",
	http.StatusRequestTimeout:        "request_timeout",
	http.StatusInternalServerError:   "internal",
}

type actorKey struct{}

// authenticate finds who asks: a key in the Authorization header, or a login cookie.
func (a *api) authenticate(ctx huma.Context, next func(huma.Context)) {
	actor, err := a.actor(ctx)
	if err != nil {
		r, w := humago.Unwrap(ctx)
		if idflow.AsError(err) == idflow.ErrUnauthorized {
			w.Header().Set("WWW-Authenticate", `Bearer realm="idflow"`)
		}
		problem.Write(w, r, a.Log, err)
		return
	}
	next(huma.WithValue(ctx, actorKey{}, actor))
}

func (a *api) actor(ctx huma.Context) (idflow.Actor, error) {
	if header := ctx.Header("Authorization"); header != "" {
		scheme, key, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") || key == "" {
			return idflow.Actor{}, idflow.ErrUnauthorized
		}
		return a.Engine.Authenticate(ctx.Context(), strings.TrimSpace(key))
	}
	if a.Users == nil {
		return idflow.Actor{}, idflow.ErrUnauthorized
	}
	r, _ := humago.Unwrap(ctx)
	return a.Users.Actor(r)
}

// register adds one operation whose handler is told who asks.
func register[I, O any](a *api, op huma.Operation, handle func(context.Context, idflow.Actor, *I) (*O, error)) {
	op.MaxBodyBytes = maxBody
	op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusInternalServerError)
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		actor, _ := ctx.Value(actorKey{}).(idflow.Actor)
		out, err := handle(ctx, actor, in)
		if err != nil {
			return nil, problem.From(ctx, a.Log, err)
		}
		return out, nil
	})
}
