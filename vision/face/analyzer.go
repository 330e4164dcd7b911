package face

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"idflow/vision"
	"idflow/vision/onnx"
)

// NetNames are the networks that Open asks for.
var NetNames = []string{blazeNet, ultraNet, meshNet, eyeNet, passiveNet, embeddingNet, coverNet}

// Analyzer measures faces. It is safe for concurrent use; its networks run as
// often at a time as the pool it was opened with allows.
type Analyzer struct {
	nets      []*onnx.Net // in the order of NetNames
	pipelines sync.Pool   // of *pipeline
}

// Open names the networks by the files that path gives, for at most pool runs
// of each at a time. They are read when they are first needed.
func Open(path func(net string) (string, error), pool int) (*Analyzer, error) {
	a := &Analyzer{}
	for _, name := range NetNames {
		file, err := path(name)
		if err == nil {
			var net *onnx.Net
			if net, err = onnx.Open(file, pool); err == nil {
				a.nets = append(a.nets, net)
			}
		}
		if err != nil {
			a.Close()
			return nil, fmt.Errorf("open the face networks: %w", err)
		}
	}
	a.pipelines.New = func() any { return a.newPipeline() }
	return a, nil
}

// Load reads all networks now, to have that cost before the first picture.
func (a *Analyzer) Load() error {
	for _, n := range a.nets {
		if err := n.Load(); err != nil {
			return err
		}
	}
	return nil
}

// Close frees the networks once nothing runs on them.
func (a *Analyzer) Close() {
	for _, n := range a.nets {
		n.Close()
	}
}

func (a *Analyzer) net(name string) *onnx.Net { return a.nets[slices.Index(NetNames, name)] }

// borrow lends a pipeline that looks at m; give it back with release.
func (a *Analyzer) borrow(m *vision.Image) *pipeline {
	p := a.pipelines.Get().(*pipeline)
	p.open(m)
	return p
}

func (a *Analyzer) release(p *pipeline) {
	p.open(&vision.Image{}) // lets go of the picture
	a.pipelines.Put(p)
}

// errNoPixels is a mistake of the caller: vision.Decode gives no such picture.
var errNoPixels = errors.New("analyze a face: the picture has no pixels")

// Analyze finds the largest face of a picture, whichever way up the picture
// lies, and measures what is wanted of it. No face is no error: Analysis.Face is
// nil then.
func (a *Analyzer) Analyze(ctx context.Context, m *vision.Image, what Want) (Analysis, error) {
	if m.W < 1 || m.H < 1 {
		return Analysis{}, errNoPixels
	}
	p := a.borrow(m)
	defer a.release(p)
	if err := p.find(ctx, what&WantOthers != 0); err != nil {
		return Analysis{}, fmt.Errorf("find a face: %w", err)
	}
	out := Analysis{Image: m}
	if len(p.found) == 0 {
		return out, nil
	}
	f := &Face{Mesh: p.found[0].mesh}
	out.Turn = f.Mesh.upright()
	if out.Turn != 0 {
		out.Image = m.Rotate(out.Turn)
		p.open(out.Image)
		f.Mesh.turn(m, out.Turn)
	}
	f.Detection = p.found[0].Detection.turned(m, out.Turn)
	for _, c := range p.found {
		out.Faces = append(out.Faces, c.box.Turned(m, out.Turn))
	}
	if err := p.measure(ctx, f, what); err != nil {
		return Analysis{}, fmt.Errorf("measure a face: %w", err)
	}
	out.Face = f
	return out, nil
}

// Detect gives the faces of a picture as it lies, best score first, unconfirmed
// by the mesh.
func (a *Analyzer) Detect(ctx context.Context, m *vision.Image) ([]Detection, error) {
	if m.W < 1 || m.H < 1 {
		return nil, errNoPixels
	}
	p := a.borrow(m)
	defer a.release(p)
	ds, err := p.blaze.detect(ctx, &p.picture, 0)
	if err == nil && len(ds) == 0 {
		ds, err = p.ultra.detect(ctx, &p.picture, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("detect faces: %w", err)
	}
	return slices.Clone(ds), nil
}

// Measure measures the face that was detected in m, as m lies.
func (a *Analyzer) Measure(ctx context.Context, m *vision.Image, d Detection, what Want) (Face, error) {
	if m.W < 1 || m.H < 1 {
		return Face{}, errNoPixels
	}
	p := a.borrow(m)
	defer a.release(p)
	if err := p.mesh.detected(ctx, &p.picture, &d); err != nil {
		return Face{}, fmt.Errorf("fit a mesh: %w", err)
	}
	f := Face{Detection: d, Mesh: p.mesh.mesh}
	if err := p.measure(ctx, &f, what); err != nil {
		return Face{}, fmt.Errorf("measure a face: %w", err)
	}
	return f, nil
}

// pipeline is what one picture at a time is measured with: the canvases of the
// networks and the memory between them.
type pipeline struct {
	picture   vision.Pyramid
	blaze     *blazeFace
	ultra     *ultraLight
	ultraSeen bool // ultra.found is of this picture
	mesh      *meshStage
	eyes      *eyeStage
	passive   *passiveStage
	embedding *embeddingStage
	cover     *coverStage
	found     []candidate   // by find, the largest first
	chip      *vision.Image // the aligned face
	gray      []uint8
}

func (a *Analyzer) newPipeline() *pipeline {
	return &pipeline{
		blaze:     newBlazeFace(a.net(blazeNet)),
		ultra:     newUltraLight(a.net(ultraNet)),
		mesh:      newMeshStage(a.net(meshNet)),
		eyes:      newEyeStage(a.net(eyeNet)),
		passive:   newPassiveStage(a.net(passiveNet)),
		embedding: newEmbeddingStage(a.net(embeddingNet)),
		cover:     newCoverStage(a.net(coverNet)),
		chip:      vision.New(chipSize, chipSize),
	}
}

// open has the pipeline look at m.
func (p *pipeline) open(m *vision.Image) {
	p.picture.Reset(m)
	p.ultraSeen = false
}

// measure fills in what follows from the mesh.
func (p *pipeline) measure(ctx context.Context, f *Face, what Want) error {
	f.Box, f.Pose, f.Mouth = f.Mesh.Box(), f.Mesh.Pose(), f.Mesh.Mouth()
	var err error
	if what&WantEyes != 0 {
		if f.Eyes, err = p.eyes.measure(ctx, &p.picture, &f.Mesh); err != nil {
			return err
		}
	}
	if what&WantLive != 0 {
		if f.Live, err = p.passive.measure(ctx, &p.picture, f.Box); err != nil {
			return err
		}
	}
	if what&WantQuality != 0 {
		p.picture.WarpInto(p.chip, chipMap(&f.Mesh))
		f.Quality, p.gray = assess(p.chip, p.gray)
		f.Quality.EyeDistance = f.Mesh.EyeLeft().Dist(f.Mesh.EyeRight())
		f.Quality.Inside = f.Mesh.inside(p.picture.Image().Bounds())
	}
	if what&WantCover != 0 {
		if f.Cover, err = p.cover.measure(ctx, &p.picture, &f.Mesh); err != nil {
			return err
		}
	}
	if what&WantEmbedding != 0 {
		if f.Embedding, err = p.embedding.measure(ctx, &p.picture, &f.Mesh); err != nil {
			return err
		}
	}
	return nil
}
