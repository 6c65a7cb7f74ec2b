"""Op packs as users write them, right and wrong."""

from pathlib import Path
from typing import Any

# A range over actions: an op that is written out, kernels and all.
SPREAD = '''"""How far apart actions are."""

from rlsearch.op import Op


def spread_forward(regs, x, y, actions):
    for j in range(regs.shape[1]):
        low = high = regs[x, j]
        for i in range(1, actions):
            low, high = min(low, regs[x + i, j]), max(high, regs[x + i, j])
        regs[y, j] = high - low


def spread_backward(regs, grads, x, y, actions):
    for j in range(regs.shape[1]):
        low = high = 0
        for i in range(1, actions):
            if regs[x + i, j] < regs[x + low, j]:
                low = i
            if regs[x + i, j] > regs[x + high, j]:
                high = i
        grads[x + high, j] += grads[y, j]
        grads[x + low, j] -= grads[y, j]


OPS = (
    Op(
        name="spread",
        args=("v",),
        doc="The best action's value less the worst one's.",
        torch="torch.amax(v, -1) - torch.amin(v, -1)",
        numpy="max(v, 0) - min(v, 0)",
        partials=("g * (1.0 * (v == max(v, 0)) - 1.0 * (v == min(v, 0)))",),
        sympy="Max(*v) - Min(*v)",
        latex="\\\\operatorname{{spread}}\\\\left({v}\\\\right)",
        source="elementary",
        domain=((-3.0, 3.0),),
        signature="Vector -> Real",
        forward=spread_forward,
        backward=spread_backward,
    ),
)
'''


def variant(base: str, **changes: Any) -> str:
    """A pack of one op, `mine`, which is a built-in op with some facets changed."""
    facets = ", ".join(f"{facet}={value!r}" for facet, value in ({"name": "mine", "symbol": ""} | changes).items())
    return (
        "from dataclasses import replace\nfrom rlsearch.registry import operations\n"
        f"OPS = (replace(operations()[{base!r}], {facets}),)\n"
    )


def written(folder: Path, text: str, name: str = "my_ops") -> Path:
    """The file of a pack."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path
