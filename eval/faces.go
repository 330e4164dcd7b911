package eval

import (
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

	"golang.org/x/sync/errgroup"

	"idflow/vision"
	"idflow/vision/face"
)

// FacesReport is how well faces were found, told apart and judged. What the
// folder has no pictures for is nil or empty.
type FacesReport struct {
	Model    string        `json:"model"` // of the embeddings
	LFW      *LFW          `json:"lfw,omitempty"`
	DeepFace *Verification `json:"deepface,omitempty"`
	Poses    []PoseCase    `json:"poses,omitempty"`
	Eyes     []EyesCase    `json:"eyes,omitempty"`
	Counts   []CountCase   `json:"counts,omitempty"`
	Liveness *Liveness     `json:"liveness,omitempty"`
	Cover    *Cover        `json:"cover,omitempty"`
}

// Faces measures a on the labelled pictures of dir, on workers pictures at a
// time. The folder may hold any of these:
//
//	lfw/PERSON/PERSON_0001.jpg   with lfw_pairs*.txt beside lfw
//	deepface/                    with its master.csv
//	inspireface/pose, reaction   whose file names say what they show
//	silentface, kbyai            attacks and a genuine face by file name
//	compreface/NAME_COUNT.jpg    pictures with so many faces
//
// progress, unless nil, is told of every hundredth picture of the largest set.
func Faces(ctx context.Context, dir string, a *face.Analyzer, workers int, progress func(done, total int)) (FacesReport, error) {
	e := faceEval{dir: dir, a: a, workers: max(1, workers), progress: progress}
	r := FacesReport{Model: face.EmbeddingModel}
	for _, part := range []struct {
		folder string // that has to be there; none for a part that looks itself
		run    func(context.Context, *FacesReport) error
	}{{"lfw", e.lfw}, {"deepface", e.deepface}, {"inspireface", e.inspireface}, {"compreface", e.counts}, {"", e.liveness}, {"", e.covers}} {
		if _, err := os.Stat(filepath.Join(dir, part.folder)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := part.run(ctx, &r); err != nil {
			return FacesReport{}, fmt.Errorf("eval faces %s: %w", part.folder, err)
		}
	}
	if r.LFW == nil && r.DeepFace == nil && r.Poses == nil && r.Eyes == nil && r.Counts == nil && r.Liveness == nil {
		return FacesReport{}, fmt.Errorf("eval faces: none of the folders lfw, deepface, inspireface, silentface, kbyai, compreface in %s", dir)
	}
	return r, nil
}

// faceEval is one run over a folder.
type faceEval struct {
	dir      string
	a        *face.Analyzer
	workers  int
	progress func(done, total int)
}

// each runs work on every file, several at a time.
func (e *faceEval) each(ctx context.Context, files []string, work func(ctx context.Context, i int, file string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(e.workers)
	for i, f := range files {
		if ctx.Err() != nil {
			break
		}
		if e.progress != nil && i%100 == 0 && len(files) > 500 {
			e.progress(i, len(files))
		}
		g.Go(func() error {
			if err := work(ctx, i, f); err != nil {
				return fmt.Errorf("%s: %w", f, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// analyze measures a file of the folder.
func (e *faceEval) analyze(ctx context.Context, file string, what face.Want) (face.Analysis, error) {
	m, err := e.decode(file)
	if err != nil {
		return face.Analysis{}, err
	}
	return e.a.Analyze(ctx, m, what)
}

func (e *faceEval) decode(file string) (*vision.Image, error) {
	b, err := os.ReadFile(filepath.Join(e.dir, file))
	if err != nil {
		return nil, err
	}
	return vision.Decode(b)
}

// list names the pictures of a folder, by paths from dir, sorted; none when the
// folder is missing.
func (e *faceEval) list(folder string) []string {
	var files []string
	for _, ending := range []string{"jpg", "jpeg", "png", "webp"} {
		found, _ := filepath.Glob(filepath.Join(e.dir, folder, "*."+ending)) // fails only on a bad pattern
		for _, f := range found {
			if name, err := filepath.Rel(e.dir, f); err == nil {
				files = append(files, name)
			}
		}
	}
	slices.Sort(files)
	return files
}

// PoseCase is a picture whose name says where the head is turned.
type PoseCase struct {
	File string    `json:"file"`
	Want string    `json:"want"`
	Got  string    `json:"got"`
	Pose face.Pose `json:"pose"`
}

// EyesCase is a picture whose name says which eyes are closed.
type EyesCase struct {
	File   string    `json:"file"`
	Closed int       `json:"closed"` // eyes that are
	Got    int       `json:"got"`
	Eyes   face.Eyes `json:"eyes"`
}

// poseNames and eyeNames are what the file names of inspireface say.
var (
	poseNames = map[string]string{
		"left_face": "left", "right_face": "right", "rise_face": "up", "lower_face": "down",
		"left_wryneck": "leaning left", "right_wryneck": "leaning right",
	}
	eyeNames = map[string]int{"open_eyes": 0, "close_open_eyes": 1, "close_eyes": 2}
)

func (e *faceEval) inspireface(ctx context.Context, r *FacesReport) error {
	for _, file := range append(e.list("inspireface/pose"), e.list("inspireface/reaction")...) {
		stem := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		pose, isPose := poseNames[stem]
		closed, isEyes := eyeNames[stem]
		if !isPose && !isEyes {
			continue
		}
		got, err := e.analyze(ctx, file, face.WantEyes)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		f := got.Face
		if f == nil {
			f = &face.Face{}
		}
		if isPose {
			r.Poses = append(r.Poses, PoseCase{file, pose, direction(f.Pose), f.Pose})
		} else {
			r.Eyes = append(r.Eyes, EyesCase{file, closed, shut(f.Eyes.Left) + shut(f.Eyes.Right), f.Eyes})
		}
	}
	return nil
}

func shut(p float64) int {
	if p > 0.5 {
		return 1
	}
	return 0
}

// direction names the largest turn, each measured in what a challenge asks for:
// 25 degrees of yaw, 12 of pitch from the -8 of a level face, 15 of roll.
func direction(p face.Pose) string {
	best, name := 1.0, "straight"
	for _, c := range []struct {
		turn      float64
		low, high string
	}{
		{p.Yaw / 25, "left", "right"},
		{(p.Pitch + 8) / 12, "down", "up"},
		{p.Roll / 15, "leaning left", "leaning right"},
	} {
		if math.Abs(c.turn) < best {
			continue
		}
		best, name = math.Abs(c.turn), c.high
		if c.turn < 0 {
			name = c.low
		}
	}
	return name
}

// CountCase is a picture with a known number of faces.
type CountCase struct {
	File string `json:"file"`
	Want int    `json:"want"`
	Got  int    `json:"got"`
}

// counts reads the number from the file name, as in 012_4.jpg; a letter stands
// for one person.
func (e *faceEval) counts(ctx context.Context, r *FacesReport) error {
	for _, file := range e.list("compreface") {
		stem := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		_, label, ok := strings.Cut(stem, "_")
		if !ok || len(label) != 1 {
			continue
		}
		want := 1
		if label[0] >= '0' && label[0] <= '9' {
			want = int(label[0] - '0')
		}
		got, err := e.analyze(ctx, file, face.WantOthers)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		r.Counts = append(r.Counts, CountCase{file, want, len(got.Faces)})
	}
	return nil
}

// Table prints the report for people.
func (r FacesReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "Faces, embeddings by %s\n", r.Model)
	if r.LFW != nil {
		r.LFW.table(t)
	}
	if r.DeepFace != nil {
		fmt.Fprintf(t, "\ndeepface, %d pairs\t\n", r.DeepFace.Pairs())
		r.DeepFace.table(t)
	}
	r.poseTable(t)
	if r.Liveness != nil {
		r.Liveness.table(t)
	}
	if r.Cover != nil {
		r.Cover.table(t)
	}
	return t.Flush()
}

func (r FacesReport) poseTable(t io.Writer) {
	if len(r.Poses) > 0 {
		fmt.Fprint(t, "\nhead pose\twant\tgot\tyaw\tpitch\troll\n")
	}
	for _, c := range r.Poses {
		fmt.Fprintf(t, "%s\t%s\t%s\t%.0f\t%.0f\t%.0f\t%s\n", c.File, c.Want, c.Got, c.Pose.Yaw, c.Pose.Pitch, c.Pose.Roll, mark(c.Want == c.Got))
	}
	if len(r.Eyes) > 0 {
		fmt.Fprint(t, "\neyes closed\twant\tgot\tleft\tright\n")
	}
	for _, c := range r.Eyes {
		fmt.Fprintf(t, "%s\t%d\t%d\t%.2f\t%.2f\t%s\n", c.File, c.Closed, c.Got, c.Eyes.Left, c.Eyes.Right, mark(c.Closed == c.Got))
	}
	if len(r.Counts) > 0 {
		fmt.Fprint(t, "\nnumber of faces\twant\tgot\n")
	}
	for _, c := range r.Counts {
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\n", c.File, c.Want, c.Got, mark(c.Want == c.Got))
	}
}

func mark(right bool) string {
	if right {
		return ""
	}
	return "wrong"
}

// JSON writes the report for machines.
func (r FacesReport) JSON(w io.Writer) error {
	j := json.NewEncoder(w)
	j.SetIndent("", "  ")
	return j.Encode(r)
}
