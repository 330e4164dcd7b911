package onnx

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// ErrClosed is what Run says after Close.
var ErrClosed = errors.New("the net is closed")

// Net is a network of one input and any number of outputs, all of 32-bit
// floats. It is safe for concurrent use: at most as many runs as its pool
// allows go on at a time, the others wait.
type Net struct {
	path string
	turn chan struct{} // holds one token for each run that goes on
	done chan struct{} // closed by Close

	mu      sync.Mutex
	session *session  // nil until the first Run
	idle    []*worker // last used last, so that one worker serves a calm stream
	closed  bool
}

// Open names a network in an .onnx file for at most pool runs at a time. Only
// the file's presence is checked; the first Run reads it (or Load, to have the
// cost before the first picture).
func Open(path string, pool int) (*Net, error) {
	if pool < 1 {
		return nil, fmt.Errorf("open net %s: a pool of %d", path, pool)
	}
	st, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open net: %w", err)
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("open net %s: not a file", path)
	}
	return &Net{path: path, turn: make(chan struct{}, pool), done: make(chan struct{})}, nil
}

// Name is the file's name without its folder and ending.
func (n *Net) Name() string {
	base := filepath.Base(n.path)
	return base[:len(base)-len(filepath.Ext(base))]
}

// Run computes the network once. A nil shape means the network's own, which has
// to be fixed but for a batch of one. fill writes the input, which still holds
// an earlier one's values; read looks at the outputs, which are valid until it
// returns and no longer. An error of read is returned as it is.
//
// Waiting for a free place ends with ctx; a run that has begun does not. The
// memory for a shape is kept for the next run of that shape, for a bounded
// number of shapes.
func (n *Net) Run(ctx context.Context, shape []int64, fill func(in []float32), read func(out Outputs) error) error {
	if err := n.acquire(ctx); err != nil {
		return fmt.Errorf("run net %s: %w", n.Name(), err)
	}
	defer func() { <-n.turn }()
	w, err := n.worker()
	if err != nil {
		return fmt.Errorf("run net %s: %w", n.Name(), err)
	}
	defer n.release(w)
	b, err := w.binding(shape)
	if err != nil {
		return fmt.Errorf("run net %s: %w", n.Name(), err)
	}
	fill(b.in)
	if err := b.run(); err != nil {
		return fmt.Errorf("run net %s on %v: %w", n.Name(), b.shape, err)
	}
	if err := read(Outputs{b}); err != nil {
		return err
	}
	return nil
}

// Load reads the file unless that is done already.
func (n *Net) Load() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.load(); err != nil {
		return fmt.Errorf("load net %s: %w", n.Name(), err)
	}
	return nil
}

// Close waits for the runs that go on and frees the memory.
func (n *Net) Close() {
	n.mu.Lock()
	again := n.closed
	n.closed = true
	n.mu.Unlock()
	if again {
		return
	}
	close(n.done)
	for range cap(n.turn) {
		n.turn <- struct{}{}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, w := range n.idle {
		w.close()
	}
	n.idle = nil
	if n.session != nil {
		n.session.close()
		n.session = nil
	}
}

func (n *Net) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case n.turn <- struct{}{}:
		return nil
	case <-n.done:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// worker takes an idle worker or makes one; the caller holds a turn.
func (n *Net) worker() (*worker, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, ErrClosed
	}
	if err := n.load(); err != nil {
		return nil, err
	}
	if last := len(n.idle) - 1; last >= 0 {
		w := n.idle[last]
		n.idle = n.idle[:last]
		return w, nil
	}
	return &worker{session: n.session}, nil
}

func (n *Net) release(w *worker) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.idle = append(n.idle, w)
}

// load opens the session; the caller holds mu. A failure is tried again next
// time, as the file may have been mended.
func (n *Net) load() error {
	if n.session != nil {
		return nil
	}
	if n.closed {
		return ErrClosed
	}
	s, err := openSession(n.path)
	if err != nil {
		return err
	}
	n.session = s
	return nil
}

// session is the network as ONNX Runtime holds it: weights and plan, which
// concurrent runs share.
type session struct {
	ort     *ort.DynamicAdvancedSession
	input   string
	shape   []int64 // of the input; below 1 where any size will do
	outputs []string
}

func openSession(path string) (*session, error) {
	if !initialized() {
		return nil, ErrNotInitialized
	}
	in, out, err := signature(path)
	if err != nil {
		return nil, fmt.Errorf("%s is damaged or not an ONNX model; fetch the models again: %w", path, err)
	}
	if len(in) != 1 || in[0].DataType != ort.TensorElementDataTypeFloat {
		return nil, fmt.Errorf("%s has %d inputs; one of 32-bit floats is needed", path, len(in))
	}
	s := &session{input: in[0].Name, shape: in[0].Dimensions.Clone()}
	for _, o := range out {
		if o.OrtValueType == ort.ONNXTypeTensor && o.DataType == ort.TensorElementDataTypeFloat {
			s.outputs = append(s.outputs, o.Name)
		}
	}
	if len(s.outputs) == 0 {
		return nil, fmt.Errorf("%s has no output of 32-bit floats", path)
	}
	options, err := s.options()
	if err != nil {
		return nil, fmt.Errorf("set options for %s: %w", path, err)
	}
	defer options.Destroy()
	s.ort, err = ort.NewDynamicAdvancedSession(path, []string{s.input}, s.outputs, options)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened: %w", path, err)
	}
	return s, nil
}

// signature reads the inputs and outputs, and plans nothing, as that comes later.
func signature(path string) (in, out []ort.InputOutputInfo, err error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, nil, err
	}
	defer o.Destroy()
	if err := o.SetGraphOptimizationLevel(ort.GraphOptimizationLevelDisableAll); err != nil {
		return nil, nil, err
	}
	return ort.GetInputOutputInfoWithOptions(path, o)
}

// options asks for one thread: the concurrency is that of the callers, whose
// pictures are many and nets small.
func (s *session) options() (*ort.SessionOptions, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		o.SetIntraOpNumThreads(1),
		o.SetInterOpNumThreads(1),
		// The plan of memory is kept for every shape ever seen: good for one, a leak for many.
		o.SetMemPattern(s.fixed()),
	)
	if err != nil {
		o.Destroy()
		return nil, err
	}
	return o, nil
}

// fixed says that the input's shape is given but for the batch.
func (s *session) fixed() bool {
	for i, d := range s.shape {
		if d < 1 && i > 0 {
			return false
		}
	}
	return len(s.shape) > 0
}

func (s *session) close() { s.ort.Destroy() }
