package eval

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"idflow/models/modelstest"
	"idflow/specimen/portraits"
	"idflow/vision/face"
	"idflow/vision/onnx"
)

// faces opens the analyzer.
func faces(t *testing.T) *face.Analyzer {
	t.Helper()
	dir := modelstest.Dir(t)
	library, err := dir.Runtime()
	if err == nil {
		err = onnx.Init(library)
	}
	if err != nil {
		t.Fatal(err)
	}
	a, err := face.Open(dir.Net, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

func write(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// labelled lays the portraits out as the labelled pictures are.
func labelled(t *testing.T) string {
	dir := t.TempDir()
	csv := "file_x,file_y,Decision\n"
	var first string
	for _, who := range portraits.Load(t) {
		for i, p := range who.Pictures {
			write(t, dir, fmt.Sprintf("lfw/%s/%s_%04d.jpg", who.Name, who.Name, i+1), p.JPEG)
			write(t, dir, "deepface/"+p.Name, p.JPEG)
			if i > 0 {
				csv += who.Pictures[0].Name + "," + p.Name + ",Yes\n"
			}
		}
		if first != "" {
			csv += first + "," + who.Pictures[0].Name + ",No\n"
		}
		first = who.Pictures[0].Name
	}
	write(t, dir, "deepface/master.csv", []byte(csv))
	write(t, dir, "lfw_pairs.txt", []byte("2\t2\nA 1 2\nB 1 2\nA 1 B 1\nB 1 C 1\nC 1 2\nA 3 4\nA 1 C 2\nA 5 B 2\n"))
	a := portraits.Load(t).Person("A").Pictures
	write(t, dir, "silentface/image_T1.jpg", a[0].JPEG)
	write(t, dir, "compreface/000_A.jpg", a[1].JPEG)
	for _, p := range a {
		switch p.Note {
		case portraits.EyesClosed:
			write(t, dir, "inspireface/reaction/close_eyes.jpeg", p.JPEG)
		case "":
			write(t, dir, "inspireface/reaction/open_eyes.jpg", p.JPEG)
		}
	}
	return dir
}

func TestFaces(t *testing.T) {
	told := 0
	r, err := Faces(t.Context(), labelled(t), faces(t), 2, func(int, int) { told++ })
	if err != nil {
		t.Fatal(err)
	}
	if l := r.LFW; l == nil || l.Mean != 1 || len(l.Folds) != 2 || l.Missing != 0 || l.NoFace != 0 || l.Pairs.Pairs() != 8 || l.Milliseconds <= 0 {
		t.Errorf("LFW %+v", r.LFW)
	}
	pictures := 0
	for _, who := range portraits.Load(t) {
		pictures += len(who.Pictures)
	}
	if all := r.LFW.AllPairs; all.Pairs() != pictures*(pictures-1)/2 || all.Accuracy < 1 || all.EER > 0.001 {
		t.Errorf("all pairs %+v", all)
	}
	if r.DeepFace == nil || r.DeepFace.Accuracy != 1 || r.DeepFace.Genuine == 0 || r.DeepFace.Impostor == 0 {
		t.Errorf("deepface %+v", r.DeepFace)
	}
	for _, c := range r.Eyes {
		if c.Got != c.Closed {
			t.Errorf("eyes %+v", c)
		}
	}
	if len(r.Eyes) != 2 || len(r.Counts) != 1 || r.Counts[0].Got != 1 {
		t.Errorf("eyes %v, counts %v", r.Eyes, r.Counts)
	}
	if l := r.Liveness; l == nil || len(l.Cases) != 1 || l.Cases[0].Live < 0.9 || !l.Cases[0].Face || l.Genuine[0].Of != pictures {
		t.Errorf("liveness %+v", r.Liveness)
	}
	if told != 0 {
		t.Error("progress of a small set")
	}
	var table, machine bytes.Buffer
	if err := r.Table(&table); err != nil || !strings.Contains(table.String(), "accuracy") {
		t.Errorf("%v\n%s", err, table.String())
	}
	var again FacesReport
	if err := r.JSON(&machine); err != nil || json.Unmarshal(machine.Bytes(), &again) != nil || again.LFW.Mean != r.LFW.Mean {
		t.Errorf("JSON %v: %s", err, machine.String())
	}
}

func TestFacesOfNothing(t *testing.T) {
	if r, err := Faces(t.Context(), t.TempDir(), faces(t), 1, nil); err == nil {
		t.Errorf("%+v", r)
	}
	dir := t.TempDir()
	write(t, dir, "lfw/A/A_0001.jpg", []byte("no picture"))
	if _, err := Faces(t.Context(), dir, faces(t), 1, nil); err == nil || !strings.Contains(err.Error(), "A_0001.jpg") {
		t.Errorf("a broken picture: %v", err)
	}
}

func TestReadLFWPairs(t *testing.T) {
	got, err := readLFWPairs(strings.NewReader("1\t2\nX\t1\t4\nY_Z\t12\t3\nX\t1\tY_Z\t2\nY_Z\t3\tX\t1\n"))
	want := [][]pair{{
		{"lfw/X/X_0001.jpg", "lfw/X/X_0004.jpg", true}, {"lfw/Y_Z/Y_Z_0012.jpg", "lfw/Y_Z/Y_Z_0003.jpg", true},
		{"lfw/X/X_0001.jpg", "lfw/Y_Z/Y_Z_0002.jpg", false}, {"lfw/Y_Z/Y_Z_0003.jpg", "lfw/X/X_0001.jpg", false},
	}}
	if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%v, %v", got, err)
	}
	for name, list := range map[string]string{
		"empty": "", "no numbers": "ten folds\n", "no pairs": "1 1\n", "half a fold": "1 1\nX 1 2\n",
		"too many": "1 1\nX 1 2\nX 1 Y 1\nX 1 2\n", "a word": "1 1\nX\nX 1 Y 1\n", "no number": "1 1\nX 1 b\nX 1 Y 1\n",
		"a way out": "1 1\n../X 1 2\nX 1 Y 1\n", "absurd": "99999999999 1\n",
	} {
		if got, err := readLFWPairs(strings.NewReader(list)); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzReadLFWPairs(f *testing.F) {
	f.Add("1\t1\nX\t1\t4\nX\t1\tY\t2\n")
	f.Fuzz(func(t *testing.T, list string) {
		folds, err := readLFWPairs(strings.NewReader(list))
		if err != nil {
			return
		}
		for _, p := range slices.Concat(folds...) {
			if !filepath.IsLocal(p.a) || !filepath.IsLocal(p.b) {
				t.Fatalf("%+v leads out of the folder", p)
			}
		}
	})
}

func TestReadDeepFacePairs(t *testing.T) {
	got, err := readDeepFacePairs(strings.NewReader("file_x,file_y,Decision\na.jpg,b.jpg,Yes\na.jpg,c.jpg, No\n"))
	if err != nil || !slices.Equal(got, []pair{{"a.jpg", "b.jpg", true}, {"a.jpg", "c.jpg", false}}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, list := range []string{"", "a,b,c\n", "a,b,c\n../a,b,Yes\n", "a,b\nc,d\n"} {
		if got, err := readDeepFacePairs(strings.NewReader(list)); err == nil {
			t.Errorf("%q: %v", list, got)
		}
	}
}

func trials(same bool, similarities ...float64) []Trial {
	var ts []Trial
	for _, s := range similarities {
		ts = append(ts, Trial{s, same})
	}
	return ts
}

func TestBestThreshold(t *testing.T) {
	for name, c := range map[string]struct {
		trials      []Trial
		from, until float64
	}{
		"apart":         {append(trials(true, 0.6, 0.8), trials(false, 0.1, 0.2)...), 0.39, 0.41},
		"mixed":         {append(trials(true, 0.3, 0.6, 0.8), trials(false, 0.1, 0.35, 0.2)...), 0.24, 0.61},
		"the same":      {append(trials(true, 0.5), trials(false, 0.5, 0.5)...), 1, 1},
		"only genuine":  {trials(true, 0.5, 0.7), -1, 0.5},
		"only impostor": {trials(false, 0.5, 0.7), 0.7, 1},
	} {
		if got := bestThreshold(c.trials); got < c.from || got > c.until {
			t.Errorf("%s: %g, want %g to %g", name, got, c.from, c.until)
		}
	}
}

func TestCrossValidate(t *testing.T) {
	good := append(trials(true, 0.6, 0.8), trials(false, 0.1, 0.2)...)
	bad := append(trials(true, 0.3, 0.8), trials(false, 0.1, 0.2)...)
	got := crossValidate([][]Trial{good, bad})
	// The threshold of bad (0.25) suits good; that of good (0.4) does not suit bad.
	if !slices.Equal(got, []float64{1, 0.75}) {
		t.Errorf("%v", got)
	}
	if got := crossValidate([][]Trial{good}); !slices.Equal(got, []float64{1}) {
		t.Errorf("one fold: %v", got)
	}
}

func TestVerify(t *testing.T) {
	var ts []Trial
	for i := range 1000 { // impostors from -0.5 to 0.4995, genuine from 0.3 to 0.799
		ts = append(ts, Trial{float64(i)/1000 - 0.5, false}, Trial{0.3 + float64(i)/2000, true})
	}
	v := verifyTrials(ts)
	if v.Genuine != 1000 || v.Impostor != 1000 || v.Pairs() != 2000 {
		t.Errorf("%+v", v)
	}
	// At s, false rejects are 2(s-0.3) and false accepts 0.5-s: equal at 0.3667.
	if math.Abs(v.EERAt-0.3667) > 0.002 || math.Abs(v.EER-0.1333) > 0.002 {
		t.Errorf("EER %.4f at %.4f", v.EER, v.EERAt)
	}
	if len(v.At) != 2 {
		t.Fatalf("a thousand impostors bear two rates, got %+v", v.At)
	}
	for _, a := range v.At {
		if a.False > int(a.FAR*1000+0.5) || math.Abs(a.TAR-(1-2*(a.Threshold-0.3))) > 0.005 {
			t.Errorf("%+v", a)
		}
	}
	if none := verifyTrials(nil); none.Pairs() != 0 || none.At != nil {
		t.Errorf("%+v", none)
	}
}

func TestDirection(t *testing.T) {
	for want, p := range map[string]face.Pose{
		"straight": {Yaw: 10, Pitch: -10, Roll: 5}, "left": {Yaw: -30}, "right": {Yaw: 30, Pitch: -8},
		"up": {Pitch: 22}, "down": {Pitch: -30, Yaw: -20}, "leaning left": {Roll: -40, Yaw: 15}, "leaning right": {Roll: 30},
	} {
		if got := direction(p); got != want {
			t.Errorf("%+v: %s, want %s", p, got, want)
		}
	}
}
