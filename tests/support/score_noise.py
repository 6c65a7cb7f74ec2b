"""Noise of mean 0 of the kinds that scores have, and the share of intervals that hold the truth."""

NOISES = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "skewed": lambda rng, shape: rng.exponential(size=shape) - 1.0,
    "bimodal": lambda rng, shape: (rng.random(shape) < 0.8) - 0.8 + 0.02 * rng.normal(size=shape),
}


def coverage(band, truth: float = 0.0) -> float:
    """The share of a band's intervals that hold the truth."""
    return float(((band.low <= truth) & (truth <= band.high)).mean())
