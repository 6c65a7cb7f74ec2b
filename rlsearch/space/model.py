"""The keys of a search space, each with its type, default and description. Unknown keys are errors."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator

from rlsearch.errors import SpaceError, quoted
from rlsearch.registry import regimes
from rlsearch.space.kinds import (
    AnyAgent,
    AnyLoss,
    Constants,
    Count,
    Environments,
    InputName,
    LossName,
    MutationName,
    Nested,
    Number,
    OneOp,
    OpName,
    Positive,
    RegimeName,
    Share,
    Unique,
    Whole,
    at_most,
)
from rlsearch.train.replay.agent import Agent

MOST_RUNGS = 50


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, allow_inf_nan=False)


class Evolution(_Section):
    """The settings by which proposals are made."""

    population: Positive = Field(default=100, description="members; the oldest leaves.")
    tournament: Positive = Field(
        default=10, validate_default=True, description="members drawn, of which the best becomes a parent."
    )
    fresh: Share = Field(default=0.05, description="share of brand-new genomes.")
    extend: Share = Field(
        default=0.5,
        description="share of insertions into the best classes of each size, all of them in turn, while any is left.",
    )
    in_flight: Positive = Field(
        default=64,
        description="proposals made before the first of them must have been applied; decides what a proposal can know.",
    )
    mutations: dict[MutationName, Annotated[Number, Field(ge=0)]] = Field(
        default={"replace_node": 3, "rewire_input": 3, "insert_on_edge": 2, "delete": 1, "perturb_constant": 1, "graft": 1},
        description="weight of each mutation.",
    )
    restart_after: Share = Field(
        default=0.2,
        description="start over after this share of all proposals so far has not brought a better class.",
    )

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
    """One rung of the ladder that every candidate climbs until it fails."""

    envs: Environments = Field(min_length=1, description="environments, each trained on apart.")
    seeds: Positive = Field(default=1, description="seeds of each.")
    steps: Whole = Field(ge=100, le=1_000_000_000, description="environment steps of each training run.")
    passes: Annotated[Number, Field(le=1)] | None = Field(
        default=None, alias="pass", description="score, at most 1, that lets a candidate climb on."
    )
    keep_top: Annotated[Number, Field(gt=0, le=1)] | None = Field(
        default=None, description="or: share, above 0, of the unique classes that reached this rung which climb on."
    )

    @field_validator("keep_top")
    @classmethod
    def _one_of_two(cls, keep_top: float | None, info: ValidationInfo) -> float | None:
        if keep_top is not None and info.data.get("passes") is not None:
            raise ValueError("a rung has 'pass' or 'keep_top', not both; delete one")
        return keep_top


class Score(_Section):
    """The settings by which training runs become one number."""

    measure: Literal["area", "final"] = Field(
        default="area", description="`area` = mean normalised return over training, `final` = over its last fifth."
    )
    aggregate: Literal["geometric_mean", "mean"] = Field(
        default="geometric_mean", description="how environments are joined; the geometric mean is a soft AND."
    )
    floor: Number = Field(default=0.05, gt=0, lt=1, description="least score of one environment inside the geometric mean.")


class Confirm(_Section):
    """The end of a search: the best classes on fresh seeds."""

    share: Number = Field(default=0.2, ge=0, lt=1, description="part of the minutes kept for it.")
    seeds: Whole = Field(
        default=10,
        ge=2,
        le=1_000_000,
        description="fresh seeds of each environment; half choose the pick, half give its reported score.",
    )
    envs: Environments = Field(default=(), description="validation environments, added to those of the last rung.")
    top: Positive = Field(default=10, description="how many classes are confirmed.")


class Enumerate(_Section):
    """`start: {enumerate: 2}`."""

    enumerate: Whole = Field(ge=1, le=6, description="most ops of the expressions, all of which are proposed first.")


def _kind_of_start(value: object) -> str | None:
    kinds = {"Word": str, "Mapping": dict | Enumerate, "List": list | tuple}
    return next((tag for tag, kind in kinds.items() if isinstance(value, kind)), None)


Start = Annotated[
    Annotated[Literal["random", "enumerate"], Tag("Word")]
    | Annotated[Enumerate, Tag("Mapping")]
    | Annotated[Unique[AnyLoss], Tag("List")],
    Discriminator(_kind_of_start),
]


class SpaceModel(_Section):
    """A search space."""

    regime: RegimeName = Field(default="replay", description="what a batch is; `replay` is all there is so far.")
    equivalence: Literal["gradient", "direction"] = Field(
        default="direction",
        description="when two losses count as one: `gradient`, or `direction` (equal up to a positive factor).",
    )
    inputs: Unique[InputName] = Field(min_length=1, description="what losses may read, of `rlsearch inputs`.")
    given: str = Field(default="", description="lines that every loss starts with, in the text form of losses.")
    freeze_given: bool = Field(default=True, description="whether they stay as they are.")
    free_nodes: Whole = Field(default=7, ge=1, le=100, description="how many further ops a loss may have.")
    ops: Unique[OpName] = Field(min_length=1, description="names of `rlsearch ops`, or families.")
    constants: Constants = Field(default=(), description="numbers that losses may use.")
    complexity: dict[OneOp, Count] | None = Field(
        default=None,
        description="what ops count in a loss's size, which is then that everywhere: `{exp: 3, log: 2}`; others count 1.",
    )
    max_complexity: Positive | None = Field(default=None, description="largest size of a loss, its given lines included.")
    max_depth: Positive | None = Field(default=None, description="most ops on a way from a loss to anything that it reads.")
    nesting: dict[OneOp, dict[OneOp, Nested]] | None = Field(
        default=None,
        description="how often an op may stand inside another on any way down: `{exp: {exp: 0, log: 1}}`.",
    )
    start: Start = Field(
        default="random",
        description="`random`, `enumerate`, `{enumerate: 2}` (all of up to so many ops), or a list of losses: names, files, "
        "expressions.",
    )
    evolution: Evolution = Field(default=Evolution(), description="how proposals are made, see below.")
    agent: AnyAgent = Field(
        default="fast",
        validate_default=True,
        description="a preset (fast, fast64, paper), or a preset and changes: `{preset: fast, batch: 64}`; see below.",
    )
    rungs: Annotated[tuple[Rung, ...], at_most(MOST_RUNGS)] = Field(
        min_length=1, description="what every candidate climbs until it fails, a list; see below."
    )
    trial_limit_s: Annotated[Number, Field(gt=0)] | None = Field(
        default=None,
        description="seconds after which a training is cut and counts as 0; not given, 60 and ten times what its steps take.",
    )
    score: Score = Field(default=Score(), description="how training runs become one number, see below.")
    confirm: Confirm = Field(default=Confirm(), description="the end of a search: the best classes on fresh seeds, see below.")
    baselines: Unique[LossName] = Field(default=(), description="known losses that are trained beside, of `rlsearch losses`.")

    @field_validator("inputs")
    @classmethod
    def _of_the_regime(cls, inputs: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        regime = info.data.get("regime")
        if regime is not None and (others := [name for name in inputs if name not in regimes()[regime].inputs]):
            raise ValueError(f"losses of the regime '{regime}' cannot read {', '.join(map(quoted, others))}")
        return inputs

    @field_validator("confirm")
    @classmethod
    def _on_other_environments(cls, confirm: Confirm, info: ValidationInfo) -> Confirm:
        trained = {spec.env for rung in info.data.get("rungs", ()) for spec in rung.envs}
        found = [
            (("envs", index), f"{spec.env} is a training environment of the rungs; validate on others")
            for index, spec in enumerate(confirm.envs)
            if spec.env in trained
        ]
        if found:
            raise ValueError(SpaceError.of(found))
        return confirm


SECTIONS: dict[str, Any] = {
    "": SpaceModel,
    "evolution": Evolution,
    "rungs": Rung,
    "score": Score,
    "confirm": Confirm,
    "agent": Agent,
}
