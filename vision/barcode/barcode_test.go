package barcode

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	bb "github.com/boombuler/barcode"
	"github.com/boombuler/barcode/aztec"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/datamatrix"
	"github.com/boombuler/barcode/pdf417"
	"github.com/boombuler/barcode/qr"

	"idflow/models/modelstest"
	"idflow/vision"
)

func program(t testing.TB) []byte {
	t.Helper()
	path, err := modelstest.Dir(t).Program("rxing")
	if err != nil {
		t.Fatal(err)
	}
	wasm, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

func open(t testing.TB, l Limits) *Reader {
	t.Helper()
	r := Open(program(t), l)
	t.Cleanup(func() { r.Close(context.Background()) })
	return r
}

// sharedReader is for the tests that need no limits of their own: compiling takes time.
var sharedOnce sync.Once
var sharedReader *Reader

func reader(t testing.TB) *Reader {
	t.Helper()
	sharedOnce.Do(func() { sharedReader = Open(program(t), Limits{}) })
	return sharedReader
}

// writePDF417 writes text with the wanted level of error correction. The writer's
// row indicators are right only where the number of rows is a multiple of three,
// so the text is made longer until it is.
func writePDF417(t testing.TB, text string, level byte) (bb.Barcode, string) {
	t.Helper()
	for n := range 120 {
		padded := text + strings.Repeat("X", n)
		b, err := pdf417.Encode(padded, level)
		if err != nil {
			t.Fatal(err)
		}
		if rows := b.Bounds().Dy() / 2; rows%3 == 0 {
			return b, padded
		}
	}
	t.Fatal("no length gives rows in threes")
	return nil, ""
}

// place paints a code into a picture, its modules kx x ky pixels, and gives its
// corners.
func place(m *vision.Image, b bb.Barcode, x0, y0, kx, ky int) vision.Quad {
	w, h := b.Bounds().Dx(), b.Bounds().Dy()
	for y := range h * ky {
		for x := range w * kx {
			v := uint8(235)
			if r, _, _, _ := b.At(x/kx, y/ky).RGBA(); r == 0 {
				v = 28
			}
			p := m.Pix[3*((y0+y)*m.W+x0+x):][:3]
			p[0], p[1], p[2] = v, v, v
		}
	}
	x1, y1 := float64(x0+w*kx), float64(y0+h*ky)
	return vision.Quad{{X: float64(x0), Y: float64(y0)}, {X: x1, Y: float64(y0)}, {X: x1, Y: y1}, {X: float64(x0), Y: y1}}
}

func paper(w, h int) *vision.Image {
	m := vision.New(w, h)
	for i := range m.Pix {
		m.Pix[i] = 235
	}
	return m
}

func must(t testing.TB) func(b bb.Barcode, err error) bb.Barcode {
	return func(b bb.Barcode, err error) bb.Barcode {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

const longText = "@\n\x1e\rANSI 636000100002DL00410278ZV03190008DLDAQT64235789\nDCSSAMPLE\nDACMICHAEL\nDADJOHN\nDBD06062019\nDBB06061986\nDBA12102024\nDBC1\n"

func TestRead(t *testing.T) {
	long, longPadded := writePDF417(t, longText, 3)
	bar := must(t)(code128.Encode("UL123456789"))
	cases := []struct {
		name   string
		format Format
		code   bb.Barcode
		text   string
		kx, ky int
	}{
		{"PDF417", PDF417, long, longPadded, 3, 4},
		{"QR", QR, must(t)(qr.Encode(longText, qr.M, qr.Unicode)), longText, 4, 4},
		{"Data Matrix", DataMatrix, must(t)(datamatrix.Encode("SPECIMEN 1234567890")), "SPECIMEN 1234567890", 6, 6},
		{"Aztec", Aztec, must(t)(aztec.Encode([]byte(longText), 33, 0)), longText, 4, 4},
		{"Code 128", Code128, bar, "UL123456789", 3, 90},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := paper(1027, 648)
			q := place(m, c.code, 140, 130, c.kx, c.ky)
			codes, err := reader(t).Read(context.Background(), m)
			if err != nil || len(codes) != 1 || codes[0].Format != c.format || codes[0].Text != c.text {
				t.Fatalf("%+v, %v", codes, err)
			}
			for _, p := range codes[0].Corners {
				if !q.Bounds().Scale(1.1).Contains(p) {
					t.Errorf("%v lies outside of the code at %v", p, q)
				}
			}
		})
	}
}

func TestReadSeveral(t *testing.T) {
	m := paper(1027, 648)
	long, text := writePDF417(t, longText, 2)
	place(m, long, 60, 60, 3, 3)
	place(m, must(t)(qr.Encode("https://example.org/1", qr.M, qr.Unicode)), 60, 380, 5, 5)
	place(m, must(t)(qr.Encode("https://example.org/2", qr.M, qr.Unicode)), 300, 380, 5, 5)
	place(m, must(t)(code128.Encode("UL123456789")), 520, 450, 3, 60)
	codes, err := reader(t).Read(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, c := range codes {
		found[c.Text] = true
	}
	for _, want := range []string{text, "https://example.org/1", "https://example.org/2", "UL123456789"} {
		if !found[want] {
			t.Errorf("%q is missing", want)
		}
	}
	if len(codes) != 4 {
		t.Errorf("%d codes", len(codes))
	}
}

func TestReadNothing(t *testing.T) {
	if codes, err := reader(t).Read(context.Background(), paper(1027, 648)); err != nil || codes != nil {
		t.Error(codes, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, m := range map[string]*vision.Image{
		"nothing": nil, "empty": {}, "negative": {W: -1, H: -3, Pix: make([]byte, 9)},
		"too few pixels": {W: 100, H: 100, Pix: make([]byte, 30)}, "huge": {W: 1 << 40, H: 1 << 40},
	} {
		if _, err := reader(t).Read(context.Background(), m); !errors.Is(err, ErrPicture) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := reader(t).Read(context.Background(), paper(9, 9), "cuneiform"); err == nil {
		t.Error("a format that does not exist")
	}
}

// Whatever ends a read, the next one is not harmed by it.
func TestLimits(t *testing.T) {
	m := paper(800, 400)
	place(m, must(t)(qr.Encode(longText, qr.M, qr.Unicode)), 60, 40, 4, 4)
	large := paper(1600, 1600)
	r := open(t, Limits{Rounds: 6e6, Memory: 6 << 20, Time: time.Minute})
	for range 2 {
		if _, err := r.Read(context.Background(), large); !errors.Is(err, ErrTime) && !errors.Is(err, ErrProgram) {
			t.Errorf("a picture too large for the limits: %v", err)
		}
		if codes, err := r.Read(context.Background(), m, QR); err != nil || len(codes) != 1 {
			t.Errorf("after it: %v, %v", codes, err)
		}
	}
}

func TestRounds(t *testing.T) {
	r := open(t, Limits{Rounds: 1000, Time: time.Minute})
	if _, err := r.Read(context.Background(), paper(300, 300)); !errors.Is(err, ErrTime) {
		t.Error(err)
	}
}

func TestMemory(t *testing.T) {
	r := open(t, Limits{Memory: 3 << 20, Time: time.Minute})
	if _, err := r.Read(context.Background(), paper(1600, 1600)); !errors.Is(err, ErrProgram) {
		t.Error(err)
	}
}

func TestTime(t *testing.T) {
	r := open(t, Limits{Time: time.Nanosecond})
	if _, err := r.Read(context.Background(), paper(300, 300)); !errors.Is(err, ErrTime) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := reader(t).Read(ctx, paper(300, 300)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestClosed(t *testing.T) {
	r := Open(program(t), Limits{})
	if err := r.Warm(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(context.Background(), paper(300, 300)); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func TestOpenNonsense(t *testing.T) {
	for _, wasm := range [][]byte{nil, []byte("hello"), []byte("\x00asm\x01\x00\x00\x00"), []byte("\x00asm\x01\x00\x00\x00\x0a\xff\xff\xff\xff\x0f")} {
		if err := Open(wasm, Limits{}).Warm(context.Background()); err == nil {
			t.Errorf("%q is taken", wasm)
		}
	}
}
