"""The end of a search: the classes that are to be confirmed are checked once more, and their members trained beside them."""

from collections.abc import Callable, Sequence

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.limits import TrialLimits
from rlsearch.evaluation.trial import Phase, trial_seed
from rlsearch.evaluation.twins import Twin, TwinRequest, train_twins, twin_steps
from rlsearch.evolve.split import Split
from rlsearch.executor.protocol import POLL_S, Executor, TimedOut, Work
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.text import print_graph
from rlsearch.runs.progress import OnMessage
from rlsearch.runs.run import OpenRun
from rlsearch.runs.search_state import SearchState
from rlsearch.simplify.canonical import canonical

TWINS = 4  # members of a class that are trained beside its own form, the first that were met


def check_finalists(
    run: OpenRun,
    state: SearchState,
    executor: Executor,
    should_stop: Callable[[], bool],
    limits: TrialLimits,
    on_message: OnMessage,
) -> None:
    """Check the classes that are to be confirmed, on what was recorded and by training twins; what is found is journaled.

    Args:
        state: with everything applied; what leaves its class does so there as well.
        should_stop: whether it is time to end: then no further twins are trained.
        limits: of each training; twins that exceed it are left out, and said.
        on_message: told of each form that leaves its class.
    """
    splits = state.check_finalists()
    run.journal.add_finals(Phase.CONFIRM, splits)
    twins = _train(_requests(run, state), executor, should_stop, limits, on_message)
    left = _leave(state, twins)
    run.journal.add_finals(Phase.TWIN, left, twins)
    for split in (*splits, *left):
        on_message(split.words)


def _train(
    requests: Sequence[TwinRequest],
    executor: Executor,
    should_stop: Callable[[], bool],
    limits: TrialLimits,
    on_message: OnMessage,
) -> list[Twin]:
    if should_stop():
        return []
    for number, request in enumerate(requests):
        executor.submit(limits.limited(Work(number, train_twins, request)))
    found: dict[int, tuple[Twin, ...]] = {}
    while executor.pending():
        if should_stop():
            executor.cancel()
        for place, twins in executor.collect(POLL_S):
            assert isinstance(place, int)
            if isinstance(twins, TimedOut):
                env = requests[place].env.label()
                on_message(f"members of a class were not trained beside it in {env}: that took more than {twins.limit_s:g} s")
            else:
                found[place] = twins
    return [twin for _, twins in sorted(found.items()) for twin in twins]


def _requests(run: OpenRun, state: SearchState) -> list[TwinRequest]:
    """The members of all classes that are to be confirmed, in each environment of the rungs."""
    agent, seed = run.space.agent, run.options.seed
    places: dict[str, tuple[EnvSpec, int]] = {}
    for rung in run.space.rungs:
        for env in rung.envs:
            places.setdefault(env.env, (env, rung.steps))
    requests = []
    for class_index in state.finalists():
        if members := _members(state, class_index):
            for number, (env, steps) in enumerate(places.values()):
                rng_seed = trial_seed(seed, Phase.TWIN, number, 0)
                own, most = state.texts[class_index], twin_steps(agent, steps)
                requests.append(TwinRequest(class_index, own, members, env, agent, rng_seed, most))
    return requests


def _members(state: SearchState, class_index: int) -> tuple[tuple[int, str, float], ...]:
    """The proposal, the text and the factor of each member that is trained."""
    guard, direction = state.evolution.guard, state.space.model.equivalence == "direction"
    found = []
    for member in guard.members(class_index)[:TWINS]:
        form = canonical(parse_genome(member.genome).graph())
        factor = guard.factor(class_index, form) if direction else 1.0
        found.append((member.proposal, print_graph(form), factor))
    return tuple(found)


def _leave(state: SearchState, twins: Sequence[Twin]) -> list[Split]:
    """Let the members that trained otherwise leave their class; each once, by the environment where it differs most."""
    worst: dict[int, Twin] = {}
    for twin in sorted(twins, key=lambda twin: -twin.apart):
        if twin.differs:
            worst.setdefault(twin.member, twin)
    return [
        state.evolution.guard.leave(
            Split(state.applied, twin.member, twin.class_index, twin.member, twin.apart, f"in {twin.env} from the same seed")
        )
        for _, twin in sorted(worst.items())
    ]
