"""Trains the network that finds pages: /usr/bin/python3 -m train.page.train

Reads build/train/page/{pictures,labels} as `go run ./train/page/draw` writes
them, and writes page_find.onnx beside them. The last scenes are held back.
"""

import argparse
import os
import time

import numpy as np
import torch
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


def batch(rng, pictures, labels, n):
    at = rng.integers(0, len(pictures), n)
    xs, ys = [], []
    for i in at:
        x, y = pictures[i], labels[i]
        if rng.random() < 0.5:
            x, y = x[:, ::-1], y[:, :, ::-1]
        k = rng.integers(0, 4)
        x, y = np.rot90(x, k), np.rot90(y, k, (1, 2))
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
    top = 3e-3
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
