"""A space as YAML again, with everything that it left to defaults, presets and families."""

from rlsearch.space.dumper import dump
from rlsearch.space.load import Space

SPACE = "space.yaml"  # a run's copy of the space as it was written


def resolved_yaml(space: Space, width: int = 120) -> str:
    """YAML that reads back to the same search, whatever becomes of defaults and presets; in lines of about `width` letters."""
    return dump(space.written(), width)
