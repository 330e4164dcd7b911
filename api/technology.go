package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"idflow"
	"idflow/tech"
)

type technologyBody struct {
	Key          string            `json:"key" example:"liveness_short"`
	Code         string            `json:"code" example:"LDS"`
	Title        string            `json:"title" example:"Liveness Short"`
	Description  string            `json:"description"`
	Needs        []string          `json:"needs" doc:"Facts that earlier steps must give." example:"[\"face.live\"]"`
	Gives        []string          `json:"gives" doc:"Facts handed to later steps."`
	Asks         bool              `json:"asks" doc:"Whether the person has something to do."`
	Settings     []tech.Setting    `json:"settings" doc:"What a Flow may set for it."`
	Subscription *subscriptionNote `json:"subscription" doc:"The subscription that counts now; null if there never was one."`
}

type subscriptionNote struct {
	Status    idflow.SubscriptionStatus `json:"status" enum:"active,future,expired,used_up"`
	Remaining *int                      `json:"remaining" doc:"Transactions left; null when their number is not limited."`
	EndsAt    *time.Time                `json:"ends_at"`
}

type subscriptionBody struct {
	ID           string                    `json:"id"`
	Technology   string                    `json:"technology"`
	Code         string                    `json:"code"`
	Title        string                    `json:"title"`
	Status       idflow.SubscriptionStatus `json:"status" enum:"active,future,expired,used_up"`
	Remaining    *int                      `json:"remaining" doc:"Transactions left; null when their number is not limited."`
	Transactions *int                      `json:"transactions" doc:"Transactions bought; null when their number is not limited."`
	Used         int                       `json:"used"`
	StartsAt     time.Time                 `json:"starts_at"`
	EndsAt       *time.Time                `json:"ends_at"`
	PurchasedAt  time.Time                 `json:"purchased_at"`
}

type list[T any] struct {
	Body struct {
		Data []T `json:"data"`
	}
}

func (a *api) registerTechnologies() {
	register(a, huma.Operation{
		OperationID: "list-technologies", Method: http.MethodGet, Path: "/v1/technologies", Tags: []string{"Technologies"},
		Summary: "What a Flow can be made of", Description: "Every technology of this installation with its settings and whether the organization may use it.",
	}, func(ctx context.Context, actor idflow.Actor, _ *struct{}) (*list[technologyBody], error) {
		subs, err := a.Engine.Subscriptions(ctx, actor)
		if err != nil {
			return nil, err
		}
		out := &list[technologyBody]{}
		out.Body.Data = []technologyBody{}
		for _, t := range a.Engine.Technologies().All() {
			s := t.Spec()
			_, asks := t.(tech.Asker)
			out.Body.Data = append(out.Body.Data, technologyBody{
				Key: s.Key, Code: s.Code, Title: s.Title, Description: s.Description, Needs: some(s.Needs), Gives: some(s.Gives),
				Asks: asks, Settings: some(s.Settings), Subscription: note(subs, s.Key, a.Engine.Now()),
			})
		}
		return out, nil
	})
	register(a, huma.Operation{
		OperationID: "list-subscriptions", Method: http.MethodGet, Path: "/v1/subscriptions", Tags: []string{"Technologies"},
		Summary: "What the organization may use",
	}, func(ctx context.Context, actor idflow.Actor, _ *struct{}) (*list[subscriptionBody], error) {
		subs, err := a.Engine.Subscriptions(ctx, actor)
		if err != nil {
			return nil, err
		}
		out := &list[subscriptionBody]{}
		out.Body.Data = []subscriptionBody{}
		for _, s := range subs {
			b := subscriptionBody{ID: s.ID, Technology: s.Technology, Title: s.Technology, Status: s.Status(a.Engine.Now()), Remaining: remaining(s),
				Used: s.Used, StartsAt: s.StartsAt, EndsAt: when(s.EndsAt), PurchasedAt: s.PurchasedAt}
			if s.Transactions > 0 {
				b.Transactions = &s.Transactions
			}
			if t := a.Engine.Technologies().Get(s.Technology); t != nil {
				b.Code, b.Title = t.Spec().Code, t.Spec().Title
			}
			out.Body.Data = append(out.Body.Data, b)
		}
		return out, nil
	})
}

// note tells of the subscription that counts most: an active one before a
// future one before those that are over.
func note(subs []idflow.Subscription, technology string, now time.Time) *subscriptionNote {
	rank := map[idflow.SubscriptionStatus]int{idflow.SubscriptionActive: 4, idflow.SubscriptionFuture: 3, idflow.SubscriptionUsedUp: 2, idflow.SubscriptionExpired: 1}
	var best *subscriptionNote
	for _, s := range subs {
		status := s.Status(now)
		if s.Technology == technology && (best == nil || rank[status] > rank[best.Status]) {
			best = &subscriptionNote{Status: status, Remaining: remaining(s), EndsAt: when(s.EndsAt)}
		}
	}
	return best
}

func remaining(s idflow.Subscription) *int {
	if n := s.Remaining(); n >= 0 {
		return &n
	}
	return nil
}

// when is a time that may be missing.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// some makes a missing list an empty one, so that clients need not tell them apart.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
