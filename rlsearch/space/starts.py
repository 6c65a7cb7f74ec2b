"""Losses that a space names: known ones, and files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rlsearch.errors import LossError, did_you_mean, quoted
from rlsearch.graph.genome import Genome, genome_of
from rlsearch.graph.loss_file import read_loss_file
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses


@dataclass(frozen=True)
class StartLoss:
    """A loss that a search starts from: its name or file, its text, and its genome."""

    name: str
    text: str
    genome: Genome


def read_start(name: str, losses: Mapping[str, str]) -> StartLoss:
    """Read a loss of `start`.

    Args:
        name: a name, or the path of a `.loss` file.
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
    """Text of a known loss, or of a `.loss` file.

    Raises:
        LossError: there is neither.
    """
    losses = known_losses()
    if name in losses:
        return losses[name]
    if name.endswith(".loss"):
        return read_loss_file(Path(name))
    raise LossError(f"unknown loss {quoted(name)}{did_you_mean(name, losses)} or the path of a .loss file")
