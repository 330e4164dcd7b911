package document

import (
	"fmt"

	"idflow"
	"idflow/tech"
	"idflow/vision"
	"idflow/vision/mrz"
)

// report is the result object.
type report struct {
	Result        bool                `json:"result"`
	DocumentType  string              `json:"document_type,omitempty"` // passport, identity_card, visa
	DocumentCode  string              `json:"document_code,omitempty"` // as in the zone: P, ID, …
	Issuer        string              `json:"issuer,omitempty"`        // ICAO code
	Fields        tech.Fields         `json:"fields"`
	Zone          *zoneReport         `json:"mrz"`
	Portrait      portraitReport      `json:"portrait"`
	FailureReason *tech.FailureReason `json:"failure_reason"`
}

type zoneReport struct {
	Format string        `json:"format"` // TD1, TD2, TD3, MRV-A, MRV-B, …
	Lines  []string      `json:"lines"`
	Valid  bool          `json:"valid"` // every check digit is right; not a proof that every letter is
	Checks []checkReport `json:"checks"`
}

type checkReport struct {
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

var types = map[mrz.Layout]string{
	mrz.TD3: "passport", mrz.TD1: "identity_card", mrz.TD2: "identity_card", mrz.FrenchID: "identity_card", mrz.MRVA: "visa", mrz.MRVB: "visa",
}

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
}

// outcome tells of the findings and hands fields and portrait on.
func (t Technology) outcome(f *findings, verdict idflow.Verdict, reasons []idflow.Reason) (tech.Outcome, error) {
	passed := verdict == idflow.Pass || verdict == idflow.Unclear
	r := &report{Result: passed, Fields: tech.Fields{}}
	out := tech.Outcome{Verdict: verdict, Reasons: reasons, Models: t.Nets.All, Facts: tech.Facts{}, Report: r}
	if len(reasons) > 0 {
		reason := failures[reasons[0]]
		r.FailureReason = &reason
	}
	if f.zone != nil {
		r.describe(f.zone.Document)
		right, all := 0, len(r.Zone.Checks)
		for _, c := range r.Zone.Checks {
			if c.OK {
				right++
			}
		}
		out.Scores = append(out.Scores, idflow.AtLeast("document.check_digits", float64(right), float64(all)))
	}
	if p := f.portrait.Face; p != nil {
		r.Portrait = portraitReport{true, p.Quality.EyeDistance, p.Quality.Sharpness}
		out.Scores = append(out.Scores, idflow.AtLeast("portrait.eye_distance", p.Quality.EyeDistance, minEyeDistance), idflow.AtLeast("portrait.sharpness", p.Quality.Sharpness, minSharpness))
	}
	if !passed {
		return out, nil
	}
	return out, t.handOn(f, r, &out)
}

// handOn fills in what later technologies may use.
func (t Technology) handOn(f *findings, r *report, out *tech.Outcome) error {
	if err := tech.Put(out.Facts, tech.DocumentFields, r.Fields); err != nil {
		return err
	}
	if f.portrait.Face == nil {
		return nil
	}
	crop, err := f.portrait.Portrait().EncodeJPEG(90)
	if err != nil {
		return fmt.Errorf("crop the portrait: %w", err)
	}
	out.Derived = []tech.Derived{{Name: portraitPicture, ContentType: string(vision.JPEG), Data: crop}}
	return tech.Put(out.Facts, tech.DocumentPortrait, tech.Face{Embedding: f.portrait.Face.Embedding, Model: t.Nets.Embedding, Picture: portraitPicture})
}

// describe copies what the zone says.
func (r *report) describe(d *mrz.Document) {
	r.DocumentType, r.DocumentCode, r.Issuer = types[d.Layout], d.Value(mrz.Code), d.Value(mrz.Issuer)
	r.Zone = &zoneReport{Format: string(d.Layout), Lines: d.Lines, Valid: d.ChecksOK(), Checks: []checkReport{}}
	for _, field := range d.Fields {
		if field.Value != "" {
			r.Fields[string(field.Name)] = field.Value
		}
		if field.Check != nil {
			r.Zone.Checks = append(r.Zone.Checks, checkReport{string(field.Name), field.Check.Expected, field.Check.Digit, field.Check.OK})
		}
	}
	if c := d.Composite; c != nil {
		r.Zone.Checks = append(r.Zone.Checks, checkReport{"composite", c.Expected, c.Digit, c.OK})
	}
}
