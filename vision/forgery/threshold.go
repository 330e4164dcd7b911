package forgery

// thresholds are the recommended scores. Each lets through all but a few in a
// thousand of untouched pictures that the judgement was not learnt from: printed
// by train/forgery/train.py; docs/FORGERY.md has what comes of them.
var thresholds = map[Code]float64{
	Screen:       0.85,
	Print:        0.5,
	Grey:         0.5,
	ZoneFont:     0.75,
	ZoneBaseline: 0.82,
	Noise:        0.875,
	Compression:  0.88,
	PortraitEdge: 0.84,
}

// Threshold is the recommended score from which on a trace of the code is worth
// a look. A stricter judge takes a lower one.
func Threshold(c Code) float64 { return thresholds[c] }
