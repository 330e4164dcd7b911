package barcode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// fuelName is what the counter that meter adds is exported as.
const fuelName = "idflow_fuel"

// Sections of a WebAssembly module that meter reads (WebAssembly Core
// Specification 2.0, 5.5).
const (
	sectionImport = 2
	sectionGlobal = 6
	sectionExport = 7
	sectionCode   = 10
)

var errModule = errors.New("not a WebAssembly module that can be metered")

// meter gives the program a counter that every function's begin and every round
// of a loop lowers by one; below zero the program stops with a trap. So no picture
// can keep it busy for ever, and how far it goes does not depend on how fast the
// machine is. wazero's own WithCloseOnContextDone looks at the clock instead, in
// every round, and makes the decoder eight times slower.
func meter(wasm []byte) (out []byte, err error) {
	defer func() {
		if recover() != nil { // an index beyond the end
			out, err = nil, errModule
		}
	}()
	if !bytes.HasPrefix(wasm, []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, errModule
	}
	out = append(out, wasm[:8]...)
	r := &wasmReader{b: wasm[8:]}
	var fuel uint32
	seen := map[byte]bool{}
	for len(r.b) > 0 {
		id := r.byte()
		body := r.take(int(r.u32()))
		seen[id] = true
		switch id {
		case sectionImport:
			if fuel, err = importedGlobals(body); err != nil {
				return nil, err
			}
		case sectionGlobal:
			n, rest := count(body)
			fuel += n
			// i64, mutable, i64.const 0, end
			body = join(n+1, rest, []byte{0x7e, 1, 0x42, 0, 0x0b})
		case sectionExport:
			n, rest := count(body)
			name := append([]byte{byte(len(fuelName))}, fuelName...)
			body = join(n+1, rest, binary.AppendUvarint(append(name, 3), uint64(fuel)))
		case sectionCode:
			if body, err = meterCode(body, charge(fuel)); err != nil {
				return nil, err
			}
		}
		out = binary.AppendUvarint(append(out, id), uint64(len(body)))
		out = append(out, body...)
	}
	if !seen[sectionGlobal] || !seen[sectionExport] || !seen[sectionCode] {
		return nil, errModule
	}
	return out, nil
}

// charge is what is put at each metered place: lower the counter, stop when it
// is below zero.
func charge(fuel uint32) []byte {
	var c []byte
	global := func(op byte) { c = binary.AppendUvarint(append(c, op), uint64(fuel)) }
	global(0x23)                                // global.get
	c = append(c, 0x42, 1, 0x7d)                // i64.const 1, i64.sub
	global(0x24)                                // global.set
	global(0x23)                                // global.get
	c = append(c, 0x42, 0, 0x53, 0x04, 0x40, 0) // i64.const 0, i64.lt_s, if, unreachable
	return append(c, 0x0b)                      // end
}

func count(section []byte) (n uint32, rest []byte) {
	r := &wasmReader{b: section}
	return r.u32(), r.b
}

func join(n uint32, entries, more []byte) []byte {
	return append(append(binary.AppendUvarint(nil, uint64(n)), entries...), more...)
}

// importedGlobals counts the globals among the imports: they come first in the
// numbering.
func importedGlobals(section []byte) (n uint32, err error) {
	r := &wasmReader{b: section}
	for range r.u32() {
		r.take(int(r.u32())) // module
		r.take(int(r.u32())) // name
		switch r.byte() {
		case 0: // function
			r.u32()
		case 3:
			r.take(2)
			n++
		default: // tables and memories of others
			return 0, errModule
		}
	}
	return n, nil
}

func meterCode(section, charge []byte) ([]byte, error) {
	r := &wasmReader{b: section}
	n := r.u32()
	out := binary.AppendUvarint(nil, uint64(n))
	var body []byte
	for range n {
		f := &wasmReader{b: r.take(int(r.u32()))}
		whole := f.b
		for range f.u32() { // locals: how many of which type
			f.u32()
			f.byte()
		}
		body = append(body[:0], whole[:len(whole)-len(f.b)]...)
		body = append(body, charge...)
		for len(f.b) > 0 {
			before := f.b
			op, err := f.instruction()
			if err != nil {
				return nil, err
			}
			body = append(body, before[:len(before)-len(f.b)]...)
			if op == opLoop {
				body = append(body, charge...)
			}
		}
		out = binary.AppendUvarint(out, uint64(len(body)))
		out = append(out, body...)
	}
	return out, nil
}

// wasmReader reads the binary format. It panics at the end of its bytes.
type wasmReader struct{ b []byte }

func (r *wasmReader) byte() byte {
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

func (r *wasmReader) take(n int) []byte {
	t := r.b[:n:n]
	r.b = r.b[n:]
	return t
}

func (r *wasmReader) u32() uint32 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > 1<<32-1 {
		panic(errModule)
	}
	r.b = r.b[n:]
	return uint32(v)
}

// leb skips a number of any length and sign.
func (r *wasmReader) leb(n int) {
	for range n {
		for r.byte()&0x80 != 0 {
		}
	}
}

const opLoop = 0x03

// instruction moves behind one instruction (Core Specification 2.0, 5.4, without
// vectors).
func (r *wasmReader) instruction() (op byte, err error) {
	op = r.byte()
	switch {
	case op == 0x02, op == opLoop, op == 0x04, // block type
		op == 0x0c, op == 0x0d, op == 0x10, // label, function
		op >= 0x20 && op <= 0x26, op == 0x3f, op == 0x40, // variable, table, memory
		op == 0x41, op == 0x42, op == 0xd0, op == 0xd2: // constant, reference
		r.leb(1)
	case op == 0x11, op >= 0x28 && op <= 0x3e: // type and table; alignment and offset
		r.leb(2)
	case op == 0x0e: // br_table
		r.leb(int(r.u32()) + 1)
	case op == 0x1c: // select with types
		r.take(int(r.u32()))
	case op == 0x43:
		r.take(4)
	case op == 0x44:
		r.take(8)
	case op <= 0x01, op == 0x05, op == 0x0b, op == 0x0f, op == 0x1a, op == 0x1b,
		op >= 0x45 && op <= 0xc4, op == 0xd1: // nothing follows
	case op == 0xfc:
		switch more := r.u32(); {
		case more <= 7: // saturating conversions
		case more == 9, more == 11, more == 13, more >= 15 && more <= 17:
			r.leb(1)
		case more == 8, more == 10, more == 12, more == 14:
			r.leb(2)
		default:
			return op, fmt.Errorf("%w: instruction fc %02x", errModule, more)
		}
	default:
		return op, fmt.Errorf("%w: instruction %02x", errModule, op)
	}
	return op, nil
}
