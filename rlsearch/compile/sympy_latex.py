"""LaTeX of the symbols that are named after what they read off a vector, such as `max(q(target, s_next))`."""

from collections.abc import Iterable

import sympy
from sympy.printing.latex import LatexPrinter


def teach_latex(readings: Iterable[sympy.Symbol]) -> None:
    """Have sympy print readings as typewritten text; it would take `next))` of `max(q(target, s_next))` for an index.

    The names of other symbols that a user has set for the whole process stay.
    """
    texts = {reading: reading.name.replace("_", r"\_").replace(" ", r"\ ") for reading in readings if "(" in reading.name}
    shown = {reading: rf"\mathtt{{{text}}}" for reading, text in texts.items()}
    LatexPrinter.set_global_settings(symbol_names={**LatexPrinter()._settings["symbol_names"], **shown})
