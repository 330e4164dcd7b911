package vision

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/jpeg"
	"image/png"
	"iter"
	"mime"
	"strings"
)

// Limits on what a stranger may send, checked before a pixel is decoded.
const (
	MaxBytes  = 25 << 20   // of the file
	MaxPixels = 40_000_000 // width times height, as the header says
)

// maxScanPixels bounds the work of a progressive JPEG, whose every scan visits
// every pixel and may take but a few bytes: the usual ten scans of the largest
// picture, with room to spare.
const maxScanPixels = 16 * MaxPixels

// Error is a reason to refuse a picture. Code is stable and may be shown to
// machines; Text is a plain sentence.
type Error struct{ Code, Text string }

func (e *Error) Error() string { return e.Text }

// The reasons to refuse a picture; errors.Is tells them apart, errors.As on
// *Error gives the code.
var (
	ErrTooLarge      = &Error{"picture_too_large", "the file is larger than 25 MB"}
	ErrTooManyPixels = &Error{"picture_too_many_pixels", "the picture has more than 40 megapixels"}
	ErrNotAPicture   = &Error{"not_a_picture", "the file is not a JPEG, PNG or WebP picture"}
	ErrWrongType     = &Error{"picture_wrong_type", "the file is not of the type it was declared to be"}
	ErrCorrupt       = &Error{"picture_corrupt", "the picture is damaged or uses an unsupported feature"}
)

// Format is a picture format by its MIME type.
type Format string

// The formats that are decoded.
const (
	JPEG Format = "image/jpeg"
	PNG  Format = "image/png"
	WebP Format = "image/webp"
)

// Extension is the usual file name ending, with its dot.
func (f Format) Extension() string {
	switch f {
	case JPEG:
		return ".jpg"
	case PNG:
		return ".png"
	case WebP:
		return ".webp"
	}
	return ""
}

// Info is what the header of a picture says.
type Info struct {
	Format      Format
	W, H        int // as seen: the orientation is applied
	Orientation Orientation
}

// Inspect reads the header and checks it against the limits without decoding
// any pixel. A declared content type, when one is given and not empty or
// application/octet-stream, has to be the one the bytes show.
//
// The error wraps ErrTooLarge, ErrTooManyPixels, ErrNotAPicture, ErrWrongType
// or ErrCorrupt. A picture that passes may still turn out ErrCorrupt in Decode.
func Inspect(data []byte, declared ...string) (Info, error) {
	if len(data) > MaxBytes {
		return Info{}, fmt.Errorf("%w: it has %d bytes", ErrTooLarge, len(data))
	}
	f := sniff(data)
	for _, d := range declared {
		if err := checkDeclared(f, d); err != nil {
			return Info{}, err
		}
	}
	h, err := readHeader(f, data)
	if err != nil {
		return Info{}, err
	}
	if h.w <= 0 || h.h <= 0 {
		return Info{}, fmt.Errorf("%w: it has no pixels", ErrCorrupt)
	}
	if int64(h.w)*int64(h.h) > MaxPixels {
		return Info{}, fmt.Errorf("%w: it has %d x %d", ErrTooManyPixels, h.w, h.h)
	}
	if int64(h.scans)*int64(h.w)*int64(h.h) > maxScanPixels {
		return Info{}, fmt.Errorf("%w: %d scans over %d x %d pixels", ErrCorrupt, h.scans, h.w, h.h)
	}
	o := exifOrientation(h.exif)
	w, ht := o.size(h.w, h.h)
	return Info{Format: f, W: w, H: ht, Orientation: o}, nil
}

// sniff tells the format by the first bytes; empty when it is none of ours.
func sniff(b []byte) Format {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return WebP
	}
	return ""
}

func checkDeclared(f Format, declared string) error {
	t, _, err := mime.ParseMediaType(declared)
	if err != nil {
		t = strings.ToLower(strings.TrimSpace(declared))
	}
	switch t {
	case "", "application/octet-stream", string(f):
		return nil
	case "image/jpg", "image/pjpeg": // never registered, and common
		if f == JPEG {
			return nil
		}
	}
	if f == "" {
		return fmt.Errorf("%w: it was declared %.40q", ErrNotAPicture, declared)
	}
	return fmt.Errorf("%w: declared %.40q, found %s", ErrWrongType, declared, f)
}

// header is what a file says of its pixels as they are stored.
type header struct {
	w, h  int
	scans int    // passes over the pixels; 1 where there is only ever one
	exif  []byte // nil when there is none
}

func readHeader(f Format, b []byte) (header, error) {
	switch f {
	case JPEG:
		return jpegHeader(b)
	case PNG:
		return pngHeader(b)
	case WebP:
		return webpHeader(b)
	}
	return header{}, ErrNotAPicture
}

