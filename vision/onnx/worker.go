package onnx

import (
	"errors"
	"fmt"
	"slices"

	ort "github.com/yalue/onnxruntime_go"
)

// Bounds on the memory a worker keeps between runs for shapes it has seen.
const (
	keptShapes = 8
	keptFloats = 8 << 20 // inputs and outputs together; the last shape stays whatever it has
)

// maxFloats bounds an input: 256 MB, far above any picture that is let in.
const maxFloats = 64 << 20

// worker runs a session, one run at a time, on tensors of its own.
type worker struct {
	session  *session
	bindings []*binding // last used last
}

func (w *worker) close() {
	for _, b := range w.bindings {
		b.close()
	}
	w.bindings = nil
}

// binding gives the tensors for a shape, kept or new.
func (w *worker) binding(shape []int64) (*binding, error) {
	for i, b := range w.bindings {
		if shape == nil && b.own || shape != nil && slices.Equal(b.shape, shape) {
			last := len(w.bindings) - 1
			copy(w.bindings[i:], w.bindings[i+1:])
			w.bindings[last] = b
			return b, nil
		}
	}
	resolved, err := w.session.resolve(shape)
	if err != nil {
		return nil, err
	}
	b, err := bind(w.session, resolved)
	if err != nil {
		return nil, fmt.Errorf("tensors of shape %v: %w", resolved, err)
	}
	b.own = shape == nil
	w.bindings = append(w.bindings, b)
	w.evict()
	return b, nil
}

// evict drops what was not used for longest until the rest is within bounds.
func (w *worker) evict() {
	floats := 0
	for _, b := range w.bindings {
		floats += b.floats()
	}
	for len(w.bindings) > 1 && (len(w.bindings) > keptShapes || floats > keptFloats) {
		floats -= w.bindings[0].floats()
		w.bindings[0].close()
		w.bindings = slices.Delete(w.bindings, 0, 1)
	}
}

// resolve checks a shape against the network's own, which stands in for nil.
func (s *session) resolve(shape []int64) ([]int64, error) {
	if shape == nil {
		if !s.fixed() {
			return nil, fmt.Errorf("the input %v has no fixed shape", s.shape)
		}
		own := slices.Clone(s.shape)
		own[0] = max(own[0], 1)
		return own, nil
	}
	if len(shape) != len(s.shape) {
		return nil, fmt.Errorf("shape %v for an input of %v", shape, s.shape)
	}
	floats := int64(1)
	for i, d := range shape {
		if d < 1 || d > maxFloats || s.shape[i] >= 1 && s.shape[i] != d {
			return nil, fmt.Errorf("shape %v for an input of %v", shape, s.shape)
		}
		if floats *= d; floats > maxFloats {
			return nil, fmt.Errorf("shape %v is too large", shape)
		}
	}
	return slices.Clone(shape), nil
}

// binding is an input tensor of one shape and the outputs that go with it.
type binding struct {
	session *session
	shape   []int64
	own     bool // made for the network's own shape
	in      []float32
	input   *ort.Tensor[float32]
	outputs []*ort.Tensor[float32] // in the order of the session's; none before the first run
	results []Tensor               // what the outputs hold
	io      *ort.IoBinding
}

func bind(s *session, shape []int64) (*binding, error) {
	input, err := ort.NewEmptyTensor[float32](shape)
	if err != nil {
		return nil, err
	}
	return &binding{session: s, shape: shape, in: input.GetData(), input: input}, nil
}

func (b *binding) floats() int {
	n := len(b.in)
	for _, t := range b.results {
		n += len(t.Data)
	}
	return n
}

// run computes the outputs. The first run has the runtime make them, as their
// shapes need not be known before; the later ones write into the same memory.
func (b *binding) run() error {
	if b.io != nil {
		return b.session.ort.RunWithBinding(b.io)
	}
	values := make([]ort.Value, len(b.session.outputs))
	err := b.session.ort.Run([]ort.Value{b.input}, values)
	if err == nil {
		err = b.attach(values)
	}
	if err != nil {
		destroyAll(values)
	}
	return err
}

func destroyAll(values []ort.Value) {
	for _, v := range values {
		if v != nil {
			v.Destroy()
		}
	}
}

// attach ties input and outputs to the session for the runs to come.
func (b *binding) attach(values []ort.Value) error {
	io, err := b.session.ort.CreateIoBinding()
	if err != nil {
		return fmt.Errorf("bind tensors: %w", err)
	}
	err = io.BindInput(b.session.input, b.input)
	outputs := make([]*ort.Tensor[float32], len(values))
	results := make([]Tensor, len(values))
	for i, v := range values {
		t := v.(*ort.Tensor[float32]) // openSession took no other kind
		outputs[i], results[i] = t, Tensor{t.GetShape(), t.GetData()}
		err = errors.Join(err, io.BindOutput(b.session.outputs[i], t))
	}
	if err != nil {
		return fmt.Errorf("bind tensors: %w", errors.Join(err, io.Destroy()))
	}
	b.io, b.outputs, b.results = io, outputs, results
	return nil
}

func (b *binding) close() {
	if b.io != nil {
		b.io.Destroy()
	}
	b.input.Destroy()
	for _, o := range b.outputs {
		o.Destroy()
	}
}

// Outputs are the results of one run.
type Outputs struct{ b *binding }

// Tensor is an array of any number of dimensions, the last one running fastest.
type Tensor struct {
	Shape []int64
	Data  []float32
}

// Get is the output of that name, and an empty tensor when there is none: check
// the length before using what a replaced model file may not give.
func (o Outputs) Get(name string) Tensor {
	for i, n := range o.b.session.outputs {
		if n == name {
			return o.b.results[i]
		}
	}
	return Tensor{}
}

// First is the first output, for networks that have one.
func (o Outputs) First() Tensor { return o.b.results[0] }

// Names are the outputs in the network's order.
func (o Outputs) Names() []string { return slices.Clone(o.b.session.outputs) }
