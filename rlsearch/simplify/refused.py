"""Equations of mathematics that are not rewritten: guards, ties and atoms make the sides differ where trainings often are.

Rewards and discounts are often exactly 0, and a target network often is the online one, so that what differs at 0 or at a tie
differs often. Those of ties are rules where no gradient flows (rules.py).
"""

from typing import NamedTuple


class Refused(NamedTuple):
    """One equation, in the text form, and why it is not used."""

    equation: str
    why: str


REFUSED = (
    Refused("a / a = 1", "a divisor smaller than 1e-6 is replaced: near 0 the quotient is a * 1e6"),
    Refused("a / b * b = a", "the same"),
    Refused("a / -b = -(a / b)", "a divisor of 0, as of a discount, counts as 1e-6, and so does -0"),
    Refused("a / (k * b) = 1 / k * (a / b)", "the guard is met at another b"),
    Refused("exp(log(a)) = a", "the logarithm is of |a|, or of 1e-6"),
    Refused("log(exp(a)) = a", "the exponential stops growing at 20, the logarithm falls no lower than that of 1e-6"),
    Refused("exp(a) * exp(b) = exp(a + b)", "each argument is cut at 20 by itself"),
    Refused("log(a * b) = log(a) + log(b)", "each argument is cut at 1e-6 by itself"),
    Refused("log(k * a) = log(k) + log(a)", "the guard is met at another a"),
    Refused("sqrt(a**2) = abs(a)", "the root is of 1e-6 at least"),
    Refused("sign(a)**2 = 1", "the sign of 0 is 0, and a reward often is"),
    Refused("where(a > b, c, d) = where(b > a, d, c)", "they differ where a = b, as two rewards may be"),
    Refused("a > b = 1 - (b > a)", "the same"),
    Refused("max(max(a, b), c) = max(a, max(b, c))", "where three tie, the nesting says who gets which share of the gradient"),
    Refused("max(max(a, k), k) = max(a, k)", "at a = k half of the gradient is halved"),
    Refused("max(a, min(a, b)) = a", "where a and b tie, b gets a share of the gradient"),
    Refused("clip(a, k, m) = min(max(a, k), m)", "at its bounds clip passes the gradient, a maximum half of it"),
    Refused("relu(a) = max(a, 0)", "at 0 relu passes no gradient, a maximum half of it"),
    Refused("abs(max(a, 0)) = max(a, 0)", "at 0 abs passes no gradient"),
    Refused("abs(a) * sign(a) = a", "the same"),
    Refused("where(a > b, a, b) = max(a, b)", "where they tie the second gets the gradient, of a maximum each gets half"),
    Refused("sqrt(a)**2 = max(a, 1e-6)", "at the guard itself the root passes the gradient, a maximum half of it"),
    Refused("stop(a) * b = a * b", "the gradient is what a loss is about"),
)
