"""Reads lines of the visual zone with networks: python3 -m train.viz.evaluate NET=CLASSES...

NET is an ONNX file, CLASSES its list of classes (viz_shapes.txt). Sets: drawn
lines of seeds and, for all but the first, of typefaces that are not trained on;
and, with --crops, a folder of *.jpg or *.png of single lines with *.gt.txt beside
them. What counts is shapes: letters of two scripts that look the same are equal.
"nospace" leaves out spaces and the case of letters.
"""

import argparse
import glob
import os

import numpy as np
from PIL import Image

from train import camera, score
from train.chance import Chance
from train.onnxrun import Session
from train.viz import shapes, sheet, text

SEED = 1  # training uses another


def drawn(n, name, held_out=None, kind=None):
    for i in range(n):
        c = Chance(SEED, name, i)
        yield sheet.strip(c, held_out, kind and kind(c))


def value(c):
    """A line as documents' fields have it: capitals, words that exist, dates, numbers."""
    k = c.random()
    if k < 0.6:
        return c.choice(c.choice([text.KAZAKH, text.RUSSIAN, text.ENGLISH]))[:28].strip()
    return text.date(c) if k < 0.8 else text.number(c)


def crops(folder):
    for path in sorted(glob.glob(folder + "/*.jpg") + glob.glob(folder + "/*.png")):
        with open(os.path.splitext(path)[0] + ".gt.txt", encoding="utf-8") as f:
            want = f.read().strip()
        image = Image.open(path).convert("L")
        width = max(24, round(sheet.STRETCH * image.width * camera.HEIGHT / image.height))
        kind = Image.BOX if image.height > 1.3 * camera.HEIGHT else Image.BILINEAR
        yield np.asarray(image.resize((width, camera.HEIGHT), kind)), want


def classes(path):
    """The shapes of a list of classes; also of one that has them all in its first line."""
    with open(path, encoding="utf-8") as f:
        lines = f.read().rstrip("\n").split("\n")
    return list(lines[0]) if len(lines) == 1 else [x[0] for x in lines]


def bare(s):
    return shapes.shapes("".join(s.upper().split()))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("nets", nargs="+")
    p.add_argument("--crops", action="append", default=[])
    p.add_argument("--lines", type=int, default=300, help="of each drawn set")
    p.add_argument("--misses", action="store_true")
    a = p.parse_args()
    sets = {}
    if a.lines:
        sets["drawn"] = list(drawn(a.lines, "drawn"))
        sets["fields, trained typefaces"] = list(drawn(a.lines, "fields", None, value))
        for family, patterns in sheet.HELD_OUT.items():
            sets["fields, " + family] = list(drawn(a.lines, family, patterns, value))
    for folder in a.crops:
        sets[folder] = list(crops(folder))
    for net in a.nets:
        path, names = net.split("=")
        session, alphabet = Session(path), classes(names)
        for name, strips in sets.items():
            strict, loose = score.Tally(), score.Tally()
            for grey, want in strips:
                got = score.read(session, alphabet, grey)
                strict.add(shapes.shapes(got), shapes.shapes(want))
                loose.add(bare(got), bare(want))
            print("%-32s %-28s %s   nospace %.2f %% %.3f %%" % (os.path.basename(path), name, strict,
                  100 * loose.exact / max(1, loose.lines), 100 * loose.errors / max(1, loose.characters)), flush=True)
            if a.misses:
                for got, want in strict.misses:
                    print("    want %s\n    got  %s" % (want, got))


if __name__ == "__main__":
    main()
