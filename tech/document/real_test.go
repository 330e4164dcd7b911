package document

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"idflow"
	"idflow/models/modelstest"
	"idflow/specimen"
	"idflow/specimen/portraits"
	"idflow/tech"
	"idflow/vision/barcode"
	"idflow/vision/doc"
	"idflow/vision/face"
	"idflow/vision/forgery"
	"idflow/vision/mrz"
	"idflow/vision/onnx"
	"idflow/vision/viz"
)

// openReal is the technology on the real nets.
func openReal(t *testing.T) Technology {
	t.Helper()
	files := modelstest.Dir(t)
	library, err := files.Runtime()
	if err == nil {
		err = onnx.Init(library)
	}
	if err != nil {
		t.Fatal(err)
	}
	open := func(name string) *onnx.Net {
		path, err := files.Net(name)
		if err != nil {
			t.Fatal(err)
		}
		net, err := onnx.Open(path, 1)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(net.Close)
		return net
	}
	faces, err := face.Open(files.Net, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(faces.Close)
	templates, err := viz.Templates()
	if err != nil {
		t.Fatal(err)
	}
	text := open("text_detect")
	texts, err := viz.NewReader(text, open("viz_crnn"), templates, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	program, err := files.Program("rxing")
	if err != nil {
		t.Fatal(err)
	}
	wasm, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	return Technology{
		Barcodes: barcode.Open(wasm, barcode.Limits{}),
		Zones:    mrz.NewReader(text, open("mrz_crnn")), Pages: doc.New(open(doc.NetName)), Texts: texts, Faces: faces, Traces: forgery.Inspect,
		Nets: tech.Nets{Embedding: "test"},
	}
}

// someone's portrait is on every document here.
func someone(t *testing.T) portraits.Picture {
	t.Helper()
	dir, err := portraits.DefaultDir()
	if err != nil {
		t.Fatal(err)
	}
	set, err := portraits.Fetch(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return set[0].Pictures[0]
}

// shoot photographs one side of a document in fair conditions.
func shoot(t *testing.T, g *specimen.Generator, d specimen.Document, side string, who specimen.Portrait) []byte {
	t.Helper()
	d.Side = side
	page, err := specimen.Draw(d, who)
	if err != nil {
		t.Fatal(err)
	}
	photo, err := specimen.Photograph(page, g.Camera(specimen.Easy))
	if err != nil {
		t.Fatal(err)
	}
	return photo.JPEG
}

// Documents that are drawn, photographed and read, from the genuine one to
// those that something is wrong with.
func TestDrawnDocuments(t *testing.T) {
	technology := openReal(t)
	picture := someone(t)
	who, err := picture.Portrait()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		template string
		change   func(d *specimen.Document)
		settings string
		expected tech.Fields
		want     idflow.Verdict
		reason   idflow.Reason
	}{
		{"a passport", "kazakhstan-passport", nil, `{}`, nil, idflow.Pass, ""},
		{"a card with two sides", "kazakhstan-id", nil, `{}`, nil, idflow.Pass, ""},
		{"Russia's inner passport", "russia-passport", nil, `{}`, nil, idflow.Pass, ""},
		{"a licence", "utopia-licence", nil, `{"zoneless":"ignore"}`, nil, idflow.Pass, ""},
		{"a licence, where a person decides of what has no zone", "utopia-licence", nil, `{}`, nil, idflow.Unclear, Zoneless},
		{"a licence whose barcode says the same as its print", "usa-licence", nil, `{}`, nil, idflow.Pass, ""},
		{"a licence whose print says something else than its barcode", "usa-licence", func(d *specimen.Document) { d.Printed = map[string]string{"number": "Z99999999"} }, `{}`, nil, idflow.Unclear, SourcesDiffer},
		{"a licence, where only passports are wanted", "utopia-licence", nil, `{"types":["passport"]}`, nil, idflow.Fail, TypeUnwanted},
		{"a passport of another country than wanted", "kazakhstan-passport", nil, `{"countries":["UZB"]}`, nil, idflow.Fail, CountryUnwanted},
		{"somebody too young", "kazakhstan-passport", nil, `{"min_age":120}`, nil, idflow.Fail, AgeOutside},
		{"a changed name in the print", "utopia-passport", func(d *specimen.Document) { d.Printed = map[string]string{"surname": "FORGER"} }, `{}`, nil, idflow.Unclear, SourcesDiffer},
		{"a changed number in the print, declined", "utopia-passport", func(d *specimen.Document) { d.Printed = map[string]string{"number": "LX1234567"} }, `{"mismatch":"decline"}`, nil, idflow.Fail, SourcesDiffer},
		{"a changed name, and nobody minds", "utopia-passport", func(d *specimen.Document) { d.Printed = map[string]string{"surname": "FORGER"} }, `{"mismatch":"ignore"}`, nil, idflow.Pass, ""},
		{"not who was expected", "kazakhstan-passport", nil, `{}`, tech.Fields{"surname": "SOMEBODY", "birth_date": "1901-01-01"}, idflow.Unclear, NotExpected},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := specimen.New(4711)
			d, err := g.Document(c.template)
			if err != nil {
				t.Fatal(err)
			}
			if c.change != nil {
				c.change(&d)
			}
			settings, problem := tech.Complete(schema, json.RawMessage(c.settings))
			if problem != nil {
				t.Fatal(problem)
			}
			in := tech.Input{Settings: settings, Facts: tech.Facts{}, Now: g.Today.First(), Evidence: map[string][]byte{}}
			if c.expected != nil {
				if err := tech.Put(in.Facts, tech.Expected, c.expected); err != nil {
					t.Fatal(err)
				}
			}
			kind, err := specimen.LookUp(c.template)
			if err != nil {
				t.Fatal(err)
			}
			for i, side := range kind.Sides {
				in.Evidence[[]string{"front", "back"}[i]] = shoot(t, g, d, side.Name, who)
			}
			out, err := technology.Check(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if out.Verdict != c.want || c.reason != "" && !slices.Contains(out.Reasons, c.reason) {
				report, _ := json.MarshalIndent(out.Report, "", " ")
				t.Errorf("%s because of %v, want %s because of %q\n%s", out.Verdict, out.Reasons, c.want, c.reason, report)
			}
		})
	}
}

// shown answers for other sessions, and remembers what it was asked.
type shown struct {
	n     int
	asked []tech.Mark
}

func (s *shown) OtherHolders(_ context.Context, m tech.Mark) (int, error) {
	s.asked = append(s.asked, m)
	return s.n, nil
}

// A document that somebody else has shown goes where the Flow says.
func TestShownBefore(t *testing.T) {
	technology := openReal(t)
	who, err := someone(t).Portrait()
	if err != nil {
		t.Fatal(err)
	}
	g := specimen.New(7)
	d, err := g.Document("utopia-passport")
	if err != nil {
		t.Fatal(err)
	}
	front := shoot(t, g, d, "front", who)
	for _, c := range []struct {
		name     string
		others   int
		settings string
		want     idflow.Verdict
	}{
		{"by nobody", 0, `{}`, idflow.Pass},
		{"by somebody else", 1, `{}`, idflow.Unclear},
		{"by somebody else, declined", 1, `{"reused":"decline"}`, idflow.Fail},
		{"by somebody else, ignored", 1, `{"reused":"ignore"}`, idflow.Pass},
	} {
		t.Run(c.name, func(t *testing.T) {
			settings, problem := tech.Complete(schema, []byte(c.settings))
			if problem != nil {
				t.Fatal(problem)
			}
			others := &shown{n: c.others}
			out, err := technology.Check(t.Context(), tech.Input{Settings: settings, Facts: tech.Facts{}, Now: g.Today.First(), Evidence: map[string][]byte{"front": front}, Marks: others})
			if err != nil {
				t.Fatal(err)
			}
			if out.Verdict != c.want || slices.Contains(out.Reasons, Reused) != (c.want != idflow.Pass) {
				t.Errorf("%s because of %v, want %s", out.Verdict, out.Reasons, c.want)
			}
			if len(others.asked) != 1 || !strings.Contains(others.asked[0].Value, d.Number) || strings.Contains(others.asked[0].Holder, d.Number) {
				t.Errorf("asked for %+v", others.asked)
			}
			if c.want != idflow.Fail && (len(out.Marks) != 1 || out.Marks[0] != others.asked[0]) {
				t.Errorf("remembers %+v", out.Marks)
			}
		})
	}
}

// Two sides that are not of one document, and pictures that show none.
func TestWhatBelongsNotTogether(t *testing.T) {
	technology := openReal(t)
	picture := someone(t)
	who, err := picture.Portrait()
	if err != nil {
		t.Fatal(err)
	}
	g := specimen.New(99)
	mine, err := g.Document("kazakhstan-id")
	if err != nil {
		t.Fatal(err)
	}
	other, err := specimen.New(100).Document("kazakhstan-id")
	if err != nil {
		t.Fatal(err)
	}
	settings, problem := tech.Complete(schema, nil)
	if problem != nil {
		t.Fatal(problem)
	}
	for _, c := range []struct {
		name     string
		evidence map[string][]byte
		want     idflow.Verdict
		reason   idflow.Reason
	}{
		{"sides of two documents", map[string][]byte{"front": shoot(t, g, mine, "front", who), "back": shoot(t, g, other, "back", who)}, idflow.Unclear, SourcesDiffer},
		{"a face instead", map[string][]byte{"front": picture.JPEG}, idflow.Retry, NotFound},
		{"only the side without the zone", map[string][]byte{"front": shoot(t, g, mine, "front", who)}, idflow.Retry, ZoneMissing},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := technology.Check(t.Context(), tech.Input{Settings: settings, Facts: tech.Facts{}, Now: g.Today.First(), Evidence: c.evidence})
			if err != nil {
				t.Fatal(err)
			}
			if out.Verdict != c.want || !slices.Contains(out.Reasons, c.reason) {
				t.Errorf("%s because of %v, want %s because of %s", out.Verdict, out.Reasons, c.want, c.reason)
			}
		})
	}
}
