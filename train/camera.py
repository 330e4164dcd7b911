"""What happens to a printed line between the paper and the network.

photograph() takes the ink of a line and gives the grey strip that a product
would cut from a phone's picture of it: the paper's print behind the text, light
and glare, perspective left over by straightening, blur, noise, the phone's
sharpening, JPEG, a second picture taken from a screen, and a box that does not
fit well. Sizes are in cap heights of the text wherever they depend on it.
"""

import io
import math

import numpy as np
from PIL import Image

HEIGHT = 24  # of a strip, pixels


def photograph(c, ink, line, stretch=1.0, picture=16, tight=0.95, limit=1.8):
    """A strip of HEIGHT rows, grey 0..255.

    c: Chance. ink: 0 (paper) to 1 (print), with the neighbouring lines.
    line: x0, y0, x1, y1 of the text in it, y from the top of the capitals to the
    base line. stretch: how much wider than high the strip is scaled.
    picture: cap height in the picture, pixels. tight: the most of a strip's rows
    that it takes. limit: how rarely a picture is at a reader's limit: at 1.8 every
    tenth is hard to read, at 3 every fiftieth.
    """
    c.hard = c.betavariate(1.2, limit)
    ink = spread(c, ink, line[3] - line[1])
    ink = straighten(c, ink, line, picture, tight)
    grey = printed(c, ink)
    grey = lit(c, grey)
    grey = exposed(c, grey)
    return fitted(c, grey, stretch)


def canvas_cap(c, smallest=7.5):
    """Cap height to draw at, and to take the picture at: (canvas, picture)."""
    picture = math.exp(c.uniform(math.log(smallest), math.log(c.choice([13, 20, 32]))))
    for cap in (14, 20, 28, 36):
        if cap >= picture * 0.95:
            break
    return cap, picture


def spread(c, ink, cap):
    """Ink that runs, or print that is thin or worn."""
    if c.often(0.75):
        sigma = cap * c.uniform(0.02, 0.05)
        soft = blur(ink, sigma)
        edge = c.triangular(0.15, 0.75, 0.45)  # low: fat, high: thin
        width = c.uniform(0.15, 0.5)
        ink = np.clip((soft - edge) / width + 0.5, 0, 1)
    if c.often(0.12):  # worn
        worn = c.clouds(*ink.shape, cap * c.uniform(0.1, 1.2))
        ink = ink * np.clip(c.uniform(0.8, 1.5) - 0.35 * np.abs(worn), 0.15, 1)
    return ink


def straighten(c, ink, line, picture, tight):
    """The box around the line as the finder gives it, at the picture's scale."""
    x0, y0, x1, y1 = line
    cap, mid = y1 - y0, (y0 + y1) / 2
    high = cap / c.triangular(0.4, tight, 0.62)
    room = max(0, (high - cap) / 2) + 0.04 * cap
    shift = max(-room, min(room, c.bell(0.06 * high)))
    left = margin(c, cap)
    right = margin(c, cap)
    tilt = c.bell(0.05 * cap) if c.often(0.7) else c.bell(0.14 * cap)
    tilt = max(-room, min(room, tilt))
    grow = 1 + c.bell(0.04)
    slant = c.bell(0.05) * high
    l, r, m, hl, hr = x0 - left, x1 + right, mid + shift, high * grow / 2, high / grow / 2
    quad = (l - slant, m - tilt - hl, l + slant, m - tilt + hl, r + slant, m + tilt + hr, r - slant, m + tilt - hr)
    k = picture / cap
    w, h = max(8, round((r - l) * k)), max(8, round(high * k))
    if k < 0.8:
        ink = blur(ink, 0.35 / k)
    flat = Image.fromarray(ink).transform((w, h), Image.QUAD, quad, Image.BILINEAR)
    return np.clip(np.asarray(flat), 0, 1)


def margin(c, cap):
    """Paper to the left or right of the line that the box takes in."""
    return cap * (c.uniform(0.02, 1) if c.often(0.75) else c.uniform(0.8, 5))


