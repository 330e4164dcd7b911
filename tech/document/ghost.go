package document

import (
	"context"
	"fmt"

	"idflow"
	"idflow/vision"
	"idflow/vision/face"
)

// GhostDiffers says that the small second portrait shows somebody else.
const GhostDiffers idflow.Reason = "portrait_ghost_differs"

// Likeness of the portrait and its ghost, a cosine. Where ghosts of drawn
// documents were found they had 0.61 to 0.84 to their own portrait and at most
// 0.26 to those of other people.
const (
	ghostSame   = 0.35
	ghostClear  = 0.5
	ghostPixels = 60.0 // width of the face; smaller ones are not compared
)

// compareGhost looks for the portrait's pale and smaller copy on the same page,
// and measures how alike they are. Many ghosts are too pale to be found.
func (t Technology) compareGhost(ctx context.Context, s *sight) error {
	if s.faces.Face == nil || len(s.sides) == 0 {
		return nil
	}
	for _, box := range s.faces.Faces[min(1, len(s.faces.Faces)):] {
		if box.W() < ghostPixels || s.faces.Turn != 0 || !inside(s.sides[0].page.Quad, box.Center()) {
			continue
		}
		const around = 2.5
		got, err := t.Faces.Analyze(ctx, s.faces.Image.Crop(box.Scale(around)), face.WantEmbedding)
		if err != nil {
			return fmt.Errorf("measure the ghost portrait: %w", err)
		}
		if got.Face != nil {
			s.ghost, s.ghostSeen = face.Similarity(s.faces.Face.Embedding, got.Face.Embedding), true
			return nil
		}
	}
	return nil
}

// inside says whether p lies within the corners, which go clockwise.
func inside(q vision.Quad, p vision.Point) bool {
	for i := range q {
		if q[(i+1)&3].Sub(q[i]).Cross(p.Sub(q[i])) < 0 {
			return false
		}
	}
	return true
}

// ghostCheck is that of the side that shows the portrait.
func (f *findings) ghostCheck(s settings) []check {
	if f.portrait == nil || !f.portrait.ghostSeen {
		return nil
	}
	c := check{Code: "portrait.ghost", Severity: s.Edits, Reason: GhostDiffers, Score: f.portrait.ghost, Limit: ghostSame, Result: checkOK}
	switch {
	case c.Score < ghostSame:
		c.Result = checkFailed
	case c.Score < ghostClear:
		c.Result = checkUnsure
	}
	return []check{c}
}
