"""Repairs of text that is no Python at all: what was probably meant, as one line that can be read, at the end of a message."""

import ast
import re
import warnings
from collections.abc import Callable

from rlsearch.graph.characters import BREAK
from rlsearch.registry import reference_loss, regimes

LONGEST = 1_000  # characters of a line that is looked at
LATEX = re.compile(r"\\[A-Za-z]+|\$|[\^_]\{")
NUMBER = r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
WORDS = r"(?!(?:if|else|and|or|not|in|is|for)\b)"  # of Python, which may stand behind a number or a bracket
# Each is tried alone, then all of them in this order.
REPAIRS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"({NUMBER})[fFlL]\b"), r"\1"),
    (re.compile(r"\s*//.*$|\s*/\*.*$"), r""),
    (re.compile(r"^(\s*[A-Za-z_]\w*\s*):=|^(\s*[A-Za-z_]\w*\s*)<-"), lambda found: f"{found[1] or found[2]}="),
    (re.compile(r"\s*&&\s*"), " and "),
    (re.compile(r"\s*\|\|\s*"), " or "),
    (re.compile(r"!(?!=)\s*"), "not "),
    (re.compile(r"=>"), ">="),
    (re.compile(r"=<"), "<="),
    (re.compile(r"\|([^|]+)\|"), r"abs(\1)"),
    (re.compile(r"^(.*?=(?!=)\s*|)([^?=]+?)\s*\?\s*([^:]+?)\s*:\s*(.+?)\s*$"), r"\1where(\2, \3, \4)"),
    (re.compile(rf"({NUMBER}|\))\s*{WORDS}(?=[^\W\d])"), r"\1 * "),
    (re.compile(r"([A-Za-z_]\w*|\))\s+(?=[\d(.])"), r"\1 * "),
    (re.compile(rf"\b([A-Za-z_]\w*)\s+{WORDS}(?=[A-Za-z_])(?<!\bif )(?<!\belse )(?<!\band )(?<!\bor )(?<!\bnot )"), r"\1 * "),
    (re.compile(r"\blambda\b"), "lam"),
)


def repair(text: str, line: int) -> str:
    """The end of a message about text that is not Python: what to write instead of a line, or "" where nobody knows."""
    lines = BREAK.split(text)
    place = 2 * (line - 1)
    if place >= len(lines) or len(lines[place]) > LONGEST:
        return ""
    typed = lines[place]
    if LATEX.search(typed):
        example = "; ".join(row for row in reference_loss(next(iter(regimes()))).splitlines() if not row.startswith("#"))
        return f"; LaTeX is not read, losses look like this one: write {example}"
    together = typed
    for pattern, instead in REPAIRS:
        alone = pattern.sub(instead, typed)
        if alone not in (typed, "") and _is_python(alone):
            return f"; write {alone.strip()}"
        together = pattern.sub(instead, together)
    return f"; write {together.strip()}" if together not in (typed, "") and _is_python(together) else ""


def _is_python(line: str) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            ast.parse(line.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
