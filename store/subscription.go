package store

import (
	"context"
	"time"

	"idflow"
)

// InsertSubscription adds a subscription.
func (tx *Tx) InsertSubscription(ctx context.Context, s idflow.Subscription) error {
	_, err := tx.write(ctx, "insert subscription", `
		INSERT INTO subscription (id, organization_id, technology, starts_at, ends_at, transactions, used, purchased_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.ID, s.OrganizationID, s.Technology, millis{&s.StartsAt}, millis{&s.EndsAt}, s.Transactions, s.Used, millis{&s.PurchasedAt})
	return err
}

// Subscriptions lists an organization's subscriptions in the order they were bought.
func (tx *Tx) Subscriptions(ctx context.Context, organizationID string) ([]idflow.Subscription, error) {
	return list(ctx, tx, "subscriptions", scanSubscription, `
		SELECT id, organization_id, technology, starts_at, ends_at, transactions, used, purchased_at
		FROM subscription WHERE organization_id = $1 ORDER BY purchased_at, id`, organizationID)
}

func scanSubscription(r row) (s idflow.Subscription, err error) {
	return s, r.Scan(&s.ID, &s.OrganizationID, &s.Technology, millis{&s.StartsAt}, millis{&s.EndsAt}, &s.Transactions, &s.Used, millis{&s.PurchasedAt})
}

// Charge takes one transaction from the subscription that is active at the
// time now and ends first, those without end last; false when there is none.
// Two charges at the same time never take the same transaction.
func (tx *Tx) Charge(ctx context.Context, organizationID, technology string, now time.Time) (bool, error) {
	n, err := tx.write(ctx, "charge a subscription", `
		UPDATE subscription SET used = used + 1 WHERE id = (
			SELECT id FROM subscription
			WHERE organization_id = $1 AND technology = $2 AND starts_at <= $3 AND (ends_at = 0 OR ends_at > $3)
				AND (transactions = 0 OR used < transactions)
			ORDER BY CASE WHEN ends_at = 0 THEN 1 ELSE 0 END, ends_at, purchased_at, id LIMIT 1`+tx.lock+`)`,
		organizationID, technology, millis{&now})
	return n > 0, err
}
