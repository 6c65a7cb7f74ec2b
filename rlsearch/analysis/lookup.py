"""Lookup of a loss by its name within a run: `best`, or the beginning of a hash."""

from rlsearch.analysis.ranking import ranking
from rlsearch.errors import RunError, as_word
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.graph import Graph
from rlsearch.simplify.canonical import canonical
from rlsearch.simplify.tidy import tidy
from rlsearch.space.load import Space
from rlsearch.store.journal import Journal


def resolve_hash(journal: Journal, space: Space, name: str) -> Graph:
    """Find the loss of `RUN@name`.

    Args:
        name: `best`, or the first letters of a key.

    Raises:
        RunError: nothing, or more than one thing, has that name.
    """
    folder, name = as_word(journal.folder), name.lower()
    if name == "best":
        answer = ranking(journal, space).pick
        if answer is None:
            raise RunError(f"the run in '{journal.folder}' has trained nothing yet; type `rlsearch resume {folder}`")
        return answer.graph
    found = {row.key: row.genome for row in reversed(list(journal.proposals())) if row.key.startswith(name)}
    if len(found) != 1:
        what = "no loss" if not found else f"{len(found)} losses ({', '.join(sorted(found)[:3])}, ...)"
        raise RunError(f"{what} in '{journal.folder}' begins with '{name}'; see `rlsearch top {folder}` for hashes")
    return tidy(canonical(parse_genome(next(iter(found.values()))).graph()))
