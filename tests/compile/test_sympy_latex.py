"""LaTeX of sympy's expressions: every bracket closed, names as they are typed."""

import subprocess
import sys

import pytest
import sympy
from sympy.printing.latex import LatexPrinter

from rlsearch.compile.symbolic import symbol, to_sympy
from rlsearch.compile.sympy_latex import teach_latex
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses

HARD = "where(min(q(online, s_next)) > r_n, max(q(target, s) * q(online, s)) * mean_batch(r), q(online, s)[a]) / discount"


def balanced(text: str) -> bool:
    """True if every brace and bracket is closed, within the braces that it was opened in."""
    pairs, open_ = {"}": "{", ")": "(", "]": "["}, list[str]()
    for character in text.replace(r"\{", "").replace(r"\}", ""):
        if character in "{([":
            open_.append(character)
        elif character in pairs and (not open_ or open_.pop() != pairs[character]):
            return False
    return not open_


@pytest.mark.parametrize("text", [*known_losses().values(), HARD])
def test_brackets_are_closed(text):
    shown = sympy.latex(to_sympy(parse(text)))
    assert balanced(shown.replace(r"\right.", "")) and "_{next" not in shown


def test_readings_are_shown_as_they_are_typed():
    assert sympy.latex(to_sympy(parse("max(q(online, s_next)) * discount"))) == r"discount \mathtt{max(q(online,\ s\_next))}"


def test_names_that_a_user_has_set_stay():
    known = LatexPrinter()._settings["symbol_names"]
    LatexPrinter.set_global_settings(symbol_names={symbol("r"): r"\rho"})
    try:
        teach_latex([symbol("max(q(online, s))")])
        assert sympy.latex(symbol("r") + 1) == r"\rho + 1"
        assert sympy.latex(symbol("s_next")) == "s_{next}"
    finally:
        LatexPrinter.set_global_settings(symbol_names=known)


def test_a_notebook_shows_it_so():
    """In a process that has printed nothing before."""
    code = "from rlsearch import Loss; print(Loss('dqn').sympy()._repr_latex_())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert balanced(done.stdout) and r"\mathtt{max(q(target,\ s\_next))}" in done.stdout
