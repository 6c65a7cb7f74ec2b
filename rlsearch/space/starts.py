"""Losses that a space names: known ones, files, and expressions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rlsearch.errors import LossError, did_you_mean, quoted
from rlsearch.graph.genome import Genome, genome_of
from rlsearch.graph.loss_file import read_loss_file
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses

WORD = re.compile(r"[\w./~-]*")  # a name or a path, and no expression that could be a loss
OF_RUN = re.compile(r"[\w./~-]+@\w+")


@dataclass(frozen=True)
class StartLoss:
    """A loss that a search starts from: its name, file or expression, its text, and its genome."""

    name: str
    text: str
    genome: Genome


def read_start(name: str, losses: Mapping[str, str]) -> StartLoss:
    """Read a loss of `start`.

    Args:
        name: a name, the path of a `.loss` file, or an expression.
        losses: text of those known by name.

    Raises:
        LossError: it is no loss.
    """
    text = losses[name] if name in losses else loss_text(name)
    try:
        return StartLoss(name, text, genome_of(parse(text)))
    except LossError as error:
        raise LossError(f"{quoted(name)}: {error}") from None


def loss_text(name: str) -> str:
    """Text of a known loss, of a `.loss` file, or of what is no name but an expression.

    Raises:
        LossError: there is no such loss.
    """
    losses = known_losses()
    if name in losses:
        return losses[name]
    if name.endswith(".loss"):
        return read_loss_file(Path(name))
    if OF_RUN.fullmatch(name):
        raise LossError(f"{quoted(name)} is a loss of a run; give it with `--from`, or write its text")
    if not WORD.fullmatch(name):
        return name
    raise LossError(f"unknown loss {quoted(name)}{did_you_mean(name, losses)}, the path of a .loss file, or an expression")
