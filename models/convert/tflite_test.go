package convert

import (
	"bytes"
	"encoding/binary"
	"flag"
	"math"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Field numbers below are those of TFLite's schema.

// tiny is a network with one operator of each supported kind:
// 4×4×2 → pad → conv → PReLU → depthwise → add → ReLU → max pool → reshape,
// and a concatenation of that with itself.
func tiny() []byte {
	var b flat
	half := []uint16{0x3c00, 0xbc00, 0x3800, 0x0001} // 1, -1, 0.5, 2⁻²⁴
	buffers := [][]byte{
		nil,
		ints32(0, 0, 0, 1, 0, 1, 0, 0), // 1: padding
		halves(half...),                // 2: conv filter, 2×1×1×2
		floats32(0.5, -0.25),           // 3: conv bias
		floats32(0.1, 0.2),             // 4: PReLU slopes
		floats32(ramp(2 * 2 * 2)...),   // 5: depthwise filter, 1×2×2×2
		floats32(0, 1),                 // 6: depthwise bias
	}
	type tensor struct {
		shape  []int32
		kind   byte
		buffer int32
	}
	tensors := []tensor{
		{[]int32{1, 4, 4, 2}, tensorFloat32, 0}, // 0: input
		{[]int32{4, 2}, tensorInt32, 1},         // 1
		{[]int32{2, 1, 1, 2}, tensorFloat16, 2}, // 2
		{[]int32{2, 1, 1, 2}, tensorFloat32, 0}, // 3: filter, widened
		{[]int32{2}, tensorFloat32, 3},          // 4
		{[]int32{1, 1, 2}, tensorFloat32, 4},    // 5
		{[]int32{1, 2, 2, 2}, tensorFloat32, 5}, // 6
		{[]int32{2}, tensorFloat32, 6},          // 7
		{[]int32{1, 5, 5, 2}, tensorFloat32, 0}, // 8: padded
		{[]int32{1, 5, 5, 2}, tensorFloat32, 0}, // 9: convolved
		{[]int32{1, 5, 5, 2}, tensorFloat32, 0}, // 10: PReLU
		{[]int32{1, 5, 5, 2}, tensorFloat32, 0}, // 11: depthwise
		{[]int32{1, 5, 5, 2}, tensorFloat32, 0}, // 12: sum
		{[]int32{1, 5, 5, 2}, tensorFloat32, 0}, // 13: ReLU
		{[]int32{1, 2, 2, 2}, tensorFloat32, 0}, // 14: pooled
		{[]int32{1, 4, 2}, tensorFloat32, 0},    // 15: reshaped
		{[]int32{1, 8, 2}, tensorFloat32, 0},    // 16: concatenated
	}
	type op struct {
		code    int32
		in, out []int32
		options map[int]any
	}
	ops := []op{
		{opPad, []int32{0, 1}, []int32{8}, nil},
		{opDequantize, []int32{2}, []int32{3}, nil},
		{opConv2D, []int32{8, 3, 4}, []int32{9}, map[int]any{0: byte(1), 1: int32(1), 2: int32(1)}},
		{opPrelu, []int32{9, 5}, []int32{10}, nil},
		{opDepthwiseConv2D, []int32{10, 6, 7}, []int32{11}, map[int]any{0: byte(0), 1: int32(1), 2: int32(1), 3: int32(1)}},
		{opAdd, []int32{10, 11}, []int32{12}, map[int]any{}},
		{opRelu, []int32{12}, []int32{13}, nil},
		{opMaxPool2D, []int32{13}, []int32{14}, map[int]any{0: byte(1), 1: int32(2), 2: int32(2), 3: int32(2), 4: int32(2)}},
		{opReshape, []int32{14}, []int32{15}, nil},
		{opConcatenation, []int32{15, 15}, []int32{16}, map[int]any{0: int32(1)}},
	}
	var codeTables, bufferTables, tensorTables, opTables []int
	for _, o := range ops {
		codeTables = append(codeTables, b.table(map[int]any{0: byte(o.code)}))
	}
	for _, data := range buffers {
		fields := map[int]any{}
		if data != nil {
			fields[0] = at(b.bytes(data))
		}
		bufferTables = append(bufferTables, b.table(fields))
	}
	for _, t := range tensors {
		tensorTables = append(tensorTables, b.table(map[int]any{0: at(b.ints(t.shape)), 1: t.kind, 2: t.buffer}))
	}
	for i, o := range ops {
		fields := map[int]any{0: int32(i), 1: at(b.ints(o.in)), 2: at(b.ints(o.out))}
		if o.options != nil {
			fields[4] = at(b.table(o.options))
		}
		opTables = append(opTables, b.table(fields))
	}
	subgraph := b.table(map[int]any{
		0: at(b.tables(tensorTables)), 1: at(b.ints([]int32{0})),
		2: at(b.ints([]int32{16})), 3: at(b.tables(opTables)),
	})
	root := b.table(map[int]any{
		0: int32(3), 1: at(b.tables(codeTables)),
		2: at(b.tables([]int{subgraph})), 4: at(b.tables(bufferTables)),
	})
	return b.file(root)
}

func TestGolden(t *testing.T) {
	got, err := TFLite(tiny(), "tiny", []string{"out"})
	if err != nil {
		t.Fatal(err)
	}
	const path = "testdata/tiny.onnx"
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the conversion differs from %s (%d and %d bytes)", path, len(got), len(want))
	}
}

