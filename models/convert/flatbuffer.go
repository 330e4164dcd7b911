package convert

import (
	"encoding/binary"
	"fmt"
)

// flatbuffer reads tables and vectors out of a FlatBuffers file that nobody
// vouches for: a read outside the buffer yields zero and is remembered in err,
// so that a caller may read on and look at err once. A vector longer than the
// buffer can hold is an error too, so a loop over one is bounded by the file.
type flatbuffer struct {
	buf []byte
	err error
}

// table is the position of a table; zero stands for an absent one.
type table int

// vector is a run of n elements that starts at position at.
type vector struct{ n, at int }

func (f *flatbuffer) fail(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf(format, args...)
	}
}

func (f *flatbuffer) bytesAt(pos, n int) []byte {
	if pos < 0 || n < 0 || pos > len(f.buf)-n {
		f.fail("offset %d lies outside the file of %d bytes", pos, len(f.buf))
		return nil
	}
	return f.buf[pos : pos+n]
}

func (f *flatbuffer) uint16At(pos int) int {
	if b := f.bytesAt(pos, 2); b != nil {
		return int(binary.LittleEndian.Uint16(b))
	}
	return 0
}

func (f *flatbuffer) uint32At(pos int) int {
	if b := f.bytesAt(pos, 4); b != nil {
		return int(binary.LittleEndian.Uint32(b))
	}
	return 0
}

func (f *flatbuffer) int32At(pos int) int { return int(int32(f.uint32At(pos))) }

// follow returns the table that the offset stored at pos points to.
func (f *flatbuffer) follow(pos int) table { return table(pos + f.uint32At(pos)) }

// root is the file's root table.
func (f *flatbuffer) root() table { return f.follow(0) }

// field is the position of a table's field, or zero when it holds its default.
func (f *flatbuffer) field(t table, i int) int {
	if t == 0 {
		return 0
	}
	vtable := int(t) - f.int32At(int(t))
	if 4+2*i >= f.uint16At(vtable) {
		return 0
	}
	if off := f.uint16At(vtable + 4 + 2*i); off != 0 {
		return int(t) + off
	}
	return 0
}

func (f *flatbuffer) child(t table, i int) table {
	if pos := f.field(t, i); pos != 0 {
		return f.follow(pos)
	}
	return 0
}

// vector is a table's field i, a vector of elements of size bytes each.
func (f *flatbuffer) vector(t table, i, size int) vector {
	pos := f.field(t, i)
	if pos == 0 {
		return vector{}
	}
	at := pos + f.uint32At(pos)
	n := f.uint32At(at)
	if f.bytesAt(at+4, n*size) == nil {
		return vector{}
	}
	return vector{n, at + 4}
}

// tables is a vector of tables.
func (f *flatbuffer) tables(t table, i int) []table {
	v := f.vector(t, i, 4)
	out := make([]table, v.n)
	for k := range out {
		out[k] = f.follow(v.at + 4*k)
	}
	return out
}

// ints is a vector of at most limit 32-bit integers.
func (f *flatbuffer) ints(t table, i, limit int) []int {
	v := f.vector(t, i, 4)
	if v.n > limit {
		f.fail("a vector of %d numbers where at most %d are expected", v.n, limit)
		return nil
	}
	out := make([]int, v.n)
	for k := range out {
		out[k] = f.int32At(v.at + 4*k)
	}
	return out
}

func (f *flatbuffer) uint8Field(t table, i, def int) int {
	if pos := f.field(t, i); pos != 0 {
		if b := f.bytesAt(pos, 1); b != nil {
			return int(b[0])
		}
	}
	return def
}

func (f *flatbuffer) int32Field(t table, i, def int) int {
	if pos := f.field(t, i); pos != 0 {
		return f.int32At(pos)
	}
	return def
}
