package engine

import (
	"context"
	"fmt"
	"time"

	"idflow"
)

// Sweep does what time alone brings: it expires sessions whose time has passed
// and wakes those whose check got lost. It returns how many it touched.
func (e *Engine) Sweep(ctx context.Context) (expired, woken int, err error) {
	const batch = 200
	const stuckAfter = 2 * time.Minute // longer than a check may take with its queue's own retries
	now := e.now()
	var overdue, stuck []string
	err = e.store.View(ctx, func(tx Tx) error {
		if overdue, err = tx.Overdue(ctx, now, batch); err != nil {
			return err
		}
		stuck, err = tx.Stuck(ctx, now.Add(-stuckAfter), batch)
		return err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("look for overdue and stuck sessions: %w", err)
	}
	for _, id := range overdue {
		if err := e.move(ctx, id, TimedOut{}); err != nil {
			return expired, woken, fmt.Errorf("expire session %s: %w", id, err)
		}
		expired++
	}
	for _, id := range stuck {
		err := e.store.InTx(ctx, func(tx Tx) error {
			s, err := tx.Session(ctx, id)
			if err != nil || s.State != idflow.Checking || !s.UpdatedAt.Before(now.Add(-stuckAfter)) {
				return err
			}
			s.UpdatedAt = now // so that the next sweep gives it time
			if err := tx.UpdateSession(ctx, s); err != nil {
				return err
			}
			return tx.EnqueueCheck(ctx, id)
		})
		if err != nil {
			return expired, woken, fmt.Errorf("wake session %s: %w", id, err)
		}
		woken++
	}
	return expired, woken, nil
}
