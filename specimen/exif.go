package specimen

import (
	"bytes"
	"encoding/binary"
	"image"

	"idflow/vision"
)

// stored lays the rows of m out such that a viewer who obeys the orientation
// sees m.
func stored(m *image.RGBA, o vision.Orientation) *image.RGBA {
	if o <= vision.Upright {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	sw, sh := w, h
	if o >= 5 {
		sw, sh = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, sw, sh))
	for sy := range sh {
		for sx := range sw {
			x, y := seen(o, sx, sy, w, h)
			copy(out.Pix[sy*out.Stride+4*sx:][:4], m.Pix[y*m.Stride+4*x:])
		}
	}
	return out
}

// seen is where the stored pixel (x, y) shows in an upright picture of w x h.
func seen(o vision.Orientation, x, y, w, h int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return w - 1 - y, x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return y, h - 1 - x
	}
	return x, y
}

// withOrientation puts an EXIF block with nothing but the orientation behind the
// JPEG's first marker.
func withOrientation(jpeg []byte, o vision.Orientation) []byte {
	if o == 0 {
		return jpeg
	}
	var b bytes.Buffer
	b.Write(jpeg[:2])
	b.Write([]byte{0xff, 0xe1, 0, 34})
	b.WriteString("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08")
	// One entry: tag 0x0112, a short, one of them.
	for _, v := range []uint16{1, 0x0112, 3, 0, 1, uint16(o), 0, 0, 0} {
		b.Write(binary.BigEndian.AppendUint16(nil, v))
	}
	b.Write(jpeg[2:])
	return b.Bytes()
}
