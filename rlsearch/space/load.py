"""From a YAML file to a Space: every problem of the file in one message, each with its line and what to type."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path as File
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from rlsearch.errors import RlsearchError, SpaceError, did_you_mean, quoted
from rlsearch.evolve.grammar import Grammar
from rlsearch.graph.genome import Genome
from rlsearch.registry import families, known_losses, operations, shipped_spaces
from rlsearch.registry.text_file import read_text
from rlsearch.space.given import read_given
from rlsearch.space.model import Enumerate, SpaceModel
from rlsearch.space.presets import resolve_agent
from rlsearch.space.reading import Problem, read_yaml
from rlsearch.space.starts import read_starts
from rlsearch.space.wording import message, problems_of
from rlsearch.train.replay.agent import Agent

MAX_BYTES = 100_000
ENUMERATED_OPS = 3  # `start: enumerate` and `--strategy enumerate`, where no number is given

T = TypeVar("T")


@dataclass(frozen=True)
class Space:
    """A search space, checked and resolved.

    Attributes:
        name: file stem, for folders and titles.
        text: the YAML as written.
        model: every key with its value.
        grammar: what genomes may be made of.
        agent: what is trained.
        starts: genomes of the losses named in `start`.
        start_texts: their texts by name.
        enumerate_ops: enumerate expressions of up to so many ops first; 0 for none.
        baselines: text of each known loss shown beside the result.
    """

    name: str
    text: str
    model: SpaceModel
    grammar: Grammar
    agent: Agent
    starts: tuple[Genome, ...]
    start_texts: dict[str, str]
    enumerate_ops: int
    baselines: dict[str, str]

    def written(self) -> dict[str, Any]:
        """Every key with its value, defaults, presets and families resolved: a YAML of it reads back to the same search."""
        plain = self.model.model_dump(mode="json", by_alias=True, exclude_none=True)
        return plain | {"ops": list(self.grammar.ops), "agent": to_jsonable_python(self.agent)}

    def resolved(self) -> dict[str, Any]:
        """What was read elsewhere than in the text, so that a run can be read where files and presets have changed."""
        return {"agent": asdict(self.agent), "losses": self.baselines | self.start_texts}


def load_space(where: str) -> Space:
    """Read a space by file or by shipped name.

    Raises:
        SpaceError: with one line for each problem.
    """
    shipped = shipped_spaces()
    if where in shipped:
        return parse_space(shipped[where].read_text(encoding="utf-8"), where)
    path = File(where)
    try:
        if path.is_dir():
            raise SpaceError(f"{quoted(where)} is a folder; type a YAML file or one of: {', '.join(shipped)}")
        if not path.exists():
            raise SpaceError(f"no search space {quoted(where)}{did_you_mean(where, shipped)} or the path of a YAML file")
    except OSError as error:
        raise SpaceError(f"{quoted(where)} cannot be read: {error.strerror}") from None
    return parse_space(read_text(path, "a search space", MAX_BYTES, SpaceError), path.stem, where)


def parse_space(text: str, name: str, where: str = "", resolved: Mapping[str, Any] = MappingProxyType({})) -> Space:
    """Read a space from its YAML text; see `load_space`.

    Args:
        text: the YAML.
        name: of the space.
        where: the file, for messages; its name if not given.
        resolved: what `Space.resolved` gave when the text was read before; it stands in for today's files and presets.
    """
    reading = read_yaml(text)
    if reading.values is None:
        raise SpaceError(message(reading.problems, where or name))
    values, found = reading.values, list[Problem]()

    def attempt(make: Callable[[], T], *path: str) -> T | None:
        """What is made; or nothing, where an error is found in what stands below a path."""
        try:
            return make()
        except (ValidationError, RlsearchError) as error:
            found.extend(problems_of(error, reading.lines, path))
            return None

    model = attempt(lambda: SpaceModel.model_validate(values))
    given, wrong = read_given(values.get("given"), values.get("inputs"))
    found += [Problem(reading.line(("given",), line), ("given",), said) for line, said in wrong]
    agent = attempt(lambda: resolve_agent(resolved.get("agent", values.get("agent", "fast"))), "agent")
    losses = {**known_losses(), **resolved.get("losses", {})}
    starts = attempt(lambda: read_starts(values.get("start"), losses), "start")
    if reading.problems or model is None or agent is None or starts is None or wrong:
        raise SpaceError(message([*reading.problems, *filter(reading.knows, found)], where or name))
    texts, genomes = starts
    ops = tuple(dict.fromkeys(op for word in model.ops for op in _ops_of(word)))
    grammar = Grammar(model.inputs, given, model.freeze_given, model.free_nodes, ops, model.constants)
    enumerate_ops = model.start.enumerate if isinstance(model.start, Enumerate) else 0
    if model.start == "enumerate":
        enumerate_ops = ENUMERATED_OPS
    baselines = {baseline: losses[baseline] for baseline in model.baselines}
    return Space(name, text, model, grammar, agent, genomes, texts, enumerate_ops, baselines)


def _ops_of(word: str) -> tuple[str, ...]:
    """Ops named by a family or by themselves; a name that is both means the op."""
    if word in operations():
        return (word,)
    return tuple(op.name for op in families()[word])
