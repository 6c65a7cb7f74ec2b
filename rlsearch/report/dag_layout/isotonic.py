"""Isotonic regression by pooling adjacent violators: the positions nearest to the wanted ones that keep their order."""

from collections.abc import Sequence


def isotonic_regression(
    targets: Sequence[Sequence[tuple[float, float]]], gaps: Sequence[float], *, median: bool
) -> list[float]:
    """The positions in a row, each at least its gap after the one before, nearest to their weighted targets.

    Args:
        targets: for each item the positions that it is drawn to, as (position, weight) pairs, at least one.
        gaps: least distances between neighbours.
        median: minimise absolute distances, which makes many of them zero, instead of squared ones.
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    blocks: list[tuple[float, int, list[tuple[float, float]]]] = []  # common level, number of items, their targets
    for wanted, offset in zip(targets, offsets, strict=True):
        pool = [(position - offset, weight) for position, weight in wanted]
        count = 1
        level = _centre(pool, median)
        while blocks and blocks[-1][0] > level:
            _, more, wider = blocks.pop()
            pool, count = wider + pool, count + more
            level = _centre(pool, median)
        blocks.append((level, count, pool))
    levels = [level for level, count, _ in blocks for _ in range(count)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


def _centre(wanted: list[tuple[float, float]], median: bool) -> float:
    """The weighted median, or mean, of (position, weight) pairs."""
    total = sum(weight for _, weight in wanted)
    if not median:
        return sum(position * weight for position, weight in wanted) / total
    wanted = sorted(wanted)
    below = 0.0
    for k, (position, weight) in enumerate(wanted):
        below += weight
        if 2 * below == total:
            return (position + wanted[k + 1][0]) / 2
        if 2 * below > total:
            return position
    return wanted[-1][0]
