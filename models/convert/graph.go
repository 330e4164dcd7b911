package convert

import (
	"fmt"
)

// constant is a constant tensor in TensorFlow's layout (channels last);
// either floats or ints is set.
type constant struct {
	shape  []int
	floats []float32
	ints   []int64
}

// value is a tensor of the graph. TensorFlow keeps channels last (NHWC), ONNX
// computes with channels first (NCHW): a feature map may exist under one name
// for each layout, and the missing one is made when somebody asks for it.
type value struct {
	nhwc, nchw string
	constant   *constant
}

// graph is an ONNX graph being built. Its methods name tensors by TFLite's
// index. The first failure is kept in err; after it the methods do nothing
// useful but are safe to call.
type graph struct {
	nodes, initializers, inputs, outputs [][]byte

	values  map[int]*value
	counter int
	size    int // bytes in nodes and initializers
	maxSize int // a graph that grows past it is refused
	err     error
}

// attribute of a node: the value is an int, a string or []int.
type attribute struct {
	name  string
	value any
}

// Field numbers and enumeration values of onnx.proto (ONNX 1.8, IR version 8).
const (
	irVersion = 8
	opset     = 13

	typeFloat = 1
	typeInt64 = 7

	attributeInt    = 2
	attributeString = 3
	attributeInts   = 7
)

func newGraph(maxSize int) *graph {
	return &graph{values: map[int]*value{}, maxSize: maxSize}
}

func (g *graph) fail(format string, args ...any) {
	if g.err == nil {
		g.err = fmt.Errorf(format, args...)
	}
}

func (g *graph) fresh(prefix string) string {
	g.counter++
	return fmt.Sprintf("%s_%d", prefix, g.counter)
}

func (g *graph) grow(n int) bool {
	if g.size += n; g.size > g.maxSize {
		g.fail("the graph grows past %d bytes", g.maxSize)
	}
	return g.err == nil
}

// node appends an operator with one output and returns the output's name.
func (g *graph) node(op string, in []string, attributes ...attribute) string {
	out := g.fresh(op)
	g.namedNode(op, in, out, attributes...)
	return out
}

func (g *graph) namedNode(op string, in []string, out string, attributes ...attribute) {
	var m message
	for _, name := range in {
		m.text(1, name)
	}
	m.text(2, out)
	m.text(3, "node_"+out)
	m.text(4, op)
	for _, a := range attributes {
		m.message(5, a.write)
	}
	if g.grow(len(m.b)) {
		g.nodes = append(g.nodes, m.b)
	}
}

func (a attribute) write(m *message) {
	m.text(1, a.name)
	switch v := a.value.(type) {
	case int:
		m.integer(3, int64(v))
		m.integer(20, attributeInt)
	case string:
		m.text(4, v)
		m.integer(20, attributeString)
	case []int:
		for _, i := range v {
			m.integer(8, int64(i))
		}
		m.integer(20, attributeInts)
	}
}

func (g *graph) floats(shape []int, data []float32) string {
	return g.initializer(shape, typeFloat, floatBytes(data))
}

func (g *graph) ints(data []int64) string {
	return g.initializer([]int{len(data)}, typeInt64, intBytes(data))
}

func (g *graph) initializer(shape []int, elementType int64, raw []byte) string {
	name := g.fresh("const")
	var m message
	for _, d := range shape {
		m.integer(1, int64(d))
	}
	m.integer(2, elementType)
	m.text(8, name)
	m.bytes(9, raw)
	if g.grow(len(m.b)) {
		g.initializers = append(g.initializers, m.b)
	}
	return name
}

// valueInfo describes a float tensor of the graph's inputs or outputs.
func valueInfo(name string, shape []int) []byte {
	var m message
	m.text(1, name)
	m.message(2, func(t *message) {
		t.message(1, func(tensor *message) {
			tensor.integer(1, typeFloat)
			tensor.message(2, func(s *message) {
				for _, d := range shape {
					s.message(1, func(dim *message) { dim.integer(1, int64(d)) })
				}
			})
		})
	})
	return m.b
}

