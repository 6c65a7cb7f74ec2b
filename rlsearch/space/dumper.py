"""Values as YAML for people: texts of several lines as blocks, innermost lists and mappings on one line."""

from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """A dumper with our own style for texts."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def dump(values: Any, width: int = 120) -> str:
    """The YAML of values, in their order, in lines of about `width` letters."""
    return yaml.dump(values, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=width)
