"""A loss as users hold it: made from a name, a file, a text or a run's hash; turned into formulas, source and tensors."""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlsearch.errors import LossError, RunError, as_word, did_you_mean, quoted
from rlsearch.graph.graph import Graph
from rlsearch.graph.loss_file import read_loss_file
from rlsearch.graph.text import parse, print_graph
from rlsearch.registry import comments, known_losses
from rlsearch.runs.folders import is_path, is_run, run_folder
from rlsearch.simplify.canonical import canonical, loss_size, structural_key

if TYPE_CHECKING:
    from rlsearch.equivalence.known_losses import GradientClass

NAME = re.compile(r"[\w.-]+")  # what cannot be an expression of use: a bare word
OF_RUN = re.compile(r"\w*")  # a loss of a run after its @: `best`, the beginning of a hash


class Loss:
    """A loss function. Two are equal if their canonical forms are; if only their gradients are, their `gradient_class` is.

    Notebooks show it as its formula and graph.

    >>> Loss("dqn").text.splitlines()[-1]
    'loss = 0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2'
    >>> Loss("0.5 * (q(online, s)[a] - r)**2") == Loss("half_square(r - q(online, s)[a])")
    True
    >>> one, other = Loss("dqn"), Loss("0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2 + log(r)")
    >>> one == other, one.gradient_class == other.gradient_class, other.gradient_class.known
    (False, True, ('dqn',))
    """

    def __init__(self, what: "str | Path | Graph") -> None:
        """Make a loss from a known name, the path of a `.loss` file, a text, `RUN@HASH`, `RUN@best`, or a graph.

        Raises:
            LossError: it is none of these.
            RunError: there is no such run, or no such loss in it.
        """
        if not isinstance(what, str | Path | Graph):
            raise LossError(f"{what!r:.60} is no loss; wanted: a known name, a text, a path, RUN@HASH or a graph")
        self.name, self.graph = ("loss", what) if isinstance(what, Graph) else named_graph(str(what))

    @property
    def text(self) -> str:
        """The text form; it reads back."""
        return print_graph(self.graph)

    @property
    def key(self) -> str:
        """Hash of the canonical form."""
        return structural_key(canonical(self.graph))

    @property
    def size(self) -> int:
        """The number of ops: as written or in canonical form, whichever is fewer."""
        return loss_size(self.graph, canonical(self.graph))

    @property
    def relation(self) -> str:
        """Known losses that train alike: `same direction as dqn`, or ""."""
        from rlsearch.equivalence.known_losses import relation  # heavy: numpy, 0.2 s

        return relation(self.graph)

    @property
    def gradient_class(self) -> "GradientClass":
        """The losses that train like this one: compare two with `==`, or up to a positive factor with `same_direction`."""
        from rlsearch.equivalence.known_losses import GradientClass  # heavy: numpy, 0.2 s

        return GradientClass.of(self.graph)

    def to_networkx(self) -> Any:
        """The graph as a `networkx.MultiDiGraph`; see `rlsearch.compile.networkx_graph.to_networkx` for every attribute."""
        from rlsearch.compile.networkx_graph import to_networkx  # heavy: networkx, 0.2 s

        return to_networkx(self.graph)

    def latex(self) -> str:
        """The formula in LaTeX, without dollars; its literals have all their digits."""
        from rlsearch.compile.latex import latex

        return latex(self.graph)

    def sympy(self) -> Any:
        """The formula as a sympy expression over real symbols, named after what they read: `r`, `max(q(target, s_next))`.

        It equals the loss for all finite numbers, guards and all. A derivative of it goes on through `stop`. Where shared parts
        make it too long to print, take `sympy_parts`.
        """
        from rlsearch.compile.symbolic import to_sympy  # heavy: sympy, 0.4 s

        return to_sympy(self.graph)

    def sympy_parts(self) -> tuple[list[tuple[Any, Any]], Any]:
        """The same as `sympy.cse` gives it, `(parts, expression)`: the parts of a long formula as pairs of name and expression.

        >>> import sympy
        >>> parts, expression = Loss("(q(online, s)[a] - r)**2").sympy_parts()
        >>> square = sympy.lambdify(sorted(expression.free_symbols, key=str), expression, cse=lambda _: (parts, expression))
        >>> square(3.0, 1.0)
        4.0
        """
        from rlsearch.compile.symbolic import to_formula  # heavy: sympy, 0.4 s

        form = to_formula(self.graph)
        return list(form.parts), form.loss

    def source(self) -> str:
        """A Python module to copy; it depends on torch alone."""
        from rlsearch.compile.torch_source import python_module

        about = comments(known_losses().get(self.name, ""))
        return python_module(self.graph, title="" if self.name == "loss" else self.name, about=about)

    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments of `torch()`, in its order."""
        from rlsearch.compile.torch_source import arguments

        return arguments(self.graph)

    def torch(self) -> Callable[..., Any]:
        """The loss as a TorchScript function of tensors, one value per transition; see `arguments`.

        It raises ValueError, as `torch.jit.Error`, for shapes that do not fit together and for actions that are no integers.
        """
        from rlsearch.compile.torchscript import compile_loss  # heavy: torch, 2 s

        return compile_loss(self.graph)

    def __eq__(self, other: object) -> bool:
        return canonical(self.graph) == canonical(other.graph) if isinstance(other, Loss) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"Loss({self.text!r})"

    def _repr_latex_(self) -> str:
        """The formula, in dollars, its literals in as few digits as tell it apart."""
        from rlsearch.compile.latex import latex

        return f"$\\displaystyle {latex(self.graph, rounded=True)}$"

    def _repr_svg_(self) -> str:
        """The graph, drawn."""
        from rlsearch.report.drawing import draw  # heavy: networkx, 0.2 s

        return draw(self.graph)

    def _repr_html_(self) -> str:
        """The formula, known losses that train alike, the text and the graph."""
        from rlsearch.compile.latex import mathml

        alike = f"<p>{escape(self.relation)}</p>" if self.relation else ""
        return f"<div>{mathml(self.graph, rounded=True)}{alike}<pre>{escape(self.text)}</pre>{self._repr_svg_()}</div>"


def named_graph(what: str) -> tuple[str, Graph]:
    """A short name, and the graph, of what `Loss` accepts."""
    known = known_losses()
    if what in known:
        return what, parse(known[what])
    if what.endswith(".loss"):
        text = read_loss_file(Path(what))
        try:
            return Path(what).stem, parse(text)
        except LossError as error:
            raise LossError(f"{quoted(what)}: {error}") from None
    if named := of_run(what):
        return what, _graph_of_run(*named)
    is_word = "@" in what and "(" not in what and "\n" not in what  # no formula does without a bracket
    if NAME.fullmatch(what) or not what.strip() or is_path(what) or is_word:
        if is_run(what):
            word = as_word(what)
            raise LossError(
                f"{quoted(what)} is a run, not a loss; type {word}@best, or {word}@HASH as in `rlsearch top {word}`"
            )
        raise LossError(
            f"unknown loss {quoted(what)}{did_you_mean(what, known)}; "
            "a loss is also a .loss file, an expression in quotes, RUN@HASH or RUN@best"
        )
    return "loss", parse(what)


def of_run(what: str) -> tuple[str, str] | None:
    """The run and the loss in it of what is written `RUN@LOSS`; None for what else `Loss` accepts.

    A path may hold an @ as well, and what there is comes before what there might be.
    """
    run, at, name = what.rpartition("@")
    if not at or what.endswith(".loss") or is_run(what):
        return None
    is_word = "(" not in what and "\n" not in what and OF_RUN.fullmatch(name)
    return (run, name) if is_run(run) or is_word else None


def _graph_of_run(run: str, name: str) -> Graph:
    from rlsearch.analysis.lookup import resolve_hash
    from rlsearch.runs.run import open_run  # heavy: scipy and pydantic, 1 s

    if not name:
        raise RunError(f"{quoted(run + '@')} names no loss; type RUN@best, or a hash as in `rlsearch top RUN`")
    with open_run(run_folder(run)) as (journal, space, _):
        return resolve_hash(journal, space, name)
