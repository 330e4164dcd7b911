package forgery

// thresholds are the recommended ones.
var thresholds = map[Code]float64{}

// Threshold is the score from which on a trace of the code is worth a look.
func Threshold(c Code) float64 {
	if t, ok := thresholds[c]; ok {
		return t
	}
	return 0.5
}
