// Package barcode reads the barcodes on documents: PDF417 (the back of North
// American driving licences), QR, Data Matrix, Aztec and Code 128.
//
// The decoder is rxing, ZXing in Rust, as a WebAssembly program: it runs in a
// sandbox with bounded memory and time, because the picture comes from a stranger.
package barcode

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"idflow/vision"
)

// Format is a kind of barcode.
type Format string

// The formats that are looked for.
const (
	PDF417     Format = "pdf417"
	QR         Format = "qr"
	DataMatrix Format = "datamatrix"
	Aztec      Format = "aztec"
	Code128    Format = "code128"
)

// Code is one barcode of a picture.
type Code struct {
	Format Format
	// Text is what it says, in UTF-8.
	Text string
	// Bytes are the symbol's data words with their error correction where the
	// format has such; they are not the text in another encoding. None for PDF417.
	Bytes []byte
	// Corners are the places that the decoder went by, in pixels of the picture:
	// for PDF417 the corners of the symbol and of its data, for QR the middles of
	// the three finders (bottom left, top left, top right) and of the alignment
	// pattern, for Code 128 both ends of a line across.
	Corners []vision.Point

	weak bool // so little error correction that the text may be wrong
}

// What may go wrong in a read. The next read is not harmed by any of it.
var (
	// ErrTime says that the time limit ended the search.
	ErrTime = errors.New("barcode: the search took too long")
	// ErrProgram says that the decoder broke down on this picture: it ran out of
	// memory or into a fault of its own.
	ErrProgram = errors.New("barcode: the decoder broke down")
	// ErrPicture says that the picture has no pixels, too many, or not as many as
	// its size says.
	ErrPicture = errors.New("barcode: no picture of a size that can be searched")
	// ErrClosed says that the Reader was closed.
	ErrClosed = errors.New("barcode: the reader is closed")
)

// Limits bound what one read may use; zero fields stand for the defaults.
type Limits struct {
	Memory int // of one instance of the decoder, in bytes; 256 MiB
	// Rounds is how often the decoder's loops may go round in one of the passes of
	// a Read; 300 million, which take about a second. A pass over a page of 1027 x
	// 648 pixels takes 8 million.
	Rounds uint64
	Time   time.Duration // of one Read, after which no further pass begins; 2 s
}

const (
	defaultMemory = 256 << 20
	defaultRounds = 300e6
	defaultTime   = 2 * time.Second
)

// Reader reads barcodes. It is safe for concurrent use; each read that goes on
// at the same time has an instance of the decoder of its own.
type Reader struct {
	limits Limits
	start  func() (*sandbox, error)
}

// Open makes a reader of the decoder, the file that models.Dir names for the
// program "rxing". It is compiled when first needed, see [Reader.Warm].
func Open(wasm []byte, limits Limits) *Reader {
	if limits.Memory == 0 {
		limits.Memory = defaultMemory
	}
	if limits.Rounds == 0 {
		limits.Rounds = defaultRounds
	}
	if limits.Time == 0 {
		limits.Time = defaultTime
	}
	return &Reader{limits: limits, start: sync.OnceValues(func() (*sandbox, error) {
		s, err := newSandbox(context.Background(), wasm, limits.Memory)
		if err != nil {
			return nil, fmt.Errorf("barcode: start the decoder: %w", err)
		}
		return s, nil
	})}
}

// Warm compiles the decoder and starts one instance, so that the first Read
// need not.
func (r *Reader) Warm(ctx context.Context) error {
	s, err := r.start()
	if err != nil {
		return err
	}
	i, err := s.take(ctx)
	if err != nil {
		return fmt.Errorf("barcode: %w", err)
	}
	s.give(i)
	return nil
}

// Close ends the decoder; reads that are going on end with an error.
func (r *Reader) Close(ctx context.Context) error {
	s, err := r.start()
	if err != nil {
		return nil // there is nothing to close
	}
	return s.close(ctx)
}
