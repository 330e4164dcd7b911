package document

import (
	"context"
	"strings"

	"idflow"
	"idflow/tech"
	"idflow/vision/mrz"
)

// Reused is the reason of a document that another person has shown before.
const Reused idflow.Reason = "document_reused"

// mark is what the document is remembered by: its issuer, type and number, and
// its holder's surname and day of birth; false where one was not read surely.
// Given names stay out: of long ones not every document has all.
func (f *findings) mark() (tech.Mark, bool) {
	var value, holder []string
	for _, part := range []struct {
		field string
		to    *[]string
	}{{fieldNumber, &value}, {fieldSurname, &holder}, {fieldBirth, &holder}} {
		r, ok := f.readings.of(part.field)
		if !ok || !r.sure() || r.Value == "" {
			return tech.Mark{}, false
		}
		*part.to = append(*part.to, mrz.Transliterate(r.Value))
	}
	value = append(value, f.country, f.kind)
	return tech.Mark{Kind: "document", Value: strings.Join(value, "|"), Holder: strings.Join(holder, "|")}, true
}

// reuse asks whether another session showed the document as somebody else's.
func (f *findings) reuse(ctx context.Context, marks tech.Marks, s settings) error {
	c := check{Code: "reused", Severity: s.Reused, Reason: Reused, Result: checkNone}
	if m, ok := f.mark(); ok && marks != nil {
		n, err := marks.OtherHolders(ctx, m)
		if err != nil {
			return err
		}
		c.Result, c.Score = checkOK, float64(n)
		if n > 0 {
			c.Result = checkFailed
		}
		f.marks = []tech.Mark{m}
	}
	f.checks = append(f.checks, c)
	return nil
}
