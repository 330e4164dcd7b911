package specimen

import (
	"embed"
	"fmt"
	"path"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/*.ttf fonts/*.otf
var fontFiles embed.FS

// fonts by the names that a Style uses.
var fonts = map[string]func() *sfnt.Font{
	"sans":  openFont("NotoSans-Regular.ttf"),
	"bold":  openFont("NotoSans-Bold.ttf"),
	"serif": openFont("NotoSerif-Regular.ttf"),
	"mono":  openFont("NotoSansMono-Regular.ttf"),
	"ocrb":  openFont("OCRBS.otf"),
}

// openFont parses an embedded font when it is first used.
func openFont(file string) func() *sfnt.Font {
	return sync.OnceValue(func() *sfnt.Font {
		b, err := fontFiles.ReadFile(path.Join("fonts", file))
		if err != nil {
			panic(err)
		}
		f, err := sfnt.Parse(b)
		if err != nil {
			panic(fmt.Sprintf("specimen: fonts/%s: %v", file, err))
		}
		return f
	})
}

// Sans is the font that documents are printed in unless a Style says otherwise,
// for what is written about pictures of them. It has Latin and Cyrillic letters
// with those of Kazakh.
func Sans() *sfnt.Font { return fonts["sans"]() }

// OCRB is the font of machine-readable zones.
func OCRB() *sfnt.Font { return fonts["ocrb"]() }

// fontOf is the font a Style names.
func fontOf(name string) (*sfnt.Font, error) {
	if name == "" {
		name = "sans"
	}
	open, ok := fonts[name]
	if !ok {
		return nil, fmt.Errorf("specimen: no font %q", name)
	}
	return open(), nil
}

// unitsPerEm is the scale glyphs are loaded at: outlines are transformed by
// floating point afterwards, so this only has to be fine enough.
const unitsPerEm = 1024

// glyph is a letter's outline and how far the next one stands, in units.
type glyph struct {
	outline sfnt.Segments
	advance float64
}

// typesetter loads glyphs; it is for one goroutine.
type typesetter struct {
	buf    sfnt.Buffer
	glyphs map[letter]glyph
}

type letter struct {
	font *sfnt.Font
	r    rune
}

// glyph is the letter r; the error is for letters that the font has not.
func (t *typesetter) glyph(f *sfnt.Font, r rune) (glyph, error) {
	if g, ok := t.glyphs[letter{f, r}]; ok {
		return g, nil
	}
	i, err := f.GlyphIndex(&t.buf, r)
	if err != nil {
		return glyph{}, err
	}
	if i == 0 {
		return glyph{}, fmt.Errorf("specimen: the font has no %q", r)
	}
	const em = fixed.Int26_6(unitsPerEm << 6)
	segs, err := f.LoadGlyph(&t.buf, i, em, nil)
	if err != nil {
		return glyph{}, fmt.Errorf("specimen: outline of %q: %w", r, err)
	}
	adv, err := f.GlyphAdvance(&t.buf, i, em, font.HintingNone)
	if err != nil {
		return glyph{}, fmt.Errorf("specimen: width of %q: %w", r, err)
	}
	g := glyph{append(sfnt.Segments(nil), segs...), float64(adv) / 64}
	if t.glyphs == nil {
		t.glyphs = map[letter]glyph{}
	}
	t.glyphs[letter{f, r}] = g
	return g, nil
}

// width is the advance of s at a size of 1.
func (t *typesetter) width(f *sfnt.Font, s string) (float64, error) {
	w := 0.0
	for _, r := range s {
		g, err := t.glyph(f, r)
		if err != nil {
			return 0, err
		}
		w += g.advance
	}
	return w / unitsPerEm, nil
}
