"""Ops over actions: from one number per action to one number."""

from math import sqrt
from typing import Any

from rlsearch.op import Op, Spelling


def select_forward(regs: Any, x: int, a: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        regs[y, j] = regs[x + int(regs[a, j]), j]


def select_backward(regs: Any, grads: Any, x: int, a: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        grads[x + int(regs[a, j]), j] += grads[y, j]


def max_forward(regs: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        regs[y, j] = regs[x, j]
    for i in range(1, actions):
        for j in range(regs.shape[1]):
            regs[y, j] = max(regs[y, j], regs[x + i, j])


def min_forward(regs: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        regs[y, j] = regs[x, j]
    for i in range(1, actions):
        for j in range(regs.shape[1]):
            regs[y, j] = min(regs[y, j], regs[x + i, j])


def extremum_backward(regs: Any, grads: Any, x: int, y: int, actions: int) -> None:
    # As in torch, the first action that attains the extremum takes the whole gradient.
    for j in range(regs.shape[1]):
        for i in range(actions):
            if regs[x + i, j] == regs[y, j]:
                grads[x + i, j] += grads[y, j]
                break


def argmax_forward(regs: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        best = 0
        for i in range(1, actions):
            if regs[x + i, j] > regs[x + best, j]:
                best = i
        regs[y, j] = best


def sum_forward(regs: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        regs[y, j] = regs[x, j]
    for i in range(1, actions):
        for j in range(regs.shape[1]):
            regs[y, j] += regs[x + i, j]


def sum_backward(regs: Any, grads: Any, x: int, y: int, actions: int) -> None:
    for i in range(actions):
        for j in range(regs.shape[1]):
            grads[x + i, j] += grads[y, j]


def mean_forward(regs: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        regs[y, j] = regs[x, j] / actions
    for i in range(1, actions):
        for j in range(regs.shape[1]):
            regs[y, j] += regs[x + i, j] / actions


def mean_backward(regs: Any, grads: Any, x: int, y: int, actions: int) -> None:
    for i in range(actions):
        for j in range(regs.shape[1]):
            grads[x + i, j] += grads[y, j] / actions


def std_forward(regs: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        total = regs[x, j]
        for i in range(1, actions):
            total += regs[x + i, j]
        center, squares = total / actions, regs.dtype.type(0)
        for i in range(actions):
            squares += (regs[x + i, j] - center) ** 2
        regs[y, j] = sqrt(max(squares / actions, regs.dtype.type(1e-12)))


def std_backward(regs: Any, grads: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        if regs[y, j] <= regs.dtype.type(1e-6):
            continue
        total = regs[x, j]
        for i in range(1, actions):
            total += regs[x + i, j]
        for i in range(actions):
            grads[x + i, j] += grads[y, j] * (regs[x + i, j] - total / actions) / (actions * regs[y, j])


def dot_forward(regs: Any, x: int, z: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        regs[y, j] = regs[x, j] * regs[z, j]
    for i in range(1, actions):
        for j in range(regs.shape[1]):
            regs[y, j] += regs[x + i, j] * regs[z + i, j]


def dot_backward(regs: Any, grads: Any, x: int, z: int, y: int, actions: int) -> None:
    for i in range(actions):
        for j in range(regs.shape[1]):
            grads[x + i, j] += grads[y, j] * regs[z + i, j]
            grads[z + i, j] += grads[y, j] * regs[x + i, j]


def one_hot_forward(regs: Any, a: int, x: int, y: int, actions: int) -> None:
    for i in range(actions):
        for j in range(regs.shape[1]):
            regs[y + i, j] = int(regs[a, j]) == i


VALUES = ((-3.0, 3.0),)

OPS = (
    Op(
        name="select",
        args=("x", "a"),
        doc="The number that belongs to an action.",
        torch="x.gather(-1, a.unsqueeze(-1)).squeeze(-1)",
        numpy="take_along_axis(x, a[None].astype(int64), 0)[0]",
        partials=("where(arange(len(x)).reshape((-1,) + (1,) * a.ndim) == a, g, 0)", None),
        sympy="x[a]",
        latex="{x}[{a}]",
        plain="{x}[{a}]",
        source="Q-learning, Watkins 1989",
        domain=(*VALUES, (0.0, 1.0)),
        signature="Vector, Action -> Real",
        forward=select_forward,
        backward=select_backward,
        spellings=(Spelling("gather|take(x, k, i)", "x[i]"), Spelling("take_along_axis(x, i, k)", "x[i]")),
    ),
    Op(
        name="max",
        args=("x",),
        doc="The largest over actions; its gradient goes to the first that attains it.",
        torch="x.max(-1).values",
        numpy="max(x, 0)",
        partials=("where(cumsum(x == y, 0) * (x == y) == 1, g, 0)",),
        sympy="Max(*x)",
        latex=r"\max_{{a'}} {x}",
        plain="max over a′ {x}",
        source="Q-learning, Watkins 1989",
        domain=VALUES,
        signature="Vector -> Real",
        forward=max_forward,
        backward=extremum_backward,
    ),
    Op(
        name="min",
        args=("x",),
        doc="The smallest over actions; its gradient goes to the first that attains it.",
        torch="x.min(-1).values",
        numpy="min(x, 0)",
        partials=("where(cumsum(x == y, 0) * (x == y) == 1, g, 0)",),
        sympy="Min(*x)",
        latex=r"\min_{{a'}} {x}",
        plain="min over a′ {x}",
        source="elementary",
        domain=VALUES,
        signature="Vector -> Real",
        forward=min_forward,
        backward=extremum_backward,
    ),
    Op(
        name="mean",
        args=("x",),
        doc="The mean over actions.",
        torch="x.mean(-1)",
        numpy="sum(x, 0) / len(x)",
        partials=("g / len(x) + 0 * x",),
        sympy="Add(*x) / len(x)",
        latex=r"\operatorname{{mean}}_{{a'}} {x}",
        plain="mean over a′ {x}",
        source="dueling networks, Wang et al. 2016",
        domain=VALUES,
        signature="Vector -> Real",
        forward=mean_forward,
        backward=mean_backward,
    ),
    Op(
        name="sum",
        args=("x",),
        doc="The sum over actions.",
        torch="x.sum(-1)",
        numpy="sum(x, 0)",
        partials=("g + 0 * x",),
        sympy="Add(*x)",
        latex=r"\operatorname{{sum}}_{{a'}} {x}",
        plain="sum over a′ {x}",
        source="elementary",
        domain=VALUES,
        signature="Vector -> Real",
        forward=sum_forward,
        backward=sum_backward,
    ),
    Op(
        name="std",
        args=("x",),
        doc="The standard deviation over actions, or 1e-6 where it is smaller.",
        torch="torch.sqrt(torch.clamp(((x - x.mean(-1, True)) ** 2).mean(-1), min=1e-12))",
        numpy="sqrt(maximum(sum((x - sum(x, 0) / len(x)) ** 2, 0) / len(x), 1e-12))",
        partials=("where(y > 1e-6, g * (x - sum(x, 0) / len(x)) / (len(x) * y), 0)",),
        sympy="sqrt(Max(Add(*((v - Add(*x) / len(x)) ** 2 for v in x)) / len(x), Rational(1, 10**12)))",
        latex=r"\operatorname{{std}}_{{a'}} {x}",
        plain="std over a′ {x}",
        source="Co-Reyes et al. 2021, StdList",
        domain=VALUES,
        signature="Vector -> Real",
        forward=std_forward,
        backward=std_backward,
        nonnegative=True,
        spellings=(
            Spelling("stdev|std_dev(x)", "std(x)"),
            Spelling("var|variance(x)", "std(x)**2", "std divides by the number of actions"),
        ),
    ),
    Op(
        name="argmax",
        args=("x",),
        doc="The first action with the largest value; no gradient.",
        torch="x.argmax(-1)",
        numpy="argmax(x, 0)",
        partials=(None,),
        sympy="argmax(x)",
        latex=r"\operatorname{{argmax}}_{{a'}} {x}",
        plain="argmax over a′ {x}",
        source="double Q-learning, van Hasselt 2010",
        domain=VALUES,
        signature="Vector -> Action",
        forward=argmax_forward,
        spellings=(Spelling("arg_max(x)", "argmax(x)"),),
    ),
    Op(
        name="dot",
        args=("x", "z"),
        doc="The sum over actions of the product: with probabilities, an expectation.",
        torch="(x * z).sum(-1)",
        numpy="sum(x * z, 0)",
        partials=("g * z", "g * x"),
        sympy="Add(*(u * v for u, v in zip(x, z)))",
        latex=r"\left\langle {x}, {z} \right\rangle",
        plain="⟨{x}, {z}⟩",
        source="expected SARSA, van Seijen et al. 2009",
        domain=(*VALUES, *VALUES),
        signature="Vector, Vector -> Real",
        commutes=True,
        forward=dot_forward,
        backward=dot_backward,
        spellings=(Spelling("inner|dot_product|vdot(x, y)", "dot(x, y)"),),
    ),
    Op(
        name="one_hot",
        args=("a", "x"),
        doc="One for an action and zero for the others, along the actions of the second argument; no gradient.",
        torch="torch.nn.functional.one_hot(a, x.size(-1)).to(x)",
        numpy="where(arange(len(x)).reshape((-1,) + (1,) * a.ndim) == a, 1.0, 0.0)",
        partials=(None, None),
        sympy="[Piecewise((1, Eq(a, k)), (0, True)) for k, v in enumerate(x)]",
        latex=r"\operatorname{{onehot}}\left({a}, {x}\right)",
        source="elementary",
        domain=((0.0, 1.0), *VALUES),
        signature="Action, Vector -> Vector",
        forward=one_hot_forward,
        spellings=(Spelling("onehot(i, x)", "one_hot(i, x)"),),
    ),
)
