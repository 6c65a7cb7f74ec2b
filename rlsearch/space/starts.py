"""Losses that a space names: known ones, and files."""

from collections.abc import Mapping
from pathlib import Path as File

from rlsearch.errors import LossError, Path, SpaceError, did_you_mean, quoted
from rlsearch.graph.genome import Genome, genome_of
from rlsearch.graph.loss_file import read_loss_file
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses


def read_starts(words: object, losses: Mapping[str, str]) -> tuple[dict[str, str], tuple[Genome, ...]]:
    """Text by name, and genome, of each loss in a list; none of a value that is no list.

    Args:
        words: the names, and paths of `.loss` files.
        losses: text of those known by name.

    Raises:
        SpaceError: naming each that is no loss.
    """
    texts, genomes, wrong = dict[str, str](), list[Genome](), list[tuple[Path, str]]()
    for index, word in enumerate(words if isinstance(words, list) else ()):
        if not isinstance(word, str) or word in texts:
            continue  # the model's to refuse
        try:
            text = losses[word] if word in losses else loss_text(word)
        except LossError as error:
            wrong.append(((index,), str(error)))
            continue
        try:
            genomes.append(genome_of(parse(text)))
            texts[word] = text
        except LossError as error:
            wrong.append(((index,), f"{quoted(word)}: {error}"))
    if wrong:
        raise SpaceError.of(wrong)
    return texts, tuple(genomes)


def loss_text(name: str) -> str:
    """Text of a known loss, or of a `.loss` file.

    Raises:
        LossError: there is neither.
    """
    losses = known_losses()
    if name in losses:
        return losses[name]
    if name.endswith(".loss"):
        return read_loss_file(File(name))
    raise LossError(f"unknown loss {quoted(name)}{did_you_mean(name, losses)} or the path of a .loss file")
