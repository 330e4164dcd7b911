package eval

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"idflow/vision"
	"idflow/vision/face"
)

// LFW is the result on Labeled Faces in the Wild (Huang et al., 2007), view 2:
// pairs in folds, each judged with the threshold that is best on the others;
// and on all pairs of the pictures that are there.
type LFW struct {
	Pictures     int          `json:"pictures"`
	NoFace       int          `json:"no_face"` // no face found: the middle of the picture was taken
	Missing      int          `json:"missing"` // pairs whose pictures are not there
	Folds        []float64    `json:"folds"`   // accuracy of each
	Mean         float64      `json:"mean"`
	Deviation    float64      `json:"deviation"`
	Pairs        Verification `json:"pairs"`     // the listed pairs together
	AllPairs     Verification `json:"all_pairs"` // every picture with every other
	Milliseconds float64      `json:"cpu_ms"`    // processor time a picture, from the file to the embedding
}

// pair is two pictures of the list, by their paths from the folder.
type pair struct {
	a, b string
	same bool
}

// readLFWPairs reads a list in the format of LFW's pairs.txt: a line with the
// number of folds and the number of pairs of each kind in one, then per fold
// lines "name m n" for one person and "name m name n" for two.
func readLFWPairs(r io.Reader) ([][]pair, error) {
	lines := bufio.NewScanner(r)
	var folds, each int
	if !lines.Scan() {
		return nil, fmt.Errorf("no first line: %w", io.ErrUnexpectedEOF)
	}
	if n, err := fmt.Sscan(lines.Text(), &folds, &each); n != 2 || folds < 1 || each < 1 || folds > 1000 || each > 1e6 {
		return nil, fmt.Errorf("first line %.40q is not the number of folds and pairs (%v)", lines.Text(), err)
	}
	var out [][]pair
	for number := 2; lines.Scan(); number++ {
		p, ok := lfwPair(strings.Fields(lines.Text()))
		if !ok {
			return nil, fmt.Errorf("line %d, %.60q, is no pair", number, lines.Text())
		}
		if len(out) == 0 || len(out[len(out)-1]) == 2*each {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], p)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(out) != folds || len(out[folds-1]) != 2*each {
		return nil, fmt.Errorf("%d folds of %d pairs are promised, %d folds found", folds, 2*each, len(out))
	}
	return out, nil
}

func lfwPair(f []string) (pair, bool) {
	switch len(f) {
	case 3:
		f = []string{f[0], f[1], f[0], f[2]}
	case 4:
	default:
		return pair{}, false
	}
	a, okA := lfwPath(f[0], f[1])
	b, okB := lfwPath(f[2], f[3])
	return pair{a, b, f[0] == f[2]}, okA && okB
}

func lfwPath(name, number string) (string, bool) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || name != filepath.Base(name) {
		return "", false
	}
	return filepath.Join("lfw", name, fmt.Sprintf("%s_%04d.jpg", name, n)), true
}

func (e *faceEval) lfw(ctx context.Context, r *FacesReport) error {
	files, err := e.lfwFiles()
	if err != nil || len(files) == 0 {
		return err
	}
	folds, err := e.lfwFolds()
	if err != nil {
		return err
	}
	out := LFW{Pictures: len(files)}
	vectors := make([][]float32, len(files))
	found := make([]bool, len(files))
	began := cpuTime()
	err = e.each(ctx, files, func(ctx context.Context, i int, file string) (err error) {
		vectors[i], found[i], err = e.embedMiddle(ctx, file)
		return err
	})
	if err != nil {
		return err
	}
	out.Milliseconds = float64((cpuTime() - began).Microseconds()) / 1000 / float64(len(files))
	index := map[string][]float32{}
	for i, f := range files {
		index[f] = vectors[i]
		if !found[i] {
			out.NoFace++
		}
	}
	out.judge(folds, index)
	out.AllPairs = e.allPairs(files, vectors)
	r.LFW = &out
	return nil
}

// judge works out the figures of the listed pairs.
func (l *LFW) judge(folds [][]pair, vectors map[string][]float32) {
	var trials [][]Trial
	for _, fold := range folds {
		var ts []Trial
		for _, p := range fold {
			a, b := vectors[p.a], vectors[p.b]
			if a == nil || b == nil {
				l.Missing++
				continue
			}
			ts = append(ts, Trial{face.Similarity(a, b), p.same})
		}
		if len(ts) > 0 {
			trials = append(trials, ts)
		}
	}
	l.Folds = crossValidate(trials)
	l.Mean, l.Deviation = meanDeviation(l.Folds)
	l.Pairs = verifyTrials(slices.Concat(trials...))
}

func meanDeviation(v []float64) (mean, deviation float64) {
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		deviation += (x - mean) * (x - mean) / float64(len(v))
	}
	return mean, math.Sqrt(deviation)
}

func (e *faceEval) lfwFiles() ([]string, error) {
	people, err := os.ReadDir(filepath.Join(e.dir, "lfw"))
	if err != nil {
		return nil, err
	}
	var files []string
	for _, p := range people {
		files = append(files, e.list(filepath.Join("lfw", p.Name()))...)
	}
	return files, nil
}

