package vision

// Normalization is what a network wants done to each value: (v - Mean) * Scale
// for v from 0 to 255, per channel in the order the network reads them.
type Normalization struct {
	Mean, Scale [3]float32
	BGR         bool // the network reads blue first
}

// Uniform is the same mean and scale for all three channels, red first.
func Uniform(mean, scale float32) Normalization {
	return Normalization{Mean: [3]float32{mean, mean, mean}, Scale: [3]float32{scale, scale, scale}}
}

// FillPlanar writes m to dst channel after channel (CHW); len(dst) is 3*W*H.
func (m *Image) FillPlanar(dst []float32, n Normalization) {
	size := m.W * m.H
	for c := range 3 {
		plane := dst[c*size:][:size]
		mean, scale := n.Mean[c], n.Scale[c]
		p := m.Pix[n.channel(c):]
		for i := range plane {
			plane[i] = (float32(p[3*i]) - mean) * scale
		}
	}
}

// FillInterleaved writes m to dst pixel after pixel (HWC); len(dst) is 3*W*H.
func (m *Image) FillInterleaved(dst []float32, n Normalization) {
	r, g, b := n.channel(0), n.channel(1), n.channel(2)
	for p := m.Pix; len(p) >= 3 && len(dst) >= 3; p, dst = p[3:], dst[3:] {
		dst[0] = (float32(p[r]) - n.Mean[0]) * n.Scale[0]
		dst[1] = (float32(p[g]) - n.Mean[1]) * n.Scale[1]
		dst[2] = (float32(p[b]) - n.Mean[2]) * n.Scale[2]
	}
}

// channel is where in a pixel the network's channel c stands.
func (n Normalization) channel(c int) int {
	if n.BGR {
		return 2 - c
	}
	return c
}
