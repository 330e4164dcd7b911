package barcode

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"

	"idflow/vision"
)

// How wasm-bindgen, which rxing-wasm is built with, names the allocator. The
// names hold for the version in the models' manifest; its SHA-256 is checked.
const (
	fnAlloc = "__wbindgen_export"               // size, alignment -> address
	fnFree  = "__wbindgen_export3"              // address, size, alignment
	fnStack = "__wbindgen_add_to_stack_pointer" // bytes -> address
	fnHint  = "decodehintdictionary_set_hint"   // hints, number, address, length
	fnHints = "decodehintdictionary_new"        // -> hints
	fnOne   = "decode_barcode_with_hints"       // out, address, length, width, height, hints, filter
	fnText  = "barcoderesult_text"              // out, result
	fnRaw   = "barcoderesult_raw_bytes"         // out, result
	fnSpots = "barcoderesult_result_points"     // out, result
	fnKind  = "barcoderesult_format"            // result -> format
	fnMeta  = "barcoderesult_get_meta_data"     // result -> map
	fnDone  = "__wbg_barcoderesult_free"        // result, 0
)

// hintFormats is rxing's DecodeHintTypes.PossibleFormats. (TryHarder changes
// nothing: the same rounds with it and without.)
const hintFormats = 2

// formatNames are rxing's names of its BarcodeFormat, by number.
var formatNames = [...]Format{
	0: Aztec, 1: "codabar", 2: "code39", 3: "code93", 4: Code128, 5: DataMatrix, 6: "ean8", 7: "ean13", 8: "itf",
	9: "maxicode", 10: PDF417, 11: QR, 12: "rss14", 13: "rss-expanded", 14: "upc-a", 15: "upc-e", 16: "upc-ean-extension",
	17: "micro-qr", 18: "telepen", 19: "rmqr",
}

// hintsFor gives the address of the hints that narrow a search to formats:
// rxing's names with commas between.
func (i *instance) hintsFor(ctx context.Context, formats string) (uint32, error) {
	if at, ok := i.hints[formats]; ok {
		return at, nil
	}
	hints, err := i.call(ctx, fnHints)
	if err != nil {
		return 0, err
	}
	if err := i.hint(ctx, hints, hintFormats, formats); err != nil {
		return 0, err
	}
	i.hints[formats] = hints
	return hints, nil
}

func (i *instance) hint(ctx context.Context, hints uint32, number uint64, value string) error {
	at, err := i.put(ctx, []byte(value))
	if err != nil {
		return err
	}
	ok, err := i.call(ctx, fnHint, uint64(hints), number, uint64(at), uint64(len(value)))
	if err == nil && ok == 0 {
		err = fmt.Errorf("the program refuses %q", value)
	}
	return err
}

// decode reads one code of a grey picture. found is false when there is none;
// the error means that the instance is lost. It may go on for so many rounds.
func (i *instance) decode(ctx context.Context, formats string, grey []byte, w, h int, rounds uint64) (c Code, found bool, err error) {
	i.fuel.Set(rounds)
	hints, err := i.hintsFor(ctx, formats)
	if err != nil {
		return Code{}, false, err
	}
	at, err := i.put(ctx, grey) // the program frees it
	if err != nil {
		return Code{}, false, err
	}
	var result uint32
	err = i.out(ctx, func(out uint32) error {
		if _, err := i.call(ctx, fnOne, uint64(out), uint64(at), uint64(len(grey)), uint64(w), uint64(h), uint64(hints), 0); err != nil {
			return err
		}
		r, err := i.words(out, 3)
		if err != nil {
			return err
		}
		if r[2] != 0 { // an exception: nothing was found
			i.drop(r[1])
			return nil
		}
		result = r[0]
		return nil
	})
	if err != nil || result == 0 {
		return Code{}, false, err
	}
	if c, err = i.result(ctx, result); err != nil {
		return Code{}, false, err
	}
	_, err = i.call(ctx, fnDone, uint64(result), 0)
	return c, err == nil, err
}

