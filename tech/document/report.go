package document

import (
	"fmt"
	"math"

	"idflow"
	"idflow/tech"
	"idflow/vision"
	"idflow/vision/mrz"
)

// report is the result object.
type report struct {
	Result        bool                `json:"result"`
	DocumentType  string              `json:"document_type,omitempty"` // one of documentTypes
	DocumentCode  string              `json:"document_code,omitempty"` // as in the zone: P, ID, …
	Issuer        string              `json:"issuer,omitempty"`        // ICAO code
	Template      string              `json:"template,omitempty"`      // of the visual zone
	Fields        tech.Fields         `json:"fields"`                  // the best reading of each
	Readings      []readingReport     `json:"readings"`                // every reading of every source
	Checks        []check             `json:"checks"`                  // what the document was held against
	Zone          *zoneReport         `json:"mrz"`
	Portrait      portraitReport      `json:"portrait"`
	FailureReason *tech.FailureReason `json:"failure_reason"`
}

type zoneReport struct {
	Format string        `json:"format"` // TD1, TD2, TD3, MRV-A, MRV-B, …
	Lines  []string      `json:"lines"`
	Valid  bool          `json:"valid"` // every check digit is right; not a proof that every letter is
	Checks []digitReport `json:"checks"`
	// Corrections are characters that stand in Lines otherwise than they were
	// read, because a check digit or a list of codes told better.
	Corrections []mrz.Correction `json:"corrections,omitempty"`
}

// readingReport is a field as it was read in one place.
type readingReport struct {
	Field      string  `json:"field"`
	Value      string  `json:"value"` // normalised: ISO 8601, ICAO codes, capitals
	Text       string  `json:"text"`  // as printed
	Source     source  `json:"source"`
	Confidence float64 `json:"confidence"` // 0 to 1
	Picture    string  `json:"picture"`    // name of the evidence
	// Box is where it stands: four corners clockwise, in pixels of the upright
	// picture.
	Box [4][2]int `json:"box"`
}

type digitReport struct {
	Name     string `json:"name"`
	Expected string `json:"expected"`
	Found    string `json:"found"`
	OK       bool   `json:"ok"`
}

type portraitReport struct {
	Found       bool    `json:"found"`
	EyeDistance float64 `json:"eye_distance,omitempty"` // pixels
	Sharpness   float64 `json:"sharpness,omitempty"`
}

// portraitPicture names the evidence that shows the document's photo.
const portraitPicture = "portrait"

// failures are the reasons in the words that customers' programs know.
var failures = map[idflow.Reason]tech.FailureReason{
	tech.ReasonPictureUnreadable: {Type: "REQUEST_ERROR"},
	NotFound:                     {Type: "CLIENT", Detail: "Document not found"},
	Blurred:                      {Type: "CLIENT", Detail: "Document is not clear"},
	ZoneMissing:                  {Type: "CLIENT", Detail: "MRZ not found"},
	ZoneUnclear:                  {Type: "CALC_RESULT", Detail: "MRZ is not clear"},
	CheckDigits:                  {Type: "CALC_RESULT", Detail: "MRZ check digits are wrong"},
	Expired:                      {Type: "CALC_RESULT", Detail: "Document expired"},
	PortraitMissing:              {Type: "CLIENT", Detail: "Portrait not found"},
	NumberMissing:                {Type: "CALC_RESULT", Detail: "Document number is missing"},
	SourcesDiffer:                {Type: "CALC_RESULT", Detail: "Fields of the document differ"},
	NumberWrong:                  {Type: "CALC_RESULT", Detail: "Personal number is wrong"},
	DatesImpossible:              {Type: "CALC_RESULT", Detail: "Dates of the document are impossible"},
	NotExpected:                  {Type: "CALC_RESULT", Detail: "Document differs from the expected data"},
	AgeOutside:                   {Type: "CALC_RESULT", Detail: "Age is out of range"},
	TypeUnwanted:                 {Type: "CALC_RESULT", Detail: "Document type is not accepted"},
	CountryUnwanted:              {Type: "CALC_RESULT", Detail: "Document country is not accepted"},
	Zoneless:                     {Type: "CALC_RESULT", Detail: "Document has no MRZ"},
	TooSmall:                     {Type: "CLIENT", Detail: "Document is too small"},
	CutOff:                       {Type: "CLIENT", Detail: "Document is cut off"},
	Glare:                        {Type: "CLIENT", Detail: "Document has glare"},
	Dark:                         {Type: "CLIENT", Detail: "Document is too dark"},
	GhostDiffers:                 {Type: "CALC_RESULT", Detail: "Portraits of the document differ"},
	Copied:                       {Type: "CALC_RESULT", Detail: "Document is not an original"},
	Reused:                       {Type: "CALC_RESULT", Detail: "Document was shown as somebody else's"},
	Edited:                       {Type: "CALC_RESULT", Detail: "Document has traces of editing"},
}

