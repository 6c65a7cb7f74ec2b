"""An operation: one frozen record with every facet, so that no facet can be forgotten or drift.

Facets are text wherever text will do, because text prints, hashes, diffs and travels: the same expression becomes
PyTorch source, a numba kernel and a float64 NumPy reference. An op over actions cannot be an expression of scalars; it
gives its numba kernels as two plain functions instead, and keeps `numpy` as an independent reference.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from string import Formatter
from typing import Any

from rlsearch.errors import OpError
from rlsearch.op.spelling import Spelling
from rlsearch.op.types import ACCEPTS, NUMBERS, Axis, Type
from rlsearch.op.variant import Variant

ELEMENTWISE = "elementwise"

# The functions that facets may call. Whoever evaluates a facet builds its namespace from these, so no list can drift.
NUMPY_SCALARS = ("exp", "log", "sqrt", "abs", "tanh", "sign", "minimum", "maximum", "where")
NUMPY_ARRAYS = (*NUMPY_SCALARS, "max", "min", "sum", "argmax", "cumsum", "take_along_axis", "arange", "int64", "len")
SYMPY_FUNCTIONS = ("Abs", "Add", "Eq", "Function", "Max", "Min", "Piecewise", "Rational", "exp", "log", "sign", "sqrt", "tanh")
SYMPY_HELPERS = ("argmax", "enumerate", "len", "zip")
LANGUAGE = ("otherwise", "spellings")  # fields that say how to write an op, not what it is

# A kernel over actions works on register files [rows, batch]; see Op.forward and Op.backward.
Kernel = Callable[..., None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Op:
    """One operation with all its facets. Two ops are equal only if they are one object, and hash as such; see `digest`.

    Attributes:
        name: what it computes (`minimum`, not `ppo_min`); also the call in the text form.
        args: argument names, used by every facet.
        doc: one sentence.
        torch: PyTorch expression over `[B]` (Real) and `[B, A]` (Vector) tensors; actions are the last axis.
        numpy: value as an expression in NumPy's names. Elementwise: of scalars or arrays alike, and the numba kernel is
            generated from it. Over actions: of arrays `[A, ...batch]`, actions first. Over the batch: of arrays `[..., B]`.
        partials: derivative of the output by each argument, in the argument names and `y` for the output; None where no
            gradient flows. Over actions: the vector-Jacobian product, with `g` for the gradient of the output.
        sympy: expression in sympy's names, guards included; over actions, a Vector argument is a list of one per action.
        latex: template with `{argument}` holes.
        plain: the same in Unicode, for terminals and drawings (`½ {a}²`); the call `name({a}, {b})` if there is none.
        variants: other templates, for some of its literal arguments; the first whose condition holds is meant.
        source: where the op comes from.
        domain: for each argument (low, high), where the facets are tested against each other.
        signature: `elementwise`, `Vector, Action -> Real`, or, of the whole batch, `Real -> Real`.
        literals: arguments that must be literal numbers (the bounds of a clip).
        symbol: infix or prefix operator of the text form, if it has one.
        commutes, associates, idempotent: algebra of a binary op.
        identity: e with f(x, e) = f(e, x) = x.
        even: f(-x) = f(x). odd: f(-x) = -f(x). projection: f(f(x)) = f(x).
        nonnegative: f >= 0, and its derivative is 0 where f is.
        forward: kernel of an op over actions, a plain function that numba can compile:
            `forward(regs, <first row of each argument>, <first output row>, actions)`.
        backward: `backward(regs, grads, <first row of each argument>, <first output row>, actions)` adds to `grads`.
        external: computed by the trainer before the loss runs (a network's outputs), so it has no kernels.
        otherwise: what to write, over the arguments' names, where a literal argument is none: `min(max(a, low), high)`.
        spellings: what others write for it.
    """

    name: str
    args: tuple[str, ...]
    doc: str
    torch: str
    numpy: str
    partials: tuple[str | None, ...]
    sympy: str
    latex: str
    plain: str = ""
    variants: tuple[Variant, ...] = ()
    source: str
    domain: tuple[tuple[float, float], ...]
    signature: str = ELEMENTWISE
    literals: tuple[str, ...] = ()
    symbol: str = ""
    commutes: bool = False
    associates: bool = False
    idempotent: bool = False
    identity: float | None = None
    even: bool = False
    odd: bool = False
    projection: bool = False
    nonnegative: bool = False
    forward: Kernel | None = None
    backward: Kernel | None = None
    external: bool = False
    otherwise: str = ""
    spellings: tuple[Spelling, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an op whose facets do not fit together, at import rather than after eight hours."""
        problem = next(self._problems(), None)
        if problem:
            raise OpError(f"op '{self.name}': {problem}")

    def _problems(self) -> Iterator[str]:
        """Everything wrong with the op's facets, the simplest first."""
        if not self.name.isidentifier():
            yield "the name is not an identifier"
        for facet in ("doc", "torch", "numpy", "sympy", "latex", "source"):
            if not getattr(self, facet):
                yield f"facet '{facet}' is missing"
        for facet in ("partials", "domain"):
            given = len(getattr(self, facet))
            if given != len(self.args):
                yield f"{given} {facet} for {len(self.args)} arguments {self.args}"
        if not self.doc.endswith("."):
            yield "doc is one sentence and ends with a full stop"
        yield from self._algebra_problems()
        yield from self._signature_problems()
        yield from self._text_problems()
        wanted = (False, False) if self.elementwise or self.external else (True, self.differentiable)
        if (self.forward is not None, self.backward is not None) != wanted:
            yield ("an op over actions needs a forward kernel, and a backward one if it has a derivative; other ops need none")

    def _algebra_problems(self) -> Iterator[str]:
        binary = self.commutes or self.associates or self.idempotent or self.identity is not None
        if binary and len(self.args) != 2:
            yield "only an op of two arguments commutes, associates, is idempotent or has an identity"
        if (self.even or self.odd or self.projection) and len(self.args) != 1:
            yield "only an op of one argument is even, odd or a projection"
        if not set(self.literals) <= set(self.args):
            yield f"literals {self.literals} are not all among the arguments {self.args}"

    def _signature_problems(self) -> Iterator[str]:
        if self.elementwise:
            return
        sides = [[word.strip() for word in side.split(",")] for side in self.signature.split("->")]
        if len(sides) != 2 or len(sides[1]) != 1 or not {*sides[0], *sides[1]} <= set(Type):
            yield f"signature '{self.signature}' is not like 'Vector, Action -> Real'; types: {', '.join(Type)}"
        elif len(sides[0]) != len(self.args):
            yield f"signature '{self.signature}' for {len(self.args)} arguments {self.args}"

    def _text_problems(self) -> Iterator[str]:
        """Facets that are not expressions, skip an argument, or use a name that nobody defines."""
        calls = NUMPY_SCALARS if self.elementwise else NUMPY_ARRAYS
        slopes = ("y",) if self.elementwise else ("y", "g")
        yield from self._spelling_problems()
        yield from self._names("torch", self.torch, ("torch",))
        yield from self._names("numpy", self.numpy, calls)
        if not self.external:
            yield from self._names("sympy", self.sympy, SYMPY_FUNCTIONS + SYMPY_HELPERS)
        for partial in self.partials:
            if partial is not None:
                yield from self._names("partials", partial, calls + slopes)
        for variant in self.variants:
            yield from self._names("variants", f"({variant.when}, {', '.join(self.args)})", ())
        templates = [("latex", self.latex), ("plain", self.plain_template)]
        for facet, template in (*templates, *(("variants", each) for known in self.variants for each in known[1:])):
            try:
                holes = {hole for _, hole, _, _ in Formatter().parse(template) if hole is not None}
            except ValueError as error:
                yield f"facet '{facet}' is not a template: {error}"
            else:
                if not set(self.args) <= holes <= {*self.args, "action"}:
                    yield f"facet '{facet}' has holes {sorted(holes)}; wanted: {self.args}"

    def _spelling_problems(self) -> Iterator[str]:
        if not all(isinstance(spelling, Spelling) for spelling in self.spellings):
            yield 'spellings is no tuple of Spelling, such as (Spelling("ln(x)", "log(x)"),)'
            return
        for text in (self.otherwise, *(part for spelling in self.spellings for part in (spelling.theirs, spelling.ours))):
            try:
                ast.parse(text or "0", mode="eval")
            except (SyntaxError, ValueError):
                yield f"spellings and otherwise are expressions, which '{text}' is not"

    def _names(self, facet: str, text: str, others: tuple[str, ...]) -> Iterator[str]:
        try:
            tree = ast.parse(text, mode="eval")
        except SyntaxError:
            yield f"facet '{facet}' is not an expression: {text}"
            return
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}  # by a comprehension
        used = {node.id for node in names} - bound
        missing = [name for name in self.args if name not in used]
        if missing and facet != "partials":
            yield f"facet '{facet}' never reads {missing}"
        unknown = sorted(used - {*self.args, *others})
        if unknown:
            yield f"facet '{facet}' uses the unknown {unknown}; allowed: {', '.join((*self.args, *others))}"

    @property
    def plain_template(self) -> str:
        """The `plain` facet, or the call that stands in for it; a network is a mark after the name."""
        marks, given = list[str](), list[str]()
        for arg, kind in zip(self.args, self.arg_types, strict=True):
            (marks if kind is Type.NETWORK else given).append(f"{{{arg}}}")
        return self.plain or f"{self.name}{''.join(marks)}({', '.join(given)})"

    def as_written(self, literals: Mapping[str, float]) -> "Op":
        """The op with the templates that these literal arguments ask for."""
        for (when, *_), op in self._written:
            if eval(when, {"__builtins__": {}}, dict(literals)):
                return op
        return self

    @cached_property
    def _written(self) -> "tuple[tuple[Variant, Op], ...]":
        return tuple((known, replace(self, latex=known.latex, plain=known.plain, variants=())) for known in self.variants)

    @property
    def elementwise(self) -> bool:
        """True if it works on each number alone; Reals broadcast to Vectors."""
        return self.signature == ELEMENTWISE

    @property
    def over_batch(self) -> bool:
        """True if it reads all samples of the batch: neither elementwise nor over actions."""
        return not self.external and self.signature != ELEMENTWISE and {*self.arg_types} == {Type.REAL}

    @property
    def arg_types(self) -> tuple[Type, ...]:
        """The types of its arguments; REAL for elementwise arguments, which take Vectors as well."""
        return self.signatures[0][0]

    @cached_property
    def signatures(self) -> tuple[tuple[tuple[Type, ...], Type], ...]:
        """The types of arguments and result: as declared, then along other axes; what names an Action means actions alone."""
        if self.elementwise:
            return (((Type.REAL,) * len(self.args), Type.REAL),)
        left, right = self.signature.split("->")
        asked, result = tuple(Type(word.strip()) for word in left.split(",")), Type(right.strip())
        axes = {kind.axis for kind in (*asked, result)} - {None}
        if self.external or Type.ACTION in (*asked, result) or axes != {Axis.ACTIONS}:
            return ((asked, result),)
        return tuple((tuple(kind.along(axis) for kind in asked), result.along(axis)) for axis in Axis)

    def result_type(self, given: tuple[Type, ...]) -> Type | None:
        """The type of the result for these argument types; None if they do not fit, or stand along different axes."""
        if given not in self._results:
            self._results[given] = self._result_type(given)
        return self._results[given]

    @cached_property
    def _results(self) -> dict[tuple[Type, ...], Type | None]:
        """Results met so far: proposals ask for the same few a hundred times each."""
        return {}

    def _result_type(self, given: tuple[Type, ...]) -> Type | None:
        if len(given) != len(self.args):
            return None
        if self.elementwise:
            literal = all(met == Type.CONSTANT for arg, met in zip(self.args, given, strict=True) if arg in self.literals)
            if not literal or not NUMBERS.issuperset(given):
                return None
            if all(met == Type.CONSTANT for met in given):
                return Type.CONSTANT
            axes = {met.axis for met in given} - {None}
            return Type.REAL if not axes else Type.VECTOR.along(*axes) if len(axes) == 1 else None  # type: ignore[arg-type]
        if self.over_batch and all(met == Type.CONSTANT for met in given):
            return Type.CONSTANT  # the same in every sample
        for asked, result in self.signatures:
            if all(met in ACCEPTS[kind] for met, kind in zip(given, asked, strict=True)):
                return result
        return None

    @property
    def differentiable(self) -> bool:
        """True if gradient flows to any of its arguments."""
        return any(partial is not None for partial in self.partials)

    def facets(self) -> dict[str, Any]:
        """Every facet as text: for tables, JSON, and the hash that names generated kernels."""
        values: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in LANGUAGE}
        for side in ("forward", "backward"):
            values[side] = inspect.getsource(values[side]) if values[side] else None
        return values

    @property
    def digest(self) -> str:
        """Hash of every facet: equal for ops that were declared alike, in whichever process."""
        return blake2b(repr(sorted(self.facets().items())).encode(), digest_size=16).hexdigest()
