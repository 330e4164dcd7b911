"""Lines of the visual zone in print, seen by a camera."""

import functools
import glob
import os

from fontTools.ttLib import TTFont
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from train import camera
from train.viz import shapes, text

FOLDER = "/usr/share/fonts/"
STRETCH = 1.5  # strips are so much wider than high, for letters narrower than a step

# Families by how often they are used: what documents are printed in, and what is
# like it, more often than the rest. Patterns of files.
FAMILIES = {
    5: ["truetype/noto/NotoSans-*", "truetype/liberation*/LiberationSans-*", "truetype/croscore/Arimo*", "truetype/open-sans/OpenSans*",
        "truetype/roboto/**/Roboto-*", "truetype/paratype/PTS*", "opentype/urw-base35/NimbusSans-*"],
    3: ["truetype/dejavu/DejaVuSans*", "truetype/freefont/FreeSans*", "truetype/roboto/**/RobotoCondensed-*", "truetype/paratype/PTN*",
        "truetype/liberation*/LiberationSansNarrow*", "opentype/urw-base35/NimbusSansNarrow*", "opentype/ocr-b/OCRB*", "truetype/paratype/PTC*",
        "truetype/noto/NotoSansDisplay*", "truetype/noto/NotoSansMono*", "truetype/noto/NotoSerif-*", "truetype/dejavu/DejaVuSerif*",
        "truetype/freefont/FreeSerif*", "truetype/liberation*/LiberationSerif*"],
    2: ["truetype/liberation*/LiberationMono*", "truetype/dejavu/DejaVuSansMono*", "truetype/freefont/FreeMono*", "opentype/urw-base35/NimbusMono*",
        "opentype/urw-base35/NimbusRoman*", "opentype/inter/*", "truetype/lato/Lato*"],
    1: ["truetype/croscore/Cousine*", "truetype/croscore/Tinos*", "opentype/urw-base35/C059*", "opentype/urw-base35/P052*",
        "opentype/urw-base35/URWGothic*", "opentype/urw-base35/URWBookman*", "truetype/gentiumplus/*", "truetype/andika/*",
        "opentype/linux-libertine/*", "truetype/jetbrains-mono/*", "truetype/hack/*", "truetype/firacode/*", "truetype/play/*",
        "truetype/cmu/*", "opentype/cantarell/*",
        "opentype/courier-prime/*", "truetype/clear-sans/*", "opentype/b612/*", "truetype/crosextra/Caladea*", "truetype/fonts-oldstandard/*",
        "truetype/tuffy/*", "truetype/osifont/*", "truetype/karla/*",
        "truetype/manrope/*", "truetype/ocr-a/*"],
}
# Never trained on; for train.viz.evaluate.
HELD_OUT = {
    "PT Serif": ["truetype/paratype/PTF5*", "truetype/paratype/PTF7*"],
    "PT Mono": ["truetype/paratype/PTM*"],
    "Carlito": ["truetype/crosextra/Carlito*"],
    "Vollkorn": ["*type/vollkorn/Vollkorn-*"],
    "Charis SIL": ["truetype/charis/*"],
}
# Cuts that no document is printed in.
ODD = ("thin", "hairline", "black", "heavy", "extralight", "extra-light", "outline", "shadow", "symbols", "math", "oblique-", "swash", "-sc", "smcp")


@functools.lru_cache(maxsize=None)
def files(patterns):
    """The font files of patterns with the characters of each."""
    found = []
    for path in sorted(f for p in patterns for f in glob.glob(FOLDER + p, recursive=True)):
        name = os.path.basename(path).lower()
        if not name.endswith((".ttf", ".otf")) or any(o in name for o in ODD):
            continue
        letters = frozenset(map(chr, TTFont(path, lazy=True).getBestCmap() or {}))
        if {"A", "0"} <= letters:
            found.append((path, letters))
    return found


@functools.lru_cache(maxsize=None)
def families():
    """Lists of files and their weights, one for each family that is installed."""
    all_files = [(files((p,)), weight) for weight, patterns in FAMILIES.items() for p in patterns]
    return [f for f, _ in all_files if f], [w for f, w in all_files if f]


@functools.lru_cache(maxsize=4096)
def font(path, cap):
    big = ImageFont.truetype(path, 200, layout_engine=ImageFont.Layout.BASIC)
    top, bottom = big.getbbox("H")[1::2]
    return ImageFont.truetype(path, round(200 * cap / max(1, bottom - top)), layout_engine=ImageFont.Layout.BASIC)


def typeface(c, said, held_out=None):
    """A font file with all letters of said, or None."""
    for _ in range(30):
        if held_out:
            group = files(tuple(held_out))
        else:
            lists, weights = families()
            group = c.choices(lists, weights)[0]
        path, letters = c.choice(group)
        slanted = any(k in os.path.basename(path).lower() for k in ("italic", "oblique", "-it.", "-i.", "-bi."))
        if slanted and c.often(0.75):
            continue
        if all(x in letters for x in said):
            return path
    return None


def strip(c, held_out=None, wanted=None):
    """A strip (rows x width, grey 0..255) and the text on it."""
    while True:
        said = wanted or text.line(c)
        path = typeface(c, said, held_out)
        if path:
            return draw(c, said, path), said


def draw(c, said, path):
    cap, picture = camera.canvas_cap(c, smallest=8)
    f = font(path, cap)
    side = 6 * cap
    tracking = cap * c.choice([0, 0, 0, c.uniform(-0.03, 0.1), c.uniform(0, 0.3)])
    gap = f.getlength(" ") * (c.uniform(0.8, 1.3) if c.often(0.8) else c.uniform(1, 3))
    gap = max(gap, 0.2 * cap)
    room = 2 * side + f.getlength(said) + len(said) * max(0, tracking) + said.count(" ") * gap
    image = Image.new("L", (round(room) + 1, 8 * cap), 0)
    pen = ImageDraw.Draw(image)
    base = round(4.5 * cap)
    end = put(pen, said, f, side, base - f.getbbox("H")[3], tracking, gap)
    if c.often(0.3):
        near(c, pen, cap, side, base - cap * c.uniform(1.9, 3.2))
    if c.often(0.3):
        near(c, pen, cap, side, base + cap * c.uniform(1.9, 3.2))
    if c.often(0.05):  # a ruled line below
        y = base + round(cap * c.uniform(0.25, 0.6))
        pen.line((0 if c.often(0.5) else side, y, room, y), fill=c.randint(60, 255), width=max(1, round(cap * c.uniform(0.03, 0.1))))
    ink = np.asarray(image, np.float32) / 255
    grey = camera.photograph(c, ink, (side, base - cap, end, base), STRETCH, picture, tight=0.74, limit=3)
    return 255 - grey if c.often(0.07) else grey  # light print on a dark ground


def put(pen, said, f, x, y, tracking, gap):
    """Prints said from x on and returns where it ends."""
    for ch in said if tracking else said.replace(" ", "\0 \0").split("\0"):
        if ch == " ":
            x += gap
        elif ch:
            pen.text((x, y), ch, fill=255, font=f)
            x += f.getlength(ch) + tracking
    return x - tracking


def near(c, pen, cap, x, base):
    """A line above or below, of another size."""
    said = text.line(c)
    path = typeface(c, said)
    if path:
        f = font(path, c.choice([10, 14, 20]) if cap > 14 else 10)
        pen.text((x + c.uniform(-2, 6) * cap, base - f.getbbox("H")[3]), said, fill=c.randint(80, 255), font=f)
