"""The signs of an op's template, of LaTeX or of plain characters, as a reader sees them: brackets, words, scripts, holes."""

import re
from collections import deque
from collections.abc import Iterator
from string import Formatter
from typing import NamedTuple

END = "(?![a-zA-Z])"
RAISED, LOWERED, FRACTIONS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "₀₁₂₃₄₅₆₇₈₉₊₋ₙ", "½⅓⅔¼¾⅛"
LETTER = rf"[^\W\d_{RAISED}{LOWERED}{FRACTIONS}]"
DELIMITER = r"\s*(?:\\[a-zA-Z]+|\\?.)"
FUNCTIONS = "(?:arccos|arcsin|arctan|arg|cosh?|cot|csc|deg|det|dim|exp|gcd|inf|lg|lim|ln|log|max|min|Pr|sec|sinh?|sup|tanh?)"
GREEK = (
    "(?:var)?(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi"
    "|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega)"
)
INFIX = "(?:cdot|times|div|ast|star|circ|bullet|oplus|ominus|otimes|odot|wedge|vee|cap|cup)"

# What a token is; the first that fits. Anything else is unknown, and a template with it is bracketed wherever it can be.
TOKENS = re.compile(
    "|".join(
        (
            rf"(?P<blank>\\[,;:! ]|\\q?quad{END}|~|\s+)",
            rf"(?P<open>\\(?:left|[bB]igg?l){DELIMITER}|\\l(?:angle|brace|brack|ceil|floor|vert|Vert){END}|\\{{|[(\[⟨⌈⌊])",
            rf"(?P<close>\\(?:right|[bB]igg?r){DELIMITER}|\\r(?:angle|brace|brack|ceil|floor|vert|Vert){END}|\\}}|[)\]⟩⌉⌋])",
            rf"(?P<bar>\\\||\\[vV]ert{END}|[|‖∥])",
            r"(?P<begin>\{)",
            r"(?P<end>\})",
            rf"(?P<fraction>\\[dtc]?frac{END})",
            rf"(?P<root>\\sqrt{END})",
            rf"(?P<named>\\(?:operatorname|math[a-z]+|text[a-z]*){END})",
            r"(?P<script>[\^_])",
            rf"(?P<word>\\(?:{FUNCTIONS}|{GREEK}){END}|{LETTER}(?:{LETTER}|\d|_(?={LETTER}))*)",
            rf"(?P<number>\d+(?:\.\d+)?|[{FRACTIONS}])",
            rf"(?P<lowered>['′]|[{LOWERED}]+)",
            rf"(?P<raised>[{RAISED}]+)",
            r"(?P<sign>[-+−±])",
            rf"(?P<symbol>\\{INFIX}{END}|[*/·×÷!⊕⊖⊗∘∧∨])",
            r"(?P<radical>√)",
            r"(?P<unknown>\\[a-zA-Z]+|\\?.)",
        )
    ),
    re.DOTALL,
)
# Codes of items; see Item.
SIMPLE = {"blank": " ", "number": "N", "lowered": "D", "raised": "P", "sign": "S", "symbol": "U", "radical": "V"}
UNKNOWN = "C"
BARS = re.compile(r"[|‖∥]|[vV]ert")


class Item(NamedTuple):
    """A sign of a template, or several that stand together.

    Attributes:
        code: H a hole, G brackets, B bars, W a word or a letter, N a number, F a fraction, R a root, V a root's sign alone, P
            what is raised, D what is lowered, S plus or minus, U another operator, a blank, C a comma, a relation or what is
            unknown.
        text: as it is written; a hole's name.
        inner: what stands within, for G, B, P and D; for F and R one G for each part.
        glue: what stands right before a hole, with nothing between: "letter", or "command" where TeX would run on.
    """

    code: str
    text: str = ""
    inner: tuple["Item", ...] = ()
    glue: str = ""


Tokens = deque[tuple[str, str]]


def items_of(template: str) -> tuple[Item, ...]:
    """The items of a template with `{argument}` holes."""
    tokens: Tokens = deque()
    for literal, hole, _, _ in Formatter().parse(template):
        tokens += [(str(found.lastgroup), found[0]) for found in TOKENS.finditer(literal)]
        if hole is not None:
            tokens.append(("hole", hole))
    found: list[Item] = []
    while tokens:  # a bracket that nothing opens ends a run of items
        found += _items(tokens, "")[0]
        if tokens:
            found.append(Item(UNKNOWN, tokens.popleft()[1]))
    return tuple(found)


def _items(tokens: Tokens, closer: str) -> tuple[list[Item], bool]:
    """The items up to a closing token, and true if that was met; another one that closes stays where it is."""
    found: list[Item] = []
    before = ""
    while tokens:
        kind, text = tokens[0]
        if kind in ("close", "end") or (kind == closer == "bar"):
            if kind == closer:
                tokens.popleft()
            return found, kind == closer
        tokens.popleft()
        found += _item(tokens, kind, text, before)
        before = _glue(kind, text)
    return found, False


def _glue(kind: str, text: str) -> str:
    """How a token touches a hole that follows at once."""
    if kind in ("script", "word", "symbol", "unknown", "blank") and (text.startswith("\\") or kind == "script"):
        return "command" if text[-1].isalpha() or kind == "script" else ""
    return "letter" if kind == "word" else ""


def _item(tokens: Tokens, kind: str, text: str, before: str) -> Iterator[Item]:
    """The item that begins with a token; several where brackets turn out to be none."""
    if kind == "hole":
        yield Item("H", text, (), before)
    elif kind in ("open", "bar", "begin"):
        inner, closed = _items(tokens, {"open": "close", "bar": "bar", "begin": "end"}[kind])
        if kind == "begin" and closed:  # TeX's braces are not seen
            yield from inner
        elif closed and not text.endswith("."):  # nor is the bracket that a full stop stands for
            yield Item("B" if kind == "bar" or BARS.search(text) else "G", text, tuple(inner))
        else:
            yield from (Item(UNKNOWN, text), *inner)
    elif kind == "fraction":
        top, bottom = (Item("G", "", tuple(_argument(tokens, "command"))) for _ in range(2))
        yield Item("F", text, (top, bottom))
    elif kind == "root":
        degree = _argument(tokens, "") if tokens and tokens[0] == ("open", "[") else []
        yield Item("R", text, (*degree, Item("G", "", tuple(_argument(tokens, "command")))))
    elif kind == "script":
        yield Item("P" if text == "^" else "D", text, tuple(_argument(tokens, "command")))
    elif kind == "named":
        named = _argument(tokens, "command")
        yield from [Item(UNKNOWN, text), *named] if any(item.code == "H" for item in named) else [Item("W", text)]
    else:
        yield Item({**SIMPLE, "word": "W"}.get(kind, UNKNOWN), text)


def _argument(tokens: Tokens, before: str) -> list[Item]:
    """The items that a TeX command takes: those in braces, or the next one."""
    return list(_item(tokens, *tokens.popleft(), before)) if tokens else []
