"""From a YAML file to a Space: every problem of the file in one message, each with its line and what to type."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path as File
from types import MappingProxyType
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from rlsearch.errors import Path, RlsearchError, SpaceError, did_you_mean, quoted, shown
from rlsearch.evolve.grammar import Grammar
from rlsearch.graph.genome import Genome
from rlsearch.registry import agent_presets, families, known_losses, operations, shipped_spaces
from rlsearch.registry.text_file import read_text
from rlsearch.space.given import read_given
from rlsearch.space.model import AGENT_KEYS, Confirm, Enumerate, Evolution, Rung, Score, SpaceModel
from rlsearch.space.reading import Problem, read_yaml
from rlsearch.space.starts import read_starts
from rlsearch.space.wording import listed, placed
from rlsearch.space.wording import problems as worded
from rlsearch.train.replay.agent import Agent, unfit

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

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """What every candidate climbs."""
        return self.model.rungs

    @property
    def score(self) -> Score:
        """How training runs become one number."""
        return self.model.score

    @property
    def confirm(self) -> Confirm:
        """The end of a search."""
        return self.model.confirm

    @property
    def evolution(self) -> Evolution:
        """How proposals are made."""
        return self.model.evolution

    def written(self) -> dict[str, Any]:
        """Every key with its value, defaults, presets and families resolved: a YAML of it reads back to the same search."""
        plain = self.model.model_dump(mode="json", by_alias=True, exclude_none=True)
        return plain | {"ops": list(self.grammar.ops), "agent": _listed(asdict(self.agent))}

    def resolved(self) -> dict[str, Any]:
        """What was read elsewhere than in the text, so that a run can be read where files and presets have changed."""
        return {"agent": asdict(self.agent), "losses": self.baselines | self.start_texts}


def _listed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


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
        raise SpaceError(listed(reading.problems, where or name))
    values, lines = reading.values, reading.lines

    found: list[Problem] = []

    def attempt(key: str, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except RlsearchError as error:
            found.extend(placed((key,), error, lines))
            return None

    model = None
    try:
        model = SpaceModel.model_validate(values)
    except ValidationError as error:
        found += worded(error, lines)
    given, wrong = read_given(values.get("given"), values.get("inputs"))
    first = reading.blocks.get(("given",))
    found += [Problem(first + line - 1 if first else lines[("given",)], ("given",), message) for line, message in wrong]
    agent = attempt("agent", lambda: resolve_agent(resolved.get("agent", values.get("agent", "fast"))))
    losses = {**known_losses(), **resolved.get("losses", {})}
    starts = attempt("start", lambda: read_starts(values.get("start"), losses))
    if reading.problems or model is None or agent is None or starts is None or wrong:
        raise SpaceError(listed([*reading.problems, *filter(reading.knows, found)], where or name))
    texts, genomes = starts
    ops = tuple(dict.fromkeys(op for word in model.ops for op in _ops_of(word)))
    grammar = Grammar(model.inputs, given, model.freeze_given, model.free_nodes, ops, model.constants)
    enumerate_ops = model.start.enumerate if isinstance(model.start, Enumerate) else 0
    if model.start == "enumerate":
        enumerate_ops = ENUMERATED_OPS
    baselines = {baseline: losses[baseline] for baseline in model.baselines}
    return Space(name, text, model, grammar, agent, genomes, texts, enumerate_ops, baselines)


def resolve_agent(value: object) -> Agent:
    """A preset's name, or a mapping of the agent's keys; `preset` among them names what the others change.

    Raises:
        SpaceError: naming each key that is unknown or wrong.
    """
    presets = agent_presets()
    if isinstance(value, str):
        value = {"preset": value}
    if not isinstance(value, dict):
        raise SpaceError(f"an agent is a preset's name or a mapping, not {shown(value)}; presets: {', '.join(presets)}")
    preset = value.get("preset", "fast")
    changed = {key: _number(each) for key, each in value.items() if key != "preset"}
    wrong: list[tuple[Path, str]] = []
    known = isinstance(preset, str) and preset in presets
    if not known:
        hint = did_you_mean(str(preset), presets)
        wrong.append((("preset",), f"unknown agent preset {quoted(str(preset))}{hint}"))
    for key in changed:
        if key not in AGENT_KEYS:
            wrong.append(((key,), f"unknown key {quoted(key)}{did_you_mean(key, (*AGENT_KEYS, 'preset'))}"))
    agent = {key: _number(each) for key, each in yaml.safe_load(presets[preset]).items()} if known else {}
    agent |= {key: each for key, each in changed.items() if key in AGENT_KEYS}
    wrong += [((key,), message) for key, message in unfit(agent).items()]
    if wrong:
        raise SpaceError.of(wrong)
    return Agent(**agent)


def _number(value: Any) -> Any:
    """Numbers that stand in quotes, such as "3e-4", and whole ones that are written as fractions, such as 1e4."""
    if isinstance(value, list):
        return tuple(_number(item) for item in value)
    if isinstance(value, bool) or not isinstance(value, float | str):
        return value
    try:
        return int(float(value)) if float(value).is_integer() else float(value)
    except ValueError:
        return value


def _ops_of(word: str) -> tuple[str, ...]:
    """Ops named by a family or by themselves; a name that is both means the op."""
    if word in operations():
        return (word,)
    return tuple(op.name for op in families()[word])
