"""The text form: Python expression syntax, parsed through a whitelist (never evaluated), printed so that it reads back.

`x[a]` selects; max, min of two arguments are maximum and minimum; `x**2` is square, any other exponent power;
`where(x > y, a, b)` is one op. What others write is read as well, see `rlsearch.graph.respelling`; this is what is printed.
"""

import ast
from collections.abc import Collection

from rlsearch.errors import LossError, did_you_mean, quoted
from rlsearch.graph.advice import advice
from rlsearch.graph.graph import CONSTANT, INPUT, LARGEST, Builder, Graph, Node
from rlsearch.graph.naming import field_names
from rlsearch.graph.respelling import respell
from rlsearch.graph.statements import LOSS, fail, inputs_read, statements, written
from rlsearch.op import Type
from rlsearch.registry import known_inputs, operations, unknown_op

MAX_LINE = 100  # longer expressions are printed in several lines
INFIX = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
PRECEDENCE = {"greater": 1, "add": 2, "sub": 2, "mul": 3, "div": 3, "neg": 4, "square": 5, "power": 5}
ATOM = 6
TWO_ARGUMENTS = {"max": "maximum", "min": "minimum"}


class Reader:
    """Turns expressions into nodes of a builder; names bound so far come before inputs."""

    def __init__(self, builder: Builder, names: dict[str, int], assigned: Collection[str] = ()) -> None:
        """`assigned` are all names that the text gives to something: others' names for other things are not understood then."""
        self.builder, self.names, self.assigned = builder, names, assigned

    def read(self, at: ast.expr) -> int:
        """The index of an expression's node, also where it is spelt as others do."""
        try:
            return self.node(at)
        except LossError:
            plain = respell(at, self.assigned)
            if plain is None:
                raise
        return self.node(plain)

    def node(self, at: ast.expr) -> int:
        """The index of an expression's node."""
        try:
            return self._node(at)
        except LossError as error:
            raise error if error.line else fail(str(error), at) from None

    def _node(self, at: ast.expr) -> int:
        number = literal(at)
        if number is not None:
            return self.builder.constant(number)
        if isinstance(at, ast.Name):
            return self._name(at)
        name, parts = application(at)
        args = [self.node(part) for part in parts]
        try:
            return self.builder.apply(name, *args)
        except LossError as error:
            raise fail(f"{error}{advice(name, parts, [self.builder.types[arg] for arg in args])}", at) from None

    def _name(self, at: ast.Name) -> int:
        if at.id in self.names:
            return self.names[at.id]
        if at.id in known_inputs():
            return self.builder.input(at.id)
        hint = "; an op needs its arguments" if at.id in operations() else did_you_mean(at.id, [*self.names, *known_inputs()])
        raise fail(f"unknown name {quoted(at.id)}{hint}", at)


def literal(at: ast.expr) -> float | None:
    """The number that an expression spells out, if it does: `0.5`, `-1`."""
    sign = 1.0
    if isinstance(at, ast.UnaryOp) and isinstance(at.op, ast.USub):
        sign, at = -1.0, at.operand
    if not isinstance(at, ast.Constant):
        return None
    value = at.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fail(f"{value!r:.40} is not a number", at)
    if not abs(value) <= LARGEST:  # not printed: Python refuses to print very long integers
        raise fail(f"a number is out of range; constants lie within +-{LARGEST:g}", at)
    return sign * value


def application(at: ast.expr) -> tuple[str, list[ast.expr]]:
    """The op that an expression applies, by name, and the expressions it is applied to.

    Raises:
        LossError: syntax outside the whitelist.
    """
    match at:
        case ast.BinOp(left, ast.Pow(), right):
            return ("square", [left]) if literal(right) == 2 else ("power", [left, right])
        case ast.BinOp(left, sign, right) if type(sign) in INFIX:
            return INFIX[type(sign)], [left, right]
        case ast.UnaryOp(ast.USub(), operand):
            return "neg", [operand]
        case ast.Subscript(value, index):
            return "select", [value, index]
        case ast.Compare(left, [ast.Gt()], [right]):
            return "greater", [left, right]
        case ast.Compare(left, [ast.Lt()], [right]):
            return "greater", [right, left]
        case ast.Call(ast.Name(name), args, []):
            if name == "where" and len(args) == 3:
                condition, *branches = args
                if not isinstance(condition, ast.Compare):
                    raise fail("where takes a comparison first: where(x > y, a, b)", condition)
                return "where", [*application(condition)[1], *branches]
            if len(args) == 2:
                name = TWO_ARGUMENTS.get(name, name)
            if name not in operations():
                raise fail(unknown_op(name), at)
            return name, list(args)
    raise fail(f"'{written(at)[:40]}' is not allowed here; allowed: names, numbers, + - * / **, x[a], > and op(...)", at)


