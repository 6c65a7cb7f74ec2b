"""The cross-check of a loss's two independent implementations, TorchScript and tapes, in float64, before any training."""

import numpy as np

from rlsearch.compile.evaluate import Result, run_tapes
from rlsearch.compile.lower import lower
from rlsearch.compile.probe import draw_batch
from rlsearch.compile.torchscript import evaluate_torchscript
from rlsearch.graph.graph import Graph
from rlsearch.regimes.inputs import Sizes

RTOL = 1e-6
ROUNDING = 1e-9  # of the largest intermediate: (q / c) / q is 1, and its gradient nothing but rounding
BATCH = 16
SIZES = Sizes(actions=3, predictions=4)


def disagreement(graph: Graph) -> str:
    """The difference between TorchScript and the tapes of a loss, in words; "" if they agree."""
    batch = draw_batch(graph.regime, np.random.default_rng(20210103958), SIZES, (2.0,), BATCH).only(0)
    *_, last = tapes = lower(graph, SIZES)
    registers, gradients = run_tapes(tapes, batch)
    intermediate = np.fmax(np.abs(registers).max(0), np.abs(gradients).max(0))
    rounding = ROUNDING * np.where(np.isfinite(intermediate), intermediate, 0.0)
    by_view = zip(graph.regime.views, last.view_slices, last.view_carries.tolist(), strict=True)
    carried = {view: gradients[rows] for view, rows, carries in by_view if carries}
    ours = _named(Result(registers[last.root], carried))
    for what, theirs in _named(evaluate_torchscript(graph, batch)).items():
        mine = ours.get(what, np.zeros_like(theirs))
        scale = np.abs(theirs[np.isfinite(theirs)]).max(initial=0.0)
        allowed = RTOL * (np.abs(theirs) + scale) + rounding
        both = np.isfinite(mine) & np.isfinite(theirs)
        if (np.isfinite(mine) != np.isfinite(theirs)).any() or (np.abs(mine - theirs) > allowed)[both].any():
            return f"{what}: tape {mine.ravel()[:3]}, TorchScript {theirs.ravel()[:3]}"
    return ""


def _named(result: Result) -> dict[str, np.ndarray]:
    return {"value": result.value} | {f"gradient by {view.name}": grad for view, grad in result.grads.items()}
