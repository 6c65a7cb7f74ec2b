"""What a search space may say, key by key. Unknown keys are errors."""

from collections.abc import Callable, Collection
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    model_validator,
)

from rlsearch.envs import EnvSpec
from rlsearch.errors import RlsearchError, did_you_mean
from rlsearch.evolve.mutate import MUTATIONS
from rlsearch.graph.graph import LARGEST
from rlsearch.graph.inputs import INPUTS
from rlsearch.registry import families, known_losses, operations
from rlsearch.train.agent import Agent


def _known(kind: str, allowed: Callable[[], Collection[str]]) -> Any:
    def check(name: str) -> str:
        if name not in allowed():
            raise ValueError(f"unknown {kind} '{name}'{did_you_mean(name, allowed())}")
        return name

    return AfterValidator(check)


def _parsed(value: object) -> EnvSpec:
    try:
        return EnvSpec.parse(value)
    except RlsearchError as error:
        raise ValueError(str(error)) from None


def whole(value: object) -> object:
    """A whole number that YAML reads as text or as a fraction, such as `1e4`; anything else as it is."""
    if isinstance(value, bool):
        return str(value)  # pydantic takes true for 1
    try:
        return int(float(value)) if isinstance(value, str) and float(value).is_integer() else value
    except (ValueError, OverflowError):
        return value


Environment = Annotated[EnvSpec, BeforeValidator(_parsed), PlainSerializer(EnvSpec.written)]
Share = Annotated[float, Field(ge=0, le=1)]
Whole = Annotated[int, BeforeValidator(whole)]
Positive = Annotated[Whole, Field(ge=1)]
OpName = Annotated[str, _known("op or family", lambda: {*families(), *operations()})]
InputName = Annotated[str, _known("input", lambda: INPUTS)]
MutationName = Annotated[str, _known("mutation", lambda: MUTATIONS)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, allow_inf_nan=False)


class Evolution(_Section):
    """How proposals are made.

    Attributes:
        population: members; the oldest leaves.
        tournament: members drawn, of which the best becomes a parent.
        fresh: share of brand-new genomes.
        extend: share of insertions into the best classes of each size, all of them in turn, while any is left.
        in_flight: proposals made before the first of them must have been applied; decides what a proposal can know.
        mutations: weight of each mutation.
        restart_after: start over after this share of all proposals so far has not brought a better class.
    """

    population: Positive = 100
    tournament: Positive = 10
    fresh: Share = 0.05
    extend: Share = 0.5
    in_flight: Positive = 64
    mutations: dict[MutationName, Annotated[float, Field(ge=0)]] = Field(
        default={
            "replace_node": 3,
            "rewire_input": 3,
            "insert_on_edge": 2,
            "delete": 1,
            "perturb_constant": 1,
            "graft": 1,
        }
    )
    restart_after: Share = 0.2

    @model_validator(mode="after")
    def _fits(self) -> "Evolution":
        if self.tournament > self.population:
            raise ValueError(f"tournament: tournament ({self.tournament}) must be no more than population ({self.population})")
        if not sum(self.mutations.values()) > 0:
            raise ValueError("mutations: at least one weight must be above 0")
        return self


class Rung(_Section):
    """One step of the ladder that every candidate climbs until it fails.

    Attributes:
        envs: environments, each trained on apart.
        seeds: seeds of each.
        steps: environment steps of each training run.
        pass: score that lets a candidate climb on.
        keep_top: or: share of the unique classes that reached this rung which climb on.
    """

    envs: Annotated[tuple[Environment, ...], Field(min_length=1)]
    seeds: Positive = 1
    steps: Annotated[Whole, Field(ge=100)]
    passes: float | None = Field(default=None, alias="pass")
    keep_top: Share | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Rung":
        if self.passes is not None and self.keep_top is not None:
            raise ValueError("a rung has 'pass' or 'keep_top', not both")
        return self


