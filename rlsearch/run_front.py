"""Losses that a search starts from: any that `Loss` accepts, and what another run has found."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from rlsearch.errors import RunError
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.text import print_graph
from rlsearch.loss import Loss
from rlsearch.registry import known_losses
from rlsearch.runs.folders import is_run, run_folder

COMPUTED = ("torch", "numpy", "partials", "forward", "backward")  # facets on which a training hangs


class Starts(NamedTuple):
    """Losses to start from.

    Attributes:
        texts: of each loss.
        origins: of each where it is from, `RUN@KEY`; "" where it was named or written itself.
    """

    texts: tuple[str, ...]
    origins: tuple[str, ...]

    def said(self) -> str:
        """A line that says which losses of other runs they are; "" if there are none."""
        named = [f"{run}@{key[:8]}" for run, _, key in (origin.rpartition("@") for origin in self.origins) if run]
        return f"starting from {len(named)} loss{'es' * (len(named) > 1)} of other runs: {', '.join(named)}" if named else ""


def starts(given: Iterable[str | Path | Loss]) -> Starts:
    """The losses to start from; a run stands for its pick and its front.

    Raises:
        LossError: something is no loss and no run.
        RunError: a run cannot be read, has not come to its end, or its ops are others now.
    """
    found: dict[str, str] = {}  # origin by text: a loss that two give is one start
    for one in given:
        if isinstance(one, Loss) or str(one) in known_losses() or not is_run(str(one)):
            found.setdefault((one if isinstance(one, Loss) else Loss(one)).text, "")
        else:
            for text, origin in _front(str(one)).items():
                found.setdefault(text, origin)
    return Starts(tuple(found), tuple(found.values()))


def _front(run: str) -> dict[str, str]:
    """The texts of a run's pick and of its Pareto front, the pick first, then small to large, and where each is from."""
    from rlsearch.analysis.ranking import ranking  # heavy: scipy and pydantic, 1 s
    from rlsearch.runs.compatibility import changed_ops
    from rlsearch.runs.run import open_run

    folder = run_folder(run)
    with open_run(folder) as (journal, space, _):
        metadata = journal.metadata()
        if not metadata["finished"]:
            raise RunError(
                f"the run in '{folder}' has not come to its end, so its front is not known; type `rlsearch resume {folder}` "
                f"first, or name losses of it, as in --from {folder}@HASH"
            )
        changed = [said for said in changed_ops(space, metadata) if said.split(" ")[0].split(".")[2].split("[")[0] in COMPUTED]
        if changed:
            raise RunError(
                f"the run in '{folder}' was made with other ops than are in use: {'; '.join(changed)}; use those again"
            )
        found = ranking(journal, space)
        classes = {entry.index: entry.key for entry in ([found.pick] if found.pick else []) + [*found.front]}
        genomes = {row.index: row.genome for row in journal.proposals() if row.index in classes}
    if not classes:
        raise RunError(f"the run in '{folder}' has trained nothing, so it has no front; name other losses to start from")
    # As they were proposed: a canonical form may hold ops that the run's space does not list.
    return {print_graph(parse_genome(genomes[index]).graph()): f"{folder}@{key}" for index, key in classes.items()}
