package vision

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
)

// RGBA converts m to an opaque picture of the standard library.
func (m *Image) RGBA() *image.RGBA {
	o := image.NewRGBA(image.Rect(0, 0, m.W, m.H))
	d := o.Pix
	for s := m.Pix; len(s) >= 3 && len(d) >= 4; s, d = s[3:], d[4:] {
		d[0], d[1], d[2], d[3] = s[0], s[1], s[2], 255
	}
	return o
}

// EncodeJPEG writes m as a baseline JPEG of the given quality (1 to 100), 4:2:0.
func (m *Image) EncodeJPEG(quality int) ([]byte, error) {
	if m.W <= 0 || m.H <= 0 {
		return nil, fmt.Errorf("encode JPEG: no pixels (%d x %d)", m.W, m.H)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m.RGBA(), &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode JPEG: %w", err)
	}
	return b.Bytes(), nil
}
