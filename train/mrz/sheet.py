"""Lines of machine-readable zones in print, seen by a camera."""

import functools

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from train import camera
from train.mrz import text

FOLDER = "/usr/share/fonts/"
# Typefaces and how often each is used. OCR-B is what ICAO 9303 asks for; the
# others stand for documents that do not follow it and for odd cuts of OCR-B.
TYPEFACES = {
    "opentype/ocr-b/OCRB.otf": 44,
    "opentype/ocr-b/OCRBS.otf": 30,
    "truetype/liberation/LiberationMono-Regular.ttf": 4,
    "truetype/liberation/LiberationMono-Bold.ttf": 3,
    "truetype/dejavu/DejaVuSansMono.ttf": 2,
    "truetype/dejavu/DejaVuSansMono-Bold.ttf": 1,
    "truetype/freefont/FreeMono.ttf": 2,
    "truetype/freefont/FreeMonoBold.ttf": 2,
    "truetype/noto/NotoSansMono-Regular.ttf": 2,
    "truetype/inconsolata/Inconsolata.otf": 1,
    "truetype/liberation/LiberationSans-Regular.ttf": 3,
    "truetype/paratype/PTM55F.ttf": 1,
}
# Never trained on; for train.mrz.evaluate.
HELD_OUT = {
    "opentype/courier-prime/Courier Prime.otf": 1,
    "truetype/croscore/Cousine-Regular.ttf": 1,
    "truetype/croscore/Cousine-Bold.ttf": 1,
    "truetype/noto/NotoMono-Regular.ttf": 1,
}

# ICAO 9303-3: 2.54 mm from character to character, lines 6.35 mm (TD1: less)
# apart; capitals of OCR-B in size I are 2.4 mm high.
PITCH = 2.54 / 2.4


@functools.lru_cache(maxsize=None)
def glyphs(path, cap):
    """Each character as ink with its cap at row `cap`, and the natural advance."""
    font = ImageFont.truetype(FOLDER + path, 200)
    top, bottom = font.getbbox("H")[1::2]
    font = ImageFont.truetype(FOLDER + path, round(200 * cap / (bottom - top)))
    bottom = font.getbbox("H")[3]
    out = {}
    for ch in text.ALPHABET:
        image = Image.new("L", (2 * cap, 3 * cap), 0)
        wide = font.getlength(ch)
        ImageDraw.Draw(image).text((cap - wide / 2, 2 * cap - bottom), ch, fill=255, font=font)
        out[ch] = np.asarray(image, np.float32) / 255
    return out, font.getlength("H") / cap


def strip(c, typefaces=TYPEFACES, wanted=None, limit=1.8):
    """A strip (rows x width, grey 0..255) and the text on it."""
    said = wanted or text.line(c)
    path = c.choices(list(typefaces), list(typefaces.values()))[0]
    cap, picture = camera.canvas_cap(c)
    shapes, advance = glyphs(path, cap)
    if "ocr-b" in path:
        pitch = PITCH * (c.uniform(0.97, 1.1) if c.often(0.85) else c.uniform(0.86, 1.2))
    else:
        pitch = max(0.75, advance * c.uniform(0.95, 1.08))
    pitch *= cap
    left = 6 * cap
    w, h = round(pitch * len(said) + 2 * left), 8 * cap
    ink = np.zeros((h, w), np.float32)
    bend = c.bell(0.08 * cap) if c.often(0.3) else 0
    unsteady = cap * (0.012 if c.often(0.7) else 0.035)

    def put(what, base, dim=1.0):
        for i, ch in enumerate(what):
            x = left + (i + 0.5) * pitch
            y = base + bend * ((2 * x / w - 1) ** 2)
            stamp(ink, shapes[ch], round(x - cap + c.bell(unsteady)), round(y - 2 * cap + c.bell(unsteady)), dim)

    base = 4.5 * cap
    put(said, base)
    for side in (-1, 1):
        if c.often(0.4):
            put(neighbour(c, len(said)), base + side * cap * c.uniform(1.7, 2.9), c.choice([1, 1, c.uniform(0.3, 1)]))
    if c.often(0.1):  # a sliver of what stands before or behind
        at = left - c.uniform(0.8, 1) * pitch if c.often(0.5) else left + (len(said) + c.uniform(0.1, 0.4)) * pitch
        at += pitch / 2
        stamp(ink, shapes[c.choice(text.ALPHABET)], round(at - cap), round(base - 2 * cap), 1)
        cut = left - 0.15 * pitch, left + (len(said) + 0.15) * pitch
        ink[:, : max(0, round(cut[0]))] = 0
        ink[:, round(cut[1]) :] = 0
    if c.often(0.004):
        ink *= 0  # paper only
        said = ""
        ink[:] = np.clip(c.clouds(h, w, cap) * 0.1, 0, 1)
    half = 0.36 * cap
    line = (left + 0.5 * pitch - half, base - cap, left + (len(said or "x") - 0.5) * pitch + half, base)
    return camera.photograph(c, ink, line, picture=picture, limit=limit), said


def neighbour(c, n):
    return "".join(c.choice(text.ALPHABET) if c.often(0.75) else "<" for _ in range(n))


def stamp(ink, shape, x, y, dim):
    """Prints shape with its corner at x, y, cut off at the sheet's borders."""
    h, w = shape.shape
    x0, y0, x1, y1 = max(0, x), max(0, y), min(ink.shape[1], x + w), min(ink.shape[0], y + h)
    if x1 > x0 and y1 > y0:
        part = ink[y0:y1, x0:x1]
        np.maximum(part, shape[y0 - y : y1 - y, x0 - x : x1 - x] * dim, out=part)
