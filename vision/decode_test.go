package vision

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// corners is a picture whose four quarters differ: red, green over blue, white.
func corners(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, quarter(x < w/2, y < h/2))
		}
	}
	return m
}

func quarter(left, top bool) color.RGBA {
	switch {
	case left && top:
		return color.RGBA{255, 0, 0, 255}
	case top:
		return color.RGBA{0, 255, 0, 255}
	case left:
		return color.RGBA{0, 0, 255, 255}
	}
	return color.RGBA{255, 255, 255, 255}
}

func encodeJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodePNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif is an EXIF block that says nothing but the orientation.
func exif(order binary.AppendByteOrder, o uint16) []byte {
	b := []byte("Exif\x00\x00")
	if order == binary.BigEndian {
		b = append(b, "MM"...)
	} else {
		b = append(b, "II"...)
	}
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2) // entries
	b = order.AppendUint16(b, 0x010f)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint32(b, 4)
	b = append(b, "cam\x00"...)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, o)
	b = order.AppendUint16(b, 0)
	return order.AppendUint32(b, 0)
}

// withSegment puts an APPn segment behind the first marker of a JPEG.
func withSegment(j []byte, marker byte, payload []byte) []byte {
	b := append([]byte{}, j[:2]...)
	b = append(b, 0xff, marker)
	b = binary.BigEndian.AppendUint16(b, uint16(len(payload)+2))
	b = append(b, payload...)
	return append(b, j[2:]...)
}

// name of the quarter's colour at a corner, robust to JPEG.
func colourAt(m *Image, x, y int) string {
	p := m.Pix[3*(y*m.W+x):]
	name := func(v uint8) byte {
		if v > 128 {
			return '1'
		}
		return '0'
	}
	switch s := string([]byte{name(p[0]), name(p[1]), name(p[2])}); s {
	case "100":
		return "r"
	case "010":
		return "g"
	case "001":
		return "b"
	case "111":
		return "w"
	default:
		return s
	}
}

func cornerColours(m *Image) string {
	return colourAt(m, 2, 2) + colourAt(m, m.W-3, 2) + colourAt(m, 2, m.H-3) + colourAt(m, m.W-3, m.H-3)
}

func TestDecodeAppliesOrientation(t *testing.T) {
	j := encodeJPEG(t, corners(48, 32))
	for o, want := range map[uint16]string{
		0: "rgbw", 1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg",
		5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb", 9: "rgbw",
	} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			data := withSegment(j, 0xe1, exif(order, o))
			m, err := Decode(data)
			if err != nil {
				t.Fatalf("orientation %d: %v", o, err)
			}
			if got := cornerColours(m); got != want {
				t.Errorf("orientation %d, %v: corners %s, want %s", o, order, got, want)
			}
			info, err := Inspect(data)
			if err != nil || info.W != m.W || info.H != m.H {
				t.Errorf("orientation %d: Inspect says %+v, %v; decoded %d x %d", o, info, err, m.W, m.H)
			}
		}
	}
}

