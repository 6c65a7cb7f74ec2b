"""Distributions over actions: soft maxima, policies and their entropy. All are shifted by the maximum, so none overflows."""

from math import exp, log
from typing import Any

from rlsearch.op import Op, Spelling


def logsumexp_forward(regs: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        top = regs[x, j]
        for i in range(1, actions):
            top = max(top, regs[x + i, j])
        total = exp(regs[x, j] - top)
        for i in range(1, actions):
            total += exp(regs[x + i, j] - top)
        regs[y, j] = top + log(total)


def logsumexp_backward(regs: Any, grads: Any, x: int, y: int, actions: int) -> None:
    for i in range(actions):
        for j in range(regs.shape[1]):
            grads[x + i, j] += grads[y, j] * exp(regs[x + i, j] - regs[y, j])


def softmax_forward(regs: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        top = regs[x, j]
        for i in range(1, actions):
            top = max(top, regs[x + i, j])
        total = exp(regs[x, j] - top)
        for i in range(1, actions):
            total += exp(regs[x + i, j] - top)
        for i in range(actions):
            regs[y + i, j] = exp(regs[x + i, j] - top) / total


def softmax_backward(regs: Any, grads: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        inner = grads[y, j] * regs[y, j]
        for i in range(1, actions):
            inner += grads[y + i, j] * regs[y + i, j]
        for i in range(actions):
            grads[x + i, j] += regs[y + i, j] * (grads[y + i, j] - inner)


def log_softmax_forward(regs: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        top = regs[x, j]
        for i in range(1, actions):
            top = max(top, regs[x + i, j])
        total = exp(regs[x, j] - top)
        for i in range(1, actions):
            total += exp(regs[x + i, j] - top)
        for i in range(actions):
            regs[y + i, j] = regs[x + i, j] - top - log(total)


def log_softmax_backward(regs: Any, grads: Any, x: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        total = grads[y, j]
        for i in range(1, actions):
            total += grads[y + i, j]
        for i in range(actions):
            grads[x + i, j] += grads[y + i, j] - exp(regs[y + i, j]) * total


def entropy_forward(regs: Any, p: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        regs[y, j] = 0
    for i in range(actions):
        for j in range(regs.shape[1]):
            regs[y, j] -= regs[p + i, j] * log(max(regs[p + i, j], regs.dtype.type(1e-8)))


def entropy_backward(regs: Any, grads: Any, p: int, y: int, actions: int) -> None:
    for i in range(actions):
        for j in range(regs.shape[1]):
            if regs[p + i, j] >= regs.dtype.type(1e-8):
                grads[p + i, j] -= grads[y, j] * (log(regs[p + i, j]) + 1)
            else:
                grads[p + i, j] -= grads[y, j] * log(regs.dtype.type(1e-8))


def kl_forward(regs: Any, p: int, m: int, y: int, actions: int) -> None:
    for j in range(regs.shape[1]):
        regs[y, j] = 0
    for i in range(actions):
        for j in range(regs.shape[1]):
            log_p = log(max(regs[p + i, j], regs.dtype.type(1e-8)))
            regs[y, j] += regs[p + i, j] * (log_p - log(max(regs[m + i, j], regs.dtype.type(1e-8))))


def kl_backward(regs: Any, grads: Any, p: int, m: int, y: int, actions: int) -> None:
    for i in range(actions):
        for j in range(regs.shape[1]):
            slope = log(max(regs[p + i, j], regs.dtype.type(1e-8))) - log(max(regs[m + i, j], regs.dtype.type(1e-8)))
            grads[p + i, j] += grads[y, j] * (slope + 1 if regs[p + i, j] >= regs.dtype.type(1e-8) else slope)
            if regs[m + i, j] >= regs.dtype.type(1e-8):
                grads[m + i, j] -= grads[y, j] * regs[p + i, j] / regs[m + i, j]


VALUES = ((-3.0, 3.0),)

OPS = (
    Op(
        name="logsumexp",
        args=("x",),
        doc="Logarithm of the summed exponentials over actions: a soft maximum.",
        torch="torch.logsumexp(x, -1)",
        numpy="log(sum(exp(x - max(x, 0)), 0)) + max(x, 0)",
        partials=("g * exp(x - y)",),
        sympy="Max(*x) + log(Add(*(exp(v - Max(*x)) for v in x)))",
        latex=r"\operatorname{{logsumexp}}_{{a'}} {x}",
        plain="logsumexp over a′ {x}",
        source="soft Q-learning, Haarnoja et al. 2017; CQL, Kumar et al. 2020",
        domain=VALUES,
        signature="Vector -> Real",
        forward=logsumexp_forward,
        backward=logsumexp_backward,
        spellings=(Spelling("log_sum_exp|lse|LogSumExp(x)", "logsumexp(x)"),),
    ),
    Op(
        name="softmax",
        args=("x",),
        doc="Probabilities over actions, proportional to the exponentials.",
        torch="torch.softmax(x, -1)",
        numpy="exp(x - max(x, 0)) / sum(exp(x - max(x, 0)), 0)",
        partials=("y * (g - sum(g * y, 0))",),
        sympy="[exp(v - Max(*x)) / Add(*(exp(u - Max(*x)) for u in x)) for v in x]",
        latex=r"\operatorname{{softmax}}_{{a'}} {x}",
        plain="softmax over a′ {x}",
        source="Boltzmann policy",
        domain=VALUES,
        signature="Vector -> Simplex",
        forward=softmax_forward,
        backward=softmax_backward,
    ),
    Op(
        name="log_softmax",
        args=("x",),
        doc="Logarithm of the softmax over actions.",
        torch="torch.log_softmax(x, -1)",
        numpy="x - max(x, 0) - log(sum(exp(x - max(x, 0)), 0))",
        partials=("g - exp(y) * sum(g, 0)",),
        sympy="[v - Max(*x) - log(Add(*(exp(u - Max(*x)) for u in x))) for v in x]",
        latex=r"\log\operatorname{{softmax}}_{{a'}} {x}",
        plain="log softmax over a′ {x}",
        source="Munchausen DQN, Vieillard et al. 2020",
        domain=VALUES,
        signature="Vector -> Vector",
        forward=log_softmax_forward,
        backward=log_softmax_backward,
        spellings=(Spelling("logsoftmax|LogSoftmax(x)", "log_softmax(x)"),),
    ),
    Op(
        name="entropy",
        args=("p",),
        doc="Entropy of probabilities over actions, in nats; probabilities below 1e-8 count as 1e-8 inside the logarithm.",
        torch="-(p * torch.log(torch.clamp(p, min=1e-8))).sum(-1)",
        numpy="-sum(p * log(maximum(p, 1e-8)), 0)",
        partials=("-g * (log(maximum(p, 1e-8)) + where(p >= 1e-8, 1, 0))",),
        sympy="-Add(*(v * log(Max(v, Rational(1, 10**8))) for v in p))",
        latex=r"\operatorname{{H}}\left({p}\right)",
        plain="H({p})",
        source="Shannon 1948; entropy bonus, Williams and Peng 1991",
        domain=((0.01, 0.99),),
        signature="Simplex -> Real",
        forward=entropy_forward,
        backward=entropy_backward,
    ),
    Op(
        name="kl",
        args=("p", "m"),
        doc="Kullback-Leibler divergence of the second probabilities from the first, in nats, guarded as the entropy is.",
        torch="(p * (torch.log(torch.clamp(p, min=1e-8)) - torch.log(torch.clamp(m, min=1e-8)))).sum(-1)",
        numpy="sum(p * (log(maximum(p, 1e-8)) - log(maximum(m, 1e-8))), 0)",
        partials=(
            "g * (log(maximum(p, 1e-8)) - log(maximum(m, 1e-8)) + where(p >= 1e-8, 1, 0))",
            "where(m >= 1e-8, -g * p / maximum(m, 1e-8), 0)",
        ),
        sympy="Add(*(u * (log(Max(u, Rational(1, 10**8))) - log(Max(v, Rational(1, 10**8)))) for u, v in zip(p, m)))",
        latex=r"\operatorname{{KL}}\left({p}, {m}\right)",
        plain="KL({p}, {m})",
        source="Kullback and Leibler 1951; Co-Reyes et al. 2021, KLDiv",
        domain=((0.01, 0.99), (0.01, 0.99)),
        signature="Simplex, Simplex -> Real",
        forward=kl_forward,
        backward=kl_backward,
        spellings=(Spelling("kl_divergence|KL(x, y)", "kl(x, y)"),),
    ),
)
