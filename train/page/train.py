"""Trains the network that finds pages: /usr/bin/python3 -m train.page.train

Reads build/train/page/{pictures,labels} as `go run ./train/page/draw` writes
them, and writes page_find.onnx beside them. The last scenes are held back.
"""

import argparse
import os
import time

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

from train import crnn

DRAWN, SIZE, HELD = 192, 128, 300
CELLS = SIZE // 4


def layer(i, o, stride=1, dilation=1):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, dilation, dilation, bias=False), nn.BatchNorm2d(o), nn.ReLU())


class Net(nn.Module):
    """1 x 3 x 128 x 128, (v - 128) / 64, to 1 x 2 x 32 x 32 log odds: page, page's edge."""

    def __init__(self):
        super().__init__()
        self.a = nn.Sequential(layer(3, 12, 2), layer(12, 20, 2), layer(20, 20))  # 32
        self.b = nn.Sequential(layer(20, 40, 2), layer(40, 40))  # 16
        self.c = nn.Sequential(layer(40, 64, 2), layer(64, 64, 1, 2), layer(64, 64, 1, 4), layer(64, 64))  # 8
        self.cb = nn.Sequential(nn.Conv2d(64, 40, 1, bias=False), nn.BatchNorm2d(40))
        self.bb = layer(40, 40)
        self.ba = nn.Sequential(nn.Conv2d(40, 20, 1, bias=False), nn.BatchNorm2d(20))
        self.aa = nn.Sequential(layer(20, 20), layer(20, 20))
        self.say = nn.Conv2d(20, 2, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(a)
        c = self.c(b)
        b = self.bb(b + F.interpolate(self.cb(c), scale_factor=2, mode="nearest"))
        a = self.aa(a + F.interpolate(self.ba(b), scale_factor=2, mode="nearest"))
        return self.say(a)


class Probability(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return torch.sigmoid(self.net(x))


def tensor(x):
    return torch.from_numpy((x.astype(np.float32).transpose(0, 3, 1, 2) - 128) / 64)


def reduced(planes, size):
    """planes of bytes at size x size"""
    out = np.empty(planes.shape[:2] + (size, size), np.uint8)
    for i in range(len(planes)):
        x = torch.from_numpy(planes[i : i + 1].astype(np.float32))
        out[i] = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False).round().clamp(0, 255).numpy()[0]
    return out


def closer(rng, x, y):
    """Cuts a part out that the page fills, as scans and cropped pictures show it, and its edges may lie beyond."""
    rows, columns = np.nonzero((y[0] >= 128).any(1))[0], np.nonzero((y[0] >= 128).any(0))[0]
    if len(rows) < 6 or len(columns) < 6:
        return x, y
    out = rng.integers(-2, 3, 4)
    t, b = max(0, rows[0] + out[0]), min(CELLS, rows[-1] + 1 + out[1])
    l, r = max(0, columns[0] + out[2]), min(CELLS, columns[-1] + 1 + out[3])
    x = np.ascontiguousarray(x[4 * t : 4 * b, 4 * l : 4 * r].transpose(2, 0, 1))
    y = np.ascontiguousarray(y[:, t:b, l:r])
    stretch = lambda v, n: F.interpolate(torch.from_numpy(v[None].astype(np.float32)), size=(n, n), mode="bilinear", align_corners=False)[0].numpy()
    return stretch(x, SIZE).transpose(1, 2, 0), stretch(y, CELLS)


def resume(net, path, x):
    """Takes the weights of an exported file, in which the normalisations are part of the convolutions; what they did on x they do again."""
    graph = onnx.load(path).graph
    held = {t.name.removesuffix(".half"): numpy_helper.to_array(t).astype(np.float32) for t in graph.initializer}
    convs = [n for n in graph.node if n.op_type == "Conv"]
    layers = [m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.BatchNorm2d))]
    with torch.no_grad():
        at = -1
        for m in layers:
            if isinstance(m, nn.Conv2d):
                at += 1
                m.weight.copy_(torch.from_numpy(held[convs[at].input[1]]))
                if m.bias is not None:
                    m.bias.copy_(torch.from_numpy(held[convs[at].input[2]]))
            else:
                m.bias.copy_(torch.from_numpy(held[convs[at].input[2]]))
    assert at + 1 == len(convs)

    def measure(m, inputs, output):
        y = inputs[0]
        m.running_mean.copy_(y.mean((0, 2, 3)))
        m.running_var.copy_(y.var((0, 2, 3)))
        m.weight.copy_((m.running_var + m.eps).sqrt())
        m.bias.copy_(output.mean((0, 2, 3)))

    hooks = [m.register_forward_hook(measure) for m in layers if isinstance(m, nn.BatchNorm2d)]
    with torch.no_grad():
        net.eval()(x)
    net.train()
    for h in hooks:
        h.remove()


