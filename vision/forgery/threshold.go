package forgery

// thresholds are the recommended scores. Each lets through all but a few in a
// thousand of untouched pictures that the judgement was not learnt from, as
// train/forgery/train.py prints them; docs/FORGERY.md has what comes of all of
// them together (idflow eval forgery).
var thresholds = map[Code]float64{
	Screen:       0.82,
	Print:        0.8,
	Grey:         0.8,
	ZoneFont:     0.8,
	ZoneBaseline: 0.9,
	Noise:        0.9,
	Compression:  0.97,
	PortraitEdge: 0.86,
}

// Threshold is the recommended score from which on a trace of the code is worth
// a look. A stricter judge takes a lower one.
func Threshold(c Code) float64 { return thresholds[c] }
