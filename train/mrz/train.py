"""Trains the recogniser of machine-readable zones: python3 -m train.mrz.train"""

import argparse

from train import crnn
from train.mrz import sheet, text

CLASS = {ch: i + 1 for i, ch in enumerate(text.ALPHABET)}


def strip(c):
    grey, said = sheet.strip(c)
    return grey, [CLASS[ch] for ch in said]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--folder", default="build/train/mrz", help="of the state and the network")
    p.add_argument("--steps", type=int, default=8000)
    p.add_argument("--seed", type=int, default=9303)
    p.add_argument("--export", action="store_true", help="only write the network of the present state")
    a = p.parse_args()
    if not a.export:
        net = crnn.Net(len(text.ALPHABET) + 1, widths=(16, 40, 80, 104), deep=3)
        crnn.fit(strip, net, a.folder, a.seed, a.steps)
    crnn.export(crnn.load(a.folder), a.folder + "/mrz_crnn.onnx")


if __name__ == "__main__":
    main()
