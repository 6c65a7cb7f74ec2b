"""Respelling: what others write, in an expression, as the text form has it, or a refusal that says what to write.

It is asked only about text that was not understood as it stands, so it may take its time. What has exactly one meaning here is
understood; where there is a difference, the text is refused with our own spelling of exactly that.
"""

import ast
import copy
from collections.abc import Collection

from rlsearch.errors import LossError, quoted
from rlsearch.graph.calls import EXTREMA, LIBRARIES, call, extremum_of_many, reduced, root_of, without_names
from rlsearch.graph.conditions import as_number, choice, is_condition, joined
from rlsearch.graph.phrases import Phrase, fill, left_over, match, phrases
from rlsearch.graph.statements import fail, written
from rlsearch.op import Type
from rlsearch.registry import known_inputs, operations

SHAPES = frozenset(
    {"unsqueeze", "squeeze", "view", "reshape", "flatten", "float", "double", "long", "int", "item", "to", "cpu"}
)
SHOWN = 60  # characters of an expression that a message repeats


def respell(at: ast.expr, assigned: Collection[str]) -> ast.expr | None:
    """An expression in the text form; None if there is nothing to change.

    Args:
        at: the expression.
        assigned: names that lines of the same text give to something: they are nobody else's.

    Raises:
        LossError: others' spelling of something that is written otherwise here, with what to write.
    """
    root = copy.deepcopy(at)
    respeller = _Respeller(frozenset(assigned), root)
    made: ast.expr = respeller.visit(root)
    return made if respeller.changed else None


def in_brackets(at: ast.expr) -> str:
    """The text of an expression as it may stand anywhere."""
    return f"({written(at)})" if isinstance(at, ast.BinOp | ast.Compare | ast.UnaryOp) else written(at)


