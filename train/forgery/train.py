"""Learns the judgements of vision/forgery from figures of drawn documents.

    bin/idflow eval forgery --seed 1 --n 24 --workers 2 --figures build/figures.jsonl
    python3 train/forgery/train.py build/figures.jsonl vision/forgery/model.json

Several files of figures may be given. The weights in the repository come from
1574 pictures of three runs: seed 1 with 24 of each kind, seed 501 with 18 of each
showing (--only), seed 701 with 14 of each edit of the zone.

Each judgement is a logistic regression or a sum of trees of two questions
(Friedman 2001). Pictures of a fold are judged by trees that never saw their fold; from those
scores come the thresholds that are printed. Needs numpy. The seed is 1: the same
figures give the same file.
"""
import json
import sys

import numpy as np

FOLDS, TREES, RATE, SHARE, CUTS, LEAF = 5, 90, 0.12, 0.7, 24, 10.0
PLACE = list(range(8))  # the figures of a zone that say where characters are
# Those of likeness to OCR-B. The other looks (strokes, sharpness, likeness among
# themselves) vary so much between real printers that they only raise alarms.
LOOK = [8, 9, 10]

PHOTO = ["field_retyped", "field_covered", "cloned", "recompressed", "denoised", "portrait_pasted", "zone_retyped", "zone_moved"]


def both(edits):
    return ["page: " + e for e in edits] + ["photo: " + e for e in edits]


SHOWN = ["shown: " + c for c in ("monitor", "phone", "laser", "inkjet", "copy")]
# The figures of a showing but what lies beside the document: who puts a document
# on white paper has not printed it.
INSIDE = list(range(45)) + list(range(49, 55))
# Codes that are judged by weights; the others by trees.
WEIGHED = ["mrz_font", "mrz_baseline", "portrait_edge"]
# For each code: what it is to find, what it is not judged on, the figures it may
# look at, and the share of untouched pictures in which it may be wrong.
CODES = {
    "screen": (SHOWN[:2], [], None, 0.002),
    "print": (SHOWN[2:], [], INSIDE, 0.003),
    "grey": (SHOWN[4:], [], INSIDE, 0.001),
    "mrz_font": (both(["zone_retyped"]), SHOWN + both(["zone_pasted", "zone_moved"]), LOOK, 0.002),
    "mrz_baseline": (both(["zone_moved", "zone_pasted"]), SHOWN + both(["zone_retyped"]), PLACE, 0.002),
    "noise": (["photo: " + e for e in PHOTO], SHOWN + ["page: " + e for e in PHOTO] + ["photo: zone_pasted", "page: zone_pasted"], None, 0.006),
    "compression": (["photo: recompressed"], SHOWN + ["photo: field_retyped"], None, 0.002),
    "portrait_edge": (both(["portrait_pasted"]), SHOWN, None, 0.003),
}


def split(b, g, h, columns, cuts):
    """The question that gains most, by the cuts that figures were sorted between, or None."""
    best = (1e-6, None, None)
    total_g, total_h, n = g.sum(), h.sum(), len(g)
    for f in columns:
        size = len(cuts[f]) + 1
        gl = np.cumsum(np.bincount(b[:, f], g, size))[:-1]
        hl = np.cumsum(np.bincount(b[:, f], h, size))[:-1]
        nl = np.cumsum(np.bincount(b[:, f], minlength=size))[:-1]
        ok = (nl >= LEAF) & (n - nl >= LEAF)
        gain = np.where(ok, gl**2 / (hl + 1) + (total_g - gl) ** 2 / (total_h - hl + 1) - total_g**2 / (total_h + 1), 0)
        k = int(np.argmax(gain))
        if gain[k] > best[0]:
            best = (gain[k], f, k)
    return best[1:]


def leaf(g, h):
    return float(g.sum() / (h.sum() + 1.0)) if len(g) else 0.0


