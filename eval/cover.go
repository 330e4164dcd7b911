package eval

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"idflow/vision/face"
)

// Cover is how covered faces are told from bare ones: worn masks one by one, and
// bare faces that were taken for covered.
type Cover struct {
	Masks  []CoverCase `json:"masks"`
	Bare   int         `json:"bare"`
	Alarms []CoverCase `json:"alarms"` // bare faces of coverLimit and more
}

// CoverCase is one face.
type CoverCase struct {
	File  string  `json:"file"`
	Cover float64 `json:"cover"`
}

const coverLimit = 0.8 // as in tech/liveness

// worn are the pictures that show masks, looked at by eye.
var worn = []string{"inspireface/bulk/mask.png", "inspireface/bulk/mask2.jpg", "inspireface/crop/crop_mask.png"}

// bareFolders hold faces that are bare, every so many of them.
var bareFolders = []struct {
	folder string
	every  int
}{
	{"deepface", 1}, {"faceapijs", 1}, {"face_recognition", 1}, {"inspireface/pose", 1}, {"inspireface/emotion", 1}, {"inspireface/attribute", 1}, {"lfw/*", 5},
}

func (e *faceEval) covers(ctx context.Context, r *FacesReport) error {
	var files []string
	for _, f := range worn {
		if slices.Contains(e.list(filepath.Dir(f)), filepath.FromSlash(f)) {
			files = append(files, filepath.FromSlash(f))
		}
	}
	masks := len(files)
	for _, b := range bareFolders {
		for i, f := range e.list(b.folder) {
			if i%b.every == 0 && !slices.Contains(worn, filepath.ToSlash(f)) {
				files = append(files, f)
			}
		}
	}
	cover, found := make([]float64, len(files)), make([]bool, len(files))
	err := e.each(ctx, files, func(ctx context.Context, i int, file string) error {
		got, err := e.analyze(ctx, file, face.WantCover)
		if err == nil && got.Face != nil {
			cover[i], found[i] = got.Face.Cover, true
		}
		return err
	})
	if err != nil || len(files) == 0 {
		return err
	}
	c := &Cover{}
	for i, file := range files {
		switch {
		case i < masks:
			c.Masks = append(c.Masks, CoverCase{file, cover[i]})
		case found[i]:
			c.Bare++
			if cover[i] >= coverLimit {
				c.Alarms = append(c.Alarms, CoverCase{file, cover[i]})
			}
		}
	}
	r.Cover = c
	return nil
}

func (c *Cover) table(t io.Writer) {
	fmt.Fprint(t, "\nmasks\tcover\n")
	for _, m := range c.Masks {
		fmt.Fprintf(t, "%s\t%.3f\t%s\n", m.File, m.Cover, mark(m.Cover >= coverLimit))
	}
	fmt.Fprintf(t, "bare faces taken for covered\t%d of %d\n", len(c.Alarms), c.Bare)
	for _, a := range c.Alarms {
		fmt.Fprintf(t, "  %s\t%.3f\n", a.File, a.Cover)
	}
}
