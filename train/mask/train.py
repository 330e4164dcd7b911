"""Trains the network for covered faces: /usr/bin/python3 -m train.mask.train

Reads build/train/mask/{pictures,labels} as `go run ./train/mask/draw` writes
them, and writes face_cover.onnx beside them.
"""

import argparse
import os

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from train import crnn

SIZE = 48


def layer(i, o, stride=1):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


class Net(nn.Module):
    """1 x 3 x 48 x 48, (v - 128) / 64, to the logarithm of the odds that the face is covered."""

    def __init__(self):
        super().__init__()
        self.look = nn.Sequential(layer(3, 12, 2), layer(12, 24), nn.MaxPool2d(2), layer(24, 32), nn.MaxPool2d(2), layer(32, 48))
        self.say = nn.Linear(48 * 9, 1)  # the middle of the face and its edges tell different things
        self.drop = nn.Dropout(0.3)

    def forward(self, x):
        x = F.avg_pool2d(self.look(x), 2)
        return self.say(self.drop(x.flatten(1))).squeeze(1)


class Probability(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return torch.sigmoid(self.net(x))


def batch(rng, pictures, labels, n):
    at = rng.integers(0, len(pictures), n)
    x = pictures[at].astype(np.float32)
    for i in range(n):
        if rng.random() < 0.5:
            x[i] = x[i, :, ::-1]
        dx, dy = rng.integers(-2, 3, 2)
        x[i] = np.roll(x[i], (dy, dx), (0, 1))
        if rng.random() < 0.3:
            x[i] = x[i] * rng.uniform(0.5, 1.3) + rng.uniform(-30, 30)
        if rng.random() < 0.2:
            x[i] = x[i].mean(2, keepdims=True)
    return tensor(x), torch.from_numpy((labels[at] & 1).astype(np.float32))


def tensor(x):
    return torch.from_numpy((np.clip(x, 0, 255).astype(np.float32).transpose(0, 3, 1, 2) - 128) / 64)


def measure(net, pictures, labels):
    net.eval()
    with torch.no_grad():
        p = torch.cat([torch.sigmoid(net(tensor(pictures[i : i + 256]))) for i in range(0, len(pictures), 256)]).numpy()
    net.train()
    truth = labels & 1
    return (p[truth == 1] < 0.5).mean(), (p[truth == 0] >= 0.5).mean(), p


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--folder", default="build/train/mask")
    p.add_argument("--steps", type=int, default=3000)
    p.add_argument("--seed", type=int, default=19)
    a = p.parse_args()
    labels = np.fromfile(os.path.join(a.folder, "labels"), np.uint8)
    pictures = np.fromfile(os.path.join(a.folder, "pictures"), np.uint8).reshape(-1, SIZE, SIZE, 3)[: len(labels)]
    held = labels >= 2
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    rng = np.random.default_rng(a.seed)
    net = Net()
    print("weights", sum(w.numel() for w in net.parameters()), "learns from", (~held).sum(), "held back", held.sum())
    optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    for step in range(a.steps):
        for g in optimizer.param_groups:
            g["lr"] = 2e-3 * (0.5 + 0.5 * np.cos(np.pi * step / a.steps))
        x, y = batch(rng, pictures[~held], labels[~held], 64)
        loss = F.binary_cross_entropy_with_logits(net(x), 0.02 + 0.96 * y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if (step + 1) % 250 == 0:
            missed, alarms, _ = measure(net, pictures[held], labels[held])
            print("step %d  loss %.4f  held back: missed %.2f %%  false alarms %.2f %%" % (step + 1, loss.item(), 100 * missed, 100 * alarms), flush=True)
    path = os.path.join(a.folder, "face_cover.onnx")
    torch.onnx.export(Probability(net).eval(), torch.zeros(1, 3, SIZE, SIZE), path, opset_version=13, input_names=["x"], output_names=["p"])
    crnn.halve(path)


if __name__ == "__main__":
    main()
