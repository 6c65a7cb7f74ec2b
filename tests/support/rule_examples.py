"""Examples of rewrite rules: both sides of an equation as losses, with random expressions in place of its letters."""

import ast
import random
import re
from fractions import Fraction

from rlsearch.graph.graph import Builder, Graph
from rlsearch.graph.text import Reader, application
from rlsearch.op import Type
from rlsearch.registry import operations
from rlsearch.simplify.form import fold_literals
from rlsearch.simplify.rule import ITS_VALUE, NO_GRADIENT, Rule

NAMES = {
    "V": "q(online, s)",
    "W": "q(online, s_next)",
    "U": "q(target, s)",
    "Q": "V[a]",
    "N": "max(W)",
    "T": "max(q(target, s_next))",
}
# What the letters of an equation may stand for.
DETACHED = ("T", "r * T", "T - r", "sign(Q) * r", "discount * U[a]", "U[a] / (r * r + 1)")
REALS = ("Q", "Q - T", "r * Q", "exp(Q - r)", "0.3 * Q - r * T", "abs(N) - Q", "Q / (r * r + 1)", "mean(V) - Q", "log(N) + Q")
VECTORS = ("V", "V * W", "exp(V) - W", "r * W + V", "tanh(W)")
STANDS_FOR = {
    **dict.fromkeys("abcde", REALS + VECTORS[1:]),
    **dict.fromkeys("VWXY", VECTORS),
    **dict.fromkeys("PRST", ("softmax(V)", "softmax(V * W)")),
    "i": ("a", "argmax(W)"),
    **dict.fromkeys("klmn", tuple(f"({value})" for value in (0.1, 0.5, 2.0, 3.7, 0.0, -0.3, -1.0, -2.5))),
}
LETTER = re.compile(r"\b[a-ehik-nP-TV-Y]\b")
EXAMPLES = 6


def meets(rule: Rule, letters: dict[str, str]) -> bool:
    """Whether literals meet the condition of a row."""
    condition = re.split(r"[;,](?![^(]*\))", rule.when)[0]
    try:
        read = {node.id for node in ast.walk(ast.parse(condition, mode="eval")) if isinstance(node, ast.Name)}
    except SyntaxError:  # words
        return True
    numbers = {name: float(text.strip("()")) for name, text in letters.items() if name in "klmn"}
    return not read <= {*numbers, "max", "min"} or bool(eval(condition, {"max": max, "min": min}, numbers))


def loss(expression: str | float, letters: dict[str, str]) -> Graph:
    """A loss that reads an expression of any type, and takes a gradient through it."""
    builder = Builder()
    reader = Reader(builder, {})

    def read(text: str) -> int:
        return reader.node(ast.parse(text, mode="eval").body)

    for name, text in NAMES.items():
        reader.names[name] = read(text)
    text = LETTER.sub(lambda found: letters[found[0]], expression) if isinstance(expression, str) else repr(expression)
    made = read(text)
    kind = builder.types[made]
    if kind == Type.ACTION:
        made = builder.apply("select", read("V * U"), made)
    elif kind in (Type.VECTOR, Type.SIMPLEX):
        made = builder.apply("dot", made, read("exp(U)"))
    return builder.loss(builder.apply("add", made, read("Q * T")))


def wide(graph: Graph) -> bool:
    """Whether the loss was made of a Vector."""
    return any(
        node.op == "dot" and graph.types[node.args[1]] == Type.VECTOR and "exp" in graph.nodes[node.args[1]].op
        for node in graph.nodes
    )


def value_of(left: str, letters: dict[str, str]) -> float:
    """The value of an op of literals: as of the decimals that they are where it is arithmetic."""
    try:
        power = float(letters["m"].strip("()")) if "**m" in left else 0.0
        if power < 0 or not power.is_integer():  # has guards
            raise TypeError
        exact = {letter: Fraction(letters[letter].strip("()")) for letter in "klmn"}
        return float(eval(left.replace("half_square(k)", "k**2 / 2"), {}, exact))
    except (NameError, TypeError, ZeroDivisionError):
        op, parts = application(ast.parse(left, mode="eval").body)
        value = fold_literals(op, *[float(letters[ast.unparse(part)].strip("()")) for part in parts])
        return float(f"{value:.15g}") if op == "div" else value


def examples(rule: Rule) -> list[tuple[Graph, Graph]]:
    """Both sides of an equation with random expressions in place of its letters."""
    rng = random.Random(rule.equation)
    left, right = rule.sides
    found: list[tuple[Graph, Graph]] = []
    while len(found) < EXAMPLES:
        letters = {letter: f"({rng.choice(texts)})" for letter, texts in STANDS_FOR.items()}
        letters |= {letter: letters[letter][1:-1] for letter in "klmni"}
        letters["h"] = letters["i"]
        if rule.when == NO_GRADIENT:
            letters |= {letter: f"({rng.choice(DETACHED)})" for letter in "abcd"}
        if set("VWPRhi") & set(LETTER.findall(rule.equation)) or operations()[rule.op].over_batch:
            letters["a"] = f"({rng.choice(REALS)})"
        if not meets(rule, letters):
            continue
        if right == ITS_VALUE:
            found.append((loss(left, letters), loss(value_of(left, letters), letters)))
            continue
        one, other = loss(left, letters), loss(right, letters)
        if wide(one) == wide(other):  # a number that equals a Vector stands for as many numbers
            found.append((one, other))
    return found
