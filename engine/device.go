package engine

import (
	"context"

	"idflow"
)

type deviceKey struct{}

// WithDevice notes what the person's browser says of itself. The events that the
// person brings about tell it.
func WithDevice(ctx context.Context, d idflow.Device) context.Context {
	return context.WithValue(ctx, deviceKey{}, d)
}

// deviceOf is nil where nobody's browser is behind what happens.
func deviceOf(ctx context.Context) *idflow.Device {
	if d, ok := ctx.Value(deviceKey{}).(idflow.Device); ok && d != (idflow.Device{}) {
		return &d
	}
	return nil
}