def learn(x, y, w, columns, rng):
    cuts = {f: np.unique(np.quantile(x[:, f], np.linspace(0.02, 0.98, CUTS))) for f in columns}
    bins = np.zeros(x.shape, int)
    for f in columns:
        bins[:, f] = np.searchsorted(cuts[f], x[:, f], side="right")
    score = np.zeros(len(y))
    trees = []
    for _ in range(TREES):
        p = 1 / (1 + np.exp(-score))
        g, h = w * (y - p), w * p * (1 - p) + 1e-6
        pick = rng.random(len(y)) < SHARE
        some = [f for f in columns if rng.random() < 0.6] or columns
        b, gs, hs = bins[pick], g[pick], h[pick]
        f0, k0 = split(b, gs, hs, some, cuts)
        if f0 is None:
            continue
        t0 = float(cuts[f0][k0])
        tree = {"f": [int(f0), 0, 0], "at": [t0, 0.0, 0.0], "v": [0.0] * 4}
        side = b[:, f0] > k0
        for k in range(2):
            part = side == bool(k)
            f1, k1 = split(b[part], gs[part], hs[part], some, cuts)
            if f1 is None:
                tree["v"][2 * k] = tree["v"][2 * k + 1] = RATE * leaf(gs[part], hs[part])
                tree["f"][1 + k], tree["at"][1 + k] = int(f0), t0
                continue
            right = b[part][:, f1] > k1
            tree["f"][1 + k], tree["at"][1 + k] = int(f1), float(cuts[f1][k1])
            tree["v"][2 * k] = RATE * leaf(gs[part][~right], hs[part][~right])
            tree["v"][2 * k + 1] = RATE * leaf(gs[part][right], hs[part][right])
        trees.append(tree)
        score += apply([tree], x)
    return 0.0, trees


def weigh(x, y, w, columns):
    """Logistic regression on the standardised area sines of figures, by Newton's method."""
    a = np.arcsinh(x[:, columns])
    mean, spread = a.mean(0), a.std(0) + 1e-6
    z = np.c_[np.ones(len(a)), (a - mean) / spread]
    k = np.zeros(z.shape[1])
    penalty = np.diag([1e-6] + [1.0] * len(columns))
    for _ in range(30):
        p = 1 / (1 + np.exp(-z @ k))
        k += np.linalg.solve((z * (w * p * (1 - p))[:, None]).T @ z + penalty, z.T @ (w * (y - p)) - penalty @ k)
    weights = k[1:] / spread
    return float(k[0] - weights @ mean), [{"f": int(f), "w": float(f"{v:.5g}")} for f, v in zip(columns, weights)]


def logit(m, x):
    s = m["bias"] + apply(m.get("trees", []), x)
    for t in m.get("weights", []):
        s = s + t["w"] * np.arcsinh(x[:, t["f"]])
    return s


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
        plain = np.isin(names, ["untouched", "real specimens"])
        w = np.where(y == 1, 1 / y.sum(), np.where(plain, 0.9 / max(1, plain.sum()), 0.1 / max(1, (~plain & (y == 0)).sum()))) * len(y) / 2
        rng = np.random.default_rng(1)
        fold = rng.integers(0, FOLDS, len(y))
        score = np.zeros(len(y))
        for k in range(FOLDS):
            score[fold == k] = logit(judge(code, x[fold != k], y[fold != k], w[fold != k], columns, rng), x[fold == k])
        model[code] = judge(code, x, y, w, columns, rng)
        # Between the highest scores of untouched pictures that may be wrong and the
        # next ones, but no lower than even odds.
        neg = np.sort(score[plain])
        at = max(0.0, float(np.quantile(neg, 1 - wrong)))
        for level in (0.5, 0.8, 0.9, 0.95, 0.98):
            t = np.log(level / (1 - level))
            print(f"    at {level:.2f}: untouched {np.mean(neg >= t):.4f}, found {np.mean(score[y == 1] >= t):.2f}")
        print(f"{code:14s} threshold {1 / (1 + np.exp(-at)):.3f}  untouched {len(neg)}, above {np.mean(neg >= at):.4f}")
        for c in find:
            s = score[names == c]
            print(f"    {c:26s} {len(s):4d} found {np.mean(s >= at):.2f}")
    json.dump(model, open(out, "w"), separators=(",", ":"))


def judge(code, x, y, w, columns, rng):
    if code in WEIGHED:
        bias, weights = weigh(x, y, w, columns)
        return {"bias": bias, "weights": weights}
    bias, trees = learn(x, y, w, columns, rng)
    return {"bias": bias, "trees": [round_tree(t) for t in trees]}


def round_tree(t):
    return {"f": t["f"], "at": [float(f"{v:.5g}") for v in t["at"]], "v": [float(f"{v:.4g}") for v in t["v"]]}


if __name__ == "__main__":
    main(sys.argv[1:-1], sys.argv[-1])
