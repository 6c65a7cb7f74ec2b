"""From a YAML file to a Space: every problem of the file in one message, each with its line and what to type."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from rlsearch.errors import LossError, RlsearchError, SpaceError, did_you_mean
from rlsearch.evolve.grammar import Grammar
from rlsearch.graph.genome import Genome, genome_of, line_types, parse_lines
from rlsearch.graph.text import parse
from rlsearch.registry import agent_presets, families, known_losses, operations, shipped_spaces
from rlsearch.space.model import AGENT_KEYS, Enumerate, SpaceModel
from rlsearch.train.agent import Agent

MAX_BYTES = 1_000_000
ENUMERATED_OPS = 3  # `start: enumerate` and `--strategy enumerate`, where no number is given


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
        enumerate_ops: enumerate expressions of up to so many ops first; 0 for none.
        baselines: text of each known loss shown beside the result.
    """

    name: str
    text: str
    model: SpaceModel
    grammar: Grammar
    agent: Agent
    starts: tuple[Genome, ...]
    enumerate_ops: int
    baselines: dict[str, str]


def load_space(where: str) -> Space:
    """Read a space by file or by shipped name.

    Raises:
        SpaceError: with one line for each problem.
    """
    shipped = shipped_spaces()
    if where in shipped:
        return parse_space(shipped[where].read_text(encoding="utf-8"), where)
    path = Path(where)
    if path.is_dir():
        raise SpaceError(f"'{where}' is a folder; type a YAML file or one of: {', '.join(shipped)}")
    if not path.exists():
        raise SpaceError(f"no search space '{where}'{did_you_mean(where, shipped)} or the path of a YAML file")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SpaceError(f"'{where}' has {path.stat().st_size:,} bytes; a search space has at most {MAX_BYTES:,}")
        return parse_space(path.read_text(encoding="utf-8-sig"), path.stem)
    except UnicodeDecodeError as error:
        raise SpaceError(f"'{where}' is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise SpaceError(f"'{where}' cannot be read: {error.strerror}") from None


def parse_space(text: str, name: str) -> Space:
    """Read a space from its YAML text; see `load_space`."""
    values, lines = read_yaml(text, name)
    try:
        model = SpaceModel.model_validate(values)
    except ValidationError as error:
        raise SpaceError(_problems(error, lines, name)) from None
    problems: list[str] = []

    def attempt(key: str, make: Any) -> Any:
        try:
            return make()
        except RlsearchError as error:
            problems.append(f"{name}: line {lines.get((key,), 1)}: {key}: {error}")
            return None

    given = attempt("given", lambda: _given(model.given))
    agent = attempt("agent", lambda: resolve_agent(model.agent))
    names = model.start if isinstance(model.start, tuple) else ()
    starts = attempt("start", lambda: tuple(genome_of(parse(loss_text(start))) for start in names))
    ops = tuple(dict.fromkeys(op for word in model.ops for op in _ops_of(word)))
    if given is not None:
        grammar = attempt(
            "given", lambda: Grammar(model.inputs, given, model.freeze_given, model.free_nodes, ops, model.constants)
        )
    if problems:
        raise SpaceError("\n".join(problems))
    enumerate_ops = model.start.enumerate if isinstance(model.start, Enumerate) else 0
    if model.start == "enumerate":
        enumerate_ops = ENUMERATED_OPS
    losses = known_losses()
    baselines = {baseline: losses[baseline] for baseline in model.baselines}
    return Space(name, text, model, grammar, agent, starts, enumerate_ops, baselines)


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
    if preset not in agent_presets():
        raise SpaceError(f"unknown agent preset '{preset}'{did_you_mean(str(preset), agent_presets())}")
    merged = {**yaml.safe_load(agent_presets()[preset]), **{key: v for key, v in value.items() if key != "preset"}}
    unknown = [key for key in merged if key not in AGENT_KEYS]
    if unknown:
        raise SpaceError(f"unknown key '{unknown[0]}'{did_you_mean(str(unknown[0]), (*AGENT_KEYS, 'preset'))}")
    return Agent(**{key: _number(v) for key, v in merged.items()})


def _number(value: Any) -> Any:
    """YAML's lists as tuples, and numbers that PyYAML took for text, such as `3e-4`."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _given(text: str) -> Any:
    lines = parse_lines(text) if text.strip() else ()
    if line_types(lines) is None:
        Genome(lines).graph()  # says which op does not take which arguments
    return lines


def _ops_of(word: str) -> tuple[str, ...]:
    """Ops named by a family or by themselves; a name that is both means the op."""
    if word in operations():
        return (word,)
    return tuple(op.name for op in families()[word])


def read_yaml(text: str, name: str) -> tuple[Any, dict[tuple[Any, ...], int]]:
    """Values of a YAML mapping, and the line of every key.

    Raises:
        SpaceError: not YAML, not a mapping, a key twice, or anchors (which can explode).
    """
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise SpaceError(f"{name}: YAML aliases (*name) are not allowed; write the value out")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        if not isinstance(tree, yaml.MappingNode):
            raise SpaceError(f"{name}: a search space is a mapping of keys; begin with 'inputs:', 'ops:' and 'rungs:'")
        lines = dict(_lines(tree, (), name))
        return yaml.safe_load(text), lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise SpaceError(f"{name}: {where}not YAML: {problem}") from None
    except (RecursionError, ValueError) as error:
        raise SpaceError(f"{name}: not readable as YAML: {error}") from None


def _lines(node: Any, path: tuple[Any, ...], name: str) -> Iterator[tuple[tuple[Any, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[Any] = set()
        for key, value in node.value:
            if key.value in seen:
                raise SpaceError(f"{name}: line {key.start_mark.line + 1}: key '{key.value}' stands twice; delete one")
            seen.add(key.value)
            yield (*path, key.value), key.start_mark.line + 1
            yield from _lines(value, (*path, key.value), name)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield (*path, place), value.start_mark.line + 1
            yield from _lines(value, (*path, place), name)


def _problems(error: ValidationError, lines: dict[tuple[Any, ...], int], name: str) -> str:
    """Pydantic's findings in our words: one line each."""
    out: list[str] = []
    for found in error.errors():
        path = tuple(part for part in found["loc"] if (part,) in lines or not isinstance(part, str) or part.islower())
        while path and path not in lines:
            path = path[:-1]
        where = ".".join(str(part) for part in path)
        message = found["msg"].removeprefix("Value error, ")
        if found["type"] == "extra_forbidden":
            message = f"unknown key '{found['loc'][-1]}'{did_you_mean(str(found['loc'][-1]), _keys(found['loc'][:-1]))}"
        elif found["type"] == "missing":
            message = f"key '{found['loc'][-1]}' is missing; add it"
        elif not message.startswith(("unknown", where)):
            message = f"{message[:1].lower()}{message[1:]}, not {found['input']!r}"
        line = f"{name}: line {lines.get(path, 1)}: {where + ': ' if where else ''}{message}"
        if line not in out:
            out.append(line)
    return "\n".join(out)


def _keys(path: tuple[Any, ...]) -> list[str]:
    """Keys allowed at a place of the YAML."""
    model: Any = SpaceModel
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            inner = [annotation, *getattr(annotation, "__args__", ())]
            inner += [deep for kind in inner for deep in getattr(kind, "__args__", ())]
            model = next((kind for kind in inner if hasattr(kind, "model_fields")), model)
    return [field.alias or key for key, field in model.model_fields.items()]
