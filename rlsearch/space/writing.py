"""A space as YAML again, with everything that it left to defaults, presets and families."""

import yaml

from rlsearch.space.load import Space

SPACE = "space.yaml"  # a run's copy of the space as it was written


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, innermost lists and mappings on one line."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def resolved_yaml(space: Space, width: int = 120) -> str:
    """YAML that reads back to the same search, whatever becomes of defaults and presets; in lines of about `width` letters."""
    return yaml.dump(space.written(), Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=width)
