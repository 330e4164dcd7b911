"""Randomness of the generators: one seed gives the same pictures everywhere."""

import random

import numpy as np
from PIL import Image


class Chance(random.Random):
    """Scalars from the standard library, arrays from NumPy, both from one seed."""

    def __init__(self, *seed):
        super().__init__(repr(seed))
        self.arrays = np.random.default_rng(self.getrandbits(64))

    def often(self, share):
        """True in this share of the calls."""
        return self.random() < share

    def bell(self, deviation, limit=2.5):
        """Normal around 0, cut off at limit deviations."""
        return max(-limit, min(limit, self.gauss(0, 1))) * deviation

    def noise(self, h, w):
        """h x w, normal, deviation 1."""
        return self.arrays.standard_normal((h, w), dtype=np.float32)

    def clouds(self, h, w, size):
        """h x w, smooth, about -2 to 2, spots of size pixels."""
        small = self.noise(max(2, round(h / size) + 1), max(2, round(w / size) + 1))
        return np.asarray(Image.fromarray(small).resize((w, h), Image.BICUBIC))