def batch(rng, pictures, labels, n):
    at = rng.integers(0, len(pictures), n)
    xs, ys = [], []
    for i in at:
        x, y = pictures[i], labels[i]
        if rng.random() < 0.5:
            x, y = x[:, ::-1], y[:, :, ::-1]
        k = rng.integers(0, 4)
        x, y = np.rot90(x, k), np.rot90(y, k, (1, 2))
        if rng.random() < 0.3:
            x, y = closer(rng, x, y)
        x = x.astype(np.float32)
        if rng.random() < 0.3:
            x = x[..., rng.permutation(3)]
        if rng.random() < 0.15:
            x = x.mean(2, keepdims=True).repeat(3, 2)
        x = np.clip(x * rng.uniform(0.7, 1.3) + rng.uniform(-25, 25), 0, 255)
        xs.append(x)
        ys.append(y)
    return tensor(np.stack(xs)), torch.from_numpy(np.stack(ys).astype(np.float32) / 255)


def measure(net, pictures, labels):
    net.eval()
    with torch.no_grad():
        p = np.concatenate([torch.sigmoid(net(tensor(pictures[i : i + 50]))).numpy() for i in range(0, len(pictures), 50)])
    net.train()
    truth, said = labels[:, 0] >= 128, p[:, 0] >= 0.5
    full = truth.any((1, 2))
    iou = (truth & said).sum((1, 2)) / np.maximum(1, (truth | said).sum((1, 2)))
    return iou[full].mean(), (iou[full] > 0.9).mean(), said[~full].mean()


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--folder", default="build/train/page")
    p.add_argument("--minutes", type=float, default=16)
    p.add_argument("--resume", help="exported file to go on from")
    p.add_argument("--top", type=float, default=3e-3, help="highest learning rate")
    p.add_argument("--seed", type=int, default=29)
    a = p.parse_args()
    pictures = np.fromfile(os.path.join(a.folder, "pictures"), np.uint8).reshape(-1, DRAWN, DRAWN, 3)
    pictures = reduced(pictures.transpose(0, 3, 1, 2), SIZE).transpose(0, 2, 3, 1)
    labels = reduced(np.fromfile(os.path.join(a.folder, "labels"), np.uint8).reshape(-1, 2, DRAWN // 4, DRAWN // 4), CELLS)
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    rng = np.random.default_rng(a.seed)
    net = Net()
    print("weights", sum(w.numel() for w in net.parameters()), "scenes", len(pictures), flush=True)
    top = a.top
    if a.resume:
        resume(net, a.resume, batch(rng, pictures[:-HELD], labels[:-HELD], 128)[0])
    optimizer = torch.optim.AdamW(net.parameters(), lr=top, weight_decay=1e-2)
    path = os.path.join(a.folder, "page_find.onnx")
    start, step, told = time.process_time(), 0, 0
    wall = time.time()
    while True:
        done = (time.time() - wall) / 60 / a.minutes
        if done >= 1:
            break
        for g in optimizer.param_groups:
            g["lr"] = top * min(1, (step + 1) / 50) * (0.5 + 0.5 * np.cos(np.pi * min(1, done))) + 1e-5
        x, y = batch(rng, pictures[:-HELD], labels[:-HELD], 16)
        loss = F.binary_cross_entropy_with_logits(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if done * 8 >= told + 1 or step == 100:
            told = int(done * 8)
            iou, good, alarm = measure(net, pictures[-HELD:], labels[-HELD:])
            print("step %d  cpu %.0f s  loss %.4f  held back: IoU %.3f  above 0.9 %.1f %%  of empty scenes %.2f %% page"
                  % (step, time.process_time() - start, loss.item(), iou, 100 * good, 100 * alarm), flush=True)
            export(net, path)
    iou, good, alarm = measure(net, pictures[-HELD:], labels[-HELD:])
    print("end, step %d  IoU %.3f  above 0.9 %.1f %%  of empty scenes %.2f %% page" % (step, iou, 100 * good, 100 * alarm), flush=True)
    export(net, path)


def export(net, path):
    net.eval()
    torch.onnx.export(Probability(net), torch.zeros(1, 3, SIZE, SIZE), path + ".part", opset_version=13, input_names=["x"], output_names=["p"])
    net.train()
    crnn.halve(path + ".part")
    os.replace(path + ".part", path)


if __name__ == "__main__":
    main()
