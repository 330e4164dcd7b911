"""How well lines are read: raw (greedy) exact lines and character errors."""

import numpy as np

CONTRAST = 8
GRID = 64  # widths are multiples of it in vision/ocr


def network_input(grey):
    """A strip, 24 rows of grey 0..255, as vision/ocr hands it to the network."""
    h, w = grey.shape
    x = np.zeros((1, 1, h, -(-w // GRID) * GRID), np.float32)
    g = grey.astype(np.float32)
    x[0, 0, :, :w] = (g - g.mean()) / (g.std() + CONTRAST)
    return x


def greedy(p, alphabet, steps):
    out, last = [], 0
    for k in p[:steps].argmax(1):
        if k and k != last:
            out.append(alphabet[k - 1])
        last = k
    return "".join(out)


def read(session, alphabet, grey):
    return greedy(session.run(network_input(grey)), alphabet, (grey.shape[1] + 3) // 4)


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


class Tally:
    def __init__(self):
        self.lines = self.exact = self.characters = self.errors = 0
        self.misses = []

    def add(self, got, want):
        d = distance(got, want)
        self.lines += 1
        self.exact += d == 0
        self.characters += len(want)
        self.errors += d
        if d:
            self.misses.append((got, want))

    def __str__(self):
        n, m = max(1, self.lines), max(1, self.characters)
        return "%4d lines  %6.2f %% exact  %6.3f %% of characters wrong" % (self.lines, 100 * self.exact / n, 100 * self.errors / m)
