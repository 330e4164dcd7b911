package capture

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"idflow"
	"idflow/engine"
	"idflow/problem"
	"idflow/tech"
)

// A live passage over a WebSocket. The page says which session it belongs to in
// its first message, so that the link's token stays out of addresses:
//
//	page   {"token": "…", "step": 1, "attempt": 1, "camera": "its label", "calm": false}
//	server {"welcome": {…}, "rate": 8}
//	page   a frame: 4 bytes number from 1 (big endian), 32 bytes chain, a JPEG
//	server {"number": 1, "advice": {…}, "rate": 8}
//	…
//	server {"number": n, "advice": {"done": true, …}} and closes
//
// With "capture": "its name" the frames are looked at before a photo of that
// capture is taken: the advice is what the photo would lack, nothing is kept, and
// the page leaves when it has its photo.
//
// The page sends the next frame only after the answer to the last one, so a
// slow phone or network slows the passage down and breaks nothing. What is
// wrong is told as {"problem": {…}} with a stable code before the server closes.
const (
	frameHeader   = 4 + 32
	maxFrame      = frameHeader + 512<<10 // bytes; a frame of 480 x 360 has about 25 KB
	maxFrames     = 1500                  // in one passage: two minutes at 12 a second
	helloPatience = 10 * time.Second
	framePatience = 20 * time.Second // between two frames
	passageLimit  = 2 * time.Minute
)

// Problems of a live passage.
var (
	errFrameTooLarge   = &idflow.Error{Kind: idflow.KindTooLarge, Code: "frame_too_large", Message: "A frame may have 512 KB at most."}
	errFrameOutOfOrder = idflow.Invalid("frame_out_of_order", "", "Frames must be numbered from 1 without gaps, each sent after the answer to the last one.")
	errFrameMalformed  = idflow.Invalid("frame_malformed", "", "A frame is 4 bytes of its number, 32 bytes of the chain, and a JPEG picture.")
	errTooManyFrames   = idflow.Invalid("too_many_frames", "", "This took too long. Start again.")
	errTooSlow         = &idflow.Error{Kind: idflow.KindGone, Code: "passage_timed_out", Message: "Nothing came for too long. Start again."}
)

// liveMessage is what the server says.
type liveMessage struct {
	Welcome json.RawMessage   `json:"welcome,omitempty"`
	Number  uint32            `json:"number,omitempty"`
	Advice  *tech.Advice      `json:"advice,omitempty"`
	Rate    float64           `json:"rate,omitempty"` // frames a second that the page may send
	Problem *problem.Document `json:"problem,omitempty"`
}

// live serves one passage.
func (h handler) live(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(2 * maxFrame) // beyond that the connection is closed without a word of ours
	ctx, cancel := context.WithTimeout(r.Context(), passageLimit+helloPatience)
	defer cancel()
	if err := h.pass(ctx, conn, r.UserAgent()); err != nil {
		h.complain(r.Context(), conn, err)
		return
	}
	conn.Close(websocket.StatusNormalClosure, "")
}

// pass runs one passage from its first message to its end.
func (h handler) pass(ctx context.Context, conn *websocket.Conn, userAgent string) error {
	in, err := readHello(ctx, conn)
	if err != nil {
		return err
	}
	ctx = withCamera(ctx, userAgent, in.Camera)
	leave, err := h.load.enter()
	if err != nil {
		return err
	}
	defer leave()
	p, err := h.begin(ctx, in)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := say(ctx, conn, liveMessage{Welcome: p.Welcome(), Rate: h.load.rate()}); err != nil {
		return err
	}
	for number := uint32(1); number <= maxFrames; number++ {
		chain, jpeg, err := readFrame(ctx, conn, number)
		if err != nil {
			return err
		}
		began := time.Now()
		advice, err := p.See(ctx, jpeg, chain)
		if err != nil {
			return err
		}
		h.load.took(time.Since(began))
		if advice.Done {
			if err := p.Finish(ctx); err != nil {
				return err
			}
		}
		if err := say(ctx, conn, liveMessage{Number: number, Advice: &advice, Rate: h.load.rate()}); err != nil {
			return err
		}
		if advice.Done {
			return nil
		}
	}
	return errTooManyFrames
}

// hello is the page's first message: which session it belongs to.
type hello struct {
	Token         string
	Step, Attempt int
	Camera        string // the label, as far as the page knows it
	Calm          bool   // nothing may flash
	Capture       string // hints for a photo of it are wanted, not a passage
}

func (h handler) begin(ctx context.Context, in hello) (*engine.Passage, error) {
	if in.Capture != "" {
		return h.Engine.Hint(ctx, in.Token, in.Step-1, in.Attempt, in.Capture)
	}
	return h.Engine.Pass(ctx, in.Token, in.Step-1, in.Attempt, in.Calm)
}

func readHello(ctx context.Context, conn *websocket.Conn) (in hello, err error) {
	patience, cancel := context.WithTimeout(ctx, helloPatience)
	defer cancel()
	kind, data, err := conn.Read(patience)
	if err != nil {
		return in, readError(ctx, patience, err)
	}
	if kind != websocket.MessageText || json.Unmarshal(data, &in) != nil {
		return in, idflow.Invalid("request_malformed", "", `Begin with {"token": "…", "step": 1, "attempt": 1}.`)
	}
	return in, nil
}

// readFrame reads the frame of that number.
func readFrame(ctx context.Context, conn *websocket.Conn, number uint32) (chain [32]byte, jpeg []byte, err error) {
	patience, cancel := context.WithTimeout(ctx, framePatience)
	defer cancel()
	kind, data, err := conn.Read(patience)
	if err != nil {
		return chain, nil, readError(ctx, patience, err)
	}
	if kind != websocket.MessageBinary {
		return chain, nil, errFrameMalformed
	}
	return parseFrame(data, number)
}

// parseFrame splits a message and checks its number.
func parseFrame(data []byte, number uint32) (chain [32]byte, jpeg []byte, err error) {
	switch {
	case len(data) > maxFrame:
		return chain, nil, errFrameTooLarge
	case len(data) <= frameHeader:
		return chain, nil, errFrameMalformed
	}
	if binary.BigEndian.Uint32(data) != number {
		return chain, nil, errFrameOutOfOrder
	}
	copy(chain[:], data[4:])
	return chain, data[frameHeader:], nil
}

// readError tells a page that is gone from one that breaks the rules.
func readError(ctx, patience context.Context, err error) error {
	switch {
	case errors.Is(err, websocket.ErrMessageTooBig) || websocket.CloseStatus(err) == websocket.StatusMessageTooBig:
		return errFrameTooLarge
	case ctx.Err() == nil && patience.Err() != nil:
		return errTooSlow
	}
	return errGone
}

// errGone is no error of anybody's: the page was closed.
var errGone = errors.New("the page is gone")

func say(ctx context.Context, conn *websocket.Conn, m liveMessage) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := conn.Write(ctx, websocket.MessageText, data); err != nil {
		return errGone
	}
	return nil
}

// complain tells the page what is wrong and closes.
func (h handler) complain(ctx context.Context, conn *websocket.Conn, err error) {
	if errors.Is(err, errGone) {
		return
	}
	d := problem.From(ctx, h.Log, err)
	if say(ctx, conn, liveMessage{Problem: d}) == nil {
		conn.Close(websocket.StatusPolicyViolation, d.Code)
	}
}
