package viz_test

import (
	"math"
	"testing"
	"time"

	"idflow/models/modelstest"
	"idflow/specimen"
	"idflow/vision"
	"idflow/vision/onnx"
	"idflow/vision/viz"
)

func reader(t testing.TB, keep func(viz.Template) bool) *viz.Reader {
	t.Helper()
	dir := modelstest.Dir(t)
	library, err := dir.Runtime()
	if err != nil {
		t.Fatal(err)
	}
	if err := onnx.Init(library); err != nil {
		t.Fatal(err)
	}
	open := func(name string) *onnx.Net {
		path, err := dir.Net(name)
		if err != nil {
			t.Fatal(err)
		}
		n, err := onnx.Open(path, 1)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(n.Close)
		return n
	}
	all, err := viz.Templates()
	if err != nil {
		t.Fatal(err)
	}
	var list []viz.Template
	for _, x := range all {
		if keep(x) {
			list = append(list, x)
		}
	}
	now := func() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) }
	r, err := viz.NewReader(open("text_detect"), open("viz_crnn"), list, now)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func any(viz.Template) bool { return true }

// page is a side of a drawn document, photographed by a careful person and
// straightened.
func page(t testing.TB, key string, seed uint64) (*vision.Image, specimen.Truth) {
	t.Helper()
	g := specimen.New(seed)
	d, err := g.Document(key)
	if err != nil {
		t.Fatal(err)
	}
	p, err := specimen.Draw(d, specimen.Portrait{})
	if err != nil {
		t.Fatal(err)
	}
	photo, err := specimen.Photograph(p, g.Camera(specimen.Easy))
	if err != nil {
		t.Fatal(err)
	}
	m, err := vision.Decode(photo.JPEG)
	if err != nil {
		t.Fatal(err)
	}
	q := photo.Truth.Corners
	w, h := int(math.Round(q.Width())), int(math.Round(q.Height()))
	to, ok := q.Onto(w, h)
	if !ok {
		t.Fatal("no page")
	}
	return m.WarpPerspective(to, w, h), photo.Truth
}

// value fails unless the field says what it should.
func value(t *testing.T, r viz.Result, name, want string) {
	t.Helper()
	if f, ok := r.Field(name, ""); !ok || f.Value != want {
		t.Errorf("%s is %q (%.2f), want %q", name, f.Value, f.Confidence, want)
	}
}

func iso(tr specimen.Truth, key string) string {
	d := tr.Document.Holder.Birth
	switch key {
	case "issued":
		d = tr.Document.Issued
	case "expires":
		d = tr.Document.Expires
	}
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func TestReadByTemplate(t *testing.T) {
	r := reader(t, any)
	m, tr := page(t, "kazakhstan-id", 3)
	for _, x := range []struct {
		name string
		m    *vision.Image
	}{{"upright", m}, {"upside down", m.Rotate(2)}} {
		t.Run(x.name, func(t *testing.T) {
			got, err := r.Read(t.Context(), x.m, viz.Hint{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Template != "kazakhstan-id-front" || got.Country != "KAZ" || got.Turned != (x.name != "upright") {
				t.Errorf("template %q of %s, turned: %v", got.Template, got.Country, got.Turned)
			}
			h := tr.Document.Holder
			value(t, got, "family_name", h.Surname.Native)
			value(t, got, "given_names", h.Given.Native)
			value(t, got, "patronymic", h.Patronymic.Native)
			value(t, got, "birth_date", iso(tr, "birth"))
			value(t, got, "personal_number", h.Personal)
			if f, _ := got.Field("personal_number", ""); f.Check != "passed" {
				t.Errorf("check of %q: %q", f.Value, f.Check)
			}
			for _, f := range got.Fields {
				if b := f.Box.Bounds(); b.X0 < -20 || b.Y0 < -20 || b.X1 > float64(m.W+20) || b.Y1 > float64(m.H+20) {
					t.Errorf("%s is at %v, beyond the page", f.Name, b)
				}
			}
		})
	}
}

func TestReadByLabels(t *testing.T) {
	r := reader(t, func(viz.Template) bool { return false })
	m, tr := page(t, "utopia-passport", 5)
	got, err := r.Read(t.Context(), m, viz.Hint{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Template != "" {
		t.Errorf("template %q", got.Template)
	}
	value(t, got, "family_name", tr.Document.Holder.Surname.Latin)
	value(t, got, "given_names", tr.Document.Holder.Given.Latin)
	value(t, got, "birth_date", iso(tr, "birth"))
	value(t, got, "expiry_date", iso(tr, "expires"))
	value(t, got, "document_number", tr.Document.Number)
}

func TestReadByNumbers(t *testing.T) {
	r := reader(t, func(x viz.Template) bool { return x.Key == "eu-licence" })
	m, tr := page(t, "utopia-licence", 6)
	got, err := r.Read(t.Context(), m, viz.Hint{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Template != "eu-licence" || got.Type != "licence" {
		t.Errorf("template %q, type %q", got.Template, got.Type)
	}
	value(t, got, "family_name", tr.Document.Holder.Surname.Latin)
	value(t, got, "given_names", tr.Document.Holder.Given.Latin)
	value(t, got, "birth_date", iso(tr, "birth"))
	value(t, got, "birth_place", tr.Document.Holder.BirthPlace.Latin)
	value(t, got, "issue_date", iso(tr, "issued"))
	value(t, got, "issuer", tr.Document.Authority.Latin)
}

func TestReadNothing(t *testing.T) {
	r := reader(t, any)
	for _, x := range []struct {
		name string
		m    *vision.Image
	}{{"empty paper", vision.New(640, 400)}, {"one pixel", vision.New(1, 1)}, {"no pixels", &vision.Image{}}} {
		t.Run(x.name, func(t *testing.T) {
			got, err := r.Read(t.Context(), x.m, viz.Hint{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Template != "" || len(got.Fields) > 0 {
				t.Errorf("read %+v", got)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	r := reader(b, any)
	m, _ := page(b, "utopia-passport", 5)
	for b.Loop() {
		if _, err := r.Read(b.Context(), m, viz.Hint{}); err != nil {
			b.Fatal(err)
		}
	}
}