func (i *instance) result(ctx context.Context, result uint32) (Code, error) {
	kind, err := i.call(ctx, fnKind, uint64(result))
	if err != nil {
		return Code{}, err
	}
	if kind >= uint32(len(formatNames)) {
		return Code{}, fmt.Errorf("the program found a format %d", kind)
	}
	text, err := i.vector(ctx, fnText, result, 1)
	if err != nil {
		return Code{}, err
	}
	raw, err := i.vector(ctx, fnRaw, result, 1)
	if err != nil {
		return Code{}, err
	}
	spots, err := i.vector(ctx, fnSpots, result, 4)
	if err != nil {
		return Code{}, err
	}
	meta, err := i.call(ctx, fnMeta, uint64(result))
	if err != nil {
		return Code{}, err
	}
	c := Code{Format: formatNames[kind], Text: string(text), Bytes: raw, Corners: points(spots)}
	if about, ok := i.objects[meta].(*remarks); ok && c.Format == PDF417 {
		c.weak = about.level() < minLevel
	}
	return c, nil
}

// remarks are what the program says about a code, pairs of a value and its name.
type remarks [][2]string

// level is the error correction level of a PDF417 code, 0 to 8; -1 when it is not
// said.
func (r remarks) level() int {
	for _, pair := range r {
		if pair[1] == "Error_Correction_Level" {
			if n, err := strconv.Atoi(pair[0]); err == nil {
				return n
			}
		}
	}
	return -1
}

// minLevel is the lowest error correction level of PDF417 codes that are believed.
// Below, with four words or two, the decoder takes false repairs for true ones: of
// blurred pictures it gave texts with wrong letters. ISO/IEC 15438 recommends 2
// and up for any text, AAMVA demands 3.
const minLevel = 2

// points are pairs of 32-bit floating point numbers; what is no place is left
// out.
func points(b []byte) []vision.Point {
	var ps []vision.Point
	for ; len(b) >= 8; b = b[8:] {
		x := float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
		y := float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4:])))
		if math.Abs(x) < 1e6 && math.Abs(y) < 1e6 {
			// rxing's pixels have their corners, ours their centres at whole numbers.
			ps = append(ps, vision.Point{X: x - 0.5, Y: y - 0.5})
		}
	}
	return ps
}

// maxVector bounds what is copied out of the program at once, in bytes: more
// than the largest code holds (7089 digits in a QR code) by far.
const maxVector = 1 << 20

// vector copies the bytes that the function says of result, elements of size
// bytes each, and frees them inside.
func (i *instance) vector(ctx context.Context, name string, result, size uint32) ([]byte, error) {
	var data []byte
	err := i.out(ctx, func(out uint32) error {
		if _, err := i.call(ctx, name, uint64(out), uint64(result)); err != nil {
			return err
		}
		r, err := i.words(out, 2)
		if err != nil {
			return err
		}
		at, n := r[0], r[1]
		if n > maxVector/size {
			return errors.New("the program gives too long an answer")
		}
		b, err := i.bytes(at, n*size)
		if err != nil {
			return err
		}
		data = append(data, b...)
		_, err = i.call(ctx, fnFree, uint64(at), uint64(n*size), uint64(size))
		return err
	})
	return data, err
}

// out runs f with a place on the program's stack for what a function returns.
func (i *instance) out(ctx context.Context, f func(at uint32) error) error {
	const room = 16
	at, err := i.call(ctx, fnStack, api32(-room))
	if err != nil {
		return err
	}
	if err := f(at); err != nil {
		return err
	}
	_, err = i.call(ctx, fnStack, api32(room))
	return err
}

// api32 is how a 32-bit number is handed over.
func api32(v int32) uint64 { return uint64(uint32(v)) }

// words reads 32-bit numbers.
func (i *instance) words(at uint32, n int) ([]uint32, error) {
	b, err := i.bytes(at, uint32(4*n))
	if err != nil {
		return nil, err
	}
	w := make([]uint32, n)
	for k := range w {
		w[k] = binary.LittleEndian.Uint32(b[4*k:])
	}
	return w, nil
}
