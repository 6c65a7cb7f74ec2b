"""A rewrite rule: one row of the table of rules."""

import ast
from dataclasses import dataclass
from enum import IntEnum

from rlsearch.graph.text import application
from rlsearch.simplify.form import Apply

NO_GRADIENT = "no gradient in the arguments"  # a condition: then only the value counts
ITS_VALUE = "its value"  # the right side of the rule that folds literals


class Phase(IntEnum):
    """The order in which the functions of one op's rules are tried."""

    REWRITE = 0  # the row's own function
    NORMAL_FORM = 1  # the function of the op's normal form, last, since it always applies; the row is a label of it


@dataclass(frozen=True)
class Rule:
    """One rewrite.

    Attributes:
        equation: `left = right` in the text form. a, b, c, d are any numbers, V and W one number per action, P probabilities,
            i an action, k and m literals.
        apply: from (form, *arguments of the left side's outermost op) to the node that it becomes; None where the rule does
            not apply. Rules of one normal form share its function.
        when: the condition under which the equation is used; "" for always.
        differs: where value or gradient may differ; "" for nowhere but by rounding.
        phase: when the function is tried.
    """

    equation: str
    apply: Apply
    when: str = ""
    differs: str = ""
    phase: Phase = Phase.REWRITE

    @property
    def sides(self) -> tuple[str, str]:
        """The two sides of the equation: the left one is rewritten to the right one."""
        left, right = self.equation.rsplit(" = ", 1)
        return left, right

    @property
    def op(self) -> str:
        """The op that it rewrites."""
        return rewritten_op(self.equation)


def rewritten_op(equation: str) -> str:
    """The outermost op of an equation's left side."""
    return application(ast.parse(equation.rsplit(" = ", 1)[0], mode="eval").body)[0]
