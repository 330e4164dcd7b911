package face

import (
	"cmp"
	"context"
	"math"
	"slices"

	"idflow/vision"
)

// maxCandidates bounds the detections of one look that the mesh is asked about.
const maxCandidates = 8

// sameFace is the shared part of two boxes, over the smaller one, from which
// they are taken for one face; cheek to cheek two faces share a tenth or two.
const sameFace = 0.4

// candidate is a detection with the mesh that confirms it and the box about that,
// which is the same whichever detector it was.
type candidate struct {
	Detection
	mesh Mesh
	box  vision.Rect
}

// find looks for faces until one is found beyond doubt: as the picture lies, and
// then after quarter turns. A detector may take a knee for a face, so the mesh
// has to confirm what it says. The faces in p.found are the largest first. With
// others, the second detector is asked for what the first one missed, too.
func (p *pipeline) find(ctx context.Context, others bool) error {
	var best []candidate
	for _, turn := range [...]int{0, 1, 3, 2} {
		if err := p.look(ctx, turn); err != nil {
			return err
		}
		if surest(p.found) > surest(best) {
			best = slices.Clone(p.found)
		}
		if surest(best) >= sureLogit {
			break
		}
	}
	if err := p.lookUpright(ctx, best); err != nil {
		return err
	}
	if !others || len(p.found) == 0 {
		return nil
	}
	ds, err := p.tall(ctx, p.found[0].turn)
	if err != nil {
		return err
	}
	return p.confirm(ctx, ds)
}

// lookUpright leaves in p.found what the detectors see the right way up, if the
// best were found otherwise: the boxes are better then. Else the best stay.
func (p *pipeline) lookUpright(ctx context.Context, best []candidate) error {
	if len(best) > 0 {
		if turn := best[0].mesh.upright(); turn != best[0].turn {
			if err := p.look(ctx, turn); err != nil {
				return err
			}
			if len(p.found) > 0 && p.found[0].mesh.upright() == turn {
				return nil
			}
		}
	}
	p.found = append(p.found[:0], best...)
	return nil
}

// look fills p.found with the confirmed faces of the picture seen after so many
// quarter turns; the second detector is asked where the first finds none.
func (p *pipeline) look(ctx context.Context, turn int) error {
	p.found = p.found[:0]
	ds, err := p.blaze.detect(ctx, &p.picture, turn)
	if err == nil {
		err = p.confirm(ctx, ds)
	}
	if err != nil || len(p.found) > 0 {
		return err
	}
	if ds, err = p.tall(ctx, turn); err != nil {
		return err
	}
	return p.confirm(ctx, ds)
}

// tall is what UltraLight finds in the picture seen after so many quarter turns;
// it is asked once.
func (p *pipeline) tall(ctx context.Context, turn int) ([]Detection, error) {
	if p.ultraSeen && p.ultra.turn == turn {
		return p.ultra.found, nil
	}
	ds, err := p.ultra.detect(ctx, &p.picture, turn)
	p.ultraSeen = err == nil
	return ds, err
}

// confirm adds to p.found the detections that the mesh takes for faces, one a
// face; those it has are not asked about again.
func (p *pipeline) confirm(ctx context.Context, ds []Detection) error {
	known := len(p.found)
	for _, d := range ds[:min(len(ds), maxCandidates)] {
		if slices.ContainsFunc(p.found[:known], func(c candidate) bool { return overlap(c.box, d.Box) > sameFace }) {
			continue
		}
		if err := p.mesh.detected(ctx, &p.picture, &d); err != nil {
			return err
		}
		if p.mesh.mesh.Confidence >= leastConfidence {
			p.found = append(p.found, candidate{d, p.mesh.mesh, p.mesh.mesh.Box()})
		}
	}
	p.found = oneEach(p.found)
	slices.SortStableFunc(p.found, func(a, b candidate) int { return cmp.Compare(b.box.Area(), a.box.Area()) })
	return nil
}

// surest is the best of the meshes' confidences.
func surest(cs []candidate) float32 {
	best := float32(math.Inf(-1))
	for i := range cs {
		best = max(best, cs[i].mesh.logit)
	}
	return best
}

// oneEach keeps, of those that lie on one another, the one the mesh is surest of.
func oneEach(cs []candidate) []candidate {
	slices.SortStableFunc(cs, func(a, b candidate) int { return cmp.Compare(b.mesh.logit, a.mesh.logit) })
	kept := cs[:0]
	for _, c := range cs {
		if !slices.ContainsFunc(kept, func(k candidate) bool { return overlap(k.box, c.box) > sameFace }) {
			kept = append(kept, c)
		}
	}
	return kept
}

// overlap is what two boxes share over the smaller one.
func overlap(a, b vision.Rect) float64 {
	return a.Intersect(b).Area() / min(a.Area(), b.Area())
}

// leaning is the roll, in degrees, up to which a head leans and beyond which the
// picture lies: more than a neck bends.
const leaning = 65

// upright is by how many quarters clockwise to turn the picture for the face to
// stand in it.
func (m *Mesh) upright() int {
	roll := m.Pose().Roll
	if math.Abs(roll) <= leaning {
		return 0
	}
	if math.Abs(roll) > 180-45 {
		return 2
	}
	if roll > 0 {
		return 3
	}
	return 1
}
