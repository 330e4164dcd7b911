package vision

import (
	"bytes"
	"encoding/binary"
)

// Orientation is EXIF tag 0x0112: how the stored rows have to be laid out to
// be seen upright. Upright is 1; 0 counts as 1.
type Orientation uint8

// Upright says that the stored rows are the ones to be seen.
const Upright Orientation = 1

// size is the size of a stored w x h picture once it is laid out.
func (o Orientation) size(w, h int) (int, int) {
	if o >= 5 {
		return h, w
	}
	return w, h
}

// layout says where a stored pixel goes: its first byte is at
// start + x*dx + y*dy of the laid out picture.
type layout struct{ start, dx, dy int }

func (o Orientation) layout(w, h int) layout {
	lw, lh := o.size(w, h)
	right, down := 3, 3*lw
	lastX, lastY := right*(lw-1), down*(lh-1)
	switch o {
	case 2: // mirrored
		return layout{lastX, -right, down}
	case 3: // half a turn
		return layout{lastX + lastY, -right, -down}
	case 4: // mirrored and half a turn
		return layout{lastY, right, -down}
	case 5: // transposed
		return layout{0, down, right}
	case 6: // to be turned clockwise
		return layout{lastX, down, -right}
	case 7: // transposed across the other diagonal
		return layout{lastX + lastY, -down, -right}
	case 8: // to be turned counter-clockwise
		return layout{lastY, -down, right}
	}
	return layout{0, right, down}
}

// maxTags bounds the entries of an EXIF directory that are looked at; cameras
// write a few dozen.
const maxTags = 512

// exifOrientation reads tag 0x0112 of the first directory of an EXIF block
// (a TIFF stream, with or without the "Exif\0\0" in front). Whatever cannot be
// read is Upright: a broken note about the picture is not a broken picture.
func exifOrientation(b []byte) Orientation {
	b = bytes.TrimPrefix(b, []byte("Exif\x00\x00"))
	if len(b) < 8 {
		return Upright
	}
	var order binary.ByteOrder
	switch string(b[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return Upright
	}
	at := uint64(order.Uint32(b[4:]))
	if at+2 > uint64(len(b)) {
		return Upright
	}
	tags := min(int(order.Uint16(b[at:])), maxTags)
	for entry := b[at+2:]; tags > 0 && len(entry) >= 12; tags, entry = tags-1, entry[12:] {
		const tag, short = 0x0112, 3
		if order.Uint16(entry) != tag || order.Uint16(entry[2:]) != short {
			continue
		}
		if v := order.Uint16(entry[8:]); v >= 1 && v <= 8 {
			return Orientation(v)
		}
		return Upright
	}
	return Upright
}
