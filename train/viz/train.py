"""Trains the recogniser of the visual zone: python3 -m train.viz.train"""

import argparse

from train import crnn
from train.viz import shapes, sheet


def strip(c):
    while True:
        grey, said = sheet.strip(c)
        target = [shapes.CLASS[x] for x in shapes.shapes(said)]
        repeats = sum(a == b for a, b in zip(target, target[1:]))
        if len(target) + repeats < grey.shape[1] / crnn.STEP:  # else CTC has no room
            return grey, target


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--folder", default="build/train/viz", help="of the state and the network")
    p.add_argument("--steps", type=int, default=29000)
    p.add_argument("--seed", type=int, default=1904)
    p.add_argument("--export", action="store_true", help="only write the network of the present state")
    a = p.parse_args()
    if not a.export:
        net = crnn.Net(len(shapes.SHAPES) + 1, widths=(16, 40, 72, 128), reach=(1, 1, 2))
        crnn.fit(strip, net, a.folder, a.seed, a.steps)
    crnn.export(crnn.load(a.folder), a.folder + "/viz_crnn.onnx")
    shapes.write(a.folder + "/viz_shapes.txt")


if __name__ == "__main__":
    main()
