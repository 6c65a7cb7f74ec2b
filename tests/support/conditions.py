"""Conditions of samples, in words: what those in which two losses differ have in common."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rlsearch.regimes.batch import Batch
from rlsearch.regimes.heads import View

Mask = NDArray[np.bool_]  # [batches, B]

AT_MOST = 0.6  # of all samples, for a condition to say something


def _equal(one: str, other: str) -> Callable[[Batch], Mask]:
    """Two networks say the same of the state."""
    return lambda batch: (batch.views[View("q", one, "s")] == batch.views[View("q", other, "s")]).all(0)


def _input(name: str, holds: Callable[[NDArray[np.float64]], Mask]) -> Callable[[Batch], Mask]:
    return lambda batch: holds(batch.inputs[name])


def _greedy(batch: Batch) -> Mask:
    return np.asarray(batch.views[View("q", "online", "s")].argmax(0) == batch.inputs["a"])


def _no_error(batch: Batch) -> Mask:
    """The temporal-difference error is within the guard of a quotient."""
    q, q_next = (batch.views[View("q", *view)] for view in (("online", "s"), ("target", "s_next")))
    q_sa = np.take_along_axis(q, batch.inputs["a"][None].astype(np.int64), 0)[0]
    error = q_sa - (batch.inputs["r"] + batch.inputs["discount"] * q_next.max(0))
    return np.asarray(np.abs(error) < 1e-6)


CONDITIONS: dict[str, Callable[[Batch], Mask]] = {
    **{
        f"{name} = 0": _input(name, lambda values: values == 0)
        for name in ("r", "r_n", "return_to_go", "has_return", "discount", "discount_n")
    },
    **{f"|r| > {size:g}": _input("r", lambda values, size=size: np.abs(values) > size) for size in (0, 0.5, 5, 50)},
    **{f"{name} > 0": _input(name, lambda values: values > 0) for name in ("has_return", "return_to_go", "discount")},
    "discount = 1": _input("discount", lambda values: values == 1),
    "progress = 1": _input("progress", lambda values: values == 1),
    "progress < 0.1": _input("progress", lambda values: values < 0.1),
    "behaviour_prob < 0.1": _input("behaviour_prob", lambda values: values < 0.1),
    "the TD error is 0": _no_error,
    "online = target": _equal("online", "target"),
    "target = target_old": _equal("target", "target_old"),
    "the action is greedy": _greedy,
    "the action is not greedy": lambda batch: ~_greedy(batch),
    **{
        f"some |q| > {size:g}": lambda batch, size=size: np.max([np.abs(q).max(0) for q in batch.views.values()], axis=0) > size
        for size in (1, 10, 100, 1000, 10_000, 100_000)
    },
}


def condition_of(masks: Sequence[Mask], batches: Sequence[Batch]) -> str:
    """The narrowest condition that all marked samples meet."""
    return min(_met_by_all(masks, batches), default=(1.0, "anywhere"))[1]


def _met_by_all(masks: Sequence[Mask], batches: Sequence[Batch]) -> Iterator[tuple[float, str]]:
    """Each condition that all marked samples meet, with the share of samples that meet it."""
    total = sum(mask.size for mask in masks)
    counts: dict[bool, list[str]] = {False: [], True: []}
    for mask, batch in zip(masks, batches, strict=True):
        counts[bool(mask.any())].append(str(batch.sizes.actions))
    if counts[False]:
        few = len(counts[True]) <= len(counts[False])
        words = f"num_actions is {', '.join(counts[True])}" if few else f"num_actions is not {', '.join(counts[False])}"
        yield len(counts[True]) / len(batches), words
    for words, condition in CONDITIONS.items():
        met = [condition(batch) for batch in batches]
        share = sum(each.sum() for each in met) / total
        if share < AT_MOST and all((~mask | each).all() for mask, each in zip(masks, met, strict=True)):
            yield float(share), words
