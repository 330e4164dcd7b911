package eval

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"idflow/vision/mrz"
)

// FolderReport is what Document Recognition makes of the labelled pictures of a
// folder, one set after the other.
type FolderReport struct {
	Sets []FolderSet `json:"sets"`
}

// FolderSet is the figures of one set. Fields are counted where the truth has
// right check digits; WrongPassed are pictures that passed with a wrong field.
type FolderSet struct {
	Name        string         `json:"name"`
	Documents   int            `json:"documents"` // pictures with a zone
	ZonesExact  int            `json:"zones_exact"`
	Verdicts    map[string]int `json:"verdicts"`
	Reasons     map[string]int `json:"reasons"` // the first of those that did not pass
	Alarms      map[string]int `json:"alarms"`  // checks that failed
	Fields      int            `json:"fields"`
	FieldsExact int            `json:"fields_exact"`
	WrongPassed int            `json:"wrong_passed"`
	Negatives   int            `json:"negatives"`    // pictures without a zone
	FalsePassed int            `json:"false_passed"` // of those, what passed
	CPUMilliseconds
	Pictures []FolderPicture `json:"pictures"`
}

// FolderPicture is one picture's outcome.
type FolderPicture struct {
	File    string   `json:"file"`
	Verdict string   `json:"verdict"`
	Reasons []string `json:"reasons"`
	Failed  []string `json:"failed"` // codes of checks
	Wrong   []string `json:"wrong"`  // fields
}

// Folder has every picture judged that mrz_gt.tsv or a gt.json of the folder
// lists, as the only photo of its session.
func Folder(ctx context.Context, dir string, judge JudgeDocument, now time.Time, progress func(done, total int)) (FolderReport, error) {
	pictures, err := mrzPictures(dir)
	if err != nil {
		return FolderReport{}, err
	}
	var report FolderReport
	cpu := map[string][]float64{}
	for n, p := range pictures {
		if k := len(report.Sets); k == 0 || report.Sets[k-1].Name != p.set {
			report.Sets = append(report.Sets, FolderSet{Name: p.set, Verdicts: map[string]int{}, Reasons: map[string]int{}, Alarms: map[string]int{}})
		}
		data, err := os.ReadFile(filepath.Join(dir, p.file))
		if err != nil {
			return FolderReport{}, fmt.Errorf("eval documents: %w", err)
		}
		start := cpuTime()
		got, err := judge(ctx, data, nil, now)
		if err != nil {
			return FolderReport{}, fmt.Errorf("eval documents %s: %w", p.file, err)
		}
		cpu[p.set] = append(cpu[p.set], float64(cpuTime()-start)/float64(time.Millisecond))
		report.Sets[len(report.Sets)-1].count(p, got, now)
		progress(n+1, len(pictures))
	}
	for i := range report.Sets {
		report.Sets[i].CPUMilliseconds = summarize(cpu[report.Sets[i].Name])
	}
	return report, nil
}

func (s *FolderSet) count(p mrzPicture, got JudgedDocument, now time.Time) {
	picture := FolderPicture{File: p.file, Verdict: got.Verdict, Reasons: got.Reasons, Failed: got.Failed}
	if len(p.want) == 0 {
		s.Negatives++
		if got.Verdict == "pass" {
			s.FalsePassed++
		}
		s.Pictures = append(s.Pictures, picture)
		return
	}
	s.Documents++
	s.Verdicts[got.Verdict]++
	if got.Verdict != "pass" && len(got.Reasons) > 0 {
		s.Reasons[got.Reasons[0]]++
	}
	for _, code := range got.Failed {
		s.Alarms[code]++
	}
	if slices.Equal(got.Lines, p.want) {
		s.ZonesExact++
	}
	for field, want := range wantedOfZone(p.want, now) {
		s.Fields++
		if sameField(field, got.Fields[field], want) {
			s.FieldsExact++
		} else {
			picture.Wrong = append(picture.Wrong, field)
		}
	}
	slices.Sort(picture.Wrong)
	if len(picture.Wrong) > 0 && got.Verdict == "pass" {
		s.WrongPassed++
	}
	s.Pictures = append(s.Pictures, picture)
}

// wantedOfZone is what the fields of a zone are; none where its check digits are wrong.
func wantedOfZone(lines []string, now time.Time) map[string]string {
	d, err := mrz.Parse(lines, now)
	if err != nil || !d.ChecksOK() {
		return nil
	}
	want := map[string]string{
		"document_number": d.Value(mrz.Number), "surname": d.Value(mrz.Surname), "given_names": d.Value(mrz.GivenNames),
		"birth_date": d.Date(mrz.Birth).String(), "expiry_date": d.Date(mrz.Expiry).String(),
	}
	for field, value := range want {
		if value == "" {
			delete(want, field)
		}
	}
	return want
}

// Table prints the report for people.
func (r FolderReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprint(t, "set\tpictures\tzones exact\tfields exact\tpass\treview\tretry\tfail\twrong but passed\twithout a zone, passed\tms\twhy not\talarms\n")
	for _, s := range r.Sets {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d of %d\t%d\t%d\t%d\t%d\t%d\t%d of %d\t%.0f\t%s\t%s\n", s.Name, s.Documents, s.ZonesExact, s.FieldsExact, s.Fields,
			s.Verdicts["pass"], s.Verdicts["review"], s.Verdicts["retry"], s.Verdicts["fail"], s.WrongPassed, s.FalsePassed, s.Negatives, s.Median, tally(s.Reasons), tally(s.Alarms))
	}
	return t.Flush()
}
