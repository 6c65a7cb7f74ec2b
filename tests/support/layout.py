"""Formulas as they are set: lines of signs with what stands above, below and within them, from LaTeX or from MathML.

Only what a reader sees is kept: TeX's braces and blanks are gone, and so are MathML's rows.
"""

import re
from dataclasses import dataclass, replace
from unicodedata import normalize
from xml.etree.ElementTree import Element, fromstring

TOKEN = re.compile(
    r"\\(?:text|operatorname|mathcal|mathbb)\{[^{}]*\}|\\(?:begin|end)\{array\}(?:\{l\})?|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\S"
)
GREEK = {r"\theta": "θ", r"\gamma": "γ", r"\tau": "τ", r"\mu": "μ", r"\sigma": "σ"}
OPERATORS = {r"\cdot": "·", r"\vee": "∨", r"\wedge": "∧", r"\ominus": "⊖", r"\approx": "≈", r"\circ": "°", "-": "−", "∘": "°"}
OPERATORS |= {"\u2223": "|", "\u2225": "‖", "\u2016": "‖", "\u22c5": "·", "\u2228": "∨", "\u2227": "∧", "\u2296": "⊖"}
ACCENTS = {r"\bar": "¯", r"\tilde": "~", "¯": "¯", "~": "~", "\u0304": "¯", "\u0303": "~"}
FENCES = {r"\langle": "⟨", r"\rangle": "⟩", r"\|": "‖", "‖": "‖", "∥": "‖"}
CLOSING = {"(": ")", "[": "]", "⟨": "⟩", "|": "|", "‖": "‖"}


@dataclass(frozen=True)
class Sign:
    """One thing on a line: `kind` is symbol, number, operator, text, fence, fraction or root; `inner` are the lines in it."""

    kind: str
    text: str = ""
    inner: tuple[tuple["Sign", ...], ...] = ()
    sub: tuple["Sign", ...] = ()
    sup: tuple["Sign", ...] = ()


Line = tuple[Sign, ...]


def lines_of_latex(text: str) -> list[Line]:
    """The lines of a formula in LaTeX."""
    tokens = [token for token in TOKEN.findall(text) if token not in (r"\,", r"\displaystyle")]
    if tokens[0].startswith(r"\begin"):
        assert tokens[-1].startswith(r"\end"), text
        tokens = tokens[1:-1]
    lines: list[list[str]] = [[]]
    for token in tokens:
        if token == r"\\":
            lines.append([])
        else:
            lines[-1].append(token)
    found = []
    for line in lines:
        rest = line[::-1]
        found.append(_until(rest, ""))
        assert not rest, f"{rest[::-1]} is left of {text}"
    return found


def _until(tokens: list[str], end: str) -> Line:
    """The signs up to a token, or to the end; the next token is last in the list."""
    signs: list[Sign] = []
    while tokens and tokens[-1] != end:
        token = tokens.pop()
        if token in "^_'":
            raised = (Sign("operator", "′"),) if token == "'" else _argument(tokens)
            if not signs or (signs[-1].sup if token != "_" else signs[-1].sub):
                raise AssertionError(f"two exponents, or none to carry one, before {tokens[::-1]}")
            last = signs.pop()
            if token == "'":
                signs.append(replace(last, text=last.text + "′"))
            else:
                signs.append(replace(last, **{"sub" if token == "_" else "sup": raised}))
        elif token == "{":
            signs += _until(tokens, "}")
            assert tokens.pop() == "}"
        else:
            signs.append(_sign(token, tokens))
    assert tokens or not end, f"no '{end}'"
    return tuple(signs)


def _argument(tokens: list[str]) -> Line:
    """What a command takes: a group, or one token."""
    if tokens[-1] != "{":
        return (_sign(tokens.pop(), tokens),)
    tokens.pop()
    found = _until(tokens, "}")
    assert tokens.pop() == "}"
    return found


