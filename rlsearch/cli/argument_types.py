"""Types of arguments, one for each kind, so that shells complete them: known names, files of a kind, lists.

Whatever is typed is passed on; commands say themselves what is wrong with it. Each source of names imports what it needs, so
that a completion pays for nothing else.
"""

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rlsearch.cli.formula_argument import MINUS
from rlsearch.errors import RlsearchError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Source = Callable[[], Mapping[str, str]]  # names, each with a word about it


class Names(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.3
    """Names from some sources, paths of files with some suffixes, or a list of such, by commas."""

    def __init__(self, name: str, *sources: Source, files: tuple[str, ...] = (), folders: bool = False, many: bool = False):
        self.name, self.sources, self.files, self.folders, self.many = name, sources, files, folders, many

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> "list[CompletionItem[Any]]":
        """The completions of what was typed; without any, the shell's own completion of paths."""
        from click.shell_completion import CompletionItem  # wanted by shells only

        before, typed = _split_list(incomplete) if self.many else ("", incomplete)
        found = {name: word for name, word in self._offered(typed) if name.startswith(typed)}
        given = before.split(",")
        items = [CompletionItem(before + name, help=word or None) for name, word in found.items() if name not in given]
        if not items and (self.files or self.folders):
            items = [CompletionItem(incomplete, type="file" if self.files else "dir")]
        return items

    def _offered(self, typed: str) -> Iterator[tuple[str, str]]:
        """The names, then files; names with a slash only once one was typed."""
        for source in self.sources:
            try:
                names = source()
            except (RlsearchError, OSError):  # an op pack that is broken, a folder that may not be read
                continue
            yield from ((name, word) for name, word in names.items() if "/" in typed or "/" not in name)
        if self.files:
            yield from ((path, "") for path in _files(typed, self.files))


class LossNames(Names):
    """Names where formulas are allowed as well, which may begin with a minus."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Take off the blank that `FormulaCommand` has put before a minus."""
        return value.removeprefix(" ") if isinstance(value, str) and MINUS.match(value, 1) else value


def _split_list(incomplete: str) -> tuple[str, str]:
    """A list up to its last comma, and what follows; commas inside brackets are settings."""
    entries = re.split(r",(?![^()]*\))", incomplete)
    return "".join(f"{entry}," for entry in entries[:-1]), entries[-1]


def _files(typed: str, suffixes: tuple[str, ...]) -> list[str]:
    """The files of a kind in the folder that is typed; those whose names need quotes are left to the shell."""
    folder = typed[: typed.rfind("/") + 1]
    try:
        names = sorted(entry.name for entry in os.scandir(folder or ".") if entry.name.endswith(suffixes))
    except OSError:
        return []
    hidden = typed[len(folder) :].startswith(".")
    paths = [folder + name for name in names if hidden or not name.startswith(".")]
    return [path for path in paths if shlex.quote(path) == path]


def _spaces() -> dict[str, str]:
    from rlsearch.registry import comments, shipped_spaces

    return {name: _first_sentence(comments(entry.read_text(encoding="utf-8"))) for name, entry in shipped_spaces().items()}


def _losses() -> dict[str, str]:
    from rlsearch.registry import comments, known_losses

    return {name: _first_sentence(comments(text)) for name, text in known_losses().items()}


def _presets() -> dict[str, str]:
    from rlsearch.registry import agent_presets, comments

    return {name: _first_sentence(comments(text)) for name, text in agent_presets().items()}


def _first_sentence(text: str) -> str:
    """The first sentence of a text."""
    return text.partition(". ")[0]


def _ops() -> dict[str, str]:
    from rlsearch.registry import families, operations

    found = {family: "family: " + ", ".join(op.name for op in ops) for family, ops in families().items()}
    return found | {op.name: op.doc for op in operations().values()}


def _environments() -> dict[str, str]:
    from rlsearch.envs.catalogue import environments

    return {name: card.doc for name, card in environments().items()}


def _runs() -> dict[str, str]:
    """Runs by their names and by their paths."""
    from rlsearch.runs.folders import RUNS

    names = sorted(folder.name for folder in RUNS.iterdir() if folder.is_dir())
    named = [name for name in names if shlex.quote(name) == name]
    return {str(Path(place, name)): "run" for place in ("", RUNS) for name in named}


def _bests() -> dict[str, str]:
    return {f"{run}@best": "the run's answer" for run in _runs()}


SPACE = Names("space", _spaces, files=(".yaml", ".yml"))
SHIPPED_SPACE = Names("space", _spaces)
LOSS = LossNames("loss", _losses, _bests, files=(".loss",))
RUN = Names("run", _runs, folders=True)
RUN_OR_LOSS = LossNames("run or loss", _runs, _losses, _bests, files=(".loss",))
PACK = Names("pack", files=(".py",))
ANYTHING = LossNames("thing", _spaces, _losses, _environments, _runs, _bests, files=(".yaml", ".yml", ".loss", ".py"))
OP = Names("op", _ops)
ENVIRONMENT = Names("environment", _environments)
ENVIRONMENTS = Names("environments", _environments, many=True)
PRESET = Names("preset", _presets)
