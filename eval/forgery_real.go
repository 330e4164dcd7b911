package eval

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"idflow/specimen"
	"idflow/vision"
	"idflow/vision/forgery"
	"idflow/vision/mrz"
)

// realSpecimens is the class of pictures of real specimens, which count as untouched.
const realSpecimens = "real specimens"

// bookSize is the size of a layout's document, and where the left end of its
// zone's first line is at half height, in millimetres (ICAO Doc 9303-4 to -7).
var bookSize = map[mrz.Layout][4]float64{
	mrz.TD1:      {85.6, 53.98, 4.7, 35.78},
	mrz.TD2:      {105, 74, 5.5, 58.25},
	mrz.TD3:      {125, 88, 6.5, 72.25},
	mrz.MRVA:     {120, 80, 4.2, 64.25},
	mrz.MRVB:     {105, 74, 5.5, 58.25},
	mrz.FrenchID: {105, 74, 5.5, 58.25},
}

// RealForgery inspects the pictures of a folder of labelled documents that a
// zone is found in (see MRZ), straightened by the zone, without a portrait's
// place. They are web pictures of specimens, many of them printed and scanned:
// what is seen in them is what a stricter judge would see too.
func (r *ForgeryReport) RealForgery(ctx context.Context, dir string, reader *mrz.Reader, now time.Time, figures io.Writer) error {
	pictures, err := mrzPictures(dir)
	if err != nil {
		return err
	}
	c := ForgeryClass{Name: realSpecimens, Traces: map[forgery.Code]int{}, Levels: map[specimen.Level][2]int{}}
	for _, p := range pictures {
		if len(p.want) == 0 || strings.HasPrefix(p.file, "synth") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, p.file))
		if err != nil {
			return err
		}
		m, err := vision.Decode(data)
		if err != nil {
			return fmt.Errorf("eval %s: %w", p.file, err)
		}
		found, err := reader.Read(ctx, m, now)
		if err != nil {
			return fmt.Errorf("eval %s: %w", p.file, err)
		}
		in, ok := byZone(m, data, found)
		if !ok {
			continue
		}
		measured, err := forgery.Measure(ctx, in)
		if err != nil {
			return fmt.Errorf("eval %s: %w", p.file, err)
		}
		if figures != nil {
			if err := json.NewEncoder(figures).Encode(ForgeryFigures{Class: realSpecimens, Side: p.file, Measured: measured}); err != nil {
				return err
			}
		}
		c.Pictures++
		alarm := false
		for _, t := range forgery.Judge(measured).Traces {
			if t.Score >= forgery.Threshold(t.Code) {
				c.Traces[t.Code]++
				alarm = true
			}
		}
		if alarm {
			c.Errors++
		}
	}
	r.Classes = append([]ForgeryClass{c}, r.Classes...)
	return nil
}

// byZone is the input that a picture gives of which only the zone was found.
func byZone(m *vision.Image, data []byte, found mrz.Result) (forgery.Input, bool) {
	if found.Document == nil {
		return forgery.Input{}, false
	}
	size, ok := bookSize[found.Document.Layout]
	if !ok {
		return forgery.Input{}, false
	}
	at := func(x, y float64) vision.Point {
		return found.Print.Apply(vision.Point{X: x - size[2], Y: y - size[3]})
	}
	in := forgery.Input{Picture: m, JPEG: data, PixelsPerMM: perMM,
		Corners: vision.Quad{at(0, 0), at(size[0], 0), at(size[0], size[1]), at(0, size[1])}}
	w, h := int(size[0]*perMM+0.5), int(size[1]*perMM+0.5)
	on, ok := in.Corners.Onto(w, h)
	if !ok {
		return in, false
	}
	in.Page = m.WarpPerspective(on, w, h)
	for i, l := range found.Document.Lines {
		text := []byte(l)
		for k := range text {
			if i < len(found.Lines) && k < len(found.Lines[i].Characters) && found.Lines[i].Characters[k].P < 0.9 {
				text[k] = ' '
			}
		}
		y := (size[3] + 6.35*float64(i)) * perMM
		x := size[2] * perMM
		wide := 2.54 * perMM * float64(len(l))
		in.Zone = append(in.Zone, forgery.Line{Text: string(text), Place: vision.Quad{
			{X: x, Y: y - 1.2*perMM}, {X: x + wide, Y: y - 1.2*perMM}, {X: x + wide, Y: y + 1.2*perMM}, {X: x, Y: y + 1.2*perMM}}})
	}
	return in, true
}
