// Package all lists the technologies that this build ships. Adding one is
// adding a line.
package all

import (
	"idflow/tech"
	"idflow/tech/document"
	"idflow/tech/face2face"
	"idflow/tech/liveness"
	"idflow/vision/barcode"
	"idflow/vision/doc"
	"idflow/vision/face"
	"idflow/vision/forgery"
	"idflow/vision/mrz"
	"idflow/vision/viz"
)

// Parts is what the technologies work with.
type Parts struct {
	Faces    *face.Analyzer
	FaceNets tech.Nets // behind Faces
	Zones    *mrz.Reader
	Pages    *doc.Finder
	Texts    *viz.Reader
	Barcodes *barcode.Reader
	TextNets tech.Nets // behind Zones, Pages and Texts
}

// New puts the technologies together, in the order the cabinet offers them.
func New(p Parts) tech.Set {
	documentNets := tech.Nets{All: append(p.TextNets.All[:len(p.TextNets.All):len(p.TextNets.All)], p.FaceNets.All...), Embedding: p.FaceNets.Embedding}
	passage := func(v liveness.Variant) tech.Technology {
		return liveness.Live{Variant: v, Faces: p.Faces, Trackers: p.Faces, Nets: p.FaceNets}
	}
	return tech.NewSet(
		liveness.Short{Faces: p.Faces, Nets: p.FaceNets},
		passage(liveness.Detection),
		passage(liveness.Positions),
		passage(liveness.Distance),
		document.Technology{Zones: p.Zones, Pages: p.Pages, Texts: p.Texts, Faces: p.Faces, Barcodes: p.Barcodes, Traces: forgery.Inspect, Nets: documentNets},
		face2face.Technology{},
	)
}
