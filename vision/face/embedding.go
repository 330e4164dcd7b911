package face

import (
	"context"
	"math"
	"slices"

	"idflow/vision"
	"idflow/vision/onnx"
)

// Recognition: 512 numbers by which faces are told apart.
//
// Source: MobileFaceNet shape (Chen et al., 2018), weights from npm
// faceplugin-face-recognition-js 0.0.1 (model/fr_feature.onnx, MIT; training
// data not stated).
//
// Measured by `idflow eval faces` on the pictures of LFW's folds 1 to 5:
// accuracy 99.40 %. Of 7.3 million pairs of strangers one in a thousand reaches
// 0.338, one in ten thousand 0.413, one in a hundred thousand 0.476, and so do
// 98.3, 96.1 and 91.8 % of the pairs of one person (4,414, some of them wrongly
// labelled). Portraits in documents, years between the pictures, and people whom
// news photographers seldom meet are not measured.
const (
	embeddingNet = "fr_feature"
	chipSize     = 112 // input: 1 x 3 x 112 x 112, RGB, (v - 127) / 128
	embeddingLen = 512
)

// EmbeddingModel names what made an embedding; those of different makers cannot
// be compared.
const EmbeddingModel = embeddingNet + "+mirror"

// chipTemplate is where the eyes, the nose and the corners of the mouth lie on
// the aligned face (the reference points of ArcFace: Deng et al., 2019).
var chipTemplate = []vision.Point{
	{X: 38.2946, Y: 51.6963}, {X: 73.5318, Y: 51.5014}, {X: 56.0252, Y: 71.7366},
	{X: 41.5493, Y: 92.3655}, {X: 70.7299, Y: 92.2041},
}

// chipMap leads from the aligned face of chipSize to the picture.
func chipMap(m *Mesh) vision.Affine {
	five := m.five()
	return vision.Similarity(five[:], chipTemplate).Inverse()
}

// mirror leads from a chip to the mirrored chip.
var mirror = vision.Affine{A: -1, C: chipSize - 1, E: 1}

type embeddingStage struct {
	stage
	sum []float32 // of the vectors so far
}

func newEmbeddingStage(net *onnx.Net) *embeddingStage {
	e := &embeddingStage{stage: stage{net: net, canvas: vision.New(chipSize, chipSize)}, sum: make([]float32, embeddingLen)}
	e.fill, e.read = e.draw, e.add
	return e
}

// measure adds the vectors of the face and of its mirror image: of the pairs that
// were missed some three in a hundred no longer are, at any rate of false accepts.
func (e *embeddingStage) measure(ctx context.Context, p *vision.Pyramid, m *Mesh) ([]float32, error) {
	clear(e.sum)
	t := chipMap(m)
	for _, t := range [...]vision.Affine{t, mirror.Then(t)} {
		p.WarpInto(e.canvas, t)
		if err := e.run(ctx); err != nil {
			return nil, err
		}
	}
	v := slices.Clone(e.sum)
	scale(v, 1/length(v))
	return v, nil
}

func (e *embeddingStage) draw(in []float32) {
	e.canvas.FillPlanar(in, vision.Uniform(127, 1.0/128))
}

func (e *embeddingStage) add(out onnx.Outputs) error {
	v, err := floats(out, "output", embeddingLen)
	if err != nil {
		return err
	}
	k := 1 / length(v)
	for i, x := range v {
		e.sum[i] += k * x
	}
	return nil
}

// length is the Euclidean one, never quite 0.
func length(v []float32) float32 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return float32(math.Sqrt(sum + 1e-12))
}

func scale(v []float32, k float32) {
	for i := range v {
		v[i] *= k
	}
}

// Similarity is the cosine between two embeddings, -1 to 1: 0 for strangers, 0.7
// for two good pictures of one person. It is 0 when their lengths differ.
func Similarity(a, b []float32) float64 {
	if len(a) != len(b) {
		return 0
	}
	var ab, aa, bb float64
	for i, x := range a {
		y := float64(b[i])
		ab += float64(x) * y
		aa += float64(x) * float64(x)
		bb += y * y
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}
