"""Reads lines of machine-readable zones with networks: python3 -m train.mrz.evaluate NET...

Sets: drawn lines of seeds that are not trained on, in trained typefaces, in
others, and whole lines only; and, with --crops, a folder of *.jpg or *.png of
single lines with *.gt.txt beside them.
"""

import argparse
import glob
import os

import numpy as np
from PIL import Image

from train import camera, score
from train.chance import Chance
from train.mrz import sheet, text
from train.onnxrun import Session

SEED = 1  # training uses another


def drawn(n, typefaces, name, whole=False):
    for i in range(n):
        c = Chance(SEED, name, i)
        yield sheet.strip(c, typefaces, text.zone_line(c) if whole else None)


def crops(folder):
    for path in sorted(glob.glob(folder + "/*.jpg") + glob.glob(folder + "/*.png")):
        with open(os.path.splitext(path)[0] + ".gt.txt") as f:
            want = f.read().strip()
        image = Image.open(path).convert("L")
        width = max(32, round(image.width * camera.HEIGHT / image.height))
        kind = Image.BOX if image.height > 1.3 * camera.HEIGHT else Image.BILINEAR
        yield np.asarray(image.resize((width, camera.HEIGHT), kind)), want


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("nets", nargs="+")
    p.add_argument("--crops", action="append", default=[])
    p.add_argument("--lines", type=int, default=400, help="of each drawn set")
    p.add_argument("--misses", action="store_true")
    a = p.parse_args()
    n = a.lines
    sets = {
        "drawn": list(drawn(n, sheet.TYPEFACES, "drawn")),
        "drawn, whole lines in OCR-B": list(drawn(n, {k: v for k, v in sheet.TYPEFACES.items() if "ocr-b" in k}, "whole", True)),
        "drawn, other typefaces": list(drawn(n, sheet.HELD_OUT, "other")),
    }
    if n == 0:
        sets = {}
    for folder in a.crops:
        sets[folder] = list(crops(folder))
    for net in a.nets:
        session = Session(net)
        for name, strips in sets.items():
            tally = score.Tally()
            for grey, want in strips:
                tally.add(score.read(session, text.ALPHABET, grey), want)
            print("%-60s %-30s %s" % (net, name, tally), flush=True)
            if a.misses:
                for got, want in tally.misses:
                    print("    want %s\n    got  %s" % (want, got))


if __name__ == "__main__":
    main()
