package eval

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"idflow/vision/face"
)

// Liveness is the passive score on single pictures: attacks and genuine faces
// one by one, and how many genuine ones fall below a threshold. The pictures are
// too few for rates of accepted attacks.
type Liveness struct {
	Cases   []LiveCase  `json:"cases"`
	Genuine []LiveBelow `json:"genuine_below"`
}

// LiveCase is a picture of a known kind.
type LiveCase struct {
	File string  `json:"file"`
	Kind string  `json:"kind"`
	Live float64 `json:"live"`
	Face bool    `json:"face"` // one was found
}

// LiveBelow is how many of the genuine pictures score below a threshold.
type LiveBelow struct {
	Threshold float64 `json:"threshold"`
	Below     int     `json:"below"`
	Of        int     `json:"of"`
}

// kinds is what the pictures show, as they are named or were looked at.
var kinds = []LiveCase{
	{File: "silentface/image_T1.jpg", Kind: "genuine"},
	{File: "silentface/image_F1.jpg", Kind: "print"},
	{File: "silentface/image_F2.jpg", Kind: "screen"},
	{File: "inspireface/bulk/rgb_fake.jpg", Kind: "screen"},
	{File: "kbyai/live_1.jpg", Kind: "paper face held up"},
	{File: "kbyai/live_2.jpg", Kind: "print"},
	{File: "kbyai/live_3.jpg", Kind: "print"},
	{File: "kbyai/live_4.jpg", Kind: "mask worn"},
}

func (e *faceEval) liveness(ctx context.Context, r *FacesReport) error {
	var files []string
	for _, folder := range []string{"silentface", "inspireface/bulk", "kbyai"} {
		files = append(files, e.list(folder)...)
	}
	var out Liveness
	for _, c := range kinds {
		if slices.Contains(files, filepath.FromSlash(c.File)) {
			out.Cases = append(out.Cases, c)
		}
	}
	genuine := e.list("deepface") // photographs of people, one or more in each
	scores := make([]float64, len(out.Cases)+len(genuine))
	found := make([]bool, len(scores))
	for _, c := range out.Cases {
		genuine = append(genuine, c.File) // measured together, parted below
	}
	err := e.each(ctx, genuine, func(ctx context.Context, i int, file string) error {
		got, err := e.analyze(ctx, file, face.WantLive)
		if err == nil && got.Face != nil {
			scores[i], found[i] = got.Face.Live, true
		}
		return err
	})
	if err != nil || len(genuine) == 0 {
		return err
	}
	n := len(genuine) - len(out.Cases)
	for i := range out.Cases {
		out.Cases[i].Live, out.Cases[i].Face = scores[n+i], found[n+i]
	}
	out.Genuine = below(scores[:n], found[:n])
	r.Liveness = &out
	return nil
}

// below counts the genuine scores under the thresholds that matter.
func below(scores []float64, found []bool) []LiveBelow {
	var out []LiveBelow
	for _, threshold := range []float64{0.3, 0.5, 0.9} {
		b := LiveBelow{Threshold: threshold}
		for i, s := range scores {
			if !found[i] {
				continue
			}
			b.Of++
			if s < threshold {
				b.Below++
			}
		}
		out = append(out, b)
	}
	return out
}

func (l *Liveness) table(t io.Writer) {
	fmt.Fprint(t, "\npassive liveness\tkind\tlive\n")
	for _, c := range l.Cases {
		note := ""
		if !c.Face {
			note = "no face"
		} else if (c.Live >= 0.5) != strings.HasPrefix(c.Kind, "genuine") {
			note = "wrong at 0.5"
		}
		fmt.Fprintf(t, "%s\t%s\t%.4f\t%s\n", c.File, c.Kind, c.Live, note)
	}
	for _, b := range l.Genuine {
		fmt.Fprintf(t, "  genuine photographs below %.1f\t%d of %d\n", b.Threshold, b.Below, b.Of)
	}
}
