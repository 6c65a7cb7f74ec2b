"""Loading of a search space: from a YAML file to a Space, or one message with every problem, its line and the remedy."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path as File
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from rlsearch.errors import SpaceError, did_you_mean, quoted, shown
from rlsearch.evolve.grammar import Grammar
from rlsearch.evolve.limits import Limits
from rlsearch.graph.genome import Genome
from rlsearch.registry import families, known_losses, operations, shipped_spaces
from rlsearch.registry.text_file import read_text
from rlsearch.space.given_lines import read_given
from rlsearch.space.mapping import as_yaml
from rlsearch.space.model import Confirm, Enumerate, Evolution, Rung, Score, SpaceModel
from rlsearch.space.reading import Problem, read_yaml
from rlsearch.space.wording import message, problems_of
from rlsearch.train.replay.agent import Agent

MAX_BYTES = 100_000
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
        start_texts: their texts by name.
        enumerate_ops: enumerate expressions of up to so many ops first; 0 for none.
        baselines: text of each known loss shown beside the result.
        confirm_seeds: fresh seeds that were asked for beside the space, 0 for no confirmation; None for the model's.
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
    confirm_seeds: int | None = None

    @property
    def regime(self) -> str:
        """The name of the regime that its losses belong to."""
        return self.model.regime

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """The rungs that every candidate climbs."""
        return self.model.rungs

    @property
    def score(self) -> Score:
        """The settings by which training runs become one number."""
        return self.model.score

    @property
    def confirm(self) -> Confirm:
        """The settings of the confirmation, with the seeds that were asked for; without one, it has no share of the time."""
        if self.confirm_seeds is None:
            return self.model.confirm
        changes = {"seeds": self.confirm_seeds} if self.confirm_seeds else {"seeds": 0, "share": 0.0}
        return self.model.confirm.model_copy(update=changes)

    @property
    def evolution(self) -> Evolution:
        """The settings by which proposals are made."""
        return self.model.evolution

    def written(self) -> dict[str, Any]:
        """Every key with its value, defaults, presets and families resolved: a YAML of it reads back to the same search."""
        return self.model.model_dump(mode="json", by_alias=True, exclude_none=True) | {"ops": list(self.grammar.ops)}

    def resolved(self) -> dict[str, Any]:
        """Everything read from other files than the text, so that a run can be read where files and presets have changed."""
        return {"agent": asdict(self.agent), "losses": self.baselines | self.start_texts}


def load_space(where: str | File | Mapping[str, Any]) -> Space:
    """Read a space by shipped name, from a YAML file, or from a mapping of the same keys.

    Raises:
        SpaceError: with one line for each problem.
    """
    if isinstance(where, Mapping):
        return parse_space(as_yaml(where), "space", numbered=False)
    if not isinstance(where, str | File):
        raise SpaceError(
            f"a search space is a shipped name, a YAML file or a mapping of its keys, not {shown(where)}; see `rlsearch spaces`"
        )
    where, shipped = str(where), shipped_spaces()
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


def parse_space(
    text: str, name: str, where: str = "", resolved: Mapping[str, Any] = MappingProxyType({}), numbered: bool = True
) -> Space:
    """Read a space from its YAML text; see `load_space`.

    Args:
        text: the YAML.
        name: of the space.
        where: the file, for messages; its name if not given.
        resolved: what `Space.resolved` gave when the text was read before; it stands in for today's files and presets.
        numbered: whether messages name lines; not so where nobody has seen the text.
    """
    reading = read_yaml(text) if numbered else read_yaml(text).without_lines()
    if reading.values is None:
        raise SpaceError(message(reading.problems, where or name))
    values = reading.values | ({"agent": resolved["agent"]} if "agent" in resolved else {})
    losses = {**known_losses(), **resolved.get("losses", {})}
    model, found = None, list[Problem]()
    try:
        model = SpaceModel.model_validate(values, context=losses)
    except ValidationError as error:
        found += problems_of(error, reading.lines)
    given, wrong = read_given(values.get("given"), values.get("inputs"))
    found += [Problem(reading.line(("given",), line), ("given",), said) for line, said in wrong]
    if reading.problems or model is None or wrong:
        raise SpaceError(message([*reading.problems, *filter(reading.knows, found)], where or name))
    ops = tuple(dict.fromkeys(op for word in model.ops for op in _ops_of(word)))
    limits = Limits(model.complexity or {}, model.max_complexity, model.max_depth, model.nesting or {})
    grammar = Grammar(model.inputs, given, model.freeze_given, model.free_nodes, ops, model.constants, limits)
    enumerate_ops = model.start.enumerate if isinstance(model.start, Enumerate) else 0
    if model.start == "enumerate":
        enumerate_ops = ENUMERATED_OPS
    starts = model.start if isinstance(model.start, tuple) else ()
    return Space(
        name=name,
        text=text,
        model=model,
        grammar=grammar,
        agent=model.agent,
        starts=tuple(loss.genome for loss in starts),
        start_texts={loss.name: loss.text for loss in starts},
        enumerate_ops=enumerate_ops,
        baselines={baseline: losses[baseline] for baseline in model.baselines},
    )


def _ops_of(word: str) -> tuple[str, ...]:
    """Ops named by a family or by themselves; a name that is both means the op."""
    if word in operations():
        return (word,)
    return tuple(op.name for op in families()[word])
