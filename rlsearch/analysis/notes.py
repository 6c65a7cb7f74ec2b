"""Notes on how a run checked its own classes: forms that left one, and members that were trained beside the pick."""

from collections.abc import Mapping, Sequence

from rlsearch.evaluation.twins import Twin
from rlsearch.evolve.split import Split

LISTED = 3  # splits that are told one by one


def guard_notes(pick: int | None, forms: Mapping[int, int], splits: Sequence[Split], twins: Sequence[Twin]) -> tuple[str, ...]:
    """Sentences on the checks of a run.

    Args:
        pick: its class.
        forms: how many each class has, its own included.
        splits: of the whole run.
        twins: members that were trained beside their class's own form.
    """
    left = {split.member for split in splits}
    trained = len({twin.member for twin in twins if twin.class_index == pick} - left)
    of_pick = (_of_twins(trained, forms[pick] - 1),) if pick is not None and trained else ()
    return (*of_pick, *((_of_splits(splits),) if splits else ()))


def _of_twins(trained: int, others: int) -> str:
    was = "was" if trained == 1 else "were"
    return (
        f"{trained} of the {others:,} other ways in which the search wrote the pick {was} trained beside it, each once from "
        "the same seed: the same weights."
    )


def _of_splits(splits: Sequence[Split]) -> str:
    told = "; ".join(split.words for split in splits[:LISTED])
    more = f"; and {len(splits) - LISTED:,} more" if len(splits) > LISTED else ""
    left = "form that was called equivalent was" if len(splits) == 1 else "forms that were called equivalent were"
    return f"{len(splits):,} {left} found to train differently: {told}{more}."