func TestDecodeFindsExifBehindOtherSegments(t *testing.T) {
	j := withSegment(encodeJPEG(t, corners(48, 32)), 0xe1, exif(binary.BigEndian, 6))
	j = withSegment(j, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x/>"))
	j = withSegment(j, 0xe0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"))
	m, err := Decode(j)
	if err != nil {
		t.Fatal(err)
	}
	if got := cornerColours(m); got != "brwg" {
		t.Errorf("corners %s, want brwg", got)
	}
}

func TestDecodePNGOrientation(t *testing.T) {
	p := encodePNG(t, corners(8, 6))
	chunk := exif(binary.BigEndian, 3)[6:] // eXIf has no "Exif\0\0" in front
	b := append([]byte{}, p[:33]...)       // signature and IHDR
	b = binary.BigEndian.AppendUint32(b, uint32(len(chunk)))
	start := len(b)
	b = append(append(b, "eXIf"...), chunk...)
	b = binary.BigEndian.AppendUint32(b, crc(b[start:]))
	b = append(b, p[33:]...)
	m, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if got := cornerColours(m); got != "wbgr" {
		t.Errorf("corners %s, want wbgr", got)
	}
}

// A lossless and a lossy WebP of 1 x 1 pixels.
const (
	tinyLossless = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
	tinyLossy    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
)

func unbase64(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeWebP(t *testing.T) {
	for name, s := range map[string]string{"lossless": tinyLossless, "lossy": tinyLossy} {
		data := unbase64(t, s)
		info, err := Inspect(data, "image/webp")
		if err != nil || info.Format != WebP || info.W != 1 || info.H != 1 {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
		if m, err := Decode(data); err != nil || m.W != 1 || m.H != 1 {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

func TestDecodeColourModels(t *testing.T) {
	src := corners(16, 12)
	paletted := image.NewPaletted(src.Rect, color.Palette{
		color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}, color.White})
	nrgba := image.NewNRGBA(src.Rect)
	deep := image.NewNRGBA64(src.Rect)
	for y := range 12 {
		for x := range 16 {
			paletted.Set(x, y, src.At(x, y))
			deep.Set(x, y, src.At(x, y))
			nrgba.Set(x, y, src.At(x, y))
			if x >= 8 && y >= 6 { // the white quarter: transparent black shows white
				nrgba.SetNRGBA(x, y, color.NRGBA{})
			}
		}
	}
	for name, m := range map[string]image.Image{"rgb": src, "palette": paletted, "16 bit": deep, "transparent": nrgba} {
		got, err := Decode(encodePNG(t, m))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if s := cornerColours(got); s != "rgbw" {
			t.Errorf("%s: corners %s, want rgbw", name, s)
		}
	}
	gray := image.NewGray(image.Rect(0, 0, 9, 9))
	for i := range gray.Pix {
		gray.Pix[i] = 77
	}
	got, err := Decode(encodePNG(t, gray))
	if err != nil || got.Pix[0] != 77 || got.Pix[1] != 77 || got.Pix[2] != 77 {
		t.Errorf("gray: %v, %v", got, err)
	}
}

func TestFromImageAgreesWithTheStandardLibrary(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		whole := image.NewYCbCr(image.Rect(0, 0, 23, 17), ratio)
		for i := range whole.Y {
			whole.Y[i] = uint8(i * 7)
		}
		for i := range whole.Cb {
			whole.Cb[i], whole.Cr[i] = uint8(i*31), uint8(255-i*13)
		}
		sub := whole.SubImage(image.Rect(3, 5, 20, 16))
		for _, m := range []image.Image{whole, sub} {
			got := FromImage(m)
			b := m.Bounds()
			for y := range got.H {
				for x := range got.W {
					r, g, bl, _ := m.At(b.Min.X+x, b.Min.Y+y).RGBA()
					p := got.Pix[3*(y*got.W+x):]
					if p[0] != uint8(r>>8) || p[1] != uint8(g>>8) || p[2] != uint8(bl>>8) {
						t.Fatalf("%v %v: pixel %d,%d is %v, want %d %d %d", ratio, b, x, y, p[:3], r>>8, g>>8, bl>>8)
					}
				}
			}
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	j := encodeJPEG(t, corners(16, 16))
	p := encodePNG(t, corners(16, 16))
	for name, c := range map[string]struct {
		data     []byte
		declared string
		want     *Error
	}{
		"empty":                   {nil, "", ErrNotAPicture},
		"text":                    {[]byte("<html></html>"), "", ErrNotAPicture},
		"text declared a picture": {[]byte("<html></html>"), "image/png", ErrNotAPicture},
		"gif":                     {[]byte("GIF89a\x01\x00\x01\x00"), "image/gif", ErrNotAPicture},
		"too many bytes":          {append(append([]byte{}, j...), make([]byte, MaxBytes)...), "", ErrTooLarge},
		"declared png, is jpeg":   {j, "image/png", ErrWrongType},
		"declared pdf, is jpeg":   {j, "application/pdf", ErrWrongType},
		"declared nonsense":       {j, "????", ErrWrongType},
		"huge png":                {pngOfSize(p, 100_000, 100_000), "", ErrTooManyPixels},
		"just too many":           {pngOfSize(p, 40_001, 1_000), "", ErrTooManyPixels},
		"empty png":               {pngOfSize(p, 0, 10), "", ErrCorrupt},
		"cut in the header":       {j[:20], "", ErrCorrupt},
		"jpeg marker alone":       {[]byte("\xff\xd8\xff"), "", ErrCorrupt},
		"webp without frame":      {[]byte("RIFF\x04\x00\x00\x00WEBP"), "", ErrCorrupt},
		"webp of two sizes":       {lyingWebP(t), "", ErrCorrupt},
		"animated webp":           {[]byte("RIFF\x14\x00\x00\x00WEBPANIM\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "", ErrCorrupt},
		"many scans":              {manyScans(j, 4_000, 4_000, 60), "", ErrCorrupt},
	} {
		_, err := Inspect(c.data, c.declared)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		var e *Error
		if !errors.As(err, &e) || e.Code != c.want.Code {
			t.Errorf("%s: no code in %v", name, err)
		}
		if c.declared == "" {
			if _, err := Decode(c.data); !errors.Is(err, c.want) {
				t.Errorf("%s: Decode says %v, want %v", name, err, c.want)
			}
		}
	}
}

func TestInspectAccepts(t *testing.T) {
	j := encodeJPEG(t, corners(16, 16))
	for name, c := range map[string]struct {
		data     []byte
		declared []string
	}{
		"nothing declared":  {j, nil},
		"empty declaration": {j, []string{""}},
		"octet stream":      {j, []string{"application/octet-stream"}},
		"parameters":        {j, []string{"image/jpeg; name=a.jpg"}},
		"image/jpg":         {j, []string{"image/jpg"}},
		"upper case":        {j, []string{"IMAGE/JPEG"}},
		"video appended":    {append(append([]byte{}, j...), bytes.Repeat([]byte{0xff, 0xda, 0, 4, 1, 2}, 100_000)...), nil},
		"exactly 40 MP":     {pngOfSize(encodePNG(t, corners(4, 4)), 40_000, 1_000), nil},
	} {
		if _, err := Inspect(c.data, c.declared...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecodeCorrupt(t *testing.T) {
	for name, data := range map[string][]byte{
		"cut jpeg": encodeJPEG(t, corners(64, 64))[:700],
		"cut png":  encodePNG(t, corners(64, 64))[:60],
		"cut webp": unbase64(t, tinyLossy)[:40],
	} {
		if _, err := Decode(data); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v, want %v", name, err, ErrCorrupt)
		}
	}
}

// pngOfSize rewrites the size in a PNG's header.
func pngOfSize(p []byte, w, h uint32) []byte {
	b := append([]byte{}, p...)
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc(b[12:29]))
	return b
}

// lyingWebP has a small canvas about a huge frame.
func lyingWebP(t testing.TB) []byte {
	frame := unbase64(t, tinyLossy)[12:]
	binary.LittleEndian.PutUint16(frame[8+6:], 16000)
	binary.LittleEndian.PutUint16(frame[8+8:], 16000)
	b := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x0f\x00\x00\x0f\x00\x00")
	return append(b, frame...)
}

// manyScans repeats the scan header of a JPEG that claims to be w x h.
func manyScans(j []byte, w, h uint16, n int) []byte {
	b := append([]byte{}, j...)
	sof := bytes.Index(b, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(b[sof+5:], h)
	binary.BigEndian.PutUint16(b[sof+7:], w)
	end := bytes.LastIndex(b, []byte{0xff, 0xd9})
	sos := bytes.Index(b, []byte{0xff, 0xda})
	header := b[sos : sos+2+int(binary.BigEndian.Uint16(b[sos+2:]))]
	out := append([]byte{}, b[:end]...)
	return append(append(out, bytes.Repeat(header, n)...), 0xff, 0xd9)
}

func FuzzDecode(f *testing.F) {
	j := encodeJPEG(f, corners(16, 12))
	f.Add(j)
	f.Add(withSegment(j, 0xe1, exif(binary.LittleEndian, 6)))
	f.Add(encodePNG(f, corners(8, 8)))
	f.Add(unbase64(f, tinyLossless))
	f.Add(unbase64(f, tinyLossy))
	f.Add(lyingWebP(f))
	f.Add(manyScans(j, 16, 12, 3))
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := Inspect(data)
		if err != nil {
			mustHaveCode(t, err)
			return
		}
		if info.W*info.H > 1<<20 { // a valid claim, too slow to follow here
			return
		}
		m, err := Decode(data)
		if err != nil {
			mustHaveCode(t, err)
			return
		}
		if m.W != info.W || m.H != info.H || len(m.Pix) != 3*m.W*m.H {
			t.Fatalf("%d x %d with %d bytes, header %+v", m.W, m.H, len(m.Pix), info)
		}
	})
}

func mustHaveCode(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code == "" {
		t.Fatalf("no code in %v", err)
	}
}

func FuzzExifOrientation(f *testing.F) {
	f.Add(exif(binary.LittleEndian, 6))
	f.Add(exif(binary.BigEndian, 8)[6:])
	f.Add([]byte("II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if o := exifOrientation(b); o < 1 || o > 8 {
			t.Fatalf("orientation %d", o)
		}
	})
}

func BenchmarkDecodeJPEG640(b *testing.B) {
	data := encodeJPEG(b, scene(640, 480).RGBA())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFromYCbCr640(b *testing.B) {
	m, err := jpeg.Decode(bytes.NewReader(encodeJPEG(b, scene(640, 480).RGBA())))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		FromImage(m)
	}
}

func BenchmarkInspect(b *testing.B) {
	data := encodeJPEG(b, scene(640, 480).RGBA())
	for b.Loop() {
		if _, err := Inspect(data); err != nil {
			b.Fatal(err)
		}
	}
}
