package face

import (
	"context"
	"fmt"

	"idflow/vision"
)

// Tracker follows one face through the frames of a camera: it detects once, and
// then fits the mesh to where the face was in the frame before, which costs a
// third. It looks for the face anew where it is lost. Frames are taken to be
// upright, as cameras deliver them.
//
// A Tracker is of one stream: not for concurrent use, and its results are valid
// until the next frame. After the first frames it allocates nothing but
// embeddings.
type Tracker struct {
	p         *pipeline
	face      Face
	faces     []vision.Rect
	following bool
}

// NewTracker makes a tracker for one stream of frames.
func (a *Analyzer) NewTracker() *Tracker { return &Tracker{p: a.newPipeline()} }

// Next measures the next frame. Analysis.Faces holds the tracked face alone
// unless WantOthers asks for a search, or the face was lost. Face.Detection is
// zero on a frame that was followed.
func (t *Tracker) Next(ctx context.Context, m *vision.Image, what Want) (Analysis, error) {
	if m.W < 1 || m.H < 1 {
		return Analysis{}, errNoPixels
	}
	t.p.open(m)
	if err := t.locate(ctx); err != nil {
		return Analysis{}, fmt.Errorf("track a face: %w", err)
	}
	out := Analysis{Image: m}
	if !t.following {
		return out, nil
	}
	if err := t.p.measure(ctx, &t.face, what); err != nil {
		return Analysis{}, fmt.Errorf("measure a face: %w", err)
	}
	if err := t.others(ctx, what); err != nil {
		return Analysis{}, fmt.Errorf("look for other faces: %w", err)
	}
	out.Face, out.Faces = &t.face, t.faces
	return out, nil
}

// Reset has the tracker look anew, as after a jump from one scene to another.
func (t *Tracker) Reset() { t.following = false }

// locate gives t.face its mesh: where it was, or wherever it is now.
func (t *Tracker) locate(ctx context.Context) error {
	if t.following {
		if err := t.p.mesh.tracked(ctx, &t.p.picture, &t.face.Mesh); err != nil {
			return err
		}
		if t.p.mesh.mesh.Confidence >= leastConfidence {
			t.face = Face{Mesh: t.p.mesh.mesh}
			t.p.found = append(t.p.found[:0], candidate{mesh: t.face.Mesh, box: t.face.Mesh.Box()})
			return nil
		}
	}
	if err := t.p.look(ctx, 0); err != nil {
		return err
	}
	t.following = len(t.p.found) > 0
	if t.following {
		t.face = Face{Mesh: t.p.found[0].mesh, Detection: t.p.found[0].Detection}
	}
	return nil
}

// others lists the boxes of the faces, the tracked one among them.
func (t *Tracker) others(ctx context.Context, what Want) error {
	if what&WantOthers != 0 {
		ds, err := t.p.blaze.detect(ctx, &t.p.picture, 0)
		if err == nil {
			err = t.p.confirm(ctx, ds)
		}
		if err != nil {
			return err
		}
	}
	t.faces = t.faces[:0]
	for i := range t.p.found {
		t.faces = append(t.faces, t.p.found[i].box)
	}
	return nil
}
