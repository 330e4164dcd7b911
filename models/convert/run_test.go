package convert_test

import (
	"math"
	"os"
	"testing"

	ort "github.com/yalue/onnxruntime_go"

	"idflow/models/modelstest"
)

// The golden network computes in ONNX Runtime what its definition says.
func TestGoldenComputes(t *testing.T) {
	var in [4][4][2]float32
	var flat []float32
	for y := range in {
		for x := range in[y] {
			for c := range in[y][x] {
				in[y][x][c] = float32((y*7+x*3+c*5)%11) - 5
				flat = append(flat, in[y][x][c])
			}
		}
	}
	want := tinyNet(in)
	got := run(t, "testdata/tiny.onnx", flat, []int64{1, 4, 4, 2}, []int64{1, 8, 2})
	for i := range got {
		if w := want[i%len(want)]; math.Abs(float64(got[i]-w)) > 1e-5 {
			t.Errorf("number %d is %v, want %v", i, got[i], w)
		}
	}
}

// tinyNet is the network of the golden file, written down plainly.
func tinyNet(in [4][4][2]float32) (out [8]float32) {
	const tiniest = 1.0 / (1 << 24)
	filter, bias, slope := [2][2]float32{{1, -1}, {0.5, tiniest}}, [2]float32{0.5, -0.25}, [2]float32{0.1, 0.2}
	var convolved [6][6][2]float32 // the last row and column pad the next step
	for y := range 5 {
		for x := range 5 {
			for o := range 2 {
				v := bias[o]
				if y < 4 && x < 4 {
					v += filter[o][0]*in[y][x][0] + filter[o][1]*in[y][x][1]
				}
				if v < 0 {
					v *= slope[o]
				}
				convolved[y][x][o] = v
			}
		}
	}
	for y := range 4 {
		for x := range 4 {
			for c := range 2 {
				v := convolved[y][x][c] + float32(c)
				for ky := range 2 {
					for kx := range 2 {
						v += convolved[y+ky][x+kx][c] * (float32(ky*4+kx*2+c)/4 - 0.5)
					}
				}
				cell := &out[(y/2*2+x/2)*2+c]
				*cell = max(*cell, v, 0)
			}
		}
	}
	return out
}

func run(t *testing.T, file string, input []float32, in, out []int64) []float32 {
	t.Helper()
	library, err := modelstest.Dir(t).Runtime()
	if err != nil {
		t.Fatal(err)
	}
	os.Setenv("ORT_DISABLE_TELEMETRY", "1")
	ort.SetSharedLibraryPath(library)
	if err := ort.InitializeEnvironment(); err != nil {
		t.Fatal(err)
	}
	defer ort.DestroyEnvironment()
	x, err := ort.NewTensor(ort.NewShape(in...), input)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Destroy()
	y, err := ort.NewEmptyTensor[float32](ort.NewShape(out...))
	if err != nil {
		t.Fatal(err)
	}
	defer y.Destroy()
	session, err := ort.NewAdvancedSession(file, []string{"input"}, []string{"out"}, []ort.Value{x}, []ort.Value{y}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Destroy()
	if err := session.Run(); err != nil {
		t.Fatal(err)
	}
	return append([]float32(nil), y.GetData()...)
}
