package face

import "idflow/vision"

// Proportions of a portrait as travel documents have it (ISO/IEC 19794-5: 35 by
// 45, the head about three quarters of the height), in heights of the mesh, which
// reaches from the hairline to the chin.
const (
	portraitHeight = 1.9
	portraitWidth  = portraitHeight * 35 / 45
	portraitChin   = 0.8 // of the height, from the top
)

// Portrait is the rectangle of head and shoulders about the face, which may
// reach outside of the picture. It suits a head that does not lean.
func (m *Mesh) Portrait() vision.Rect {
	b := m.Box()
	w, h := portraitWidth*b.H(), portraitHeight*b.H()
	top := b.Y1 - portraitChin*h
	x := b.Center().X
	return vision.Rect{X0: x - w/2, Y0: top, X1: x + w/2, Y1: top + h}
}

// Portrait cuts head and shoulders out of the analysed picture, as much of them
// as it shows; nil when there is no face.
func (a Analysis) Portrait() *vision.Image {
	if a.Face == nil {
		return nil
	}
	return a.Image.Crop(a.Face.Mesh.Portrait())
}
