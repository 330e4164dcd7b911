package convert

// window is how a convolution or a pooling moves over a feature map.
type window struct {
	kernel, strides [2]int // height, width
	same            bool   // pad so that the output has input/stride cells
}

func (w window) attributes() []attribute {
	a := []attribute{
		{"kernel_shape", w.kernel[:]},
		{"strides", w.strides[:]},
	}
	if w.same {
		a = append(a, attribute{"auto_pad", "SAME_UPPER"})
	}
	return a
}

// conv adds a convolution. TFLite keeps filters as OHWI, ONNX as OIHW.
func (g *graph) conv(out, x, filter, bias int, w window) {
	f := g.floatConstant(filter, 4)
	o, h, wd, i := f.shape[0], f.shape[1], f.shape[2], f.shape[3]
	weights := make([]float32, len(f.floats))
	transpose(weights, f.floats, o, h*wd, i)
	w.kernel = [2]int{h, wd}
	g.convolve(out, x, []int{o, i, h, wd}, weights, bias, 1, w)
}

// depthwise adds a convolution of each channel by itself. TFLite keeps its
// filters as 1HWC, ONNX as C1HW.
func (g *graph) depthwise(out, x, filter, bias int, w window) {
	f := g.floatConstant(filter, 4)
	h, wd, ch := f.shape[1], f.shape[2], f.shape[3]
	weights := make([]float32, len(f.floats))
	transpose(weights, f.floats, f.shape[0], h*wd, ch)
	w.kernel = [2]int{h, wd}
	g.convolve(out, x, []int{ch, f.shape[0], h, wd}, weights, bias, ch, w)
}

func (g *graph) convolve(out, x int, shape []int, weights []float32, bias, group int, w window) {
	b := g.floatConstant(bias, 1)
	in := []string{g.nchw(x), g.floats(shape, weights), g.floats(b.shape, b.floats)}
	g.setNCHW(out, g.node("Conv", in, append(w.attributes(), attribute{"group", group})...))
}

func (g *graph) maxPool(out, x int, w window) {
	g.setNCHW(out, g.node("MaxPool", []string{g.nchw(x)}, w.attributes()...))
}

func (g *graph) add(out, a, b int) {
	if g.isNCHW(a) || g.isNCHW(b) {
		g.setNCHW(out, g.node("Add", []string{g.nchw(a), g.nchw(b)}))
		return
	}
	g.setNHWC(out, g.node("Add", []string{g.nhwc(a), g.nhwc(b)}))
}

func (g *graph) relu(out, x int) {
	if g.isNCHW(x) {
		g.setNCHW(out, g.node("Relu", []string{g.nchw(x)}))
		return
	}
	g.setNHWC(out, g.node("Relu", []string{g.nhwc(x)}))
}

// prelu has one slope a channel: TFLite's alpha is 1×1×C, ONNX wants C×1×1.
func (g *graph) prelu(out, x, alpha int) {
	slope := g.floatConstant(alpha, 3)
	shape, data := channelsFirst(slope)
	g.setNCHW(out, g.node("PRelu", []string{g.nchw(x), g.floats(shape[1:], data)}))
}

// pad adds zeros around a feature map; amounts are before, after for each of
// N, H, W, C.
func (g *graph) pad(out, x int, amounts []int64) {
	if len(amounts) != 8 {
		g.fail("padding of %d numbers, not 8", len(amounts))
		return
	}
	n, h, w, c := amounts[0:2], amounts[2:4], amounts[4:6], amounts[6:8]
	pads := []int64{n[0], c[0], h[0], w[0], n[1], c[1], h[1], w[1]}
	g.setNCHW(out, g.node("Pad", []string{g.nchw(x), g.ints(pads)}))
}

func (g *graph) concat(out, axis int, xs []int) {
	in := make([]string, len(xs))
	for i, x := range xs {
		in[i] = g.nhwc(x)
	}
	g.setNHWC(out, g.node("Concat", in, attribute{"axis", axis}))
}

func (g *graph) reshape(out, x int, shape []int) {
	dims := make([]int64, len(shape))
	for i, d := range shape {
		dims[i] = int64(d)
	}
	g.setNHWC(out, g.node("Reshape", []string{g.nhwc(x), g.ints(dims)}))
}
