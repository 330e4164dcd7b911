package eval

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"idflow/vision"
	"idflow/vision/mrz"
)

// MRZReport is how well machine-readable zones were read, one set of pictures
// after the other.
type MRZReport struct {
	Sets []MRZSet `json:"sets"`
}

// MRZSet is the figures of one set. Lines of fewer than 20 characters do not
// count as lines of a zone. A zone that was not found counts as wrong in all its
// lines and characters.
type MRZSet struct {
	Name           string `json:"name"`
	Documents      int    `json:"documents"` // pictures with a zone
	DocumentsExact int    `json:"documents_exact"`
	Lines          int    `json:"lines"`
	LinesExact     int    `json:"lines_exact"`
	Characters     int    `json:"characters"`
	Errors         int    `json:"errors"`      // edit distance to the truth, over all lines
	Valid          int    `json:"valid"`       // read with all check digits right
	ValidWrong     int    `json:"valid_wrong"` // of those, not exact
	Clear          int    `json:"clear"`       // valid, nothing corrected, no character doubtful
	ClearWrong     int    `json:"clear_wrong"` // of those, not exact
	Negatives      int    `json:"negatives"`   // pictures without a zone
	FalseZones     int    `json:"false_zones"` // of those, a zone was read
	CPUMilliseconds
	Misses []MRZMiss `json:"misses"`
}

// CPUMilliseconds is the processor time of one picture, from the file's bytes to
// the fields.
type CPUMilliseconds struct {
	Median    float64 `json:"cpu_ms_median"`
	Percent90 float64 `json:"cpu_ms_p90"`
	Max       float64 `json:"cpu_ms_max"`
}

// MRZMiss is a picture that was not read exactly.
type MRZMiss struct {
	File string   `json:"file"`
	Want []string `json:"want"`
	Got  []string `json:"got"`
}

// CER is the rate of wrong characters, 0 to 1.
func (s MRZSet) CER() float64 { return float64(s.Errors) / float64(max(s.Characters, 1)) }

// mrzPicture is a picture and the lines it shows, none for no zone.
type mrzPicture struct {
	set, file string
	want      []string
}

// MRZ reads the pictures of dir: those that mrz_gt.tsv lists ("-" for no zone),
// and those of the folders in it that have a gt.json.
func MRZ(ctx context.Context, dir string, r *mrz.Reader, now time.Time) (MRZReport, error) {
	pictures, err := mrzPictures(dir)
	if err != nil {
		return MRZReport{}, err
	}
	var report MRZReport
	cpu := map[string][]float64{}
	for _, p := range pictures {
		if n := len(report.Sets); n == 0 || report.Sets[n-1].Name != p.set {
			report.Sets = append(report.Sets, MRZSet{Name: p.set})
		}
		set := &report.Sets[len(report.Sets)-1]
		got, ms, err := readMRZ(ctx, filepath.Join(dir, p.file), r, now)
		if err != nil {
			return MRZReport{}, fmt.Errorf("eval %s: %w", p.file, err)
		}
		set.count(p, got)
		cpu[p.set] = append(cpu[p.set], ms)
	}
	for i := range report.Sets {
		report.Sets[i].CPUMilliseconds = summarize(cpu[report.Sets[i].Name])
	}
	return report, nil
}

func readMRZ(ctx context.Context, path string, r *mrz.Reader, now time.Time) (mrz.Result, float64, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return mrz.Result{}, 0, err
	}
	start := cpuTime()
	m, err := vision.Decode(data)
	if err != nil {
		return mrz.Result{}, 0, err
	}
	got, err := r.Read(ctx, m, now)
	return got, float64(cpuTime()-start) / float64(time.Millisecond), err
}

func (s *MRZSet) count(p mrzPicture, got mrz.Result) {
	var lines []string
	if got.Document != nil {
		lines = got.Document.Lines
	}
	if len(p.want) == 0 {
		s.Negatives++
		if len(lines) > 0 {
			s.FalseZones++
			s.Misses = append(s.Misses, MRZMiss{p.file, nil, lines})
		}
		return
	}
	s.Documents++
	exact := slices.Equal(p.want, lines)
	if exact {
		s.DocumentsExact++
	} else {
		s.Misses = append(s.Misses, MRZMiss{p.file, p.want, lines})
	}
	for i, want := range p.want {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		s.Lines++
		if line == want {
			s.LinesExact++
		}
		s.Characters += len(want)
		s.Errors += editDistance(want, line)
	}
	if got.Document != nil && got.Document.ChecksOK() {
		s.Valid++
		if !exact {
			s.ValidWrong++
		}
	}
	if isClear(got) {
		s.Clear++
		if !exact {
			s.ClearWrong++
		}
	}
}

