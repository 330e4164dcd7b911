package onnx

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// free is a dimension of any size.
const free = -1

// doubler is a network of y = x + x and z = -x on inputs of the given shape.
func doubler(t testing.TB, shape ...int64) string {
	t.Helper()
	const float = 1
	value := func(name string) []byte {
		var dims []byte
		for _, d := range shape {
			if d == free {
				dims = append(dims, field(1, field(2, []byte("any")))...) // dim_param
			} else {
				dims = append(dims, field(1, varint(1, uint64(d)))...) // dim_value
			}
		}
		tensor := append(varint(1, float), field(2, dims)...)
		return append(field(1, []byte(name)), field(2, field(1, tensor))...)
	}
	node := func(op, out string, in ...string) []byte {
		var b []byte
		for _, i := range in {
			b = append(b, field(1, []byte(i))...)
		}
		return append(append(b, field(2, []byte(out))...), field(4, []byte(op))...)
	}
	graph := slices.Concat(
		field(1, node("Add", "y", "x", "x")), field(1, node("Neg", "z", "x")),
		field(2, []byte("doubler")),
		field(11, value("x")), field(12, value("y")), field(12, value("z")))
	model := slices.Concat(varint(1, 8), field(7, graph), field(8, varint(2, 13)))
	path := filepath.Join(t.TempDir(), "doubler.onnx")
	if err := os.WriteFile(path, model, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// field and varint write the two kinds of protobuf fields that ONNX files need here.
func field(n uint64, b []byte) []byte {
	return append(uvarint(uvarint(nil, n<<3|2), uint64(len(b))), b...)
}

func varint(n, v uint64) []byte { return uvarint(uvarint(nil, n<<3), v) }

func uvarint(b []byte, v uint64) []byte {
	for ; v >= 0x80; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v))
}

func open(t testing.TB, path string, pool int) *Net {
	t.Helper()
	load(t)
	n, err := Open(path, pool)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n
}

// double runs v through the network.
func double(ctx context.Context, n *Net, shape []int64, v ...float32) (y, z []float32, err error) {
	err = n.Run(ctx, shape, func(in []float32) { copy(in, v) }, func(out Outputs) error {
		y = slices.Clone(out.Get("y").Data)
		z = slices.Clone(out.Get("z").Data)
		return nil
	})
	return y, z, err
}

func TestRunFixedShape(t *testing.T) {
	n := open(t, doubler(t, 1, 3), 1)
	for i := range 3 { // the first run is another path than the later ones
		k := float32(i)
		y, z, err := double(t.Context(), n, nil, k, 2, 3)
		if err != nil || !slices.Equal(y, []float32{2 * k, 4, 6}) || !slices.Equal(z, []float32{-k, -2, -3}) {
			t.Errorf("run %d: %v %v %v", i, y, z, err)
		}
	}
}

func TestRunOutputs(t *testing.T) {
	n := open(t, doubler(t, 1, 3), 1)
	stop := errors.New("stop")
	err := n.Run(t.Context(), nil, func([]float32) {}, func(out Outputs) error {
		if !slices.Equal(out.Names(), []string{"y", "z"}) {
			t.Errorf("names %v", out.Names())
		}
		if got := out.First().Shape; !slices.Equal(got, []int64{1, 3}) {
			t.Errorf("shape %v", got)
		}
		if got := out.Get("nothing"); got.Data != nil {
			t.Errorf("an output of an unknown name: %v", got)
		}
		return stop
	})
	if err != stop {
		t.Errorf("the error of read became %v", err)
	}
}

func TestRunFreeShapes(t *testing.T) {
	n := open(t, doubler(t, 1, free), 1)
	for round := range 3 {
		for size := range int64(2 * keptShapes) {
			v := make([]float32, size+1)
			v[size] = float32(round)
			y, _, err := double(t.Context(), n, []int64{1, size + 1}, v...)
			if err != nil || len(y) != len(v) || y[size] != 2*float32(round) {
				t.Fatalf("size %d: %v, %v", size+1, y, err)
			}
		}
	}
	if kept := len(n.idle[0].bindings); kept != keptShapes {
		t.Errorf("%d shapes kept, want %d", kept, keptShapes)
	}
}

func TestRunForgetsLargeShapes(t *testing.T) {
	n := open(t, doubler(t, 1, free), 1)
	for size := int64(keptFloats / 4); size < keptFloats/4+3; size++ {
		if _, _, err := double(t.Context(), n, []int64{1, size}); err != nil {
			t.Fatal(err)
		}
	}
	if kept := len(n.idle[0].bindings); kept != 1 {
		t.Errorf("%d large shapes kept, want 1", kept)
	}
}