class _Respeller(ast.NodeTransformer):
    """Puts the text form in place of others' spellings. `changed` says whether there were any."""

    def __init__(self, assigned: frozenset[str], root: ast.expr) -> None:
        self.assigned, self.root, self.changed = assigned, root, False

    def put(self, made: ast.expr) -> ast.expr:
        """Note that something was put in place of something else."""
        self.changed = True
        return made

    def refusal(self, at: ast.expr, typed: str, why: str, ours: ast.expr | None) -> LossError:
        """The error for others' spelling: what was typed, why it is none of ours, what to write."""
        return fail(f"{typed}: {why}" + (f"; write {in_brackets(ours)}" if ours is not None else ""), at)

    def unwanted(self, at: ast.expr, typed: str, why: str, ours: ast.expr | None) -> LossError:
        """The error for syntax that losses do not have."""
        return self.refusal(at, f"'{typed}' is not allowed here", why, ours)

    def use(self, found: Phrase, holes: dict[str, ast.expr], at: ast.expr, typed: str) -> ast.expr:
        """The meaning of a phrase, or the refusal that it asks for."""
        ours = None if found.ours is None else fill(found.ours, holes, at)
        if found.why or ours is None:
            raise self.refusal(at, typed, found.why, ours)
        return self.put(self.visit(ours))

    def find(self, kind: type[ast.expr], name: str, at: ast.expr) -> tuple[Phrase, dict[str, ast.expr]] | None:
        """The first phrase of this name that an expression is, and what stands in its holes."""
        for found in phrases().named.get((kind, name), ()) if name not in self.assigned else ():
            holes: dict[str, ast.expr] = {}
            if match(found.theirs, at, holes):
                return found, holes
        return None

    # Names and operators.

    def visit_Name(self, at: ast.Name) -> ast.expr:
        if at.id in known_inputs() or at.id in operations():
            return at
        found = self.find(ast.Name, at.id, at)
        return self.use(*found, at, f"unknown name {quoted(at.id)}") if found else at

    def visit_BinOp(self, at: ast.BinOp) -> ast.expr:
        for found in phrases().others:
            rest = left_over(found.theirs, at, self.assigned)
            if rest is not None:
                made = self.use(found, {}, at, f"'{_shown(at)}'")
                for factor in rest:
                    made = ast.copy_location(ast.BinOp(made, ast.Mult(), self.visit(factor)), at)
                return made
        if joined(at) is not None:
            return self._condition(at)
        typed = _shown(at)
        self.generic_visit(at)
        match at.op:
            case ast.MatMult():
                raise self.unwanted(
                    at, typed, "a product that is summed over actions is dot", call("dot", [at.left, at.right], at)
                )
            case ast.FloorDiv():
                raise self.unwanted(at, typed, "quotients are not rounded", ast.BinOp(at.left, ast.Div(), at.right))
            case ast.Mod():
                raise self.unwanted(at, typed, "there is no remainder of a division", None)
        return at

    def visit_UnaryOp(self, at: ast.UnaryOp) -> ast.AST:
        if isinstance(at.op, ast.UAdd):
            return self.put(self.visit(at.operand))
        return self._condition(at) if joined(at) is not None else self.generic_visit(at)

    def visit_BoolOp(self, at: ast.BoolOp) -> ast.expr:
        return self._condition(at)

    def visit_Compare(self, at: ast.Compare) -> ast.AST:
        if _is_plain(at):
            return self.generic_visit(at)
        return self._condition(at) if is_condition(at) else at

    def _condition(self, at: ast.expr) -> ast.expr:
        """A condition as a number."""
        self._respell_operands(at)
        return self.put(as_number(at))

    def _respell_operands(self, condition: ast.expr) -> None:
        """Respell the numbers of a condition, but not it itself."""
        parts = joined(condition)
        if parts is None:
            self.generic_visit(condition)
        for part in parts or ():
            if not is_condition(part):
                why, ours = "and, or, not join comparisons", _unequal_to_zero(part)
                raise self.unwanted(part, _shown(part), why, ours)
            self._respell_operands(part)

    def visit_IfExp(self, at: ast.IfExp) -> ast.expr:
        return self._choice(at.test, at.body, at.orelse, at)

    def _choice(self, condition: ast.expr, yes: ast.expr, no: ast.expr, at: ast.expr) -> ast.expr:
        """A choice by a condition, as `where` has it."""
        if joined(condition) is None and not isinstance(condition, ast.Compare):
            condition = self.visit(condition)
            if not isinstance(condition, ast.Compare):
                compared = call("where", [_unequal_to_zero(condition), yes, no], at)
                raise self.unwanted(at, _shown(at), "where takes a comparison first", compared)
        if isinstance(condition, ast.Compare) and not is_condition(condition):
            return at
        self._respell_operands(condition)
        made = choice(condition, self.visit(yes), self.visit(no), at)
        return made if _is_plain(condition) and isinstance(at, ast.Call) else self.put(made)

    def visit_Tuple(self, at: ast.Tuple) -> ast.expr:
        if at is self.root and len(at.elts) == 1:
            raise self.unwanted(at, _shown(at), "delete the comma at its end", at.elts[0])
        return at

    # Subscripts and calls.

    def visit_Subscript(self, at: ast.Subscript) -> ast.expr:
        if (made := reduced(at.value)) is not None and isinstance(at.slice, ast.Constant) and at.slice.value == 0:
            return self.put(self.visit(made))  # torch's maximum over an axis is a pair
        typed, parts = _shown(at), at.slice.elts if isinstance(at.slice, ast.Tuple) else [at.slice]
        parts[:] = [self.visit(part) if isinstance(part, ast.Name) or part is parts[-1] else part for part in parts]
        at.slice = at.slice if isinstance(at.slice, ast.Tuple) else parts[0]
        if isinstance(at.value, ast.Name) and (found := self.find(ast.Subscript, at.value.id, at)):
            return self.use(*found, at, f"'{typed}'")
        at.value = self.visit(at.value)
        if isinstance(at.slice, ast.Tuple) and parts:
            picked = ast.copy_location(ast.Subscript(at.value, parts[-1], ast.Load()), at)
            if len(parts) == 1:
                return self.put(picked)
            raise self.unwanted(at, typed, "only an action is selected, in every sample", picked)
        return at

    def visit_Attribute(self, at: ast.Attribute) -> ast.expr:
        if at.attr == "values" and (made := reduced(at.value)) is not None:
            return self.put(self.visit(made))
        return at

    def visit_Call(self, at: ast.Call) -> ast.expr:
        typed = _shown(at)
        if isinstance(at.func, ast.Attribute):
            return self._of_library_or_method(at, at.func, typed)
        if not isinstance(at.func, ast.Name):
            return self._called_value(at, typed)
        name, inputs = at.func.id, known_inputs()
        if name == "where" and len(at.args) == 3 and not at.keywords:
            return self._choice(at.args[0], at.args[1], at.args[2], at)
        at.args = [self.visit(arg) for arg in at.args]
        for keyword in at.keywords:
            keyword.value = self.visit(keyword.value)
        if found := self.find(ast.Call, name, at):
            return self.use(*found, at, f"'{typed}'")
        if name in EXTREMA and (nested := extremum_of_many(at)) is not None:
            return self.put(nested)
        if name in operations():
            positional = without_names(at, operations()[name])
            return at if positional is None else self.put(positional)
        if name in self.assigned or (name in inputs and inputs[name].type is not Type.NETWORK):
            return self._called_value(at, typed)
        return at

    def _of_library_or_method(self, at: ast.Call, path: ast.Attribute, typed: str) -> ast.expr:
        """A function of a library, or a method of a number, as the function of that name; as it is where there is none."""
        if (made := reduced(at)) is not None:
            return self.put(self.visit(made))
        name, root, receiver = path.attr, root_of(path), path.value
        if isinstance(root, ast.Name) and root.id in LIBRARIES - self.assigned:
            at.func = ast.copy_location(ast.Name(name, ast.Load()), at)
            return self.put(self.visit(at))
        if name in SHAPES:
            raise self.unwanted(at, typed, "shapes are not written", self.visit(receiver))
        function = call(name, [receiver, *at.args], at)
        function.keywords = at.keywords
        op = operations().get(name)
        if name == "mean" and at is self.root:
            raise self.refusal(at, f"'{typed}'", "training takes the mean over the batch itself", self.visit(receiver))
        if op is not None and not op.elementwise:
            raise self.refusal(at, f"'{typed}'", f"{name} is over actions", self.visit(function))
        return at if op is None and (ast.Call, name) not in phrases().named else self.put(self.visit(function))

    def _called_value(self, at: ast.Call, typed: str) -> ast.expr:
        """Refuse a number that is called, as in `2(x + y)`, and a value per action that is, as in `q(online, s)(a)`."""
        if len(at.args) != 1 or at.keywords or isinstance(at.func, ast.Lambda | ast.Attribute):
            return at
        arg, func = self.visit(at.args[0]), self.visit(at.func)
        if isinstance(arg, ast.Name) and arg.id in known_inputs() and known_inputs()[arg.id].type is Type.ACTION:
            raise self.unwanted(at, typed, "an action is selected in [ ]", ast.Subscript(func, arg, ast.Load()))
        raise self.unwanted(at, typed, "a product has its *", ast.BinOp(func, ast.Mult(), arg))


def _shown(at: ast.expr) -> str:
    return written(at)[:SHOWN]


def _unequal_to_zero(at: ast.expr) -> ast.expr:
    return ast.Compare(at, [ast.NotEq()], [ast.Constant(0)])


def _is_plain(condition: ast.expr) -> bool:
    """True if a condition is one of ours, which are > and <."""
    return isinstance(condition, ast.Compare) and len(condition.ops) == 1 and isinstance(condition.ops[0], ast.Gt | ast.Lt)
