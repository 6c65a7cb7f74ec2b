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


# Ops in the notations that users may think of: (name, what it is, LaTeX, plain characters).
AWKWARD = (
    ("prefixed", "tanh", r"\operatorname{{th}} {a}", "th {a}"),
    ("raised", "exp", r"e^{{{a}}}", "e^{a}"),
    ("postfixed", "huber", "{a}!", "{a}!"),
    ("infixed", "sub", r"{a} \ominus {b}", "{a} ⊖ {b}"),
    ("joined", "maximum", r"{a} \vee {b}", "{a} ∨ {b}"),
    ("unspaced", "minimum", r"{a}\wedge{b}", "{a} ∧ {b}"),
    ("barred", "abs", r"\left\|{a}\right\|", "‖{a}‖"),
    ("logged", "log", r"\ln\left|{a}\right|", "ln|{a}|"),
    ("fraction", "div", r"\frac{{{a}}}{{{b}}}", "{a} ÷ {b}"),
    ("halved", "half_square", r"\frac{{{a}^{{2}}}}{{2}}", "{a}² / 2"),
    ("squared", "square", r"\left|{a}\right|^{{2}}", "|{a}|²"),
    ("unbraced", "sqrt", r"\sqrt{a}", "√{a}"),
    ("minus", "neg", "-{a}", "−{a}"),
    ("minus_brackets", "neg", r"-\left({a}\right)", "−({a})"),
    ("minus_first", "sub", "-{b} + {a}", "−{b} + {a}"),
    ("digit", "neg", "0 - {a}", "0 − {a}"),
    ("digit_first", "square", "1 {a}^{{2}}", "1 {a}²"),
    ("digit_brackets", "neg", r"-1 \left({a}\right)", "−1 ({a})"),
    ("twice", "half_square", "0.5 {a} {a}", "0.5 {a} {a}"),
    ("beside", "mul", "{a} {b}", "{a} {b}"),
    ("dotted", "mul", r"{a} \cdot {b}", "{a}·{b}"),
    ("turned", "add", "{b} + {a}", "{b} + {a}"),
    ("best", "max", r"\sup_{{a'}} {x}", "sup {x}"),
    ("soft", "softmax", r"\sigma\left({x}\right)", "σ({x})"),
    ("starred", "log_softmax", r"{x}^{{\circ}}", "{x}°"),
    ("expected", "mean_batch", r"\mathbb{{E}} {x}", "E {x}"),
)


def awkward() -> str:
    """A pack of these ops."""
    lines = [
        f"    replace(operations()[{base!r}], name={name!r}, symbol='', latex={latex!r}, plain={plain!r}),"
        for name, base, latex, plain in AWKWARD
    ]
    return "\n".join(
        ["from dataclasses import replace", "from rlsearch.registry import operations", "OPS = (", *lines, ")", ""]
    )


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
