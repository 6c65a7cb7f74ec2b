"""Samples of special values, each with each: rewards, discounts and progress at their ends, and values that coincide."""

from functools import cache
from itertools import product

import numpy as np

from rlsearch.regimes.batch import Batch
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.replay import REGIME
from tests.support.agreement import Array, Samples, join_samples

ACTIONS = (1, 2, 3, 18)
# Of few binary digits, so that what is 0 is so in every way of writing it: 0.99 is 127 / 128.
REWARDS, DISCOUNTS, PROGRESS = (0.0, 1.0, -1.0, 0.5, 100.0), (0.0, 127 / 128, 1.0), (0.0, 2.0**-20, 1.0)
COINCIDENCES = (
    "none",
    "all actions are worth the same",
    "two actions are the best, two the worst",
    "all is 0",
    "all networks are one",
    "all networks and states are one",
    "there is no TD error",
    "all networks are one, and what they say is large",
)


@cache
def special_values() -> Samples:
    """Batches named by progress and coincidence, of a sample for each reward, discount and return that is known or not."""
    batches = [_batches(actions) for actions in ACTIONS]
    names = [f"progress {progress:g}, {coincidence}" for progress, coincidence in product(PROGRESS, COINCIDENCES)]
    return join_samples(batches, [names] * len(ACTIONS))


def _batches(actions: int) -> Batch:
    rng = np.random.default_rng(actions)
    r, discount, known = np.array(list(product(REWARDS, DISCOUNTS, (0.0, 1.0)))).T
    shape = len(PROGRESS) * len(COINCIDENCES), r.size
    inputs = dict.fromkeys(REGIME.columns, np.zeros(shape))
    inputs |= {name: np.broadcast_to(value, shape) for name, value in (("r", r), ("discount", discount), ("has_return", known))}
    inputs |= {"r_n": rng.permuted(inputs["r"], axis=1), "discount_n": rng.permuted(inputs["discount"], axis=1)}
    inputs["return_to_go"] = known * rng.permuted(inputs["r"], axis=1)
    inputs["progress"] = np.repeat(PROGRESS, len(COINCIDENCES))[:, None] + np.zeros(shape)
    inputs["behaviour_prob"] = rng.choice([1.0, 1.0 / actions, 0.05], shape)
    inputs["a"] = rng.integers(actions, size=shape).astype(float)
    views = {view: rng.integers(-24, 24, (actions, *shape)) / 8 for view in REGIME.views}
    for batch, coincidence in enumerate(COINCIDENCES * len(PROGRESS)):
        _coincide(coincidence, {view: q[:, batch] for view, q in views.items()}, {name: x[batch] for name, x in inputs.items()})
    return Batch(REGIME, Sizes(actions), views, inputs)


def _coincide(coincidence: str, views: dict[tuple[str, str, str], Array], inputs: dict[str, Array]) -> None:
    """Let values of one batch, `[A, B]` for each view, coincide."""
    if "networks" in coincidence:
        for (_, _, state), q in views.items():
            q[:] = views["q", "online", "s" if "states" in coincidence else state]
    online = views["q", "online", "s"]
    for q in views.values():
        if coincidence == "all actions are worth the same":
            q[:] = q[0]
        elif coincidence == "two actions are the best, two the worst":
            q[0], q[-1] = q.max(0), q.min(0)
            q[len(q) // 2 :] = np.minimum(q[len(q) // 2 :], q[-1])
            q[1 : len(q) // 2] = q[:1]
        elif coincidence == "all is 0":
            q[:] = 0.0
        elif "large" in coincidence:
            q *= 2.0**8
    if coincidence == "there is no TD error":
        target = inputs["r"] + inputs["discount"] * views["q", "target", "s_next"].max(0)
        np.put_along_axis(online, inputs["a"][None].astype(np.int64), target[None], 0)
