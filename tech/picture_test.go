package tech

import "testing"

func TestFilesThatAreNoPictures(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       error
	}{
		{"a PDF", "%PDF-1.7\n%...", ErrPicturePDF},
		{"a HEIC picture", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", ErrPictureHEIC},
		{"a film", "\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp41", ErrPictureNotReadable},
		{"a text", "passport", ErrPictureNotReadable},
		{"nothing", "", ErrPictureNotReadable},
	} {
		if got := InspectPicture("image/jpeg", []byte(c.data)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