func jpegHeader(b []byte) (header, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return header{}, fmt.Errorf("%w: %v", ErrCorrupt, err)
	}
	scans, exif := jpegNotes(b)
	return header{c.Width, c.Height, scans, exif}, nil
}

// jpegSegments yields every marker with its payload up to the end of the
// picture; what is appended behind it (a video, a second picture) is not looked at.
func jpegSegments(b []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for b = b[2:]; ; {
			i := bytes.IndexByte(b, 0xff)
			if i < 0 || i+1 >= len(b) {
				return
			}
			marker := b[i+1]
			b = b[i+1:]
			if marker == 0x00 || marker == 0xff || marker >= 0xd0 && marker <= 0xd7 {
				continue // a stuffed byte, a fill byte or a restart: no segment
			}
			if marker == markerEnd || len(b) < 3 {
				return
			}
			n := 1 + int(binary.BigEndian.Uint16(b[1:]))
			if n < 3 || n > len(b) || !yield(marker, b[3:n]) {
				return
			}
			b = b[n:]
		}
	}
}

// JPEG markers (ITU-T T.81, table B.1).
const (
	markerScan = 0xda
	markerEnd  = 0xd9
	markerApp1 = 0xe1
)

// jpegNotes counts the scans and finds the EXIF block.
func jpegNotes(b []byte) (scans int, exif []byte) {
	for marker, payload := range jpegSegments(b) {
		switch {
		case marker == markerScan:
			scans++
		case marker == markerApp1 && exif == nil && bytes.HasPrefix(payload, []byte("Exif\x00\x00")):
			exif = payload
		}
	}
	return scans, exif
}

func pngHeader(b []byte) (header, error) {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return header{}, fmt.Errorf("%w: %v", ErrCorrupt, err)
	}
	return header{c.Width, c.Height, 1, pngExif(b)}, nil
}

// pngExif walks the chunks to eXIf, which may stand before or after the pixels.
func pngExif(b []byte) []byte {
	const around = 12 // length, type and checksum of a chunk
	for b = b[8:]; len(b) >= around; {
		n := int64(binary.BigEndian.Uint32(b))
		if n+around > int64(len(b)) {
			return nil
		}
		if string(b[4:8]) == "eXIf" {
			return b[8 : 8+n]
		}
		b = b[n+around:]
	}
	return nil
}

// webpHeader walks the RIFF chunks itself, because an extended file states its
// size twice, and the canvas may be small while the frame within is huge.
func webpHeader(b []byte) (header, error) {
	var h header
	var canvasW, canvasH int
	for b = b[12:]; len(b) >= 8; {
		kind := string(b[:4])
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		body := b[8:min(8+n, int64(len(b)))]
		switch kind {
		case "VP8X":
			if len(body) < 10 || canvasW > 0 {
				return h, fmt.Errorf("%w: bad VP8X chunk", ErrCorrupt)
			}
			canvasW, canvasH = 1+uint24(body[4:]), 1+uint24(body[7:])
		case "ANIM", "ANMF":
			return h, fmt.Errorf("%w: it is animated", ErrCorrupt)
		case "VP8 ", "VP8L":
			w, ht, ok := webpFrame(kind, body)
			if !ok || h.scans > 0 {
				return h, fmt.Errorf("%w: bad %q chunk", ErrCorrupt, kind)
			}
			h.w, h.h, h.scans = w, ht, 1
		case "EXIF":
			h.exif = body
		}
		next := 8 + n + n&1
		if next > int64(len(b)) {
			break
		}
		b = b[next:]
	}
	if h.scans == 0 {
		return h, fmt.Errorf("%w: no VP8 or VP8L chunk", ErrCorrupt)
	}
	if canvasW > 0 && (canvasW != h.w || canvasH != h.h) {
		return h, fmt.Errorf("%w: canvas %d x %d, frame %d x %d", ErrCorrupt, canvasW, canvasH, h.w, h.h)
	}
	return h, nil
}

// webpFrame reads the size from a lossy (RFC 6386, 9.1) or lossless (RFC 9649,
// 3.4) frame's first bytes.
func webpFrame(kind string, b []byte) (w, h int, ok bool) {
	if kind == "VP8L" {
		if len(b) < 5 || b[0] != 0x2f {
			return 0, 0, false
		}
		v := binary.LittleEndian.Uint32(b[1:])
		return 1 + int(v&0x3fff), 1 + int(v>>14&0x3fff), true
	}
	if len(b) < 10 || string(b[3:6]) != "\x9d\x01\x2a" {
		return 0, 0, false
	}
	return int(binary.LittleEndian.Uint16(b[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[8:]) & 0x3fff), true
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
