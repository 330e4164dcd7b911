package face

import (
	"math"

	"idflow/vision"
)

// Quality is how good a picture of a face is, measured on the aligned face of
// 112 x 112 pixels (but for EyeDistance and Inside). The usual values are from
// some eighty good pictures; they are no limits, those belong to who judges.
type Quality struct {
	EyeDistance float64 // between the middles of the eyes, in pixels of the picture
	Sharpness   float64 // variance of the Laplacian of luma; good pictures 300 and more, a blurred one 100
	Brightness  float64 // mean luma, 0 to 255; usually 60 to 200
	Contrast    float64 // standard deviation of luma; usually 25 and more
	Clipped     float64 // share of pixels below 8 or above 247, 0 to 1; usually below 0.25
	Asymmetry   float64 // difference of mean luma, left and right half, over the mean, 0 to 2; usually below 0.5
	Inside      float64 // share of the mesh's vertices that lie in the picture, 0 to 1
}

// assess measures a chip; gray is memory to use, returned for the next time.
func assess(c *vision.Image, gray []uint8) (Quality, []uint8) {
	gray = c.Gray(gray)
	var q Quality
	q.light(gray)
	q.Sharpness = laplacianVariance(gray, chipSize)
	return q, gray
}

func (q *Quality) light(gray []uint8) {
	var sum, squares, right, clipped int
	for y := range chipSize {
		for x, v := range gray[y*chipSize:][:chipSize] {
			l := int(v)
			sum += l
			squares += l * l
			if x >= chipSize/2 {
				right += l
			}
			if l < 8 || l > 247 {
				clipped++
			}
		}
	}
	n := float64(len(gray))
	q.Brightness = float64(sum) / n
	q.Contrast = math.Sqrt(max(0, float64(squares)/n-q.Brightness*q.Brightness))
	q.Clipped = float64(clipped) / n
	if sum > 0 {
		q.Asymmetry = math.Abs(float64(sum-2*right)) / (float64(sum) / 2)
	}
}

// laplacianVariance is the usual measure of focus (Pech-Pacheco et al., 2000).
func laplacianVariance(gray []uint8, w int) float64 {
	var sum, squares, n int
	for y := w; y+2*w <= len(gray); y += w {
		up, row, down := gray[y-w:][:w], gray[y:][:w], gray[y+w:][:w]
		for x := 1; x < w-1; x++ {
			d := 4*int(row[x]) - int(row[x-1]) - int(row[x+1]) - int(up[x]) - int(down[x])
			sum += d
			squares += d * d
			n++
		}
	}
	mean := float64(sum) / float64(n)
	return float64(squares)/float64(n) - mean*mean
}

// inside is the share of the vertices that lie in r.
func (m *Mesh) inside(r vision.Rect) float64 {
	n := 0
	for i := range m.Points {
		if r.Contains(m.Points[i].Flat()) {
			n++
		}
	}
	return float64(n) / meshPoints
}
