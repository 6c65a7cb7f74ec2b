"""What a search space may say, key by key. Unknown keys are errors."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator

from rlsearch.errors import SpaceError
from rlsearch.space.kinds import (
    LONGEST,
    Constant,
    Environments,
    InputName,
    LossName,
    MutationName,
    Number,
    OpName,
    Positive,
    Share,
    Whole,
    at_most,
    once,
    same_number,
)
from rlsearch.train.replay.agent import Agent

HIGHEST = 50  # rungs of a ladder


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
    tournament: Positive = Field(default=10, validate_default=True)
    fresh: Share = 0.05
    extend: Share = 0.5
    in_flight: Positive = 64
    mutations: dict[MutationName, Annotated[Number, Field(ge=0)]] = Field(
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

    @field_validator("tournament")
    @classmethod
    def _within_population(cls, tournament: int, info: ValidationInfo) -> int:
        population = info.data.get("population", tournament)
        if tournament > population:
            raise ValueError(f"tournament ({tournament}) must be no more than population ({population})")
        return tournament

    @field_validator("mutations")
    @classmethod
    def _some_weight(cls, mutations: dict[str, float]) -> dict[str, float]:
        if not sum(mutations.values()) > 0:
            raise ValueError("at least one weight must be above 0")
        return mutations


class Rung(_Section):
    """One step of the ladder that every candidate climbs until it fails.

    Attributes:
        envs: environments, each trained on apart.
        seeds: seeds of each.
        steps: environment steps of each training run.
        pass: score, at most 1, that lets a candidate climb on.
        keep_top: or: share, above 0, of the unique classes that reached this rung which climb on.
    """

    envs: Annotated[Environments, Field(min_length=1)]
    seeds: Positive = 1
    steps: Annotated[Whole, Field(ge=100, le=1_000_000_000)]
    passes: Annotated[Number, Field(le=1)] | None = Field(default=None, alias="pass")
    keep_top: Annotated[Number, Field(gt=0, le=1)] | None = None

    @field_validator("keep_top")
    @classmethod
    def _one_of_two(cls, keep_top: float | None, info: ValidationInfo) -> float | None:
        if keep_top is not None and info.data.get("passes") is not None:
            raise ValueError("a rung has 'pass' or 'keep_top', not both; delete one")
        return keep_top


class Score(_Section):
    """How training runs become one number.

    Attributes:
        measure: `area` = mean normalised return over training, `final` = over its last fifth.
        aggregate: how environments are joined; the geometric mean is a soft AND.
        floor: least score of one environment inside the geometric mean.
    """

    measure: Literal["area", "final"] = "area"
    aggregate: Literal["geometric_mean", "mean"] = "geometric_mean"
    floor: Annotated[Number, Field(gt=0, lt=1)] = 0.05


class Confirm(_Section):
    """The end of a search: the best classes on fresh seeds.

    Attributes:
        share: part of the minutes kept for it.
        seeds: fresh seeds of each environment; half choose the pick, half give its reported score.
        envs: validation environments, added to those of the last rung.
        top: how many classes are confirmed.
    """

    share: Annotated[Number, Field(ge=0, lt=1)] = 0.2
    seeds: Annotated[Whole, Field(ge=2, le=1_000_000)] = 10
    envs: Environments = ()
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
    | Annotated[tuple[str, ...], once(), at_most(LONGEST), Tag("List")],
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
    inputs: Annotated[tuple[InputName, ...], once(), Field(min_length=1), at_most(LONGEST)]
    given: str = ""
    freeze_given: bool = True
    free_nodes: Annotated[Whole, Field(ge=1, le=100)] = 7
    ops: Annotated[tuple[OpName, ...], once(), Field(min_length=1), at_most(LONGEST)]
    constants: Annotated[tuple[Constant, ...], once(same_number), at_most(LONGEST)] = ()
    start: Start = "random"
    evolution: Evolution = Evolution()
    agent: Any = "fast"
    rungs: Annotated[tuple[Rung, ...], Field(min_length=1), at_most(HIGHEST)]
    score: Score = Score()
    confirm: Confirm = Confirm()
    baselines: Annotated[tuple[LossName, ...], once(), at_most(LONGEST)] = ()

    @field_validator("confirm")
    @classmethod
    def _separate(cls, confirm: Confirm, info: ValidationInfo) -> Confirm:
        trained = {spec.env for rung in info.data.get("rungs", ()) for spec in rung.envs}
        both = [(place, spec.env) for place, spec in enumerate(confirm.envs) if spec.env in trained]
        if both:
            what = "is a training environment of the rungs; validate on others"
            raise ValueError(SpaceError.of([(("envs", place), f"{env} {what}") for place, env in both]))
        return confirm


AGENT_KEYS = tuple(Agent.__dataclass_fields__)
