package document

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"idflow"
	"idflow/tech"
	"idflow/vision"
	"idflow/vision/doc"
)

// What a guide tells; their texts stand in the catalogs under "coach.<code>".
const (
	sayShow   = "document_show"
	sayNearer = "document_nearer"
	sayWhole  = "document_whole"
	sayLight  = "document_light"
	sayGlare  = "document_tilt"
	saySharp  = "document_focus"
	sayHold   = "hold_still"
	sayNow    = "document_now"
)

// Codes are all codes that the hints before a photo may have.
func Codes() []string {
	return []string{sayShow, sayNearer, sayWhole, sayLight, sayGlare, saySharp, sayHold, sayNow}
}

// said is what to tell about a shortcoming.
var said = map[idflow.Reason]string{TooSmall: sayNearer, CutOff: sayWhole, Dark: sayLight, Glare: sayGlare, Blurred: saySharp}

const (
	guideSide    = 480  // longer side of frames that pages are told to send, in pixels
	guideQuality = 80   // of their JPEGs
	maxGuideSide = 1280 // larger frames are refused undecoded

	// nearEnough is the least share of the frame that a page must fill. A frame
	// shows what the photo will, a page that fills the guide on the screen has 0.65
	// of it, and 0.3 of a photo of 1920 x 1210 pixels gives a card 12 pixels to the
	// millimetre, a passport's page 8.
	nearEnough = 0.3
	// steady is how far the corners may go from one frame to the next, as a share of
	// the page's diagonal; what Find's corners tremble by is below 0.01.
	steady = 0.03
	// holdFor is how long all must be well before the photo is taken.
	holdFor = 800 * time.Millisecond
)

var _ tech.Hinter = Technology{}

// Hint guides to one photo of a document.
func (t Technology) Hint(json.RawMessage, idflow.Capture) (tech.Guide, error) {
	return &guide{pages: t.Pages}, nil
}

// guide looks for what a photo of a page would lack.
type guide struct {
	pages  Pages
	before vision.Quad   // the corners in the last frame, if all was well there
	since  time.Duration // from when on all has been well
	well   bool          // it was in the last frame
}

func (g *guide) Welcome() json.RawMessage {
	b, err := json.Marshal(struct {
		Nonce   string `json:"nonce"`
		Width   int    `json:"width"` // of the longer side
		Quality int    `json:"quality"`
	}{"", guideSide, guideQuality})
	if err != nil {
		panic(err) // strings and numbers
	}
	return b
}

func (g *guide) Evidence() ([]tech.Given, error) { return nil, nil }
func (g *guide) Close()                          {}

// See says what a photo of what the frame shows would lack, or when to take it.
func (g *guide) See(ctx context.Context, f tech.Frame) (tech.Advice, error) {
	info, err := vision.Inspect(f.JPEG)
	if err != nil || info.Format != vision.JPEG || max(info.W, info.H) > maxGuideSide {
		return g.amiss(sayShow), nil
	}
	m, err := vision.Decode(f.JPEG)
	if err != nil {
		return g.amiss(sayShow), nil
	}
	found, err := g.pages.Find(ctx, m)
	if err != nil {
		return tech.Advice{}, fmt.Errorf("look at a frame: %w", err)
	}
	if len(found) == 0 {
		if night(m) {
			return g.amiss(sayLight), nil
		}
		return g.amiss(sayShow), nil
	}
	if say := lacks(m, found[0]); say != "" {
		return g.amiss(say), nil
	}
	return g.hold(found[0].Quad, f.At), nil
}

// lacks is what to tell about the page p in a frame, "" if it is fit for a photo.
func lacks(m *vision.Image, p doc.Page) string {
	reason := frameNeeds.shortcoming(doc.Measure(m, p))
	if reason != CutOff && p.Quad.Area() < nearEnough*float64(m.W*m.H) {
		reason = TooSmall
	}
	return said[reason]
}

// night says that a frame is too dark for anything to be found in it.
func night(m *vision.Image) bool {
	sum := 0
	for _, v := range m.Pix {
		sum += int(v)
	}
	return float64(sum) < frameNeeds.exposure/2*255*float64(len(m.Pix))
}

func (g *guide) amiss(say string) tech.Advice {
	g.well = false
	return tech.Advice{Say: say}
}

// hold waits until the page has been still for long enough.
func (g *guide) hold(q vision.Quad, at time.Duration) tech.Advice {
	if !g.well || moved(g.before, q) > steady {
		g.since = at
	}
	g.before, g.well = q, true
	held := min(1, float64(at-g.since)/float64(holdFor))
	if held < 1 {
		return tech.Advice{Say: sayHold, Hold: held}
	}
	return tech.Advice{Say: sayNow, Hold: 1}
}

// moved is how far the corner that went farthest went, as a share of the diagonal.
func moved(a, b vision.Quad) float64 {
	far := 0.0
	for i := range a {
		far = max(far, a[i].Dist(b[i]))
	}
	return far / b[0].Dist(b[2])
}
