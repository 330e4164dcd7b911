package doc

import "idflow/vision/mrz"

// zoneSure is how sure FromZone is: that there is a page is certain, its far
// corners are a few millimetres off.
const zoneSure = 0.8

// FromZone is the page that a machine-readable zone stands on, going by the
// zone's place alone (ICAO Doc 9303-4 to -7). Its corners are in reading order.
// It is false where there is no zone or one of a layout that stands anywhere.
func FromZone(r mrz.Result) (Page, bool) {
	q, ok := r.Page()
	if !ok {
		return Page{}, false
	}
	return Page{Quad: q, Format: zoneFormat(r.Document.Layout), Sure: zoneSure}, true
}

// zoneFormat is the format of the pages a layout is for; a full-page visa is
// stuck over a passport's page.
func zoneFormat(l mrz.Layout) Format {
	switch l {
	case mrz.TD3, mrz.MRVA, mrz.RussianID:
		return ID3
	case mrz.TD2, mrz.MRVB, mrz.FrenchID:
		return ID2
	}
	return ID1
}

// Read is p with its corners in reading order and the format that the zone on it
// tells. Corners of p that are nearer to the zone's idea of the page are kept:
// they were seen, the zone's are computed. It is false where the zone lies on
// another page.
func (p Page) Read(r mrz.Result) (Page, bool) {
	z, ok := FromZone(r)
	if !ok {
		return Page{}, false
	}
	best, far := Page{}, 0.0
	for turn := range 4 {
		q := p.Quad.Turned(turn)
		d := 0.0
		for i := range q {
			d = max(d, q[i].Dist(z.Quad[i]))
		}
		if turn == 0 || d < far {
			best, far = Page{Quad: q, Format: z.Format, Sure: p.Sure}, d
		}
	}
	const near = 0.15 // of the width: the zone's far corners are that far off where it leans
	return best, far < near*z.Quad.Width()
}
