"""The recogniser of lines, how it is trained and how it is written as ONNX.

Convolutions only: four that bring 24 rows down to one and 4 columns down to one
step, then several along the line. Loss: CTC. A second process draws the strips;
each is seen a few times, changed a little each time, since drawing takes longer
than learning.
"""

import multiprocessing
import os
import time
from queue import Full

os.environ["OMP_NUM_THREADS"] = "1"  # before torch: its backward pass has threads of its own

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn

from train.chance import Chance

STEP = 4  # columns of a strip for one step
CONTRAST = 8  # added to the deviation, as vision/ocr does
CHUNK = 128  # strips that are drawn at a time


class Net(nn.Module):
    """classes: with blank. widths: of the four layers that look at the picture.
    reach: for each layer along the line, how many steps apart its five inputs are.
    """

    def __init__(self, classes, widths, reach):
        super().__init__()
        self.shape = dict(classes=classes, widths=widths, reach=reach)
        a, b, c, d = widths
        self.look = nn.Sequential(
            layer(1, a, 3, 1), nn.MaxPool2d(2),
            layer(a, b, 3, 1), nn.MaxPool2d(2),
            layer(b, c, 3, 1), nn.MaxPool2d((2, 1)),
            layer(c, d, 3, (0, 1)),
        )
        self.along = nn.ModuleList(layer(d, d, (1, 5), (0, 2 * r), r) for r in reach)
        self.name = nn.Conv2d(d, classes, 1)

    def take(self, weights):
        """Weights of a network with fewer layers along the line; the others begin as nearly nothing."""
        missing = self.load_state_dict(weights, strict=False).missing_keys
        if not all(k.startswith("along.") for k in missing):
            raise ValueError("weights of another network: %s" % missing)
        for i, f in enumerate(self.along):
            if "along.%d.1.weight" % i in missing:
                nn.init.constant_(f[1].weight, 0.1)

    def forward(self, x):
        """N x 1 x 24 x W to the logarithms of probabilities, N x W/4 x classes."""
        x = self.look(x)
        for f in self.along:
            x = x + f(x)
        return F.log_softmax(self.name(x).squeeze(2).transpose(1, 2), -1)


def layer(i, o, kernel, padding, reach=1):
    return nn.Sequential(nn.Conv2d(i, o, kernel, padding=padding, dilation=(1, reach), bias=False), nn.BatchNorm2d(o), nn.ReLU())


def draw(strip, seed, first, queue):
    """Puts chunks of strips, from number first on, into queue while there is a trainer."""
    os.nice(19)
    trainer = os.getppid()
    n = first
    while os.getppid() == trainer:
        c = Chance(seed, n)
        chunk = [strip(c) for _ in range(CHUNK)]
        while os.getppid() == trainer:
            try:
                queue.put(chunk, timeout=5)
                break
            except Full:
                pass
        n += 1
    queue.cancel_join_thread()


