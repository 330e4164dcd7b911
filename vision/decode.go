package vision

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

// Decode inspects a JPEG, PNG or WebP file and decodes it as it is meant to be
// seen: the orientation is applied, and what is transparent shows white.
//
// The errors are those of Inspect. It never panics on a hostile file, and
// beyond Inspect's limits it allocates nothing that depends on the file: at
// most 18 bytes a pixel while decoding (a progressive JPEG without
// subsampling), of which 3 remain.
func Decode(data []byte) (*Image, error) {
	info, err := Inspect(data)
	if err != nil {
		return nil, err
	}
	m, err := decodeStored(info.Format, data)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrCorrupt, err)
	}
	w, h := info.Orientation.size(m.Bounds().Dx(), m.Bounds().Dy())
	if w != info.W || h != info.H {
		return nil, fmt.Errorf("%w: %d x %d pixels instead of %d x %d", ErrCorrupt, w, h, info.W, info.H)
	}
	return fromImage(m, info.Orientation), nil
}

func decodeStored(f Format, data []byte) (image.Image, error) {
	r := bytes.NewReader(data)
	switch f {
	case JPEG:
		return jpeg.Decode(r)
	case PNG:
		return png.Decode(r)
	}
	return webp.Decode(r)
}

// FromImage converts a picture of the standard library; what is transparent
// shows white.
func FromImage(m image.Image) *Image { return fromImage(m, Upright) }

// fromImage converts and lays out in one pass over the pixels.
func fromImage(m image.Image, o Orientation) *Image {
	b := m.Bounds()
	out := New(o.size(b.Dx(), b.Dy()))
	l := o.layout(b.Dx(), b.Dy())
	for y := range b.Dy() {
		row := out.Pix
		p := l.start + y*l.dy
		switch s := m.(type) {
		case *image.YCbCr:
			ycbcrRow(row, p, l.dx, s, b.Min.X, b.Min.Y+y)
		case *image.Gray:
			grayRow(row, p, l.dx, s.Pix[s.PixOffset(b.Min.X, b.Min.Y+y):][:b.Dx()])
		case *image.RGBA:
			rgbaRow(row, p, l.dx, s.Pix[s.PixOffset(b.Min.X, b.Min.Y+y):][:4*b.Dx()])
		case *image.NRGBA:
			nrgbaRow(row, p, l.dx, s.Pix[s.PixOffset(b.Min.X, b.Min.Y+y):][:4*b.Dx()])
		case *image.CMYK:
			cmykRow(row, p, l.dx, s.Pix[s.PixOffset(b.Min.X, b.Min.Y+y):][:4*b.Dx()])
		default:
			anyRow(row, p, l.dx, m, b.Min.Y+y)
		}
	}
	return out
}

// ycbcrRow converts one row to dst[p:], dx bytes from pixel to pixel, with the
// integers of color.YCbCrToRGB (JFIF: full range BT.601), the chroma part of
// which is worked out once for the pixels that share it.
func ycbcrRow(dst []uint8, p, dx int, s *image.YCbCr, x0, y int) {
	w := s.Rect.Dx()
	ys := s.Y[s.YOffset(x0, y):][:w]
	var shift int // pixels that share a chroma sample: 1 << shift
	switch s.SubsampleRatio {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		shift = 1
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		shift = 2
	}
	c := s.COffset(x0, y) - x0>>shift
	last := -1
	var r, g, b int32
	for i, luma := range ys {
		if k := c + (x0+i)>>shift; k != last {
			last = k
			cb, cr := int32(s.Cb[k])-128, int32(s.Cr[k])-128
			r, g, b = 91881*cr, -22554*cb-46802*cr, 116130*cb
		}
		yy := int32(luma) * 0x10101
		d := dst[p : p+3 : p+3]
		d[0], d[1], d[2] = clamp16(yy+r), clamp16(yy+g), clamp16(yy+b)
		p += dx
	}
}

// clamp16 is v/2^16 within 0 to 255.
func clamp16(v int32) uint8 {
	if uint32(v)&0xff000000 == 0 {
		return uint8(v >> 16)
	}
	return uint8(^(v >> 31))
}

func grayRow(dst []uint8, p, dx int, s []uint8) {
	for _, v := range s {
		d := dst[p : p+3 : p+3]
		d[0], d[1], d[2] = v, v, v
		p += dx
	}
}

// rgbaRow lays premultiplied pixels over white.
func rgbaRow(dst []uint8, p, dx int, s []uint8) {
	for ; len(s) >= 4; s = s[4:] {
		d := dst[p : p+3 : p+3]
		white := 255 - s[3]
		d[0], d[1], d[2] = s[0]+white, s[1]+white, s[2]+white
		p += dx
	}
}

func nrgbaRow(dst []uint8, p, dx int, s []uint8) {
	for ; len(s) >= 4; s = s[4:] {
		d := dst[p : p+3 : p+3]
		d[0], d[1], d[2] = overWhite(s[0], s[3]), overWhite(s[1], s[3]), overWhite(s[2], s[3])
		p += dx
	}
}

func overWhite(v, alpha uint8) uint8 {
	if alpha == 255 {
		return v
	}
	a := uint32(alpha)
	return uint8((uint32(v)*a + 255*(255-a) + 127) / 255)
}

func cmykRow(dst []uint8, p, dx int, s []uint8) {
	for ; len(s) >= 4; s = s[4:] {
		d := dst[p : p+3 : p+3]
		d[0], d[1], d[2] = color.CMYKToRGB(s[0], s[1], s[2], s[3])
		p += dx
	}
}

// anyRow is for the rare ones: palettes, 16 bits, WebP with transparency.
func anyRow(dst []uint8, p, dx int, m image.Image, y int) {
	b := m.Bounds()
	for x := b.Min.X; x < b.Max.X; x++ {
		r, g, bl, a := m.At(x, y).RGBA()
		white := 0xffff - a
		d := dst[p : p+3 : p+3]
		d[0], d[1], d[2] = uint8((r+white)>>8), uint8((g+white)>>8), uint8((bl+white)>>8)
		p += dx
	}
}