class Score(_Section):
    """How training runs become one number.

    Attributes:
        measure: `area` = mean normalised return over training, `final` = over its last fifth.
        aggregate: how environments are joined; the geometric mean is a soft AND.
        floor: least score of one environment inside the geometric mean.
    """

    measure: Literal["area", "final"] = "area"
    aggregate: Literal["geometric_mean", "mean"] = "geometric_mean"
    floor: Annotated[float, Field(gt=0, lt=1)] = 0.05


class Confirm(_Section):
    """The end of a search: the best classes on fresh seeds.

    Attributes:
        share: part of the minutes kept for it.
        seeds: fresh seeds of each environment; half choose the pick, half give its reported score.
        envs: validation environments, added to those of the last rung.
        top: how many classes are confirmed.
    """

    share: Annotated[float, Field(ge=0, lt=1)] = 0.2
    seeds: Annotated[Whole, Field(ge=2)] = 10
    envs: tuple[Environment, ...] = ()
    top: Positive = 10


class Enumerate(_Section):
    """`start: {enumerate: 2}`: every expression of up to so many ops."""

    enumerate: Annotated[Whole, Field(ge=1, le=6)]


def _kind_of_start(value: object) -> str | None:
    kinds = {"Word": str, "Mapping": dict | Enumerate, "List": list | tuple}
    return next((tag for tag, kind in kinds.items() if isinstance(value, kind)), None)


Start = Annotated[
    Annotated[Literal["random", "enumerate"], Tag("Word")]
    | Annotated[Enumerate, Tag("Mapping")]
    | Annotated[tuple[str, ...], Tag("List")],
    Discriminator(_kind_of_start),
]


class SpaceModel(_Section):
    """A search space.

    Attributes:
        regime: what a batch is; `replay` is all there is so far.
        equivalence: when two losses count as one: `gradient`, or `direction` (equal up to a positive factor).
        inputs: what losses may read, of `rlsearch inputs`.
        given: lines that every loss starts with, in the text form of losses.
        freeze_given: whether they stay as they are.
        free_nodes: how many further ops a loss may have.
        ops: names of `rlsearch ops`, or families.
        constants: numbers that losses may use.
        start: `random`, `enumerate`, `{enumerate: 2}` (all of up to so many ops), or a list of losses.
        evolution: how proposals are made, see below.
        agent: a preset (fast, fast64, paper), or a preset and changes: `{preset: fast, batch: 64}`; see below.
        rungs: what every candidate climbs until it fails, a list; see below.
        score: how training runs become one number, see below.
        confirm: the end of a search: the best classes on fresh seeds, see below.
        baselines: known losses that are trained beside, of `rlsearch losses`.
    """

    regime: Literal["replay"] = "replay"
    equivalence: Literal["gradient", "direction"] = "direction"
    inputs: Annotated[tuple[InputName, ...], Field(min_length=1)]
    given: str = ""
    freeze_given: bool = True
    free_nodes: Annotated[Whole, Field(ge=1, le=100)] = 7
    ops: Annotated[tuple[OpName, ...], Field(min_length=1)]
    constants: tuple[Annotated[float, Field(ge=-LARGEST, le=LARGEST)], ...] = ()
    start: Start = "random"
    evolution: Evolution = Evolution()
    agent: Any = "fast"
    rungs: Annotated[tuple[Rung, ...], Field(min_length=1)]
    score: Score = Score()
    confirm: Confirm = Confirm()
    baselines: tuple[Annotated[str, _known("loss", known_losses)], ...] = ()

    @model_validator(mode="after")
    def _separate(self) -> "SpaceModel":
        trained = {spec.env for rung in self.rungs for spec in rung.envs}
        both = sorted(trained.intersection(spec.env for spec in self.confirm.envs))
        if both:
            raise ValueError(f"confirm.envs: {', '.join(both)} is a training environment of the rungs; validate on others")
        return self


AGENT_KEYS = tuple(Agent.__dataclass_fields__)
