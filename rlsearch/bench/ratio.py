"""The speed of the fused trainer over that of the best eager PyTorch loop we could write."""

from dataclasses import asdict
from functools import partial

from rlsearch.bench.eager import ADAMS, train_eager
from rlsearch.bench.figure import Figure, interleaved
from rlsearch.bench.inner_loop import AGENT, SEED, fused_microseconds, loss, task


def ratio(steps: int = 2000, warm_up: int = 300, repetitions: int = 5) -> Figure:
    """The processor time per environment step with one update: eager over fused, fastest repetition of each.

    The eager side runs with each of torch's implementations of Adam; the fastest counts.
    """
    fused_microseconds(steps)
    eager = {f"eager, Adam {adam}": partial(_eager_microseconds, adam, steps, warm_up) for adam in ADAMS}
    sides = interleaved({"fused": lambda: fused_microseconds(steps), **eager}, "us per step", repetitions)
    best = min(eager, key=lambda name: sides[name].minimum)
    return Figure(
        name="ratio",
        value=sides[best].minimum / sides["fused"].minimum,
        unit="times",
        better="more",
        meaning=f"'{best}', the fastest eager loop, over 'fused'; the minimum of each",
        sides=sides,
        settings={"env": task().env, "loss": "dqn", "steps": steps, "fastest_eager": best, "agent": asdict(AGENT)},
    )


def _eager_microseconds(adam: str, steps: int, warm_up: int) -> float:
    run = train_eager(loss(), task(), AGENT, adam, seed=SEED, steps=steps, warm_up=warm_up)
    return 1e6 / steps * run.seconds
