package document

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
	"time"

	"idflow"
	"idflow/tech"
	"idflow/vision"
	"idflow/vision/barcode"
	"idflow/vision/doc"
	"idflow/vision/face"
	"idflow/vision/forgery"
	"idflow/vision/mrz"
	"idflow/vision/viz"
)

// A picture's width says what the scripted readers see on it, so that the rules
// are tested apart from the nets; TestWholeSession in cmd/idflow runs both.
const (
	blank    = 16
	zone     = 32 // a machine-readable zone
	portrait = 48 // a photo of a face
	both     = 64
	faint    = 80 // a zone and a photo that is too small to be compared
)

var (
	valid = []string{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"} // ICAO 9303-4, appendix A
	day   = time.Date(2012, 4, 1, 0, 0, 0, 0, time.UTC)                                                              // it expires on the 15th
)

func picture(t *testing.T, width int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, width, 16))
	m.SetGray(1, 1, color.Gray{200})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zones struct{ lines []string }

func (z zones) Read(_ context.Context, m *vision.Image, now time.Time) (r mrz.Result, err error) {
	if m.W == zone || m.W == both || m.W == faint {
		r.Document, err = mrz.Parse(z.lines, now)
	}
	return r, err
}

// pages finds the whole picture.
type pages struct{}

func (pages) Find(_ context.Context, m *vision.Image) ([]doc.Page, error) {
	w, h := float64(m.W-1), float64(m.H-1)
	return []doc.Page{{Quad: vision.Quad{{}, {X: w}, {X: w, Y: h}, {Y: h}}, Format: doc.ID1, Sure: 1}}, nil
}

// texts reads print on what has a zone.
type texts struct{ fields []viz.Field }

func (x texts) Read(context.Context, *vision.Image, viz.Hint) (viz.Result, error) {
	return viz.Result{Fields: x.fields}, nil
}

// nobars finds no barcodes.
type nobars struct{}

func (nobars) ReadUntil(context.Context, *vision.Image, func(barcode.Code) bool, ...barcode.Format) ([]barcode.Code, error) {
	return nil, nil
}

func untouched(context.Context, forgery.Input) (forgery.Report, error) { return forgery.Report{}, nil }

type faces struct{}

func (faces) Analyze(_ context.Context, m *vision.Image, _ face.Want) (face.Analysis, error) {
	a := face.Analysis{Image: m}
	if m.W == portrait || m.W == both || m.W == faint {
		a.Face = &face.Face{Embedding: []float32{1}, Quality: face.Quality{EyeDistance: 70, Sharpness: 90}}
	}
	if m.W == faint {
		a.Face.Quality.EyeDistance = 12
	}
	return a, nil
}

func TestCheck(t *testing.T) {
	wrong := []string{valid[0], "L898902C46UTO7408122F1204159ZE184226B<<<<<10"}
	numberless := []string{valid[0], "<<<<<<<<<0UTO7408122F1204159<<<<<<<<<<<<<<00"}
	for _, c := range []struct {
		name        string
		front, back int
		lines       []string
		settings    string
		now         time.Time
		want        idflow.Verdict
		reason      idflow.Reason
	}{
		{"a passport", both, 0, valid, `{}`, day, idflow.Pass, ""},
		{"a card with its zone on the back", portrait, zone, valid, `{}`, day, idflow.Pass, ""},
		{"the sides in the other order", zone, portrait, valid, `{}`, day, idflow.Pass, ""},
		{"nothing on it", blank, 0, valid, `{}`, day, idflow.Retry, NotFound},
		{"no zone, on a picture too small for one", portrait, 0, valid, `{}`, day, idflow.Retry, TooSmall},
		{"no photo, on a picture too small for one", zone, 0, valid, `{}`, day, idflow.Retry, TooSmall},
		{"no photo, and none is wanted", zone, 0, valid, `{"portrait":false}`, day, idflow.Pass, ""},
		{"a photo too small to compare", faint, 0, valid, `{}`, day, idflow.Retry, Blurred},
		{"a wrong check digit", both, 0, wrong, `{}`, day, idflow.Retry, CheckDigits},
		{"no number", both, 0, numberless, `{}`, day, idflow.Fail, NumberMissing},
		{"on its last day", both, 0, valid, `{}`, time.Date(2012, 4, 15, 23, 0, 0, 0, time.UTC), idflow.Pass, ""},
		{"still its last day in the far west", both, 0, valid, `{}`, time.Date(2012, 4, 16, 11, 0, 0, 0, time.UTC), idflow.Pass, ""},
		{"expired", both, 0, valid, `{}`, time.Date(2012, 4, 17, 0, 0, 0, 0, time.UTC), idflow.Fail, Expired},
		{"expired, and accepted", both, 0, valid, `{"accept_expired":true}`, time.Date(2012, 4, 17, 0, 0, 0, 0, time.UTC), idflow.Pass, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			settings, problem := tech.Complete(Technology{}.Spec().Settings, json.RawMessage(c.settings))
			if problem != nil {
				t.Fatal(problem)
			}
			in := tech.Input{Settings: settings, Now: c.now, Evidence: map[string][]byte{"front": picture(t, c.front)}}
			if c.back != 0 {
				in.Evidence["back"] = picture(t, c.back)
			}
			out, err := Technology{Zones: zones{c.lines}, Pages: pages{}, Texts: texts{}, Faces: faces{}, Barcodes: nobars{}, Traces: untouched, Nets: tech.Nets{Embedding: "net@1"}}.Check(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if out.Verdict != c.want || c.reason == "" && len(out.Reasons) > 0 || c.reason != "" && (len(out.Reasons) == 0 || out.Reasons[0] != c.reason) {
				t.Fatalf("%s because of %v, want %s because of %q", out.Verdict, out.Reasons, c.want, c.reason)
			}
			r := out.Report.(*report)
			if passed := c.want == idflow.Pass; r.Result != passed || (r.FailureReason == nil) != passed {
				t.Errorf("the report says %v, %v", r.Result, r.FailureReason)
			}
			if c.want != idflow.Pass {
				if len(out.Facts) > 0 || len(out.Derived) > 0 {
					t.Error("a document that did not pass hands on facts")
				}
				return
			}
			fields, err := tech.Get(out.Facts, tech.DocumentFields)
			if err != nil || fields["document_number"] != "L898902C3" || fields["surname"] != "ERIKSSON" || fields["birth_date"] != "1974-08-12" {
				t.Errorf("fields %v, %v", fields, err)
			}
		})
	}
}

func TestUnreadablePicture(t *testing.T) {
	data := picture(t, both)
	in := tech.Input{Settings: json.RawMessage(`{"portrait":true}`), Now: day, Evidence: map[string][]byte{"front": data[:len(data)/2]}}
	out, err := Technology{Zones: zones{valid}, Pages: pages{}, Texts: texts{}, Faces: faces{}, Barcodes: nobars{}, Traces: untouched}.Check(t.Context(), in)
	if err != nil || out.Verdict != idflow.Retry || out.Reasons[0] != tech.ReasonPictureUnreadable {
		t.Errorf("half a picture: %s, %v, %v", out.Verdict, out.Reasons, err)
	}
}
