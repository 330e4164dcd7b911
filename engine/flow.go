package engine

import (
	"context"
	"errors"
	"time"

	"idflow"
)

// CreateFlow checks a Flow and makes its first version and its first key. The
// key's secret waits for RevealKey.
func (e *Engine) CreateFlow(ctx context.Context, actor idflow.Actor, name string, steps []idflow.Step) (f idflow.Flow, err error) {
	if !actor.May(idflow.WriteFlows) {
		return f, idflow.ErrForbidden
	}
	now := e.now()
	f = idflow.Flow{ID: newID(), OrganizationID: actor.OrganizationID, Name: name, Version: 1, Steps: steps, CreatedAt: now}
	if err := e.technologies.Validate(&f); err != nil {
		return idflow.Flow{}, err
	}
	key, sealed, err := e.newKey(actor.OrganizationID, f.ID)
	if err != nil {
		return idflow.Flow{}, err
	}
	err = e.store.InTx(ctx, func(tx Tx) error {
		if err := e.subscribed(ctx, tx, f, now); err != nil {
			return err
		}
		if err := tx.InsertFlow(ctx, f); err != nil {
			return err
		}
		return tx.InsertKey(ctx, key, sealed)
	})
	return f, err
}

// ValidateFlow says everything that is wrong with a Flow without making it: at
// most one problem with its name and one with its steps.
func (e *Engine) ValidateFlow(ctx context.Context, actor idflow.Actor, name string, steps []idflow.Step) (problems []*idflow.Error, err error) {
	if !actor.May(idflow.ReadFlows) {
		return nil, idflow.ErrForbidden
	}
	f := idflow.Flow{OrganizationID: actor.OrganizationID, Name: name, Steps: steps}
	err = e.technologies.Validate(&f)
	if p := idflow.AsError(err); p != nil && p.Field == "name" {
		problems = append(problems, p)
		f.Name = "a name that is right"
		err = e.technologies.Validate(&f)
	}
	if err == nil {
		err = e.store.View(ctx, func(tx Tx) error { return e.subscribed(ctx, tx, f, e.now()) })
	}
	if p := idflow.AsError(err); p != nil {
		return append(problems, p), nil
	}
	return problems, err
}

// Flows lists the Flows that the actor may use, oldest first.
func (e *Engine) Flows(ctx context.Context, actor idflow.Actor) (list []idflow.Flow, err error) {
	if !actor.May(idflow.ReadFlows) {
		return nil, idflow.ErrForbidden
	}
	err = e.store.View(ctx, func(tx Tx) error {
		if actor.FlowID != "" {
			f, err := tx.Flow(ctx, actor.OrganizationID, actor.FlowID)
			list = []idflow.Flow{f}
			return err
		}
		list, err = tx.Flows(ctx, actor.OrganizationID)
		return err
	})
	return list, err
}

// Flow reads the latest version of a Flow.
func (e *Engine) Flow(ctx context.Context, actor idflow.Actor, id string) (f idflow.Flow, err error) {
	if !actor.May(idflow.ReadFlows) {
		return f, idflow.ErrForbidden
	}
	if actor.FlowID != "" && actor.FlowID != id {
		return f, idflow.ErrNotFound
	}
	err = e.store.View(ctx, func(tx Tx) error {
		f, err = tx.Flow(ctx, actor.OrganizationID, id)
		if err == nil && !f.DeletedAt.IsZero() {
			err = idflow.ErrNotFound
		}
		return err
	})
	if err != nil {
		return idflow.Flow{}, err
	}
	return f, nil
}

// DeleteFlow takes a Flow out of use together with its keys. Sessions that run
// finish.
func (e *Engine) DeleteFlow(ctx context.Context, actor idflow.Actor, id string) error {
	if !actor.May(idflow.WriteFlows) {
		return idflow.ErrForbidden
	}
	return e.store.InTx(ctx, func(tx Tx) error {
		f, err := tx.Flow(ctx, actor.OrganizationID, id)
		if err != nil {
			return err
		}
		if !f.DeletedAt.IsZero() {
			return idflow.ErrNotFound
		}
		return tx.DeleteFlow(ctx, actor.OrganizationID, id, e.now())
	})
}

// subscribed refuses a Flow with a technology that is not paid for.
func (e *Engine) subscribed(ctx context.Context, tx Tx, f idflow.Flow, now time.Time) error {
	subs, err := tx.Subscriptions(ctx, f.OrganizationID)
	if err != nil {
		return err
	}
	for i, step := range f.Steps {
		if !active(subs, step.Technology, now) {
			title := step.Technology
			if t := e.technologies.Get(step.Technology); t != nil {
				title = t.Spec().Title
			}
			return &idflow.Error{Kind: idflow.KindForbidden, Code: "subscription_missing", Field: idflow.Field("steps", i, "technology"),
				Message: "There is no active subscription for " + title + "."}
		}
	}
	return nil
}

// active reports whether one of the subscriptions covers a technology now.
func active(subs []idflow.Subscription, technology string, now time.Time) bool {
	for _, s := range subs {
		if s.Technology == technology && s.Status(now) == idflow.SubscriptionActive {
			return true
		}
	}
	return false
}

// Subscriptions lists the organization's subscriptions.
func (e *Engine) Subscriptions(ctx context.Context, actor idflow.Actor) (list []idflow.Subscription, err error) {
	if !actor.May(idflow.ReadFlows) {
		return nil, idflow.ErrForbidden
	}
	err = e.store.View(ctx, func(tx Tx) error {
		list, err = tx.Subscriptions(ctx, actor.OrganizationID)
		return err
	})
	return list, err
}

// Welcome makes a new organization ready to work: a subscription without end
// for every technology, and the Flow that shows what the product does.
func (e *Engine) Welcome(ctx context.Context, organizationID, flowName string, technologies []string) error {
	now := e.now()
	owner := idflow.Actor{OrganizationID: organizationID, UserID: "welcome", Role: idflow.Owner}
	err := e.store.InTx(ctx, func(tx Tx) error {
		subs, err := tx.Subscriptions(ctx, organizationID)
		if err != nil {
			return err
		}
		for _, t := range e.technologies.All() {
			key := t.Spec().Key
			if active(subs, key, now) {
				continue
			}
			s := idflow.Subscription{ID: newID(), OrganizationID: organizationID, Technology: key, StartsAt: now, PurchasedAt: now}
			if err := tx.InsertSubscription(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var steps []idflow.Step
	for _, key := range technologies {
		if e.technologies.Get(key) == nil {
			return errors.New("no technology " + key)
		}
		steps = append(steps, idflow.Step{Technology: key})
	}
	_, err = e.CreateFlow(ctx, owner, flowName, steps)
	return err
}