func TestRunRefusesShapes(t *testing.T) {
	loose, fixed := open(t, doubler(t, 1, free), 1), open(t, doubler(t, 1, 3), 1)
	for name, c := range map[string]struct {
		net   *Net
		shape []int64
	}{
		"no shape for a free one": {loose, nil},
		"rank":                    {loose, []int64{3}},
		"zero":                    {loose, []int64{1, 0}},
		"negative":                {loose, []int64{1, -3}},
		"another batch":           {loose, []int64{2, 3}},
		"too large":               {loose, []int64{1, maxFloats + 1}},
		"overflowing":             {loose, []int64{1, 1 << 62}},
		"not the fixed one":       {fixed, []int64{1, 4}},
	} {
		if _, _, err := double(t.Context(), c.net, c.shape); err == nil || !strings.Contains(err.Error(), "doubler") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := double(t.Context(), loose, []int64{1, 2}, 1, 2); err != nil {
		t.Errorf("after refusals: %v", err)
	}
}

func TestRunDoesNotAllocate(t *testing.T) {
	n := open(t, doubler(t, 1, 3), 1)
	ctx := t.Context()
	fill := func(in []float32) { in[0] = 1 }
	read := func(out Outputs) error {
		if len(out.Get("z").Data) != 3 {
			t.Error("no output")
		}
		return nil
	}
	if err := n.Run(ctx, nil, fill, read); err != nil {
		t.Fatal(err)
	}
	if got := testing.AllocsPerRun(50, func() { n.Run(ctx, nil, fill, read) }); got != 0 {
		t.Errorf("%v allocations a run", got)
	}
}

func TestRunWaitsForAPlace(t *testing.T) {
	n := open(t, doubler(t, 1, 3), 1)
	inside, leave := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- n.Run(context.Background(), nil, func([]float32) {
			close(inside)
			<-leave
		}, func(Outputs) error { return nil })
	}()
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	second := make(chan error, 1)
	go func() {
		_, _, err := double(ctx, n, nil, 1, 2, 3)
		second <- err
	}()
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Errorf("waiting ended with %v", err)
	}
	close(leave)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

func TestRunConcurrently(t *testing.T) {
	n := open(t, doubler(t, 1, free), 3)
	var group sync.WaitGroup
	for g := range 12 {
		group.Go(func() {
			for i := range 40 {
				v := make([]float32, 1+(g+i)%5)
				v[0] = float32(g*100 + i)
				y, z, err := double(t.Context(), n, []int64{1, int64(len(v))}, v...)
				if err != nil || y[0] != 2*v[0] || z[0] != -v[0] {
					t.Errorf("%v: %v %v %v", v, y, z, err)
				}
			}
		})
	}
	group.Wait()
	if len(n.idle) > 3 {
		t.Errorf("%d workers in a pool of 3", len(n.idle))
	}
}

func TestRunSurvivesAPanic(t *testing.T) {
	n := open(t, doubler(t, 1, 3), 1)
	func() {
		defer func() { recover() }()
		n.Run(t.Context(), nil, func([]float32) { panic("in fill") }, func(Outputs) error { return nil })
	}()
	if _, _, err := double(t.Context(), n, nil, 1, 2, 3); err != nil {
		t.Error(err)
	}
}

func TestClose(t *testing.T) {
	n := open(t, doubler(t, 1, 3), 2)
	if _, _, err := double(t.Context(), n, nil, 1, 2, 3); err != nil {
		t.Fatal(err)
	}
	n.Close()
	n.Close()
	if _, _, err := double(t.Context(), n, nil, 1, 2, 3); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(filepath.Join(dir, "none.onnx"), 1); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if _, err := Open(dir, 1); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := Open(doubler(t, 1), 0); err == nil {
		t.Error("a pool of none was opened")
	}
}

func TestLoadDamagedModel(t *testing.T) {
	path := doubler(t, 1, 3)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"empty": {}, "cut": good[:len(good)/2], "text": []byte("version https://git-lfs.github.com/spec/v1\n"),
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		n := open(t, path, 1)
		if err := n.Load(); err == nil || !strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := double(t.Context(), n, nil, 1, 2, 3); err != nil {
			t.Errorf("%s, mended: %v", name, err)
		}
	}
}

func TestInitRefuses(t *testing.T) {
	if err := Init(filepath.Join(t.TempDir(), "libonnxruntime.so")); err == nil {
		t.Error("a missing library was loaded")
	}
	load(t)
	load(t) // again, harmless
	other := filepath.Join(t.TempDir(), "other.so")
	if err := os.WriteFile(other, []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Init(other); err == nil {
		t.Error("a second library was loaded")
	}
}

func BenchmarkRun(b *testing.B) {
	n := open(b, doubler(b, 1, 3), 1)
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if err := n.Run(ctx, nil, func([]float32) {}, func(Outputs) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
