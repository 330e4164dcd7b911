package eval

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"idflow/specimen"
	"idflow/vision"
	"idflow/vision/mrz"
	"idflow/vision/viz"
)

// VIZReport is how well the visual zones of drawn documents were read.
type VIZReport struct {
	Seed uint64   `json:"seed"`
	Sets []VIZSet `json:"sets"`
}

// VIZSet is the figures of one side of a type of document at one level.
type VIZSet struct {
	Template    string         `json:"template"`
	Level       specimen.Level `json:"level"`
	Pages       int            `json:"pages"`
	PagesExact  int            `json:"pages_exact"`
	Recognised  int            `json:"recognised"` // of the pages, the right template was found
	Fields      int            `json:"fields"`
	FieldsExact int            `json:"fields_exact"`
	CPUMilliseconds
	Misses []VIZMiss `json:"misses"`
}

// VIZMiss is a field that was not read exactly.
type VIZMiss struct {
	Page       string  `json:"page"`
	Field      string  `json:"field"`
	Want       string  `json:"want"`
	Got        string  `json:"got"`
	Confidence float64 `json:"confidence"`
}

// VIZ draws n documents of every template for each level from seed on, takes a
// photograph of each side, straightens it by its true corners and reads it. A
// hint of country and type is given where hinted is true, as a machine-readable
// zone would.
func VIZ(ctx context.Context, r *viz.Reader, seed uint64, n int, hinted bool, progress func(done, total int)) (VIZReport, error) {
	report := VIZReport{Seed: seed}
	templates := specimen.Templates()
	total, done := len(templates)*len(specimen.Levels)*n, 0
	for at, key := range templates {
		t, err := specimen.LookUp(key)
		if err != nil {
			return report, err
		}
		for _, level := range specimen.Levels {
			sets := make([]VIZSet, len(t.Sides))
			cpu := make([][]float64, len(t.Sides))
			for i, side := range t.Sides {
				sets[i] = VIZSet{Template: sideKey(t, side.Name), Level: level}
			}
			for k := range n {
				g := specimen.New(seed + uint64(k*len(templates)+at)) // no two documents of one photograph
				d, err := g.Document(key)
				if err != nil {
					return report, err
				}
				for i, side := range t.Sides {
					d.Side = side.Name
					ms, err := sets[i].read(ctx, r, d, g.Camera(level), hinted)
					if err != nil {
						return report, fmt.Errorf("eval viz %s: %w", key, err)
					}
					cpu[i] = append(cpu[i], ms)
				}
				done++
				progress(done, total)
			}
			for i := range sets {
				sets[i].CPUMilliseconds = summarize(cpu[i])
			}
			report.Sets = append(report.Sets, sets...)
		}
	}
	return report, nil
}

// sideKey is the name of viz's template for a side.
func sideKey(t specimen.Template, side string) string {
	if len(t.Sides) == 1 {
		return t.Key
	}
	return t.Key + "-" + side
}

func (s *VIZSet) read(ctx context.Context, r *viz.Reader, d specimen.Document, c specimen.Camera, hinted bool) (float64, error) {
	page, err := specimen.Draw(d, specimen.Portrait{})
	if err != nil {
		return 0, err
	}
	photo, err := specimen.Photograph(page, c)
	if err != nil {
		return 0, err
	}
	m, err := vision.Decode(photo.JPEG)
	if err != nil {
		return 0, err
	}
	hint := viz.Hint{}
	if hinted {
		hint = viz.Hint{Country: d.Holder.Nationality, Type: typeOf(d.Template)}
	}
	start := cpuTime()
	flat, ok := straightened(m, photo.Truth.Corners)
	if !ok {
		return 0, fmt.Errorf("corners %v span no page", photo.Truth.Corners)
	}
	got, err := r.Read(ctx, flat, hint)
	ms := float64(cpuTime()-start) / float64(time.Millisecond)
	if err != nil {
		return 0, err
	}
	s.count(fmt.Sprintf("%s %d", d.Number, d.Seed%1000), got, wantedFields(photo.Truth))
	return ms, nil
}

func typeOf(template string) string {
	for _, t := range viz.Types {
		if strings.Contains(template, t) {
			return t
		}
	}
	return ""
}

// straightened is the page as large as it is in the photograph.
func straightened(m *vision.Image, q vision.Quad) (*vision.Image, bool) {
	w, h := int(math.Round(q.Width())), int(math.Round(q.Height()))
	to, ok := q.Onto(w, h)
	if !ok {
		return nil, false
	}
	return m.WarpPerspective(to, w, h), true
}