// outcome tells of the findings and hands fields and portrait on.
func (t Technology) outcome(f *findings, verdict idflow.Verdict, reasons []idflow.Reason) (tech.Outcome, error) {
	passed := verdict == idflow.Pass || verdict == idflow.Unclear
	r := f.report(passed)
	out := tech.Outcome{Verdict: verdict, Reasons: reasons, Models: t.Nets.All, Facts: tech.Facts{}, Report: r}
	if len(reasons) > 0 {
		reason := failures[reasons[0]]
		r.FailureReason = &reason
	}
	for _, c := range f.checks {
		switch {
		case c.Limit > 0 && c.atMost:
			out.Scores = append(out.Scores, idflow.AtMost("document."+c.Code, c.Score, c.Limit))
		case c.Limit > 0:
			out.Scores = append(out.Scores, idflow.AtLeast("document."+c.Code, c.Score, c.Limit))
		}
	}
	if f.portrait != nil {
		q := f.portrait.faces.Face.Quality
		out.Scores = append(out.Scores, idflow.AtLeast("portrait.eye_distance", q.EyeDistance, minEyeDistance), idflow.AtLeast("portrait.sharpness", q.Sharpness, minSharpness))
	}
	if !passed {
		return out, nil
	}
	out.Marks = f.marks
	return out, t.handOn(f, r, &out)
}

// handOn fills in what later technologies may use.
func (t Technology) handOn(f *findings, r *report, out *tech.Outcome) error {
	if err := tech.Put(out.Facts, tech.DocumentFields, r.Fields); err != nil {
		return err
	}
	if f.portrait == nil {
		return nil
	}
	crop, err := f.portrait.faces.Portrait().EncodeJPEG(90)
	if err != nil {
		return fmt.Errorf("crop the portrait: %w", err)
	}
	out.Derived = []tech.Derived{{Name: portraitPicture, ContentType: string(vision.JPEG), Data: crop}}
	return tech.Put(out.Facts, tech.DocumentPortrait, tech.Face{Embedding: f.portrait.faces.Face.Embedding, Model: t.Nets.Embedding, Picture: portraitPicture})
}

// report is the result object of the findings.
func (f *findings) report(passed bool) *report {
	r := &report{Result: passed, DocumentType: f.kind, Issuer: f.country, Template: f.template, Fields: tech.Fields{}, Readings: []readingReport{}, Checks: f.checks}
	for _, name := range f.readings.fields() {
		r.Fields[name] = f.readings.value(name)
	}
	for _, x := range f.readings {
		r.Readings = append(r.Readings, readingReport{x.Field, x.Value, x.Text, x.Source, math.Round(1000*x.Confidence) / 1000, x.Picture, corners(x.Box)})
	}
	if f.zone != nil {
		r.DocumentCode, r.Zone = f.zone.Document.Value(mrz.Code), zoneReportOf(f.zone)
	}
	if f.portrait != nil {
		q := f.portrait.faces.Face.Quality
		r.Portrait = portraitReport{true, q.EyeDistance, q.Sharpness}
	}
	return r
}

func corners(q vision.Quad) (out [4][2]int) {
	for i, p := range q {
		out[i] = [2]int{int(math.Round(p.X)), int(math.Round(p.Y))}
	}
	return out
}

// zoneReportOf copies what the zone says.
func zoneReportOf(z *mrz.Result) *zoneReport {
	d := z.Document
	r := &zoneReport{Format: string(d.Layout), Lines: d.Lines, Valid: d.ChecksOK(), Checks: []digitReport{}, Corrections: z.Corrections}
	for _, field := range d.Fields {
		if field.Check != nil {
			r.Checks = append(r.Checks, digitReport{string(field.Name), field.Check.Expected, field.Check.Digit, field.Check.OK})
		}
	}
	if c := d.Composite; c != nil {
		r.Checks = append(r.Checks, digitReport{"composite", c.Expected, c.Digit, c.OK})
	}
	return r
}
