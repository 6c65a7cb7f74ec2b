"""Heads: what networks predict, and the views in which a loss reads it."""

from typing import NamedTuple

from rlsearch.op import Type


class Head(NamedTuple):
    """An output of a network: the op that reads it in a loss, the type of its value (so how wide it is), a few words."""

    op: str
    type: Type
    short: str


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


def by_op(*heads: Head) -> dict[str, Head]:
    """Heads by their ops' names, in order."""
    return {head.op: head for head in heads}
