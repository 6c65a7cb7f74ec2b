"""From a YAML file to a Space: every problem of the file in one message, each with its line and what to type."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from rlsearch.errors import LossError, RlsearchError, SpaceError, did_you_mean, quoted
from rlsearch.evolve.grammar import Grammar
from rlsearch.graph.genome import Genome, Line, genome_of, parse_lines
from rlsearch.graph.inputs import INPUTS
from rlsearch.graph.text import parse
from rlsearch.registry import agent_presets, families, known_losses, operations, shipped_spaces
from rlsearch.space.model import AGENT_KEYS, Enumerate, SpaceModel, whole
from rlsearch.space.reading import read_yaml
from rlsearch.space.wording import problems as worded
from rlsearch.train.agent import Agent

MAX_BYTES = 1_000_000
ENUMERATED_OPS = 3  # `start: enumerate` and `--strategy enumerate`, where no number is given

OURS = re.compile(r"loss|[ne]\d+|inserted|graft_.*|start\d+")  # names that draws and mutations give to lines

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
    path = Path(where)
    try:
        if path.is_dir():
            raise SpaceError(f"'{where}' is a folder; type a YAML file or one of: {', '.join(shipped)}")
        if not path.is_file():
            raise SpaceError(f"no search space {quoted(where)}{did_you_mean(where, shipped)} or the path of a YAML file")
        if path.stat().st_size > MAX_BYTES:
            raise SpaceError(f"'{where}' has {path.stat().st_size:,} bytes; a search space has at most {MAX_BYTES:,}")
        return parse_space(path.read_text(encoding="utf-8-sig"), path.stem, where)
    except UnicodeDecodeError as error:
        raise SpaceError(f"'{where}' is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise SpaceError(f"{quoted(where)} cannot be read: {error.strerror}") from None


def parse_space(text: str, name: str, where: str = "", resolved: Mapping[str, Any] = MappingProxyType({})) -> Space:
    """Read a space from its YAML text; see `load_space`.

    Args:
        name: of the space.
        where: the file, for messages; its name if not given.
        resolved: what `Space.resolved` gave when the text was read before; it stands in for today's files and presets.
    """
    values, lines = read_yaml(text, where or name)
    problems: list[tuple[int, str]] = []

    def attempt(key: str, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except RlsearchError as error:
            problems.append((lines.get((key,), 1), f"{key}: {str(error).removeprefix(f'{key}: ')}"))
            return None

    losses = {**known_losses(), **resolved.get("losses", {})}
    start = values.get("start")
    names = [word for word in start if isinstance(word, str)] if isinstance(start, list) else []
    model = None
    try:
        model = SpaceModel.model_validate(values)
    except ValidationError as error:
        problems += worded(error, lines)
    given = attempt("given", lambda: _given(values.get("given"), values.get("inputs")))
    agent = attempt("agent", lambda: resolve_agent(resolved.get("agent", values.get("agent", "fast"))))
    texts = attempt("start", lambda: {word: losses[word] if word in losses else loss_text(word) for word in names}) or {}
    starts = attempt("start", lambda: tuple(genome_of(parse(text)) for text in texts.values()))
    if problems or model is None or given is None or agent is None or starts is None:
        found = dict.fromkeys(f"{where or name}: line {line}: {problem}" for line, problem in sorted(problems))
        raise SpaceError("\n".join(found))
    ops = tuple(dict.fromkeys(op for word in model.ops for op in _ops_of(word)))
    inputs = tuple(dict.fromkeys(model.inputs))
    grammar = Grammar(inputs, given, model.freeze_given, model.free_nodes, ops, model.constants)
    enumerate_ops = model.start.enumerate if isinstance(model.start, Enumerate) else 0
    if model.start == "enumerate":
        enumerate_ops = ENUMERATED_OPS
    baselines = {baseline: losses[baseline] for baseline in model.baselines}
    return Space(name, text, model, grammar, agent, starts, texts, enumerate_ops, baselines)


def loss_text(name: str) -> str:
    """Text of a known loss, or of a `.loss` file.

    Raises:
        LossError: there is neither.
    """
    losses = known_losses()
    if name in losses:
        return losses[name]
    path = Path(name)
    if path.suffix == ".loss" and path.is_file():
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise LossError(f"'{name}' cannot be read: {error}") from None
    raise LossError(f"unknown loss '{name}'{did_you_mean(name, losses)} or the path of a .loss file")


def resolve_agent(value: object) -> Agent:
    """A preset's name, or a mapping of the agent's keys; `preset` among them names what the others change.

    Raises:
        SpaceError: an unknown preset or key, or a value out of range.
    """
    if isinstance(value, str):
        value = {"preset": value}
    if not isinstance(value, dict):
        raise SpaceError(f"an agent is a preset's name or a mapping, not {value!r}; presets: {', '.join(agent_presets())}")
    preset = value.get("preset", "fast")
    if not isinstance(preset, str) or preset not in agent_presets():
        raise SpaceError(f"unknown agent preset '{preset}'{did_you_mean(str(preset), agent_presets())}")
    merged = {**yaml.safe_load(agent_presets()[preset]), **{key: v for key, v in value.items() if key != "preset"}}
    unknown = [key for key in merged if key not in AGENT_KEYS]
    if unknown:
        raise SpaceError(f"unknown key '{unknown[0]}'{did_you_mean(str(unknown[0]), (*AGENT_KEYS, 'preset'))}")
    return Agent(**{key: _number(v) for key, v in merged.items()})


def _number(value: Any) -> Any:
    """YAML's lists as tuples, and numbers that PyYAML took for text, such as `3e-4` and `1e4`."""
    if isinstance(value, list):
        return tuple(_number(item) for item in value)
    if isinstance(value, str):
        try:
            return whole(value) if float(value).is_integer() else float(value)
        except ValueError:
            return value
    return value


def _given(text: object, inputs: object) -> tuple[Line, ...]:
    """The given lines; what is not even text is pydantic's finding.

    Raises:
        LossError: they do not parse, a name is one of ours, or they read an input that the space does not list.
    """
    lines = parse_lines(text) if isinstance(text, str) and text.strip() else ()
    for line in lines:
        if OURS.fullmatch(line.name):
            raise LossError(f"'{line.name}' is a name that the search gives to lines of its own; choose another")
    if isinstance(inputs, list) and inputs and all(word in INPUTS for word in inputs if isinstance(word, str)):
        missing = [ref for line in lines for ref in line.args if ref in INPUTS and ref not in inputs]
        if missing:
            raise LossError(f"reads '{missing[0]}', which inputs does not list; add it there")
    return lines


def _ops_of(word: str) -> tuple[str, ...]:
    """Ops named by a family or by themselves; a name that is both means the op."""
    if word in operations():
        return (word,)
    return tuple(op.name for op in families()[word])
