package convert

import (
	"encoding/binary"
	"math"
)

// message is a Protocol Buffers message being written, field by field.
type message struct{ b []byte }

// Wire types of Protocol Buffers.
const (
	wireVarint = 0
	wireBytes  = 2
)

func (m *message) tag(field, wire int) {
	m.b = binary.AppendUvarint(m.b, uint64(field<<3|wire))
}

func (m *message) integer(field int, v int64) {
	m.tag(field, wireVarint)
	m.b = binary.AppendUvarint(m.b, uint64(v))
}

func (m *message) bytes(field int, v []byte) {
	m.tag(field, wireBytes)
	m.b = binary.AppendUvarint(m.b, uint64(len(v)))
	m.b = append(m.b, v...)
}

func (m *message) text(field int, v string) { m.bytes(field, []byte(v)) }

func (m *message) message(field int, fill func(*message)) {
	var inner message
	fill(&inner)
	m.bytes(field, inner.b)
}

func floatBytes(v []float32) []byte {
	b := make([]byte, 0, 4*len(v))
	for _, f := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	return b
}

func intBytes(v []int64) []byte {
	b := make([]byte, 0, 8*len(v))
	for _, i := range v {
		b = binary.LittleEndian.AppendUint64(b, uint64(i))
	}
	return b
}