def printed(c, ink):
    """Ink on paper, 0..1."""
    h, w = ink.shape
    white = c.uniform(0.45, 1)
    kind = c.random()
    if kind < 1 - 0.6 * c.hard:
        contrast = c.uniform(0.6, 1)
    elif kind < 1 - 0.12 * c.hard:
        contrast = c.uniform(0.3, 0.6)
    else:
        contrast = c.uniform(0.16, 0.3)
    contrast *= white
    paper = np.full((h, w), white, np.float32)
    weak = contrast * (0.05 + 0.45 * c.hard * c.random())  # how much the pattern may disturb
    if c.often(0.55):
        paper += c.clouds(h, w, c.choice([2, 4, 8, 20, 60])) * weak * 0.4
    if c.often(0.5):
        paper += guilloche(c, h, w) * weak * 0.6
    if c.often(0.12):
        paper += guilloche(c, h, w) * weak * 0.6
    if c.often(0.08):  # strokes crossing the line: stamps, signatures, edges of pictures
        paper -= strokes(c, h, w) * contrast * c.uniform(0.1, 0.2 + 0.4 * c.hard)
    if c.often(0.12):  # large letters printed across, such as SPECIMEN
        paper -= bands(c, h, w) * contrast * c.uniform(0.1, 0.6)
    if c.often(0.14):
        ends(c, paper, h)
    shade = paper - contrast
    if c.often(0.3):
        shade = shade + np.abs(c.clouds(h, w, c.choice([3, 8, 30]))) * contrast * c.uniform(0, 0.3)
    if c.often(0.06):  # a hologram lies over the text
        ink = ink * (1 - np.clip(guilloche(c, h, w), 0, 1) * c.uniform(0.1, 0.2 + 0.4 * c.hard))
    if c.often(0.025):  # a patch where the text is as light as the paper, or lighter
        x, width = c.uniform(0, w), c.uniform(0.5, 3) * h
        patch = np.exp(-(((np.arange(w, dtype=np.float32) - x) / width) ** 2))
        ink = ink * (1 - patch * c.uniform(0.3, 0.6 + 0.8 * c.hard))
    return paper * (1 - ink) + shade * ink


def guilloche(c, h, w):
    """Fine wavy lines, -1..1."""
    y, x = np.ogrid[:h, :w]
    period = c.uniform(0.12, 1.2) * h
    turn = c.uniform(0, math.pi)
    bend = np.sin(x * (2 * math.pi / (h * c.uniform(1.5, 12))) + c.uniform(0, 6)) * (h * c.uniform(0, 0.6))
    phase = (math.cos(turn) * x + math.sin(turn) * (y + bend)) * (2 * math.pi / period) + c.uniform(0, 6)
    wave = np.sin(phase, dtype=np.float32)
    return np.sign(wave) * np.sqrt(np.abs(wave)) if c.often(0.3) else wave


def strokes(c, h, w):
    """A few dark curves, 0..1."""
    y, x = np.ogrid[:h, :w]
    out = np.zeros((h, w), np.float32)
    for _ in range(c.randint(1, 3)):
        at = c.uniform(-0.2, 1.2) * h + (x - c.uniform(0, w)) * c.uniform(-0.6, 0.6)
        at = at + np.sin(x / (h * c.uniform(0.4, 4)) + c.uniform(0, 6)) * h * c.uniform(0, 0.6)
        out = np.maximum(out, np.clip(1.5 + h * c.uniform(0, 0.06) - np.abs(y - at), 0, 1).astype(np.float32))
    return out


def bands(c, h, w):
    """Broad strokes with sharp edges, 0..1."""
    y, x = np.ogrid[:h, :w]
    out = np.zeros((h, w), np.float32)
    for _ in range(c.randint(1, 4)):
        across = (x - c.uniform(0, w)) + (y - h / 2) * c.uniform(-3, 3)
        out = np.maximum(out, np.clip(h * c.uniform(0.2, 1) - np.abs(across) + 0.5, 0, 1).astype(np.float32))
    return out


def ends(c, paper, h):
    """The page ends inside of the box: another surface at a side."""
    level = c.uniform(0, 1)
    side = c.choice("tblr")
    soft = c.uniform(0.5, 2.5)
    if side in "lr":
        n = round(min(c.uniform(0.05, 0.5) * h, 0.04 * paper.shape[1]))
        edge = np.clip((np.arange(paper.shape[1]) - n) / soft + 0.5, 0, 1).astype(np.float32)
        edge = edge if side == "l" else edge[::-1]
        paper *= edge
        paper += level * (1 - edge)
    else:
        n = c.uniform(0, 0.16) * h
        edge = np.clip((np.arange(h) - n) / soft + 0.5, 0, 1).astype(np.float32)[:, None]
        edge = edge if side == "t" else edge[::-1]
        paper *= edge
        paper += level * (1 - edge)


def lit(c, grey):
    """Uneven light, shadows and glare."""
    h, w = grey.shape
    x = np.arange(w, dtype=np.float32)[None]
    y = np.arange(h, dtype=np.float32)[:, None]
    if c.often(0.4):
        grey = grey * np.linspace(c.uniform(0.5, 1), c.uniform(0.5, 1), w, dtype=np.float32)[None]
    if c.often(0.2):
        grey = grey * np.linspace(c.uniform(0.75, 1), c.uniform(0.75, 1), h, dtype=np.float32)[:, None]
    if c.often(0.1):  # the edge of a shadow
        across = (x - c.uniform(0, w)) + (y - h / 2) * c.uniform(-2, 2)
        soft = np.tanh(across / (h * c.uniform(0.06, 1.6)))
        grey = grey * (1 - c.uniform(0.1, 0.2 + 0.45 * c.hard) * (0.5 + 0.5 * soft))
    for _ in range(c.choice([0, 0, 0, 0, 1, 2])):  # glare
        across = (x - c.uniform(0, w)) + (y - h / 2) * c.uniform(-2.5, 2.5)
        width = c.uniform(0.1, 3) * h
        grey = grey + np.exp(-((across / width) ** 2)) * c.uniform(0.03, 0.1 + 0.5 * c.hard)
    return grey