func (s *VIZSet) count(page string, got viz.Result, want []wantedField) {
	s.Pages++
	if got.Template == s.Template {
		s.Recognised++
	}
	seen := map[string]int{}
	exact := true
	for _, w := range want {
		f := nth(got.Fields, w.name, seen[w.name])
		seen[w.name]++
		s.Fields++
		if f.Value == w.value {
			s.FieldsExact++
			continue
		}
		exact = false
		s.Misses = append(s.Misses, VIZMiss{page + " " + got.Template, w.name, w.value, f.Value, f.Confidence})
	}
	if exact {
		s.PagesExact++
	}
}

func nth(fields []viz.Field, name string, n int) viz.Field {
	for _, f := range fields {
		if f.Name == name {
			if n == 0 {
				return f
			}
			n--
		}
	}
	return viz.Field{}
}

type wantedField struct{ name, value string }

// vizNames are the names in viz of specimen's fields.
var vizNames = map[string]string{
	"surname": "family_name", "given": "given_names", "patronymic": "patronymic", "birth": "birth_date", "sex": "sex",
	"nationality": "nationality", "number": "document_number", "personal": "personal_number", "issued": "issue_date",
	"expires": "expiry_date", "authority": "issuer", "birthplace": "birth_place", "type": "document_type", "country": "country_code",
	"categories": "categories", "place": "valid_for", "entries": "entries",
}

// wantedFields is what the visual zone says, in the form in which viz gives it.
func wantedFields(t specimen.Truth) []wantedField {
	d := t.Document
	var out []wantedField
	add := func(key string, values ...string) {
		for _, v := range values {
			out = append(out, wantedField{vizNames[key], v})
		}
	}
	for _, l := range t.Lines {
		if l.Role != specimen.Value {
			continue
		}
		parts := strings.Split(l.Text, "/")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		switch l.Key {
		case "birth":
			add("birth", isoDate(d.Holder.Birth))
			if _, place, ok := strings.Cut(l.Text, " "); ok && strings.Contains(l.Text, ".") {
				add("birthplace", place)
			}
		case "issued":
			add("issued", isoDate(d.Issued))
		case "expires":
			add("expires", isoDate(d.Expires))
		case "validity":
			add("issued", isoDate(d.Issued))
			add("expires", isoDate(d.Expires))
		case "sex":
			add("sex", slices.Repeat([]string{d.Holder.Sex}, len(parts))...)
		case "nationality":
			add("nationality", slices.Repeat([]string{d.Holder.Nationality}, len(parts))...)
		case "number":
			add("number", d.Number)
		case "categories":
			add("categories", l.Text)
		default:
			add(l.Key, parts...)
		}
	}
	return out
}

func isoDate(d mrz.Date) string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Table writes the figures for people, with the fields that were missed.
func (r VIZReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "side\tlevel\ttemplate found\tpages exact\tfields exact\tCPU ms median\tp90\tmax\t")
	sums := map[specimen.Level]*VIZSet{}
	for _, s := range r.Sets {
		s.row(t, s.Template)
		sum := sums[s.Level]
		if sum == nil {
			sum = &VIZSet{Level: s.Level}
			sums[s.Level] = sum
		}
		sum.Pages, sum.PagesExact, sum.Recognised = sum.Pages+s.Pages, sum.PagesExact+s.PagesExact, sum.Recognised+s.Recognised
		sum.Fields, sum.FieldsExact = sum.Fields+s.Fields, sum.FieldsExact+s.FieldsExact
		sum.Median, sum.Percent90, sum.Max = max(sum.Median, s.Median), max(sum.Percent90, s.Percent90), max(sum.Max, s.Max)
	}
	for _, l := range specimen.Levels {
		if sum := sums[l]; sum != nil {
			sum.row(t, "all (times: the highest)")
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, s := range r.Sets {
		for _, m := range s.Misses {
			fmt.Fprintf(w, "%-22s %-7s %-28s %-16s %-28s %s (%.2f)\n", s.Template, s.Level, m.Page, m.Field, m.Want, m.Got, m.Confidence)
		}
	}
	return nil
}

func (s VIZSet) row(w io.Writer, name string) {
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%.0f\t%.0f\t%.0f\t\n", name, s.Level, share(s.Recognised, s.Pages),
		share(s.PagesExact, s.Pages), share(s.FieldsExact, s.Fields), s.Median, s.Percent90, s.Max)
}