func (g *graph) input(id int, name string, shape []int) {
	g.inputs = append(g.inputs, valueInfo(name, shape))
	g.values[id] = &value{nhwc: name}
}

func (g *graph) output(id int, name string, shape []int) {
	g.namedNode("Identity", []string{g.nhwc(id)}, name)
	g.outputs = append(g.outputs, valueInfo(name, shape))
}

func (g *graph) setConstant(id int, c *constant) { g.values[id] = &value{constant: c} }
func (g *graph) setNHWC(id int, name string)     { g.values[id] = &value{nhwc: name} }
func (g *graph) setNCHW(id int, name string)     { g.values[id] = &value{nchw: name} }

func (g *graph) value(id int) *value {
	if v := g.values[id]; v != nil {
		return v
	}
	g.fail("tensor %d is used before it is made", id)
	return &value{nhwc: "undefined", nchw: "undefined"}
}

// floatConstant returns a constant tensor of floats with the given rank.
func (g *graph) floatConstant(id, rank int) *constant {
	c := g.value(id).constant
	if c == nil || c.floats == nil || len(c.shape) != rank {
		g.fail("tensor %d is not a float constant of rank %d", id, rank)
		return &constant{shape: make([]int, rank), floats: []float32{}}
	}
	return c
}

func (g *graph) intConstant(id int) []int64 {
	c := g.value(id).constant
	if c == nil || c.ints == nil {
		g.fail("tensor %d is not an integer constant", id)
		return nil
	}
	return c.ints
}

// isNCHW tells whether a tensor is at hand with channels first.
func (g *graph) isNCHW(id int) bool {
	v := g.value(id)
	return v.constant == nil && v.nchw != ""
}

func (g *graph) nhwc(id int) string {
	v := g.value(id)
	if v.nhwc == "" {
		if v.constant != nil {
			c := g.floatConstant(id, len(v.constant.shape))
			v.nhwc = g.floats(c.shape, c.floats)
		} else {
			v.nhwc = g.node("Transpose", []string{v.nchw}, attribute{"perm", []int{0, 2, 3, 1}})
		}
	}
	return v.nhwc
}

func (g *graph) nchw(id int) string {
	v := g.value(id)
	if v.nchw == "" {
		if v.constant != nil {
			c := g.floatConstant(id, len(v.constant.shape))
			v.nchw = g.floats(channelsFirst(c))
		} else {
			v.nchw = g.node("Transpose", []string{v.nhwc}, attribute{"perm", []int{0, 3, 1, 2}})
		}
	}
	return v.nchw
}

// channelsFirst lays a constant that broadcasts against NHWC out so that it
// broadcasts against NCHW.
func channelsFirst(c *constant) ([]int, []float32) {
	shape := c.shape
	for len(shape) < 4 {
		shape = append([]int{1}, shape...)
	}
	n, h, w, ch := shape[0], shape[1], shape[2], shape[3]
	out := make([]float32, len(c.floats))
	transpose(out, c.floats, n, h*w, ch)
	return []int{n, ch, h, w}, out
}

// transpose turns blocks of rows×cols into blocks of cols×rows.
func transpose(dst, src []float32, blocks, rows, cols int) {
	for b := range blocks {
		for r := range rows {
			for c := range cols {
				dst[(b*cols+c)*rows+r] = src[(b*rows+r)*cols+c]
			}
		}
	}
}

// bytes is the finished model file.
func (g *graph) bytes(name string) []byte {
	var m message
	m.integer(1, irVersion)
	m.text(2, "idflow")
	m.message(7, func(graph *message) {
		for _, n := range g.nodes {
			graph.bytes(1, n)
		}
		graph.text(2, name)
		for _, n := range g.initializers {
			graph.bytes(5, n)
		}
		for _, n := range g.inputs {
			graph.bytes(11, n)
		}
		for _, n := range g.outputs {
			graph.bytes(12, n)
		}
	})
	m.message(8, func(set *message) {
		set.text(1, "") // the default operator set
		set.integer(2, opset)
	})
	return m.b
}