// isClear says whether a zone can be taken as it was read: all check digits are
// right, nothing was corrected and every character is 20 times as likely as the
// next one.
func isClear(got mrz.Result) bool {
	if got.Document == nil || !got.Document.ChecksOK() || len(got.Corrections) > 0 {
		return false
	}
	const margin = 3 // logarithm of 20
	for _, l := range got.Lines {
		for _, c := range l.Characters {
			if math.Log(c.P/c.OtherP) < margin {
				return false
			}
		}
	}
	return true
}

// mrzPictures lists what is in dir, the pictures of one set in a row.
func mrzPictures(dir string) ([]mrzPicture, error) {
	listed, err := listedPictures(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	truths, err := filepath.Glob(filepath.Join(dir, "*", "gt.json"))
	if err != nil {
		return nil, err
	}
	if own := filepath.Join(dir, "gt.json"); exists(own) {
		truths = append(truths, own)
	}
	for _, t := range truths {
		drawn, err := drawnPictures(dir, t)
		if err != nil {
			return nil, err
		}
		listed = append(listed, drawn...)
	}
	if len(listed) == 0 {
		return nil, fmt.Errorf("eval mrz: %s has neither mrz_gt.tsv nor a folder with gt.json", dir)
	}
	return listed, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// listedPictures reads mrz_gt.tsv: path, tab, lines joined by "|" or "-".
func listedPictures(dir string) ([]mrzPicture, error) {
	data, err := os.ReadFile(filepath.Join(dir, "mrz_gt.tsv"))
	if err != nil {
		return nil, err
	}
	var out []mrzPicture
	for line := range strings.Lines(string(data)) {
		file, truth, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		p := mrzPicture{set: "pictures", file: file}
		if truth != "-" {
			p.want = zoneLines(strings.Split(truth, "|"))
		}
		out = append(out, p)
	}
	return out, nil
}

// drawnPictures reads a gt.json: a list of file, MRZ lines and level.
func drawnPictures(dir, path string) ([]mrzPicture, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var truths []struct {
		File  string
		MRZ   []string
		Level string
	}
	if err := json.Unmarshal(data, &truths); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	folder, err := filepath.Rel(dir, filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var out []mrzPicture
	for _, t := range truths {
		set := filepath.Base(filepath.Dir(path))
		if t.Level != "" {
			set += " " + t.Level
		}
		out = append(out, mrzPicture{set, filepath.Join(folder, t.File), zoneLines(t.MRZ)})
	}
	slices.SortStableFunc(out, func(a, b mrzPicture) int { return cmp.Compare(a.set, b.set) })
	return out, nil
}

// zoneLines leaves out spaces and lines that are too short for a zone.
func zoneLines(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l = strings.ReplaceAll(l, " ", ""); len(l) >= 20 {
			out = append(out, l)
		}
	}
	return out
}

// Table writes the figures for people.
func (r MRZReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "set\tdocuments exact\tlines exact\tCER\tvalid, wrong\tclear, wrong\tfalse zones\tCPU ms median\tp90\tmax\t")
	for _, s := range r.Sets {
		fmt.Fprintf(t, "%s\t%s\t%s\t%.2f %%\t%d of %d\t%d of %d\t%d of %d\t%.0f\t%.0f\t%.0f\t\n", s.Name,
			share(s.DocumentsExact, s.Documents), share(s.LinesExact, s.Lines), 100*s.CER(),
			s.ValidWrong, s.Valid, s.ClearWrong, s.Clear, s.FalseZones, s.Negatives, s.Median, s.Percent90, s.Max)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, s := range r.Sets {
		for _, m := range s.Misses {
			fmt.Fprintf(w, "\n%s\n", m.File)
			for i := range max(len(m.Want), len(m.Got)) {
				fmt.Fprintf(w, "  %-46s %s\n", at(m.Want, i), at(m.Got, i))
			}
		}
	}
	return nil
}

func at(s []string, i int) string {
	if i < len(s) {
		return s[i]
	}
	return "-"
}

func share(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d (%.1f %%)", n, of, 100*float64(n)/float64(of))
}

// editDistance is the number of characters to insert, delete or replace
// (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

func summarize(ms []float64) CPUMilliseconds {
	if len(ms) == 0 {
		return CPUMilliseconds{}
	}
	slices.Sort(ms)
	return CPUMilliseconds{ms[len(ms)/2], ms[len(ms)*9/10], ms[len(ms)-1]}
}