class Pool:
    """The latest strips, in boxes of similar width."""

    BIN = 48

    def __init__(self, size):
        self.size = size
        self.bins, self.count = {}, 0
        self.order = []  # bins in the order in which strips came

    def add(self, strip, target):
        b = strip.shape[1] // self.BIN
        self.bins.setdefault(b, []).append((strip, target))
        self.order.append(b)
        if len(self.order) > self.size:
            self.bins[self.order.pop(0)].pop(0)

    def batch(self, c, columns):
        """Strips of about the same width, so many that they have `columns` in all."""
        b = c.choices(list(self.bins), [len(v) * (k + 1) for k, v in self.bins.items()])[0]
        strips = self.bins[b]
        n = max(4, min(len(strips), columns // ((b + 1) * self.BIN)))
        return [strips[c.randrange(len(strips))] for _ in range(n)] if strips else self.batch(c, columns)


def batch(c, items):
    """Strips as the network gets them, each changed a little."""
    width = -(-max(s.shape[1] for s, _ in items) // 8) * 8 + c.choice([0, 0, 8, 24])
    x = np.zeros((len(items), 1, 24, width), np.float32)
    steps = []
    for i, (s, _) in enumerate(items):
        s = s.astype(np.float32)
        if c.often(0.5):
            s = np.roll(s, c.choice([-1, 1]), 0) if c.often(0.3) else s
            s = s[:, c.randint(0, 3) :] if s.shape[1] > 40 else s
        if c.often(0.4):
            s = s + c.noise(*s.shape) * c.uniform(1, 10)
        if c.often(0.15):
            s = (np.pad(s, ((0, 0), (1, 1)), "edge")[:, :-2] + 2 * s + np.pad(s, ((0, 0), (1, 1)), "edge")[:, 2:]) / 4
        if c.often(0.3):
            s = s * c.uniform(0.3, 1)
        x[i, 0, :, : s.shape[1]] = (s - s.mean()) / (s.std() + CONTRAST)
        steps.append((s.shape[1] + STEP - 1) // STEP)
    return torch.from_numpy(x), steps, [t for _, t in items]


def loss(net, x, steps, targets):
    y = net(x.to(memory_format=torch.channels_last))
    flat = torch.tensor([k for t in targets for k in t], dtype=torch.long)
    long = torch.tensor([len(t) for t in targets])
    each = F.ctc_loss(y.transpose(0, 1), flat, torch.tensor(steps), long, reduction="none", zero_infinity=True)
    # By characters of the batch, and no single unreadable strip rules a step.
    return (each.clamp(max=6.0 * 20) / long.clamp(min=1).float().mean()).mean()


def fit(strip, net, folder, seed, steps, rate=3e-3, columns=6656, fresh=11, pool=24000, every=250):
    """Trains net; the state is in folder and a later call goes on from there.

    strip(Chance) gives a strip and its classes. fresh: new strips for a step.
    """
    os.makedirs(folder, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    net.to(memory_format=torch.channels_last)
    average = {k: v.clone() for k, v in net.state_dict().items()}
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-2)
    state = os.path.join(folder, "state.pt")
    step = drawn = 0
    spent = 0.0
    if os.path.exists(state):
        saved = torch.load(state)
        net.load_state_dict(saved["net"])
        optimizer.load_state_dict(saved["optimizer"])
        average, step, drawn, spent = saved["average"], saved["step"], saved["drawn"], saved["spent"]
        print("goes on from step", step, flush=True)
    queue = multiprocessing.Queue(4)
    artist = multiprocessing.Process(target=draw, args=(strip, seed, drawn, queue), daemon=True)
    artist.start()
    strips, waiting = Pool(pool), 0
    c = Chance(seed, "batches", step)
    began, mean = time.time() - spent, None
    net.train()
    while step < steps:
        # The pool grows faster while it is small.
        waiting += fresh if len(strips.order) > 4000 else 4 * fresh
        while waiting > 0 or not strips.order:
            for item in queue.get():
                strips.add(*item)
            waiting -= CHUNK
            drawn += 1
        at = step / steps
        for g in optimizer.param_groups:
            g["lr"] = rate * min(1, (step + 1) / 200) * (0.5 + 0.5 * np.cos(np.pi * at) * 0.99 + 0.005)
        now = loss(net, *batch(c, strips.batch(c, columns)))
        optimizer.zero_grad()
        now.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2)
        optimizer.step()
        step += 1
        keep = min(0.998, step / (step + 20))
        with torch.no_grad():
            for k, v in net.state_dict().items():
                average[k].lerp_(v, 1 - keep) if v.is_floating_point() else average[k].copy_(v)
        mean = now.item() if mean is None else 0.99 * mean + 0.01 * now.item()
        if step % every == 0 or step == steps:
            spent = time.time() - began
            print("step %d of %d  loss %.4f  drawn %d  %.0f s" % (step, steps, mean, drawn * CHUNK, spent), flush=True)
            torch.save(dict(net=net.state_dict(), optimizer=optimizer.state_dict(), average=average, step=step,
                            drawn=drawn, spent=spent, shape=net.shape), state + ".new")
            os.replace(state + ".new", state)
    artist.terminate()
    return average


def load(folder):
    """The averaged network of the state in folder."""
    saved = torch.load(os.path.join(folder, "state.pt"))
    net = Net(**saved["shape"])
    net.load_state_dict(saved["average"])
    return net.eval()


class Probabilities(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return torch.exp(self.net(x))


def export(net, path):
    """Writes net as ONNX, opset 13: x 1x1x24xW to p 1x(W/4)xclasses, probabilities."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    torch.onnx.export(Probabilities(net).eval(), torch.zeros(1, 1, 24, 704), path, opset_version=13, input_names=["x"],
                      output_names=["p"], dynamic_axes={"x": {0: "n", 3: "w"}, "p": {0: "n", 1: "t"}})
    halve(path)


def halve(path):
    """Stores the weights in 16 bits; the runtime makes 32 of them when it loads the file."""
    model = onnx.load(path)
    graph = model.graph
    casts = []
    for t in graph.initializer:
        w = numpy_helper.to_array(t)
        if w.size < 1000:
            continue
        name = t.name
        t.CopyFrom(numpy_helper.from_array(w.astype(np.float16), name + ".half"))
        casts.append(onnx.helper.make_node("Cast", [name + ".half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)
