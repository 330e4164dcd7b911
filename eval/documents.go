package eval

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"idflow/specimen"
	"idflow/vision/mrz"
)

// DocumentsReport is what Document Recognition makes of drawn documents.
type DocumentsReport struct {
	Seed uint64         `json:"seed"`
	Sets []DocumentsSet `json:"sets"`
}

// DocumentsSet is the figures of one type of document at one level.
type DocumentsSet struct {
	Template    string         `json:"template"`
	Level       specimen.Level `json:"level"`
	Documents   int            `json:"documents"`
	Verdicts    map[string]int `json:"verdicts"` // pass, review, retry, fail
	Reasons     map[string]int `json:"reasons"`  // the first of those that did not pass
	Fields      int            `json:"fields"`
	FieldsExact int            `json:"fields_exact"` // of the best reading
	WrongPassed int            `json:"wrong_passed"` // a wrong number, name or date in a document that passed
	Alarms      map[string]int `json:"alarms"`       // checks that failed although nothing is wrong
	CPUMilliseconds
	Misses []VIZMiss `json:"misses"`
}

// JudgedDocument is the outcome of one document.
type JudgedDocument struct {
	Verdict string
	Reasons []string
	Fields  map[string]string
	Failed  []string // codes of checks
	Lines   []string // of the zone
}

// JudgeDocument has a document judged whose sides are photographs; back is nil
// for documents with one side.
type JudgeDocument func(ctx context.Context, front, back []byte, now time.Time) (JudgedDocument, error)

// Documents draws n documents of every template for each level from seed on,
// with portraits of real people, photographs their sides and has them judged.
func Documents(ctx context.Context, judge JudgeDocument, people []specimen.Portrait, seed uint64, n int, progress func(done, total int)) (DocumentsReport, error) {
	report := DocumentsReport{Seed: seed}
	templates := specimen.Templates()
	total, done := len(templates)*len(specimen.Levels)*n, 0
	for at, key := range templates {
		t, err := specimen.LookUp(key)
		if err != nil {
			return report, err
		}
		for _, level := range specimen.Levels {
			set := DocumentsSet{Template: key, Level: level, Verdicts: map[string]int{}, Reasons: map[string]int{}, Alarms: map[string]int{}}
			var cpu []float64
			for k := range n {
				i := seed + uint64(k*len(templates)+at)
				ms, err := set.judge(ctx, judge, specimen.New(i), t, people[int(i)%len(people)])
				if err != nil {
					return report, fmt.Errorf("eval documents %s: %w", key, err)
				}
				cpu = append(cpu, ms)
				done++
				progress(done, total)
			}
			set.CPUMilliseconds = summarize(cpu)
			report.Sets = append(report.Sets, set)
		}
	}
	return report, nil
}

// judge draws one document and counts what comes of it.
func (s *DocumentsSet) judge(ctx context.Context, judge JudgeDocument, g *specimen.Generator, t specimen.Template, p specimen.Portrait) (float64, error) {
	d, err := g.Document(t.Key)
	if err != nil {
		return 0, err
	}
	var sides [2][]byte
	var truths []specimen.Truth
	for i, side := range t.Sides {
		d.Side = side.Name
		page, err := specimen.Draw(d, p)
		if err != nil {
			return 0, err
		}
		photo, err := specimen.Photograph(page, g.Camera(s.Level))
		if err != nil {
			return 0, err
		}
		sides[i] = photo.JPEG
		truths = append(truths, photo.Truth)
	}
	start := cpuTime()
	got, err := judge(ctx, sides[0], sides[1], g.Today.First())
	ms := float64(cpuTime()-start) / float64(time.Millisecond)
	if err != nil {
		return 0, err
	}
	s.count(fmt.Sprintf("%s %d", d.Number, d.Seed%1000), got, wantedOfDocument(d, truths))
	return ms, nil
}

// wantedOfDocument is what the fields of a document are, by the names that the
// technology gives them.
func wantedOfDocument(d specimen.Document, sides []specimen.Truth) map[string]string {
	want := map[string]string{"issue_date": d.Issued.String(), "personal_number": d.Holder.Personal}
	all := map[string]string{
		"document_number": d.Number, "surname": d.Holder.Surname.Latin, "given_names": d.Holder.Given.Latin, "birth_date": d.Holder.Birth.String(),
		"sex": d.Holder.Sex, "nationality": d.Holder.Nationality, "expiry_date": d.Expires.String(),
	}
	printed, zone := map[string]bool{}, false
	for _, side := range sides {
		zone = zone || side.MRZ != nil
		for _, w := range wantedFields(side) {
			printed[w.name] = true
		}
	}
	printed["surname"] = printed["family_name"]
	maps.DeleteFunc(want, func(name, value string) bool { return value == "" || !printed[name] })
	maps.DeleteFunc(all, func(name, value string) bool { return value == "" || !printed[name] && !zone })
	maps.Copy(want, all)
	return want
}

// grave are the fields that a passed document must not have wrong.
var grave = []string{"document_number", "surname", "given_names", "birth_date", "expiry_date"}

func (s *DocumentsSet) count(name string, got JudgedDocument, want map[string]string) {
	s.Documents++
	s.Verdicts[got.Verdict]++
	if got.Verdict != "pass" && len(got.Reasons) > 0 {
		s.Reasons[got.Reasons[0]]++
	}
	for _, code := range got.Failed {
		s.Alarms[code]++
	}
	wrong := false
	for _, field := range slices.Sorted(maps.Keys(want)) {
		s.Fields++
		if sameField(field, got.Fields[field], want[field]) {
			s.FieldsExact++
			continue
		}
		wrong = wrong || slices.Contains(grave, field) && got.Fields[field] != ""
		s.Misses = append(s.Misses, VIZMiss{name + " " + got.Verdict, field, want[field], got.Fields[field], 0})
	}
	if wrong && got.Verdict == "pass" {
		s.WrongPassed++
	}
}

// sameField allows for what a zone cannot say: signs between letters, small
// letters, letters with marks.
func sameField(field, got, want string) bool {
	return got == want || strings.HasSuffix(field, "names") && mrz.Transliterate(got) == mrz.Transliterate(want) ||
		field == "surname" && mrz.Transliterate(got) == mrz.Transliterate(want)
}

// Table prints the report for people.
func (r DocumentsReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "Drawn documents from seed %d\n", r.Seed)
	fmt.Fprint(t, "document\tlevel\tof\tpass\treview\tretry\tfail\tfields exact\twrong but passed\tms\twhy not\talarms\n")
	for _, s := range r.Sets {
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%.1f %%\t%d\t%.0f\t%s\t%s\n", s.Template, s.Level, s.Documents, s.Verdicts["pass"], s.Verdicts["review"],
			s.Verdicts["retry"], s.Verdicts["fail"], 100*float64(s.FieldsExact)/float64(max(1, s.Fields)), s.WrongPassed, s.Median, tally(s.Reasons), tally(s.Alarms))
	}
	return t.Flush()
}

// tally writes counts, the most frequent first.
func tally(counts map[string]int) string {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	var out []string
	for _, k := range keys {
		out = append(out, fmt.Sprintf("%s %d", k, counts[k]))
	}
	return strings.Join(out, ", ")
}
