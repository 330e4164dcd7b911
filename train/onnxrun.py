"""Runs the recognisers' ONNX files, so that what was written is what is judged.

It knows the operators that crnn.export() writes and no others.
"""

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


class Session:
    def __init__(self, path):
        self.graph = onnx.load(path).graph
        self.known = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in self.graph.initializer}

    def run(self, x):
        """x: 1 x 1 x 24 x W. Returns steps x classes."""
        v = dict(self.known)
        v[self.graph.input[0].name] = torch.from_numpy(np.ascontiguousarray(x, np.float32))
        with torch.no_grad():
            for n in self.graph.node:
                a = {p.name: onnx.helper.get_attribute_value(p) for p in n.attribute}
                v[n.output[0]] = OPERATORS[n.op_type](a, *[v[i] for i in n.input])
        return v[self.graph.output[0].name][0].numpy()


def convolution(a, x, w, bias=None):
    top, left, bottom, right = a["pads"]
    assert (top, left) == (bottom, right)
    return F.conv2d(x, w, bias, a["strides"], (top, left), a["dilations"])


OPERATORS = {
    "Conv": convolution,
    "Relu": lambda a, x: F.relu(x),
    "MaxPool": lambda a, x: F.max_pool2d(x, a["kernel_shape"], a["strides"]),
    "Add": lambda a, x, y: x + y,
    "Constant": lambda a: torch.from_numpy(numpy_helper.to_array(a["value"]).copy()),
    "Cast": lambda a, x: x.float() if a["to"] == onnx.TensorProto.FLOAT else x,
    "Squeeze": lambda a, x, axes=None: x.squeeze(int(axes) if axes is not None else a["axes"][0]),
    "Transpose": lambda a, x: x.permute(*a["perm"]),
    "LogSoftmax": lambda a, x: F.log_softmax(x, a["axis"]),
    "Softmax": lambda a, x: F.softmax(x, a["axis"]),
    "Exp": lambda a, x: torch.exp(x),
}
