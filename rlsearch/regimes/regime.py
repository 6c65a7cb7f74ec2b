"""The record of a regime: the inputs, heads, networks and views of its losses, from which everything else derives.

A regime says what a loss may read (inputs), what networks predict (heads), which network meets which state (views), and how
all of it is drawn for a probe. It is data and samplers: lowering, trainer and notes in words belong to their own rooms.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from rlsearch.op import Axis, Type

if TYPE_CHECKING:  # listing what there is shall not wait for NumPy
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class Sizes(NamedTuple):
    """The size of each axis."""

    actions: int
    predictions: int = 0

    def along(self, axis: Axis) -> int:
        """The size of one axis."""
        return self.actions if axis is Axis.ACTIONS else self.predictions

    def width(self, kind: Type) -> int:
        """The number of numbers that a value of this type holds for each sample."""
        return 1 if kind.axis is None else self.along(kind.axis)


class View(NamedTuple):
    """A head applied to a network and a state: one output of a network, such as Q of the target network at s_next."""

    head: str
    network: str
    state: str

    @property
    def name(self) -> str:
        """The name of the argument that holds the view: `q_online_s`."""
        return "_".join(self)

    @property
    def text(self) -> str:
        """The view's text form: `q(online, s)`."""
        return f"{self.head}({self.network}, {self.state})"


@dataclass(frozen=True)
class Draw:
    """The arguments of a sampler.

    Attributes:
        rng: the stream, in which every input has its turn.
        sizes: of the axes.
        scale: `[batches, 1]`, which values and rewards of each batch have.
        shape: `[batches, B]`, of what is drawn.
        drawn: what was drawn before, by name.
    """

    rng: "np.random.Generator"
    sizes: Sizes
    scale: "Array"
    shape: tuple[int, int]
    drawn: "Mapping[str, Array]"

    @property
    def terminal(self) -> int:
        """The number of terminal transitions in each batch, an eighth; they come first."""
        return -(-self.shape[1] // 8)


Sampler = Callable[[Draw], "Array"]


@dataclass(frozen=True, kw_only=True)
class Input:
    """One name that a loss may read.

    Attributes:
        name: as the text form has it.
        type: of its value.
        doc: one sentence.
        latex: its symbol in formulas.
        plain: the same in plain characters.
        mark: of a network: what formulas in plain characters set after a head's letter, `⁻` for Q⁻; "" for the one that learns.
        short: a few words, of networks and states.
        legend: of a network: what is said of it under a formula that shows several.
        trained: of a network: whether it is the one that learns. Gradient reaches no other.
        sampler: draws `[batches, B]` numbers for a probe, `[width, batches, B]` along an axis; None of networks, states, sizes.
        example: PyTorch that makes one for a batch of 8 with 3 actions.
        on_demand: stored or computed by the trainer only for losses that read it.
        size_of: the axis whose size it is, if it is one.
        tape: the first tape that may read it, by index into `Regime.tapes`.
        explained: whether its symbol needs a word where a formula is shown.
    """

    name: str
    type: Type
    doc: str
    latex: str
    plain: str
    mark: str = ""
    short: str = ""
    legend: str = ""
    trained: bool = False
    sampler: Sampler | None = None
    example: str = "torch.rand(8)"
    on_demand: bool = False
    size_of: Axis | None = None
    tape: int = 0
    explained: bool = False


class Head(NamedTuple):
    """An output of a network: the op that reads it in a loss, the type of its value (so how wide it is), a few words."""

    op: str
    type: Type
    short: str


class FieldName(NamedTuple):
    """A name that the field has for an op of certain arguments: `q_sa` for select(q_online_s, a).

    `args` holds for each argument what it must be called, alternatives parted by `|`, or one of the words below.
    """

    name: str
    op: str
    args: tuple[str, ...]


# What an argument may be instead of having a name.
ANYTHING = "*"
WITH_REWARD = "+reward"  # the reward, or a sum that holds it
DISCOUNTED = "*discount"  # a product with the discount
DETACHED = "no gradient"


class Term(NamedTuple):
    """A possible term of a target: its symbol, and its text form."""

    symbol: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Regime:
    """The signature of a family of losses: everything that they may read.

    Attributes:
        name: as a search space's `regime` has it.
        doc: one sentence.
        inputs: by name. Compiled losses take what has a sampler in this order, also in files that were exported once: what
            is new comes last. A name that another regime has too means the same there.
        heads: what networks predict, by the op's name.
        views: every view that a loss may read, in the order in which compiled losses take them.
        draws: names of the inputs that have samplers, in the order in which a probe draws them: part of the identity of losses.
        reward, discount: inputs by what they are in the Bellman equation; "" if there is none.
        tapes: the parts that a loss is cut into, by when they run: what reads inputs of an earlier tape alone is computed
            there, once.
        names: the field's names for parts of a loss, the first that fits.
        letters: the letters that stand for some of these in formulas.
        estimate: text of what most losses move towards a target; "" where nothing is said of targets.
        terms: what such a target may be made of.
    """

    name: str
    doc: str
    inputs: Mapping[str, Input]
    heads: Mapping[str, Head]
    views: tuple[View, ...]
    draws: tuple[str, ...]
    reward: str = ""
    discount: str = ""
    tapes: tuple[str, ...] = ("loss",)
    names: tuple[FieldName, ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict)
    estimate: str = ""
    terms: Mapping[str, Term] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the inputs that are numbers of a sample, in the order in which compiled losses take them."""
        return tuple(name for name, given in self.inputs.items() if given.sampler is not None)

    @cached_property
    def networks(self) -> tuple[str, ...]:
        """Names of the networks."""
        return tuple(name for name, given in self.inputs.items() if given.type is Type.NETWORK)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Names of the states."""
        return tuple(name for name, given in self.inputs.items() if given.type is Type.STATE)

    @cached_property
    def trained(self) -> str:
        """The name of the network that learns."""
        return next(name for name in self.networks if self.inputs[name].trained)

    @cached_property
    def trained_views(self) -> tuple[View, ...]:
        """The views of the network that learns: all that gradient reaches."""
        return tuple(view for view in self.views if view.network == self.trained)

    def type_of(self, view: View) -> Type:
        """Type of a view's value."""
        return self.heads[view.head].type


@dataclass(frozen=True, eq=False)
class Batch:
    """The values of everything that losses of a regime may read, for some samples.

    Attributes:
        regime: whose views and inputs these are.
        sizes: of the axes.
        views: float64 `[width, ..., B]` for each view.
        inputs: float64 `[..., B]` for each column, `[width, ..., B]` for one that stands along an axis.
    """

    regime: Regime
    sizes: Sizes
    views: "Mapping[View, Array]"
    inputs: "Mapping[str, Array]"

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a number of each sample, `(..., B)`."""
        return next(iter(self.views.values())).shape[1:]

    def only(self, index: int) -> "Batch":
        """One of several batches: views `[width, B]`, inputs `[B]` or `[width, B]`."""
        views = {view: values[:, index] for view, values in self.views.items()}
        inputs = {name: values[..., index, :] for name, values in self.inputs.items()}
        return Batch(self.regime, self.sizes, views, inputs)


def by_name(*inputs: Input) -> dict[str, Input]:
    """Inputs by their names, in order."""
    return {given.name: given for given in inputs}


def by_op(*heads: Head) -> dict[str, Head]:
    """Heads by their ops' names, in order."""
    return {head.op: head for head in heads}
