"""Power: how many seeds and how many environments tell an effect, from variance components that were measured."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics.resampling import checked

MOST = 2**20  # seeds or environments that are still said as a number


@dataclass(frozen=True)
class Components:
    """What makes the scores of losses differ, as variances of one run.

    Attributes:
        loss: between losses, in their means over all environments there could be.
        interaction: of a loss's worth from environment to environment (loss x environment).
        seed: between seeds within an environment, what all losses share on a seed left out: differences are paired.
    """

    loss: float
    interaction: float
    seed: float


@dataclass(frozen=True)
class Needed:
    """The numbers that tell an effect; None where no number would (or more than a million).

    Attributes:
        effect, power, confidence: mean difference of two losses; the chance to tell it; of the two-sided interval.
        environments, seeds: as they are now.
        these: seeds in each of these environments, to tell the effect there.
        new_seeds: seeds in each of as many environments as now, to tell it of new environments.
        new_environments: environments of as many seeds as now, to tell it of new environments.
    """

    effect: float
    power: float
    confidence: float
    environments: int
    seeds: int
    these: int | None
    new_seeds: int | None
    new_environments: int | None

    def __str__(self) -> str:
        """The numbers in words, one line."""
        here = "these" if self.environments > 1 else "this"
        these = f"in {here} {_counted(self.environments, 'environment')} {_counted(self.these, 'seed')}"
        new = f"{_counted(self.new_environments, 'environment')} of {_counted(self.seeds, 'seed')}"
        if self.new_seeds is not None:
            new += f", or {_counted(self.environments, 'environment')} of {_counted(self.new_seeds, 'seed')}"
        chance = f"with {100 * self.power:g} % power at {100 * self.confidence:g} %"
        return f"an effect of {self.effect:g} needs {these}; of new environments {new} ({chance})"


def components(tables: ArrayLike) -> Components:
    """The variance components of scores, by the analysis of variance of balanced tables; none is below 0.

    Args:
        tables: `[losses, environments, seeds]` on common seeds: two losses, two environments and two seeds at least. Losses of
            one kind: failures beside successes make every component large.

    Raises:
        RlsearchError: fewer of one of them, another shape, or what is not finite.
    """
    values = checked(tables, "[losses, environments, seeds]")
    losses, environments, n = values.shape
    if min(values.shape) < 2:
        raise RlsearchError(f"{losses} losses, {environments} environments, {n} seeds; allowed are from two of each")
    means = values.mean(axis=-1)
    noise = values - means[..., None] - values.mean(axis=0) + means.mean(axis=0)[:, None]
    seed = float(np.square(noise).sum()) / ((losses - 1) * environments * (n - 1))
    worth = (means - means.mean(axis=0)).mean(axis=1)
    rest = means - means.mean(axis=0) - worth[:, None]
    mixed = float(np.square(rest).sum()) / ((losses - 1) * (environments - 1))  # expected: interaction + seed / n
    loss = float(worth.var(ddof=1)) - mixed / environments
    return Components(max(loss, 0.0), max(mixed - seed / n, 0.0), seed)


def needed(
    effect: float,
    found: Components,
    environments: int,
    seeds: int,
    *,
    power: float = 0.8,
    confidence: float = 0.95,
    candidates: int = 1,
) -> Needed:
    """How many seeds and environments tell a difference between two losses, by Student's paired t.

    Args:
        effect: mean difference, above 0.
        found: the variance components.
        environments, seeds: as many as there are, at least one: one of both is kept where the other is sought.
        power: chance to tell the effect where it is true.
        confidence: of the two-sided interval that has to leave out 0.
        candidates: of which this is one; the error is shared among them.

    Raises:
        RlsearchError: a number that is out of its range.
    """
    for name, value, most in (("effect", effect, math.inf), ("power", power, 1.0), ("confidence", confidence, 1.0)):
        if not 0.0 < value < most:
            raise RlsearchError(f"{name} is {value}, allowed is above 0" + (f" and below {most:g}" if most < math.inf else ""))
    if min(environments, seeds, candidates) < 1:
        raise RlsearchError(f"{environments} environments, {seeds} seeds, {candidates} candidates; allowed is from one of each")
    tail = (1.0 - confidence) / 2.0 / candidates

    def told(variance: float, freedom: float) -> bool:
        return _power(effect / math.sqrt(variance) if variance > 0.0 else math.inf, freedom, tail) >= power

    def these(n: int) -> bool:
        return told(2.0 * found.seed / (environments * n), environments * (n - 1.0))

    def new_seeds(n: int) -> bool:
        return told(2.0 * (found.interaction + found.seed / n) / environments, environments - 1.0)

    def new_environments(count: int) -> bool:
        return told(2.0 * (found.interaction + found.seed / seeds) / count, count - 1.0)

    numbers = _least(these, 2), _least(new_seeds, 1), _least(new_environments, 2)
    return Needed(effect, power, confidence, environments, seeds, *numbers)


def _power(shift: float, freedom: float, tail: float) -> float:
    """The chance that a t test finds an effect of so many standard errors, on its own side."""
    # Heavy, and it loads the BLAS whose threads a worker must limit first (rlsearch.numba_support.jit).
    from scipy import special

    if freedom < 1.0:
        return 0.0
    if shift > 1e3:  # out of the range of the non-central t
        return 1.0
    return 1.0 - float(special.nctdtr(freedom, shift, special.stdtrit(freedom, 1.0 - tail)))


def _least(holds: Callable[[int], bool], least: int) -> int | None:
    """The least number from `least` that holds what every larger one holds too; None beyond MOST."""
    high = least
    while not holds(high):
        if high > MOST:
            return None
        high *= 2
    low = max(least, high // 2)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _counted(number: int | None, thing: str) -> str:
    """`1 seed`, `12 seeds`, or that there are never enough."""
    return f"no number of {thing}s" if number is None else f"{number:,} {thing}{'s' * (number != 1)}"
