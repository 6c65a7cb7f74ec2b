"""The data files that are shipped: known losses, search spaces, agent presets. They lie beside `rlsearch`."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "search_spaces"
# Of each regime, the known loss by which others are measured.
REFERENCE_LOSSES = {"replay": "dqn"}


def _data(folder: str, suffix: str) -> dict[str, Path]:
    entries = (entry for entry in (FOLDER / folder).iterdir() if entry.name.endswith(suffix))
    return {entry.name.removesuffix(suffix): entry for entry in sorted(entries, key=lambda entry: entry.name)}


def known_losses() -> dict[str, str]:
    """The text of every shipped loss, by name."""
    return {name: entry.read_text(encoding="utf-8") for name, entry in _data("losses", ".loss").items()}


def reference_loss(regime: str) -> str:
    """The text of the known loss by which losses of a regime are measured; it trains whatever its trainer trains."""
    return known_losses()[REFERENCE_LOSSES[regime]]


def shipped_spaces() -> dict[str, Path]:
    """Shipped search spaces, by name."""
    return _data("", ".yaml")


def agent_presets() -> dict[str, str]:
    """The YAML text of every agent preset, by name."""
    return {name: entry.read_text(encoding="utf-8") for name, entry in _data("agents", ".yaml").items()}


def comments(text: str) -> str:
    """The comment lines at the top of a file, joined: a data file's own description."""
    lines = [line.removeprefix("#").strip() for line in text.splitlines()]
    heads = [line.startswith("#") for line in text.splitlines()]
    end = heads.index(False) if False in heads else len(heads)
    return " ".join(lines[:end])
