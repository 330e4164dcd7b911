package convert

// operands is how many inputs each supported operator takes; concatenation
// takes any number.
var operands = map[int]int{
	opAdd: 2, opConv2D: 3, opDepthwiseConv2D: 3, opDequantize: 1, opMaxPool2D: 1,
	opRelu: 1, opReshape: 0, opPad: 2, opPrelu: 2, opConcatenation: 0,
}

// operator converts one operator. Field numbers are those of the option tables
// in TFLite's schema.
func (t *tflite) operator(op table) {
	g := t.graph
	index := t.int32Field(op, 0, 0)
	if index < 0 || index >= len(t.codes) {
		g.fail("operator code %d of %d", index, len(t.codes))
		return
	}
	code := t.codes[index]
	in, outs := t.ints(op, 1, maxInputs), t.ints(op, 2, 1)
	want, known := operands[code]
	if !known {
		g.fail("operator %d is not supported", code)
		return
	}
	if len(in) == 0 || len(outs) != 1 || want != 0 && len(in) != want {
		g.fail("operator %d has %d inputs and %d outputs", code, len(in), len(outs))
		return
	}
	for _, id := range append(outs, in...) {
		t.shape(id)
	}
	if t.failed() {
		return
	}
	t.write(code, outs[0], in, t.child(op, 4))
}

func (t *tflite) write(code, out int, in []int, options table) {
	g := t.graph
	switch code {
	case opDequantize: // of float16 constants, which are widened as they are read
		c := g.value(in[0]).constant
		if c == nil || c.floats == nil {
			g.fail("dequantization of a tensor that is not a float constant")
			return
		}
		g.setConstant(out, c)
	case opConv2D:
		t.noActivation(options, 3)
		t.noDilation(options, 4)
		t.featureMap(in[0])
		g.conv(out, in[0], in[1], in[2], t.window(options))
	case opDepthwiseConv2D:
		if m := t.int32Field(options, 3, 1); m != 1 {
			g.fail("depth multiplier %d", m)
		}
		t.noActivation(options, 4)
		t.noDilation(options, 5)
		t.featureMap(in[0])
		g.depthwise(out, in[0], in[1], in[2], t.window(options))
	case opMaxPool2D:
		t.noActivation(options, 5)
		t.featureMap(in[0])
		w := t.window(options)
		w.kernel = [2]int{t.int32Field(options, 4, 0), t.int32Field(options, 3, 0)}
		g.maxPool(out, in[0], w)
	case opAdd:
		t.noActivation(options, 0)
		t.featureMap(in[0])
		t.featureMap(in[1])
		g.add(out, in[0], in[1])
	case opRelu:
		g.relu(out, in[0])
	case opPrelu:
		t.featureMap(in[0])
		g.prelu(out, in[0], in[1])
	case opPad:
		t.featureMap(in[0])
		g.pad(out, in[0], g.intConstant(in[1]))
	case opConcatenation:
		t.noActivation(options, 1)
		g.concat(out, t.int32Field(options, 0, 0), in)
	case opReshape: // to the shape that the output tensor declares
		g.reshape(out, in[0], t.batchOfOne(out))
	}
}

// window reads the padding and strides that convolutions and pooling share.
func (t *tflite) window(options table) window {
	return window{
		strides: [2]int{t.int32Field(options, 2, 0), t.int32Field(options, 1, 0)},
		same:    t.uint8Field(options, 0, paddingSame) == paddingSame,
	}
}

func (t *tflite) featureMap(id int) {
	if shape := t.shape(id); len(shape) != 4 {
		t.graph.fail("tensor %d of shape %v is not a feature map", id, shape)
	}
}

func (t *tflite) noActivation(options table, field int) {
	if a := t.uint8Field(options, field, 0); a != 0 {
		t.graph.fail("fused activation %d is not supported", a)
	}
}

// noDilation looks at the field with the width's dilation and the one after it
// with the height's.
func (t *tflite) noDilation(options table, field int) {
	if w, h := t.int32Field(options, field, 1), t.int32Field(options, field+1, 1); w != 1 || h != 1 {
		t.graph.fail("dilation %d×%d is not supported", h, w)
	}
}
