"""Learns the judgements of vision/forgery from figures of drawn documents.

    bin/idflow eval forgery --seed 1 --n 24 --figures build/figures.jsonl
    python3 train/forgery/train.py build/figures.jsonl vision/forgery/model.json

Each judgement is a sum of trees of two questions (Friedman 2001, logistic loss).
Pictures of a fold are judged by trees that never saw their fold; from those
scores come the thresholds that are printed. Needs numpy. The seed is 1: the same
figures give the same file.
"""
import json
import sys

import numpy as np

FOLDS, TREES, RATE, SHARE, CUTS, LEAF = 5, 90, 0.12, 0.7, 24, 10.0
PLACE = list(range(8)) + [40, 41]  # the figures of a zone that say where characters are

ZONE = ["zone_retyped", "zone_moved", "zone_pasted"]
PHOTO = ["field_retyped", "field_covered", "cloned", "recompressed", "denoised", "portrait_pasted", "zone_retyped", "zone_moved"]


def both(edits):
    return ["page: " + e for e in edits] + ["photo: " + e for e in edits]


SHOWN = ["shown: " + c for c in ("monitor", "phone", "laser", "inkjet", "copy")]
# For each code: what it is to find, what it is not judged on, the figures it may
# look at, and the share of untouched pictures in which it may be wrong.
CODES = {
    "screen": (SHOWN[:2], [], None, 0.002),
    "print": (SHOWN[2:], [], None, 0.003),
    "grey": (SHOWN[4:], [], None, 0.001),
    "mrz_font": (both(["zone_retyped", "zone_moved"]), SHOWN + both(["zone_pasted"]), [i for i in range(44) if i not in range(8)], 0.002),
    "mrz_baseline": (both(["zone_moved", "zone_pasted"]), SHOWN + both(["zone_retyped"]), PLACE, 0.002),
    "noise": (["photo: " + e for e in PHOTO], SHOWN + ["page: " + e for e in PHOTO] + ["photo: zone_pasted", "page: zone_pasted"], None, 0.006),
    "compression": (["photo: recompressed"], SHOWN + ["photo: field_retyped"], None, 0.002),
    "portrait_edge": (both(["portrait_pasted"]), SHOWN, None, 0.003),
}


def split(x, g, h, columns, cuts):
    """The question that gains most, or None."""
    best, total_g, total_h = (1e-6, None, None), g.sum(), h.sum()
    for f in columns:
        for t in cuts[f]:
            left = x[:, f] < t
            hl = h[left].sum()
            if hl < 1 or total_h - hl < 1 or left.sum() < LEAF or (~left).sum() < LEAF:
                continue
            gl = g[left].sum()
            gain = gl * gl / (hl + 1) + (total_g - gl) ** 2 / (total_h - hl + 1) - total_g**2 / (total_h + 1)
            if gain > best[0]:
                best = (gain, f, t)
    return best[1:]


def leaf(g, h):
    return float(g.sum() / (h.sum() + 1.0)) if len(g) else 0.0


def learn(x, y, w, columns, rng):
    cuts = {}
    for f in columns:
        q = np.unique(np.quantile(x[:, f], np.linspace(0.02, 0.98, CUTS)))
        cuts[f] = q
    bias = 0.0
    score = np.full(len(y), bias)
    trees = []
    for _ in range(TREES):
        p = 1 / (1 + np.exp(-score))
        g, h = w * (y - p), w * p * (1 - p) + 1e-6
        pick = rng.random(len(y)) < SHARE
        some = [f for f in columns if rng.random() < 0.6] or columns
        xs, gs, hs = x[pick], g[pick], h[pick]
        f0, t0 = split(xs, gs, hs * 10, some, cuts)
        if f0 is None:
            continue
        tree = {"f": [int(f0), 0, 0], "at": [float(t0), 0.0, 0.0], "v": [0.0] * 4}
        side = xs[:, f0] >= t0
        for k in range(2):
            part = side == bool(k)
            f1, t1 = split(xs[part], gs[part], hs[part] * 10, some, cuts)
            if f1 is None:
                v = RATE * leaf(gs[part], hs[part])
                tree["v"][2 * k] = tree["v"][2 * k + 1] = v
                tree["f"][1 + k], tree["at"][1 + k] = int(f0), float(t0)
                continue
            right = xs[part][:, f1] >= t1
            tree["f"][1 + k], tree["at"][1 + k] = int(f1), float(t1)
            tree["v"][2 * k] = RATE * leaf(gs[part][~right], hs[part][~right])
            tree["v"][2 * k + 1] = RATE * leaf(gs[part][right], hs[part][right])
        trees.append(tree)
        score += apply([tree], x)
    return bias, trees


def apply(trees, x):
    s = np.zeros(len(x))
    for t in trees:
        side = (x[:, t["f"][0]] >= t["at"][0]).astype(int)
        f = np.array(t["f"][1:])[side]
        at = np.array(t["at"][1:])[side]
        k = (x[np.arange(len(x)), f] >= at).astype(int)
        s += np.array(t["v"])[2 * side + k]
    return s


def main(figures, out):
    rows = [json.loads(line) for path in figures for line in open(path)]
    model = {}
    for code, (find, leave, columns, wrong) in CODES.items():
        have = [(r["class"], m["values"]) for r in rows for m in r["measured"] if m["code"] == code and r["class"] not in leave]
        names = np.array([c for c, _ in have])
        x = np.array([v for _, v in have], float)
        y = np.isin(names, find).astype(float)
        columns = columns or list(range(x.shape[1]))
        # Untouched pictures count as much as all that is to be found, other forgeries
        # a tenth.
        plain = np.isin(names, ["untouched", "real"])
        w = np.where(y == 1, 1 / y.sum(), np.where(plain, 0.9 / max(1, plain.sum()), 0.1 / max(1, (~plain & (y == 0)).sum()))) * len(y) / 2
        rng = np.random.default_rng(1)
        fold = rng.integers(0, FOLDS, len(y))
        score = np.zeros(len(y))
        for k in range(FOLDS):
            bias, trees = learn(x[fold != k], y[fold != k], w[fold != k], columns, rng)
            score[fold == k] = bias + apply(trees, x[fold == k])
        bias, trees = learn(x, y, w, columns, rng)
        model[code] = {"bias": bias, "trees": [round_tree(t) for t in trees]}
        neg = np.sort(score[plain])
        # The highest scores of untouched pictures as an exponential tail.
        tail = neg[int(0.9 * len(neg)):]
        scale = max(1e-3, (tail - tail[0]).mean())
        at = tail[0] + scale * np.log(0.1 / wrong)
        print(f"{code:14s} threshold {1 / (1 + np.exp(-at)):.3f}  untouched {len(neg)}, above {np.mean(neg >= at):.4f}")
        for c in find:
            s = score[names == c]
            print(f"    {c:26s} {len(s):4d} found {np.mean(s >= at):.2f}")
    json.dump(model, open(out, "w"), separators=(",", ":"))


def round_tree(t):
    return {"f": t["f"], "at": [float(f"{v:.5g}") for v in t["at"]], "v": [float(f"{v:.4g}") for v in t["v"]]}


if __name__ == "__main__":
    main(sys.argv[1:-1], sys.argv[-1])
