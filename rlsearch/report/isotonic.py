"""Isotonic regression by pooling adjacent violators: the places nearest to where things want to be, kept in order."""

from collections.abc import Sequence


def isotonic(targets: Sequence[Sequence[tuple[float, float]]], gaps: Sequence[float], *, median: bool) -> list[float]:
    """Places in a row, each at least its gap after the one before, nearest to their weighted targets.

    Args:
        targets: for each thing, where it wants to be and how much, as (place, weight) pairs, at least one.
        gaps: least distances between neighbours.
        median: minimise absolute distances, which makes many of them zero, instead of squared ones.
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    blocks: list[tuple[float, int, list[tuple[float, float]]]] = []  # value, how many things, their wishes
    for wishes, offset in zip(targets, offsets, strict=True):
        pool = [(place - offset, weight) for place, weight in wishes]
        count = 1
        value = _centre(pool, median)
        while blocks and blocks[-1][0] > value:
            _, more, wider = blocks.pop()
            pool, count = wider + pool, count + more
            value = _centre(pool, median)
        blocks.append((value, count, pool))
    levels = [value for value, count, _ in blocks for _ in range(count)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


def _centre(wishes: list[tuple[float, float]], median: bool) -> float:
    total = sum(weight for _, weight in wishes)
    if not median:
        return sum(place * weight for place, weight in wishes) / total
    wishes = sorted(wishes)
    below = 0.0
    for k, (place, weight) in enumerate(wishes):
        below += weight
        if 2 * below == total:
            return (place + wishes[k + 1][0]) / 2
        if 2 * below > total:
            return place
    return wishes[-1][0]
