// Package convert turns TensorFlow Lite networks into ONNX ones, so that one
// runtime serves every network. It covers the operators of the networks that
// idflow uses and refuses anything else; the same input gives the same bytes.
package convert

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Limits that a file must keep to. The real networks are far below them; they
// hold the memory that a damaged or hostile file can ask for to a small
// multiple of its size.
const (
	maxFile   = 64 << 20
	maxRank   = 4
	maxInputs = 64
	maxDim    = 1 << 20
)

// Builtin operator codes, tensor types and enumerations of TFLite's schema
// (tensorflow/lite/schema/schema.fbs, version 3).
const (
	opAdd             = 0
	opConcatenation   = 2
	opConv2D          = 3
	opDepthwiseConv2D = 4
	opDequantize      = 6
	opMaxPool2D       = 17
	opRelu            = 19
	opReshape         = 22
	opPad             = 34
	opPrelu           = 54

	tensorFloat32 = 0
	tensorFloat16 = 1
	tensorInt32   = 2

	paddingSame = 0
)

// tflite is a network being converted.
type tflite struct {
	flatbuffer
	codes   []int
	buffers []table
	shapes  [][]int // of each tensor
	graph   *graph
	weights int // bytes of constants read so far
}

// TFLite converts the first subgraph of a TFLite model with float32 or float16
// weights to ONNX (opset 13). The input is called "input" and keeps TFLite's
// layout N×H×W×C; outputs names the outputs in the model's order. The batch
// size becomes 1. An error says what in the file is damaged or not supported.
func TFLite(model []byte, name string, outputs []string) ([]byte, error) {
	if len(model) > maxFile {
		return nil, fmt.Errorf("tflite: %d bytes, more than %d", len(model), maxFile)
	}
	if len(model) < 8 || string(model[4:8]) != "TFL3" {
		return nil, fmt.Errorf("tflite: not a TFLite file")
	}
	t := &tflite{
		flatbuffer: flatbuffer{buf: model},
		graph:      newGraph(4*len(model) + 64<<10), // float16 doubles in size
	}
	t.convert(outputs)
	for _, err := range []error{t.flatbuffer.err, t.graph.err} {
		if err != nil {
			return nil, fmt.Errorf("tflite: %w", err)
		}
	}
	return t.graph.bytes(name), nil
}

func (t *tflite) failed() bool { return t.flatbuffer.err != nil || t.graph.err != nil }

func (t *tflite) convert(outputs []string) {
	root := t.root()
	for _, code := range t.tables(root, 1) {
		// Codes above 127 stand in a newer, wider field.
		t.codes = append(t.codes, max(t.uint8Field(code, 0, 0), t.int32Field(code, 3, 0)))
	}
	t.buffers = t.tables(root, 4)
	subgraphs := t.tables(root, 2)
	if len(subgraphs) == 0 {
		t.graph.fail("no subgraph")
		return
	}
	main := subgraphs[0]
	t.readTensors(main)
	t.readInput(main)
	for _, op := range t.tables(main, 3) {
		if t.failed() {
			return
		}
		t.operator(op)
	}
	t.writeOutputs(main, outputs)
}

func (t *tflite) readTensors(subgraph table) {
	for i, tensor := range t.tables(subgraph, 0) {
		if t.failed() {
			return
		}
		shape := t.ints(tensor, 0, maxRank)
		t.shapes = append(t.shapes, shape)
		buffer := t.int32Field(tensor, 2, 0)
		if buffer < 0 || buffer >= len(t.buffers) {
			t.graph.fail("tensor %d names buffer %d of %d", i, buffer, len(t.buffers))
			return
		}
		data := t.vector(t.buffers[buffer], 0, 1)
		if data.n == 0 {
			continue
		}
		// Buffers do not overlap in an honest file.
		if t.weights += data.n; t.weights > len(t.buf) {
			t.graph.fail("more weights than the file can hold")
			return
		}
		t.readConstant(i, t.uint8Field(tensor, 1, 0), shape, t.bytesAt(data.at, data.n))
	}
}

func (t *tflite) readConstant(id, kind int, shape []int, raw []byte) {
	c := &constant{shape: shape}
	switch kind {
	case tensorFloat32:
		c.floats = make([]float32, len(raw)/4)
		for i := range c.floats {
			c.floats[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
		}
	case tensorFloat16:
		c.floats = make([]float32, len(raw)/2)
		for i := range c.floats {
			c.floats[i] = float16(binary.LittleEndian.Uint16(raw[2*i:]))
		}
	case tensorInt32:
		c.ints = make([]int64, len(raw)/4)
		for i := range c.ints {
			c.ints[i] = int64(int32(binary.LittleEndian.Uint32(raw[4*i:])))
		}
	default:
		t.graph.fail("tensor %d has type %d", id, kind)
		return
	}
	if n := elements(shape); n != len(c.floats)+len(c.ints) {
		t.graph.fail("tensor %d of shape %v holds %d numbers", id, shape, len(c.floats)+len(c.ints))
		return
	}
	t.graph.setConstant(id, c)
}

// elements is how many numbers a tensor of this shape has, or -1 when the
// shape is not a sensible one.
func elements(shape []int) int {
	n := 1
	for _, d := range shape {
		if d <= 0 || d > maxDim || n > maxFile/d {
			return -1
		}
		n *= d
	}
	return n
}

func (t *tflite) shape(id int) []int {
	if id < 0 || id >= len(t.shapes) {
		t.graph.fail("no tensor %d", id)
		return nil
	}
	return t.shapes[id]
}

// batchOfOne is a tensor's shape with the batch size set to 1.
func (t *tflite) batchOfOne(id int) []int {
	shape := append([]int(nil), t.shape(id)...)
	if len(shape) > 0 {
		shape[0] = 1
	}
	if len(shape) == 0 || elements(shape) < 0 {
		t.graph.fail("tensor %d has shape %v", id, shape)
	}
	return shape
}

func (t *tflite) readInput(subgraph table) {
	inputs := t.ints(subgraph, 1, maxInputs)
	if len(inputs) != 1 {
		t.graph.fail("%d inputs, not 1", len(inputs))
		return
	}
	t.graph.input(inputs[0], "input", t.batchOfOne(inputs[0]))
}

func (t *tflite) writeOutputs(subgraph table, names []string) {
	outputs := t.ints(subgraph, 2, maxInputs)
	if len(outputs) != len(names) {
		t.graph.fail("%d outputs, not %d", len(outputs), len(names))
		return
	}
	for i, id := range outputs {
		t.graph.output(id, names[i], t.batchOfOne(id))
	}
}

// float16 widens an IEEE 754 half-precision number.
func float16(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch exponent {
	case 0: // zero and subnormal numbers: fraction × 2⁻²⁴
		return math.Float32frombits(math.Float32bits(float32(fraction)/(1<<24)) | sign)
	case 31: // infinities and not-a-number
		return math.Float32frombits(sign | 0x7f800000 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}
