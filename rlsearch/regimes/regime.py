"""The record of a regime: the inputs, heads, networks and views of its losses, from which everything else derives.

A regime says what a loss may read (inputs), what networks predict (heads), which network meets which state (views), and how
all of it is drawn for a probe. It is data and samplers: lowering, trainer and notes in words belong to their own rooms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rlsearch.op import Spelling, Type
from rlsearch.regimes.heads import Head, View
from rlsearch.regimes.inputs import Input
from rlsearch.regimes.names import FieldName, Term


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
        spellings: what others write for what its losses read.
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
    spellings: tuple[Spelling, ...] = ()

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