// lfwFolds reads all lists beside the folder; none is no error.
func (e *faceEval) lfwFolds() ([][]pair, error) {
	lists, _ := filepath.Glob(filepath.Join(e.dir, "lfw_pairs*.txt")) // fails only on a bad pattern
	var folds [][]pair
	for _, list := range lists {
		f, err := os.Open(list)
		if err != nil {
			return nil, err
		}
		more, err := readLFWPairs(f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(list), err)
		}
		folds = append(folds, more...)
	}
	return folds, nil
}

// embedMiddle embeds the face closest to the middle of the picture, who is the
// person that LFW names.
func (e *faceEval) embedMiddle(ctx context.Context, file string) (vector []float32, found bool, err error) {
	m, err := e.decode(file)
	if err != nil {
		return nil, false, err
	}
	ds, err := e.a.Detect(ctx, m)
	if err != nil {
		return nil, false, err
	}
	d := middle(m, ds)
	f, err := e.a.Measure(ctx, m, d, face.WantEmbedding)
	return f.Embedding, len(ds) > 0, err
}

// middle is the detection closest to the middle, with an allowance for size; a
// box where LFW's faces are when there is none.
func middle(m *vision.Image, ds []face.Detection) face.Detection {
	center := m.Bounds().Center()
	best := face.Detection{Box: m.Bounds().Scale(0.4)}
	least := math.Inf(1)
	for _, d := range ds {
		if off := d.Box.Center().Dist(center) - d.Box.W()/2; off < least {
			best, least = d, off
		}
	}
	return best
}

// allPairs compares every picture with every other; the folder is the person.
func (e *faceEval) allPairs(files []string, vectors [][]float32) Verification {
	people := make([]int, len(files))
	for i := 1; i < len(files); i++ {
		people[i] = people[i-1]
		if filepath.Dir(files[i]) != filepath.Dir(files[i-1]) {
			people[i]++
		}
	}
	genuine, impostor := make([]histogram, e.workers), make([]histogram, e.workers)
	var g errgroup.Group
	for w := range e.workers {
		g.Go(func() error {
			for i := w; i < len(files); i += e.workers {
				for j := range i {
					h := &impostor[w]
					if people[i] == people[j] {
						h = &genuine[w]
					}
					h.add(dot(vectors[i], vectors[j]))
				}
			}
			return nil
		})
	}
	g.Wait() // returns no error, as none of them does
	for w := 1; w < e.workers; w++ {
		for bin := range genuine[0] {
			genuine[0][bin] += genuine[w][bin]
			impostor[0][bin] += impostor[w][bin]
		}
	}
	return verify(&genuine[0], &impostor[0])
}

// dot is the cosine of vectors of unit length, faster than face.Similarity.
func dot(a, b []float32) float64 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	for i := 0; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	return float64(s0 + s1 + s2 + s3)
}

// deepface judges the pairs of master.csv: two file names and Yes or No.
func (e *faceEval) deepface(ctx context.Context, r *FacesReport) error {
	f, err := os.Open(filepath.Join(e.dir, "deepface", "master.csv"))
	if err != nil {
		return err
	}
	defer f.Close()
	pairs, err := readDeepFacePairs(f)
	if err != nil {
		return fmt.Errorf("master.csv: %w", err)
	}
	var files []string
	for _, p := range pairs {
		files = append(files, p.a, p.b)
	}
	slices.Sort(files)
	files = slices.Compact(files)
	vectors := make([][]float32, len(files))
	err = e.each(ctx, files, func(ctx context.Context, i int, file string) error {
		got, err := e.analyze(ctx, filepath.Join("deepface", file), face.WantEmbedding)
		if err == nil && got.Face != nil {
			vectors[i] = got.Face.Embedding
		}
		return err
	})
	if err != nil {
		return err
	}
	var trials []Trial
	for _, p := range pairs {
		i, _ := slices.BinarySearch(files, p.a)
		j, _ := slices.BinarySearch(files, p.b)
		trials = append(trials, Trial{face.Similarity(vectors[i], vectors[j]), p.same})
	}
	v := verifyTrials(trials)
	r.DeepFace = &v
	return nil
}

func readDeepFacePairs(r io.Reader) ([]pair, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = 3
	rows, err := c.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 {
		return nil, fmt.Errorf("no pairs: %w", io.ErrUnexpectedEOF)
	}
	var pairs []pair
	for _, row := range rows[1:] {
		if row[0] != filepath.Base(row[0]) || row[1] != filepath.Base(row[1]) {
			return nil, fmt.Errorf("%q and %q are not both file names", row[0], row[1])
		}
		pairs = append(pairs, pair{row[0], row[1], strings.TrimSpace(row[2]) == "Yes"})
	}
	return pairs, nil
}

func (l *LFW) table(t io.Writer) {
	fmt.Fprintf(t, "\nLFW, %d pictures, %d without a detection\t\n", l.Pictures, l.NoFace)
	fmt.Fprintf(t, "  processor time a picture\t%.1f ms\n", l.Milliseconds)
	if len(l.Folds) > 0 {
		fmt.Fprintf(t, "  accuracy, threshold of the other folds\t%.2f %% +- %.2f\t(%d folds:", 100*l.Mean, 100*l.Deviation, len(l.Folds))
		for _, f := range l.Folds {
			fmt.Fprintf(t, " %.2f", 100*f)
		}
		fmt.Fprintf(t, "; %d pairs missing)\n", l.Missing)
		fmt.Fprint(t, "  listed pairs\t\n")
		l.Pairs.table(t)
	}
	fmt.Fprint(t, "  every picture with every other\t\n")
	l.AllPairs.table(t)
}
