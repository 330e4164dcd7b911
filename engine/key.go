package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"idflow"
)

// KeyPrefix begins every API key, so that a leaked one is found by scanners.
const KeyPrefix = "idf_live_"

// newKey makes an API key. The organization's own has no Flow.
func (e *Engine) newKey(organizationID, flowID string) (k idflow.APIKey, sealed []byte, err error) {
	random, _ := newToken()
	secret := KeyPrefix + random
	k = idflow.APIKey{
		ID: newID(), OrganizationID: organizationID, FlowID: flowID,
		Masked: KeyPrefix + random[:4] + "…" + random[len(random)-4:], Hash: hashToken(secret), CreatedAt: e.now(),
	}
	sealed, err = e.vault.SealSecret("key/"+k.ID, []byte(secret))
	if err != nil {
		return k, nil, fmt.Errorf("seal a key: %w", err)
	}
	return k, sealed, nil
}

// Authenticate finds who holds a key.
func (e *Engine) Authenticate(ctx context.Context, secret string) (a idflow.Actor, err error) {
	err = e.store.View(ctx, func(tx Tx) error {
		k, err := tx.KeyByHash(ctx, hashToken(secret))
		if errors.Is(err, idflow.ErrNotFound) {
			return idflow.ErrUnauthorized
		}
		a = idflow.Actor{OrganizationID: k.OrganizationID, KeyID: k.ID, FlowID: k.FlowID}
		return err
	})
	return a, err
}

// Keys lists the organization's keys.
func (e *Engine) Keys(ctx context.Context, actor idflow.Actor) (list []idflow.APIKey, err error) {
	if !actor.May(idflow.ReadKeys) {
		return nil, idflow.ErrForbidden
	}
	err = e.store.View(ctx, func(tx Tx) error {
		list, err = tx.Keys(ctx, actor.OrganizationID)
		return err
	})
	return list, err
}

// ErrKeyShown is the answer to a second look at a key.
var ErrKeyShown = idflow.Conflict("key_shown", "This key has been shown already, and only its hash is left. Make a new one.")

// RevealKey shows a Flow's key once; after that only its hash is left. An
// empty flowID stands for the organization's own keys.
func (e *Engine) RevealKey(ctx context.Context, actor idflow.Actor, flowID, keyID string) (secret string, err error) {
	if !actor.May(idflow.WriteKeys) {
		return "", idflow.ErrForbidden
	}
	err = e.store.InTx(ctx, func(tx Tx) error {
		keys, err := tx.Keys(ctx, actor.OrganizationID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(keys, func(k idflow.APIKey) bool { return k.ID == keyID && k.FlowID == flowID })
		switch {
		case i < 0 || !keys[i].RevokedAt.IsZero():
			return idflow.ErrNotFound
		case keys[i].Shown:
			return ErrKeyShown
		}
		sealed, err := tx.TakeSecret(ctx, actor.OrganizationID, keyID)
		if err != nil {
			return err
		}
		plain, err := e.vault.OpenSecret("key/"+keyID, sealed)
		secret = string(plain)
		return err
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// CreateOrganizationKey makes the organization's own key, which may do
// everything a Flow's key may, and manage Flows.
func (e *Engine) CreateOrganizationKey(ctx context.Context, organizationID string) (k idflow.APIKey, err error) {
	k, sealed, err := e.newKey(organizationID, "")
	if err != nil {
		return k, err
	}
	return k, e.store.InTx(ctx, func(tx Tx) error { return tx.InsertKey(ctx, k, sealed) })
}
