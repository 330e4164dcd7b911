package barcode

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"idflow/vision"
)

const (
	maxPixels = 1 << 27 // of a picture, more than vision.Decode gives
	firstSide = 1600    // pixels of the longer side in the first pass at most
	smallSide = 1200    // up to which a picture is also searched at double size
	maxCodes  = 16      // of one pass
)

// rxingNames are what rxing calls the formats in a hint.
var rxingNames = map[Format]string{PDF417: "pdf417", QR: "qrcode", DataMatrix: "datamatrix", Aztec: "aztec", Code128: "code128"}

// Read finds the codes of a picture, all formats or only those given, which is
// faster. It goes over the picture in several passes: as it is, at half size,
// sharpened, at double size, in parts. All codes of the first pass that finds any
// are the answer, each once; nil means that there are none. Aztec codes are found
// in the middle of the picture or of a part only. PDF417 codes with less error
// correction than their standard recommends (levels 0 and 1) are left out.
//
// The error is ErrPicture, ErrTime, ErrProgram, ErrClosed or the context's.
func (r *Reader) Read(ctx context.Context, m *vision.Image, formats ...Format) ([]Code, error) {
	return r.ReadUntil(ctx, m, func(Code) bool { return false }, formats...)
}

// ReadUntil is Read, but ends at once when a code is enough: to find out that
// there are no more takes longer than to find the first.
func (r *Reader) ReadUntil(ctx context.Context, m *vision.Image, enough func(Code) bool, formats ...Format) ([]Code, error) {
	if m == nil || m.W <= 0 || m.H <= 0 || m.W > maxPixels/m.H || len(m.Pix) != 3*m.W*m.H {
		return nil, ErrPicture
	}
	names, err := hint(formats)
	if err != nil {
		return nil, err
	}
	s, err := r.start()
	if err != nil {
		return nil, err
	}
	search := &search{sandbox: s, limits: r.limits, formats: names, enough: enough, deadline: time.Now().Add(r.limits.Time)}
	defer search.end()
	for pass := range passes(m) {
		codes, err := search.pass(ctx, pass)
		if len(codes) > 0 {
			return codes, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, search.broken
}

// hint lists formats for rxing.
func hint(formats []Format) (string, error) {
	if len(formats) == 0 {
		formats = []Format{PDF417, QR, DataMatrix, Aztec, Code128}
	}
	var names []string
	for _, f := range formats {
		name, ok := rxingNames[f]
		if !ok {
			return "", fmt.Errorf("barcode: no format %q", f)
		}
		names = append(names, name)
	}
	return strings.Join(names, ","), nil
}

// search is one Read.
type search struct {
	sandbox  *sandbox
	instance *instance // nil when none was taken, or the last one is lost
	limits   Limits
	formats  string
	enough   func(Code) bool
	deadline time.Time
	broken   error // why a pass was given up
}

// pass finds the codes of one grey picture. The error ends the search.
func (s *search) pass(ctx context.Context, p *pass) ([]Code, error) {
	var codes []Code
	for range maxCodes {
		c, found, err := s.decode(ctx, p)
		if err != nil || !found {
			return codes, err
		}
		p.erase(c.Corners)
		for i := range c.Corners {
			c.Corners[i] = p.back.Apply(c.Corners[i])
		}
		if !c.weak && !slices.ContainsFunc(codes, func(o Code) bool { return o.Format == c.Format && o.Text == c.Text }) {
			codes = append(codes, c)
			if s.enough(c) {
				return codes, nil
			}
		}
	}
	return codes, nil
}

func (s *search) decode(ctx context.Context, p *pass) (Code, bool, error) {
	if err := ctx.Err(); err != nil {
		return Code{}, false, err
	}
	if time.Now().After(s.deadline) {
		return Code{}, false, ErrTime
	}
	if s.instance == nil {
		i, err := s.sandbox.take(ctx)
		if err != nil {
			return Code{}, false, failed(err)
		}
		s.instance = i
	}
	c, found, err := s.instance.decode(ctx, s.formats, p.grey, p.w, p.h, s.limits.Rounds)
	if err == nil {
		return c, found, nil
	}
	s.broken = failed(err)
	if s.instance.spent() {
		s.broken = ErrTime
	}
	// Other passes go on with an instance that knows nothing of this.
	s.instance.close()
	s.instance = nil
	return Code{}, false, nil
}

// failed is the error for what went wrong inside.
func failed(err error) error {
	if errors.Is(err, ErrClosed) {
		return ErrClosed
	}
	return fmt.Errorf("%w: %w", ErrProgram, err)
}

// end gives the instance back.
func (s *search) end() {
	if s.instance != nil {
		s.sandbox.give(s.instance)
	}
}