def exposed(c, grey):
    """Lens, sensor, the phone's processing, JPEG; sometimes a screen in between."""
    h, w = grey.shape
    if c.often(0.65):
        grey = blur(grey, c.uniform(0.2, 0.45 + 0.7 * c.hard) * max(0.7, h / 26))
    if c.often(0.12):  # out of focus
        grey = blur(grey, h * c.uniform(0.03, 0.05 + 0.07 * c.hard))
    if c.often(0.12):
        grey = moved(c, grey)
    if c.often(0.07):
        grey = grey + moire(c, h, w) * c.uniform(0.01, 0.03 + 0.13 * c.hard)
    if c.often(0.65):
        grey = grey + c.noise(h, w) * c.triangular(0.003, 0.01 + 0.09 * c.hard, 0.005) * min(1, 3 * float(np.std(grey)) + 0.15)
    if c.often(0.15):  # colour noise, as what is left of it in grey
        grey = grey + c.clouds(h, w, c.uniform(2, 5)) * c.uniform(0.005, 0.01 + 0.04 * c.hard)
    if c.often(0.25):
        grey = grey + (grey - blur(grey, c.uniform(0.6, 1.6))) * c.uniform(0.4, 2.5)
    if c.often(0.3):
        grey = np.clip(grey, 0, 1) ** c.uniform(0.6, 1.7)
    if c.often(0.03):  # a copy in black and white
        t = 0.5 * (grey.min() + grey.max()) + c.uniform(-0.12, 0.12)
        grey = np.clip((grey - t) * c.choice([8, 20, 100]) + 0.5, 0, 1)
    image = Image.fromarray((np.clip(grey, 0, 1) * 255).astype(np.uint8))
    if c.often(0.12):  # the picture was made smaller, or larger, before it was sent
        k = c.uniform(0.75, 1.6)
        image = image.resize((max(8, round(w * k)), max(8, round(h * k))), c.choice([Image.BILINEAR, Image.BICUBIC, Image.LANCZOS]))
    if c.often(0.55):
        image = jpeg(image, c.randint(22, 92))
        if c.often(0.15):
            image = jpeg(image, c.randint(40, 92))
    return image


def moved(c, grey):
    """A shaking hand."""
    h = grey.shape[0]
    length = c.uniform(1, 1 + (0.03 + 0.09 * c.hard) * h)
    turn = c.uniform(0, math.pi)
    steps = max(2, math.ceil(length))
    out = np.zeros_like(grey)
    for i in range(steps):
        d = (i / (steps - 1) - 0.5) * length
        out += np.roll(grey, (round(d * math.sin(turn)), round(d * math.cos(turn))), (0, 1))
    return out / steps


def moire(c, h, w):
    """A screen's grid against the sensor's, -1..1."""
    y, x = np.ogrid[:h, :w]
    out = np.zeros((h, w), np.float32)
    for _ in range(2):
        turn, period = c.uniform(0, math.pi), c.uniform(2.2, 14)
        out += np.sin((math.cos(turn) * x + math.sin(turn) * y) * (2 * math.pi / period), dtype=np.float32)
    return out / 2


def jpeg(image, quality):
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality)
    return Image.open(data)


def fitted(c, image, stretch):
    """Scaled to the strip, in one of the ways that programs do it."""
    w, h = image.size
    width = max(HEIGHT, round(stretch * w * HEIGHT / h * c.uniform(0.87, 1.15)))
    kind = c.choice([Image.BILINEAR, Image.BILINEAR, Image.BOX, Image.BICUBIC])
    if kind == Image.BOX and h < HEIGHT:
        kind = Image.BILINEAR
    return np.asarray(image.resize((width, HEIGHT), kind))


def blur(grey, sigma):
    """Gaussian, sigma in pixels."""
    k = kernel(sigma)
    r = len(k) // 2
    h, w = grey.shape
    padded = np.pad(grey, r, mode="edge")
    rows = k[0] * padded[:h]
    for i in range(1, len(k)):
        rows += k[i] * padded[i : i + h]
    out = k[0] * rows[:, :w]
    for i in range(1, len(k)):
        out += k[i] * rows[:, i : i + w]
    return out


def kernel(sigma):
    r = max(1, math.ceil(2.5 * sigma))
    x = np.arange(-r, r + 1, dtype=np.float32)
    k = np.exp(-0.5 * (x / max(sigma, 0.05)) ** 2)
    return (k / k.sum()).astype(np.float32)
