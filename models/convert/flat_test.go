package convert

import (
	"encoding/binary"
	"slices"
)

// flat writes a FlatBuffers file for tests. FlatBuffers' offsets point forward,
// so everything is laid out from the end of the file: positions are counted
// backwards from it.
type flat struct{ b []byte }

// at marks a field's value as a position to point to.
type at int

// prepend puts data before everything written so far and returns its position.
func (f *flat) prepend(data []byte) int {
	f.b = append(slices.Clone(data), f.b...)
	return len(f.b)
}

func (f *flat) align(n, then int) {
	for (len(f.b)+then)%n != 0 {
		f.b = append([]byte{0}, f.b...)
	}
}

func (f *flat) bytes(data []byte) int {
	f.align(4, len(data))
	return f.prepend(append(binary.LittleEndian.AppendUint32(nil, uint32(len(data))), data...))
}

func (f *flat) ints(v []int32) int {
	data := binary.LittleEndian.AppendUint32(nil, uint32(len(v)))
	return f.prepend(append(data, ints32(v...)...))
}

func (f *flat) tables(positions []int) int {
	start := len(f.b) + 4 + 4*len(positions)
	data := binary.LittleEndian.AppendUint32(nil, uint32(len(positions)))
	for i, p := range positions {
		here := start - 4 - 4*i
		data = binary.LittleEndian.AppendUint32(data, uint32(here-p))
	}
	return f.prepend(data)
}

// table writes a table of byte, int32 and position fields, four bytes each.
func (f *flat) table(fields map[int]any) int {
	last := -1
	for i := range fields {
		last = max(last, i)
	}
	f.align(4, 0)
	start := len(f.b) + 4 + 4*(last+1)
	vtable := 4 + 2*(last+1)
	pad := vtable % 4
	body := binary.LittleEndian.AppendUint32(nil, uint32(vtable+pad))
	offsets := binary.LittleEndian.AppendUint16(nil, uint16(vtable))
	offsets = binary.LittleEndian.AppendUint16(offsets, uint16(4+4*(last+1)))
	for i := 0; i <= last; i++ {
		off := 0
		value := uint32(0)
		switch v := fields[i].(type) {
		case byte:
			value, off = uint32(v), 4+4*i
		case int32:
			value, off = uint32(v), 4+4*i
		case at:
			value, off = uint32(start-(4+4*i)-int(v)), 4+4*i
		}
		body = binary.LittleEndian.AppendUint32(body, value)
		offsets = binary.LittleEndian.AppendUint16(offsets, uint16(off))
	}
	position := f.prepend(body)
	f.prepend(append(offsets, make([]byte, pad)...))
	return position
}

func (f *flat) file(root int) []byte {
	f.align(4, 0)
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(f.b)+8-root))
	return append(append(head, "TFL3"...), f.b...)
}
