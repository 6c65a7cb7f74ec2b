"""Statistics of the batch: one number that every sample of it sees. Gradient flows back to all of them."""

from math import sqrt
from typing import Any

from rlsearch.op import Op, Spelling


def mean_batch_forward(regs: Any, x: int, y: int, actions: int) -> None:
    total = regs.dtype.type(0)
    for j in range(regs.shape[1]):
        total += regs[x, j]
    mean = total / regs.shape[1]
    for j in range(regs.shape[1]):
        regs[y, j] = mean


def mean_batch_backward(regs: Any, grads: Any, x: int, y: int, actions: int) -> None:
    total = regs.dtype.type(0)
    for j in range(regs.shape[1]):
        total += grads[y, j]
    mean = total / regs.shape[1]
    for j in range(regs.shape[1]):
        grads[x, j] += mean


def std_batch_forward(regs: Any, x: int, y: int, actions: int) -> None:
    total, squares = regs.dtype.type(0), regs.dtype.type(0)
    for j in range(regs.shape[1]):
        total += regs[x, j]
    center = total / regs.shape[1]
    for j in range(regs.shape[1]):
        squares += (regs[x, j] - center) ** 2
    std = sqrt(max(squares / regs.shape[1], regs.dtype.type(1e-12)))
    for j in range(regs.shape[1]):
        regs[y, j] = std


def std_batch_backward(regs: Any, grads: Any, x: int, y: int, actions: int) -> None:
    if regs[y, 0] <= regs.dtype.type(1e-6):
        return
    total, wanted = regs.dtype.type(0), regs.dtype.type(0)
    for j in range(regs.shape[1]):
        total += regs[x, j]
        wanted += grads[y, j]
    center, share = total / regs.shape[1], wanted / (regs.shape[1] * regs[y, 0])
    for j in range(regs.shape[1]):
        grads[x, j] += share * (regs[x, j] - center)


OPS = (
    Op(
        name="mean_batch",
        args=("x",),
        doc="The mean over the batch.",
        torch="x.mean(-1, True).expand_as(x)",
        numpy="sum(x, -1, keepdims=True) / x.shape[-1] + 0 * x",
        partials=("sum(g, -1, keepdims=True) / g.shape[-1] + 0 * x",),
        sympy="Function('mean_batch')(x)",
        latex=r"\operatorname{{mean}}_{{B}} {x}",
        plain="mean_B {x}",
        source="Co-Reyes et al. 2021, MeanBatch; reward centring, Naik et al. 2024",
        domain=((-3.0, 3.0),),
        signature="Real -> Real",
        projection=True,
        forward=mean_batch_forward,
        backward=mean_batch_backward,
        spellings=(Spelling("batch_mean(x)", "mean_batch(x)"),),
    ),
    Op(
        name="std_batch",
        args=("x",),
        doc="The standard deviation over the batch, or 1e-6 where it is smaller.",
        torch="torch.sqrt(torch.clamp(((x - x.mean(-1, True)) ** 2).mean(-1, True), min=1e-12)).expand_as(x)",
        numpy="sqrt(maximum(sum((x - sum(x, -1, keepdims=True) / x.shape[-1]) ** 2, -1, keepdims=True) / x.shape[-1], 1e-12))"
        " + 0 * x",
        partials=(
            "where(y > 1e-6, sum(g, -1, keepdims=True) * (x - sum(x, -1, keepdims=True) / x.shape[-1]) / (x.shape[-1] * y), 0)",
        ),
        sympy="Function('std_batch')(x)",
        latex=r"\operatorname{{std}}_{{B}} {x}",
        plain="std_B {x}",
        source="Co-Reyes et al. 2021, StdBatch; advantage normalisation, Schulman et al. 2017",
        domain=((-3.0, 3.0),),
        signature="Real -> Real",
        forward=std_batch_forward,
        backward=std_batch_backward,
        spellings=(Spelling("batch_std(x)", "std_batch(x)"),),
    ),
)
