"""A rewrite rule: one row of the table of rules."""

import ast
from dataclasses import dataclass

from rlsearch.graph.text import application
from rlsearch.simplify.form import Apply

NO_STOP = "no stop in the arguments"  # a condition
ITS_VALUE = "its value"  # the right side of the rule that folds literals


@dataclass(frozen=True)
class Rule:
    """One rewrite.

    Attributes:
        equation: `left = right` in the text form. a, b, c, d are any numbers, V and W one number per action, P probabilities,
            i an action, k and m literals.
        apply: from (form, *arguments of the left side's outermost op) to the node that it becomes; None where the rule does
            not apply. Rules of one normal form share its function.
        when: the condition under which the equation is used; "" for always.
        differs: the set of measure zero on which value or gradient may differ; "" for none.
    """

    equation: str
    apply: Apply
    when: str = ""
    differs: str = ""

    @property
    def sides(self) -> tuple[str, str]:
        """What it rewrites, and to what."""
        left, right = self.equation.rsplit(" = ", 1)
        return left, right

    @property
    def op(self) -> str:
        """The op that it rewrites."""
        return application(ast.parse(self.sides[0], mode="eval").body)[0]
