"""How a worker process begins, on whatever machine: on one core, with everything loaded that a trial runs."""

from rlsearch.registry import packs, use_only
from rlsearch.registry.pack import make_pack

GivenPacks = tuple[tuple[str, str, str], ...]  # name, source and place of each op pack


def given_packs() -> GivenPacks:
    """The op packs that this process uses, for its workers."""
    return tuple((pack.name, pack.source, pack.where) for pack in packs())


def begin(given: GivenPacks) -> None:
    """Prepare this process for trials."""
    # Heavy (2 s), and wanted by workers only.
    import torch

    from rlsearch.compile.kernels import load_kernels
    from rlsearch.train.replay import trainer  # noqa: F401  (its import loads the trainer's machine code)

    torch.set_num_threads(1)
    use_only(())  # what the environment names may be another file by now
    use_only([make_pack(*pack) for pack in given])
    load_kernels()