def parse(text: str) -> Graph:
    """Read a loss: lines `name = expression`, the last of them `loss = ...`, or one bare expression.

    Raises:
        LossError: with line and column; also where the root is not a Real or no gradient reaches the online network.
    """
    lines, loss = list(statements(text)), None
    reader = Reader(Builder(), {}, {name for name, _ in lines})
    try:
        inputs = inputs_read(lines)
        for name, expression in lines:
            if name in inputs or name in reader.names:
                kind = "an input" if name in inputs else "already assigned"
                raise LossError(f"{quoted(name)} is {kind}; choose another name", expression.lineno, 1)
            reader.names[name] = reader.read(expression)
            loss = expression if name == LOSS else loss
    except RecursionError:
        raise LossError("the expression is nested too deeply; give its parts names", 1, 1) from None
    if loss is None:
        instead = f"; write loss = {written(lines[-1][1])}" if lines else ""
        raise LossError(f"no line 'loss = ...', which names the result{instead}", 1, 1)
    try:
        return reader.builder.loss(reader.names[LOSS])
    except LossError as error:
        raise fail(str(error), loss) from None


def parse_expression(text: str) -> Graph:
    """Read one expression that need not be a loss: any type, with or without a gradient.

    Raises:
        LossError: with line and column.
    """
    builder = Builder()
    ((_, at),) = statements(text)
    return builder.graph(Reader(builder, {}).read(at))


def expression(node: Node, args: list[tuple[str, int]]) -> tuple[str, int]:
    """The text of one node and its precedence, given those of its arguments."""
    if node.op == INPUT:
        return str(node.leaf), ATOM
    if node.op == CONSTANT:
        assert isinstance(node.leaf, float)
        text = repr(int(node.leaf)) if node.leaf.is_integer() and abs(node.leaf) < 1e6 else repr(node.leaf)
        return text, ATOM if node.leaf >= 0 else PRECEDENCE["neg"]

    def at_least(index: int, level: int) -> str:
        text, precedence = args[index]
        return text if precedence >= level else f"({text})"

    level = PRECEDENCE.get(node.op, ATOM)
    symbol = operations()[node.op].symbol
    if node.op == "select":
        return f"{at_least(0, ATOM)}[{args[1][0]}]", ATOM
    if node.op == "square":
        return f"{at_least(0, ATOM)}**2", level
    if node.op == "power" and args[1][0] != "2":  # x**2 is square
        exponent = args[1][0] if _spells_number(args[1][0]) else at_least(1, ATOM)
        return f"{at_least(0, ATOM)}**{exponent}", level
    if node.op == "neg" and not _spells_number(args[0][0]):
        return f"-{at_least(0, level)}", level
    if node.op == "greater":
        return f"{at_least(0, level + 1)} > {at_least(1, level + 1)}", level  # a > b > c is another thing in Python
    if symbol:
        return f"{at_least(0, level)} {symbol} {at_least(1, level + 1)}", level
    texts = [text for text, _ in args]
    if node.op == "where":
        left, right = at_least(0, 2), at_least(1, 2)
        return f"where({left} > {right}, {texts[2]}, {texts[3]})", ATOM
    name = {"maximum": "max", "minimum": "min"}.get(node.op, node.op)
    return f"{name}({', '.join(texts)})", ATOM


def _spells_number(text: str) -> bool:
    """True if a minus before this text would be read as the sign of a literal."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def print_graph(graph: Graph) -> str:
    """The text of a graph; `parse(print_graph(graph)) == graph`.

    Shared subexpressions get lines of their own, and so do long ones.
    """
    uses = [0] * len(graph.nodes)
    for node in graph.nodes:
        for arg in node.args:
            uses[arg] += 1
    names = field_names(graph)
    texts: list[tuple[str, int]] = []
    lines: list[str] = []
    for index, node in enumerate(graph.nodes):
        text = expression(node, [texts[arg] for arg in node.args])
        shared = uses[index] > 1 and node.args and graph.types[index] != Type.ACTION
        if index != graph.root and (shared or len(text[0]) > MAX_LINE):
            name = names.get(index, f"x{len(lines) + 1}")
            lines.append(f"{name} = {text[0]}")
            text = (name, ATOM)
        texts.append(text)
    return "\n".join([*lines, f"loss = {texts[-1][0]}"])
