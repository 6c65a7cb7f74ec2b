"""Agents as a space names them: a preset, or a preset with changes."""

from dataclasses import fields
from typing import Any

import yaml

from rlsearch.errors import Path, SpaceError, did_you_mean, quoted, shown
from rlsearch.registry import agent_presets
from rlsearch.train.replay.agent import Agent


def resolve_agent(value: object) -> Agent:
    """The agent of a preset's name, or of a mapping of the agent's keys; `preset` in it names what the others change.

    Raises:
        SpaceError: naming each key that is unknown or wrong.
    """
    presets, names = agent_presets(), [field.name for field in fields(Agent)]
    if isinstance(value, str):
        value = {"preset": value}
    if not isinstance(value, dict):
        raise SpaceError(f"an agent is a preset's name or a mapping, not {shown(value)}; presets: {', '.join(presets)}")
    found: list[tuple[Path, str]] = []
    preset = value.get("preset", "fast")
    known = isinstance(preset, str) and preset in presets
    if not known:
        found.append((("preset",), f"unknown agent preset {quoted(str(preset))}{did_you_mean(str(preset), presets)}"))
    settings = yaml.safe_load(presets[preset]) if known else {}
    for key, each in value.items():
        if key in names:
            settings[key] = each
        elif key != "preset":
            found.append(((key,), f"unknown key {quoted(key)}{did_you_mean(key, (*names, 'preset'))}"))
    try:
        agent = Agent(**{key: _number(each) for key, each in settings.items()})
    except SpaceError as error:  # keys that an unknown preset would have given are not missed
        found += [(path, words) for path, words in error.found if known or path[0] in settings]
    if found:
        raise SpaceError.of(found)
    return agent


def _number(value: Any) -> Any:
    """The number for a text such as "3e-4", a whole one for a fraction such as 1e4; anything else as it is."""
    if isinstance(value, list):
        return tuple(_number(item) for item in value)
    if isinstance(value, bool) or not isinstance(value, float | str):
        return value
    try:
        return int(float(value)) if float(value).is_integer() else float(value)
    except ValueError:
        return value