def _sign(token: str, tokens: list[str]) -> Sign:
    if token in (r"\left", "(", "[", "|"):
        opening = tokens.pop() if token == r"\left" else token
        mark = FENCES.get(opening, opening)
        inner = _until(tokens, r"\right" if token == r"\left" else CLOSING[mark])
        closing = tokens.pop()
        closing = tokens.pop() if closing == r"\right" else closing
        assert FENCES.get(closing, closing) == CLOSING[mark], f"{opening} is closed by {closing}"
        return Sign("fence", mark, (inner,))
    if token in (r"\frac", r"\tfrac"):
        return Sign("fraction", "", (_argument(tokens), _argument(tokens)))
    if token == r"\sqrt":
        return Sign("root", "", (_argument(tokens),))
    if token in ACCENTS:
        (base,) = _argument(tokens)
        return replace(base, text=base.text + ACCENTS[token])
    if token.startswith(r"\text"):
        return Sign("text", token[6:-1].strip())
    if token.endswith("}") and token != "}":
        return Sign("symbol", token.partition("{")[2][:-1])
    if token[0].isdigit():
        return Sign("number", token)
    if token in GREEK:
        return Sign("symbol", GREEK[token])
    if token in OPERATORS or not token.lstrip("\\").isalpha():
        return Sign("operator", OPERATORS.get(token, token))
    return Sign("symbol", token.lstrip("\\"))


def lines_of_mathml(text: str) -> list[Line]:
    """The lines of a formula in MathML."""
    math = _bare(fromstring(text))
    if len(math) == 1 and math[0].tag == "mtable":
        return [_row([child for cell in row for child in cell]) for row in math[0]]
    return [_row(list(math))]


def _bare(element: Element) -> Element:
    for each in element.iter():
        each.tag = each.tag.partition("}")[2] or each.tag
    return element


def _row(elements: list[Element]) -> Line:
    """The signs of elements beside each other; brackets enclose what stands between them."""
    found: list[Sign] = []
    stack: list[tuple[str, list[Sign]]] = []
    for element in elements:
        for sign in _signs(element):
            closes = stack and sign.kind == "operator" and sign.text == CLOSING[stack[-1][0]]
            if closes:
                mark, outer = stack.pop()
                outer.append(replace(sign, kind="fence", text=mark, inner=(tuple(found),)))
                found = outer
            elif sign.kind == "operator" and sign.text in CLOSING:
                stack.append((sign.text, found))
                found = []
            else:
                found.append(sign)
    assert not stack, f"{stack[-1][0]} is not closed"
    return tuple(found)


def _signs(element: Element) -> list[Sign]:
    text, parts = normalize("NFKC", element.text or "").strip(), list(element)
    match element.tag:
        case "mrow" | "mstyle":
            if not (parts and parts[0].get("fence")):
                return list(_row(parts))
            (opening,), (closing,) = _signs(parts[0]), _signs(parts[-1])
            assert closing.text == CLOSING[opening.text], f"{opening.text} is closed by {closing.text}"
            return [Sign("fence", opening.text, (_row(parts[1:-1]),))]
        case "mspace":
            return []
        case "mn":
            return [Sign("number", text)]
        case "mtext":
            return [Sign("text", text)]
        case "mfrac":
            return [Sign("fraction", "", tuple(_row([part]) for part in parts))]
        case "msqrt":
            return [Sign("root", "", (_row(parts),))]
        case "mover":
            (base,), (accent,) = _signs(parts[0]), _signs(parts[1])
            return [replace(base, text=base.text + ACCENTS[accent.text])]
        case "msub" | "msup" | "msubsup" | "munder":
            *before, base = _signs(parts[0])
            names = {"msub": ("sub",), "munder": ("sub",), "msup": ("sup",), "msubsup": ("sub", "sup")}[element.tag]
            for name, part in zip(names, parts[1:], strict=True):
                script = _row([part])
                if script == (Sign("operator", "′"),):
                    base = replace(base, text=base.text + "′")
                else:
                    assert not getattr(base, name), "two exponents"
                    base = replace(base, **{name: script})
            return [*before, base]
        case "mi" | "mo":
            text = FENCES.get(text, OPERATORS.get(text, text))
            is_word = text.isalpha() and text not in OPERATORS.values()
            return [Sign("symbol" if is_word else "operator", text)]
    raise AssertionError(f"what is {element.tag}?")
