"""Figures of a release, kept in a file, and their comparison with figures measured now."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlsearch.bench.figure import Figure
from rlsearch.errors import RlsearchError, quoted
from rlsearch.provenance.stamp import cpu_model, versions
from rlsearch.registry.text_file import read_text

MAX_BYTES = 1_000_000
KIND = "a document of `rlsearch bench --json`"


@dataclass(frozen=True)
class Kept:
    """The contents of a file of figures.

    Attributes:
        machine: where they were measured; see `rlsearch.bench.figure.machine`.
        figures: value and unit by name.
    """

    machine: str
    figures: Mapping[str, tuple[float, str]]

    def ratio(self, figure: Figure) -> float | None:
        """The ratio of a figure to the kept one; None if none was kept, or one in another unit."""
        value, unit = self.figures.get(figure.name, (math.nan, ""))
        return figure.value / value if unit == figure.unit else None


def read_kept(path: Path, names: Sequence[str], schema: int) -> Kept:
    """Read figures that were kept.

    Args:
        path: of the file.
        names: of the figures that are to be compared, of which it must hold one.
        schema: of the documents that this version writes.

    Raises:
        RlsearchError: the file cannot be read, is something else, of another schema, or holds none of these figures.
    """
    shown = quoted(str(path))
    text = read_text(path, KIND, MAX_BYTES, RlsearchError)
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise RlsearchError(f"{shown} is not JSON; type the path of {KIND}") from None
    if not isinstance(document, dict) or "schema" not in document:
        raise RlsearchError(f"{shown} has no schema; type the path of {KIND}")
    if document["schema"] != schema:
        met = quoted(str(document["schema"]))
        raise RlsearchError(f"{shown} is of schema {met}, not {schema}; measure it again: rlsearch bench --json")
    machine, entries = document.get("machine"), document.get("figures")
    if not isinstance(machine, str) or not isinstance(entries, dict):
        raise RlsearchError(f"{shown} holds no figures; type the path of {KIND}")
    kept = Kept(machine, {name: found for name, entry in entries.items() if (found := _value_and_unit(entry))})
    if not set(names) & set(kept.figures):
        held = ", ".join(kept.figures) or "nothing"
        raise RlsearchError(f"{shown} holds none of the figures {', '.join(names)}; it holds {held:.200}")
    return kept


def _value_and_unit(entry: Any) -> tuple[float, str] | None:
    """The value and unit of an entry; None unless it is a number above 0, as none could be compared with it."""
    value, unit = (entry.get("value"), entry.get("unit")) if isinstance(entry, dict) else (None, None)
    if not isinstance(value, int | float) or isinstance(value, bool) or not isinstance(unit, str):
        return None
    return (value, unit) if math.isfinite(value) and value > 0 else None


def file_name(version: str, cpu: str) -> str:
    """The name of the file of a release's figures: `0.1.0-intel-xeon-gold-6248.json`."""
    plain = re.sub(r"\((r|tm|c)\)|\bcpu\b|\bprocessor\b|@.*", " ", cpu.lower())
    return f"{version}-{re.sub('[^a-z0-9]+', '-', plain).strip('-') or 'unknown'}.json"


def file_name_here() -> str:
    """The name of the file for this version on this machine."""
    return file_name(versions()["rlsearch"], cpu_model())
