"""Searches small enough to be run again and again, and journals written by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from rlsearch.evaluation.trial import BINS, NO_RUNG, Phase, TrialResult, TrialRow, prepare_trials
from rlsearch.executor.contract_work import prepare_nothing
from rlsearch.executor.in_process import InProcess
from rlsearch.runs.budget import Budget, Stop
from rlsearch.runs.progress import OnProgress
from rlsearch.runs.run import Options, create_run, open_run
from rlsearch.runs.search_loop import run_search
from rlsearch.space.load import Space, parse_space
from rlsearch.store.journal import Journal, ProposalRow

TEXT = """
inputs: [online, target, s, s_next, a, r, discount]
given: |
  q_sa   = q(online, s)[a]
  q_next = max(q(target, s_next))
free_nodes: 5
ops: [add, sub, mul, minimum, half_square, abs, log]
constants: [0.1, 0.5, 1]
evolution: {population: 10, tournament: 3, in_flight: 8}
agent: {preset: fast, hidden: [16], batch: 16, learning_starts: 20, learning_rate: 5e-3, epsilon_steps: 100}
rungs:
  - {envs: [LayeredMDP], steps: 300, pass: 0.06}
  - {envs: [LayeredMDP, Garnet], seeds: 2, steps: 300}
confirm: {seeds: 4, envs: [Catch], top: 2}
baselines: [dqn]
"""
# Every loss of this space is a multiple of q_sa, which pushes all states alike.
HOPELESS = {"given": "q_sa = q(online, s)[a]", "free_nodes": 2, "ops": ["neg"], "constants": []}

PREPARE = partial(prepare_trials, "replay")  # of a pool's workers
DQN = "loss = half_square(q(online, s)[a] - (r + discount * max(q(target, s_next))))"


def tiny(**changes: Any) -> Space:
    """The tiny space, with some of its keys changed."""
    return parse_space(yaml.safe_dump(yaml.safe_load(TEXT) | changes), "tiny")


class Here(InProcess):
    """An executor of this process that needs no preparation."""

    def __init__(self) -> None:
        super().__init__(prepare_nothing)


def search(folder: Path, space: Space, proposals: int, workers: Any = None, **options: Any) -> list[Any]:
    """Carry a new search through; its rows."""
    create_run(space, Options(**{"seed": 1, **options}), folder)
    return go_on(folder, proposals, workers)


def go_on(folder: Path, proposals: int, workers: Any = None) -> list[Any]:
    """Search on to a total of so many proposals; the run's rows."""
    continue_run(folder, Budget(proposals=proposals), workers)
    return rows(folder)


def continue_run(
    folder: Path, budget: Budget, workers: Any = None, on_progress: OnProgress | None = None, stop: Stop | None = None
) -> bool:
    """Search on until a budget is spent; whether the run came to its end."""
    with open_run(folder, write=True) as run:
        return run_search(run, budget, workers or Here(), on_progress, stop)


def rows(folder: Path) -> list[Any]:
    """Every proposal with its trials and splits, then the end; clocks aside. Text, as NaN is never equal to itself."""
    with Journal(folder) as journal:
        trials, splits = journal.trials(), journal.splits(Phase.RUNG)
        return [
            *(
                (astuple(row), [timeless(trial) for trial in trials.get(row.index, ())], splits.get(row.index, []))
                for row in journal.proposals()
            ),
            *((name, [timeless(trial) for trial in found]) for name, found in journal.baselines().items()),
            *((name, [timeless(trial) for trial in found]) for name, found in journal.confirmations().items()),
            *((str(found_at), found) for found_at, found in journal.splits(Phase.CONFIRM, Phase.TWIN).items()),
            *((twin.env, twin) for twin in journal.twins()),
        ]


def proposed(found: Sequence[Any]) -> list[Any]:
    """The rows without the confirmation's."""
    return [row for row in found if isinstance(row[0], tuple)]


def timeless(trial: TrialRow) -> str:
    """A trial without how long it took."""
    return repr(trial._replace(result=trial.result._replace(seconds=0.0)))


def flat(of: int | Phase, env_index: int, seed_index: int, score: float, **result: Any) -> TrialRow:
    """A trial with the same return from beginning to end, of a rung or of another phase."""
    phase, rung = (of, NO_RUNG) if isinstance(of, Phase) else (Phase.RUNG, of)
    given = {"curve": (score,) * BINS, "episodes": 9, "mean_return": 1.5, "diverged_at": -1, "seconds": 0.1} | result
    return TrialRow(phase, rung, env_index, "LayeredMDP", seed_index, 300, TrialResult(**given))


def by_hand(
    folder: Path, space: Space, losses: Sequence[tuple[str, Sequence[TrialRow]]], confirmed: Mapping[str, Sequence[TrialRow]]
) -> Journal:
    """A journal whose proposal k is the k-th loss, with its trials; each is a class of its own."""
    from rlsearch.graph.genome import genome_of, print_genome
    from rlsearch.graph.text import parse
    from rlsearch.simplify.canonical import canonical, loss_size, structural_key

    create_run(space, Options(seed=1), folder)
    journal = Journal(folder, write=True)
    for number, (text, trials) in enumerate(losses):
        graph = parse(text)
        form = canonical(graph)
        key, size = structural_key(form), loss_size(graph, form)
        row = ProposalRow(number, print_genome(genome_of(graph)), "[]", "random", "trained", "", key, number, size, "")
        journal.add(row, trials)
    for name, trials in confirmed.items():
        journal.add_named(name, trials)
    return journal
