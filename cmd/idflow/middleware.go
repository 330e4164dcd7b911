package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"idflow"
	"idflow/problem"
)

// front is what every request passes, whatever answers it: it gets an id, its
// end is logged, a panic ends in an answer, and no other site may act in the
// name of a logged-in person.
func front(next http.Handler, log *slog.Logger) http.Handler {
	foreign := http.NewCrossOriginProtection()
	foreign.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, log, &idflow.Error{Kind: idflow.KindForbidden, Code: "foreign_origin", Message: "This request came from another site's page."})
	}))
	return identified(headers(recovered(foreign.Handler(next), log)), log)
}

// identified names the request and logs how it ended. The address is logged
// only as far as it names the route: what follows may be somebody's link.
func identified(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := uuid.Must(uuid.NewV7()).String()
		w.Header().Set("X-Request-Id", id)
		answer := &recorder{ResponseWriter: w, status: http.StatusOK}
		began := time.Now()
		r = r.WithContext(problem.WithRequestID(r.Context(), id))
		next.ServeHTTP(answer, r)
		log.Debug("request", "request_id", id, "method", r.Method, "route", route(r), "status", answer.status, "took", time.Since(began).Round(time.Microsecond))
	})
}

// route is the pattern that answered, which holds no id and no token.
func route(r *http.Request) string {
	if r.Pattern == "" {
		return "none"
	}
	if _, path, ok := strings.Cut(r.Pattern, " "); ok {
		return path
	}
	return r.Pattern
}

// headers that every answer carries. Pages add their own Content-Security-Policy.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "SAMEORIGIN")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

// recovered answers for a handler that panicked.
func recovered(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			log.Error("a handler panicked", "request_id", problem.RequestID(r.Context()), "route", route(r), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			problem.Write(w, r, log, fmt.Errorf("panic"))
		}()
		next.ServeHTTP(w, r)
	})
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach what is beneath.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