func TestRefuses(t *testing.T) {
	good := tiny()
	edit := func(change func([]byte) []byte) []byte { return change(bytes.Clone(good)) }
	cases := map[string]struct {
		model   []byte
		outputs []string
		want    string
	}{
		"nothing":           {nil, []string{"out"}, "not a TFLite file"},
		"another file":      {[]byte("\x08\x00\x00\x00PNG!...."), []string{"out"}, "not a TFLite file"},
		"cut in the middle": {good[:len(good)/2], []string{"out"}, "outside the file"},
		"a wrong output":    {good, []string{"a", "b"}, "1 outputs, not 2"},
		"root off the end":  {edit(func(b []byte) []byte { b[3] = 0x7f; return b }), []string{"out"}, "outside the file"},
		"unsupported operator": {edit(func(b []byte) []byte {
			return bytes.Replace(b, []byte{opPrelu, 0, 0, 0}, []byte{99, 0, 0, 0}, 1)
		}), []string{"out"}, "operator 99 is not supported"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := TFLite(c.model, "tiny", c.outputs)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// Every file that is one byte off is converted or refused, never a panic.
func TestEveryByteDamaged(t *testing.T) {
	good := tiny()
	for i := range good {
		for _, v := range []byte{0, 1, 0x7f, 0x80, 0xff} {
			damaged := bytes.Clone(good)
			damaged[i] = v
			convertBounded(t, damaged)
		}
	}
}

func FuzzTFLite(f *testing.F) {
	good := tiny()
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("\x08\x00\x00\x00TFL3\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, model []byte) { convertBounded(t, model) })
}

// convertBounded checks that the result is no larger than a multiple of the
// file, which bounds the memory too.
func convertBounded(t *testing.T, model []byte) {
	out, err := TFLite(model, "x", []string{"out"})
	if limit := 4*len(model) + 128<<10; err == nil && len(out) > limit {
		t.Errorf("%d bytes became %d, more than %d", len(model), len(out), limit)
	}
}

func TestFloat16(t *testing.T) {
	cases := map[uint16]float32{
		0x0000: 0, 0x3c00: 1, 0xc000: -2, 0x3555: 0.333251953125, 0x7bff: 65504,
		0x0001: 5.9604645e-08, 0x83ff: -6.097555e-05, 0x0400: 6.1035156e-05,
		0x7c00: float32(math.Inf(1)), 0xfc00: float32(math.Inf(-1)),
	}
	for half, want := range cases {
		if got := float16(half); got != want {
			t.Errorf("float16(%#04x) = %v, want %v", half, got, want)
		}
	}
	if got := float16(0x7e00); got == got {
		t.Errorf("float16(0x7e00) = %v, want not-a-number", got)
	}
	if got := float16(0x8000); math.Float32bits(got) != 1<<31 {
		t.Errorf("float16(0x8000) = %v, want minus zero", got)
	}
}

func ramp(n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(i)/4 - 0.5
	}
	return out
}

func floats32(v ...float32) []byte { return floatBytes(v) }

func halves(v ...uint16) []byte {
	var b []byte
	for _, h := range v {
		b = binary.LittleEndian.AppendUint16(b, h)
	}
	return b
}

func ints32(v ...int32) []byte {
	var b []byte
	for _, i := range v {
		b = binary.LittleEndian.AppendUint32(b, uint32(i))
	}
	return b
}
