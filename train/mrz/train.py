"""Trains the recogniser of machine-readable zones: python3 -m train.mrz.train"""

import argparse
import functools

from train import crnn
from train.mrz import sheet, text

CLASS = {ch: i + 1 for i, ch in enumerate(text.ALPHABET)}


def strip(c, limit):
    grey, said = sheet.strip(c, limit=limit)
    return grey, [CLASS[ch] for ch in said]


# Two stages: the second starts from the first's weights, with a further layer that
# sees some characters to either side, and has fewer pictures at a reader's limit.
STAGES = {
    1: dict(seed=9303, steps=8000, rate=3e-3, reach=(1, 1, 1), limit=1.8),
    2: dict(seed=9304, steps=4000, rate=1.5e-3, reach=(1, 1, 1, 4), limit=3),
}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--folder", default="build/train/mrz", help="of the states and the networks, one folder a stage")
    p.add_argument("--stage", type=int, choices=STAGES, default=1)
    p.add_argument("--export", action="store_true", help="only write the network of the present state")
    a = p.parse_args()
    stage, folder = STAGES[a.stage], "%s/%d" % (a.folder, a.stage)
    if not a.export:
        net = crnn.Net(len(text.ALPHABET) + 1, widths=(16, 40, 80, 104), reach=stage["reach"])
        if a.stage > 1:
            net.take(crnn.load("%s/%d" % (a.folder, a.stage - 1)).state_dict())
        crnn.fit(functools.partial(strip, limit=stage["limit"]), net, folder, stage["seed"], stage["steps"], stage["rate"])
    crnn.export(crnn.load(folder), folder + "/mrz_crnn.onnx")


if __name__ == "__main__":
    main()
