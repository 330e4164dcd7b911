package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"idflow/attack"
	"idflow/specimen/portraits"
	"idflow/vision"
	"idflow/vision/face"
)

// Which pictures of person A the movements are made of: looking ahead with the
// mouth shut, and with closed eyes.
const (
	calmPicture = 2
	shutPicture = 9
)

// Movements are what the camera of a live passage shows (walks/actor.mjs): the frames of person A's
// movements before a camera, DIR/movements/ACTION-NN.jpg, from rest to the height
// of each.
func Movements(ctx context.Context, dir string, faces *face.Analyzer, set portraits.Set) error {
	a := set.Person("A")
	calm, err := vision.Decode(a.Pictures[calmPicture].JPEG)
	if err != nil {
		return err
	}
	shut, err := vision.Decode(a.Pictures[shutPicture].JPEG)
	if err != nil {
		return err
	}
	made, err := (&attack.Kit{Faces: faces}).Movements(ctx, calm, shut)
	if err != nil {
		return fmt.Errorf("movements: %w", err)
	}
	dir = filepath.Join(dir, "movements")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for action, frames := range made {
		for i, frame := range frames {
			data, err := frame.EncodeJPEG(92)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%02d.jpg", action, i)), data, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
