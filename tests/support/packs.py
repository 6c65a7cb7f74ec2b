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
        torch="v.max(-1).values - v.min(-1).values",
        numpy="max(v, 0) - min(v, 0)",
        partials=(
            "g * ((cumsum(v == max(v, 0), 0) * (v == max(v, 0)) == 1) * 1.0"
            " - (cumsum(v == min(v, 0), 0) * (v == min(v, 0)) == 1))",
        ),
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


# A Vector times one number per sample, which is a Real or a literal.
SCALED = """
from rlsearch.op import Op


def scaled_forward(regs, v, r, y, actions):
    for i in range(actions):
        for j in range(regs.shape[1]):
            regs[y + i, j] = regs[v + i, j] * regs[r, j]


def scaled_backward(regs, grads, v, r, y, actions):
    for i in range(actions):
        for j in range(regs.shape[1]):
            grads[v + i, j] += grads[y + i, j] * regs[r, j]
            grads[r, j] += grads[y + i, j] * regs[v + i, j]


OPS = (
    Op(
        name="scaled",
        args=("v", "r"),
        doc="Every action's value times one number.",
        torch="v * r.unsqueeze(-1)",
        numpy="v * r",
        partials=("g * r", "sum(g * v, 0)"),
        sympy="[x * r for x in v]",
        latex="{v} {r}",
        source="elementary",
        domain=((-3.0, 3.0), (-2.0, 2.0)),
        signature="Vector, Real -> Vector",
        forward=scaled_forward,
        backward=scaled_backward,
    ),
)
"""


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
