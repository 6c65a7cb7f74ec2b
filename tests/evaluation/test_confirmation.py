"""The confirmation: fresh common seeds, validation environments, kept within its time."""

import sqlite3
from dataclasses import replace

import pytest

from rlsearch.evaluation.confirmation import confirm, environments_of, hall_of_fame, losses_to_confirm, rank
from rlsearch.evaluation.trial import NO_RUNG, Phase, TrialRequest, run_trial, trial_seed
from rlsearch.evolve.class_scores import ClassScores
from rlsearch.runs.run import Options, create_run
from rlsearch.store.journal import Journal
from tests.support.tiny_runs import DQN, Here, timeless, tiny

SPACE = tiny()
LOSSES = {"dqn": DQN, "#3": "loss = half_square(q(online, s)[a] - r)", "#8": "loss = abs(q(online, s)[a] - r)"}
ENVS = range(len(environments_of(SPACE)))


def confirmed(should_stop=lambda: False, seed=1):
    """Trials by loss, as they were recorded, and the shares that were told."""
    found, shares = {}, []
    confirm(lambda name, rows: found.setdefault(name, []).extend(rows), SPACE, seed, LOSSES, Here(), should_stop, shares.append)
    return found, shares


def test_environments_are_the_last_rungs_and_then_the_unseen():
    assert [env.label() for env in environments_of(SPACE)] == ["LayeredMDP", "Garnet", "Catch"]


def test_every_loss_meets_the_same_fresh_seeds():
    found, shares = confirmed()
    assert set(found) == set(LOSSES)
    wanted = [(Phase.CONFIRM, NO_RUNG, env, seed, 300) for seed in range(SPACE.confirm.seeds) for env in ENVS]
    for rows in found.values():
        assert [(row.phase, row.rung, row.env_index, row.seed_index, row.steps) for row in rows] == wanted
    assert shares == [pytest.approx((k + 1) / (3 * len(wanted))) for k in range(3 * len(wanted))]
    row = found["#3"][4]  # environment 1 of seed 1
    request = TrialRequest(LOSSES["#3"], environments_of(SPACE)[1], SPACE.agent, trial_seed(1, Phase.CONFIRM, 1, 1), 300)
    assert timeless(row) == timeless(row._replace(result=run_trial(request)))
    searched = {trial_seed(1, Phase.RUNG, env, seed, rung) for rung in range(2) for env in ENVS for seed in range(100)}
    assert searched.isdisjoint(trial_seed(1, Phase.CONFIRM, env, seed) for env in ENVS for seed in range(100))


def test_nothing_starts_once_it_is_over():
    looks = iter(range(1000))
    found, shares = confirmed(lambda: next(looks) >= 6)  # a first look, then one before each trial
    assert sum(len(rows) for rows in found.values()) == len(shares) == 5
    # Seed by seed, so that what there is can be compared: every loss first meets seed 0.
    assert {row.seed_index for rows in found.values() for row in rows} == {0}
    assert confirmed(lambda: True) == ({}, [])  # over already


def test_a_reader_may_look_meanwhile(tmp_path):
    seen = []

    def look(share):
        with Journal(tmp_path / "run") as reader:
            seen.append(sum(len(rows) for rows in reader.confirmations().values()))

    create_run(SPACE, Options(seed=1), tmp_path / "run")
    with Journal(tmp_path / "run", write=True) as journal:
        confirm(journal.add_named, SPACE, 1, LOSSES, Here(), lambda: False, look)
    assert seen == list(range(1, 3 * 4 * len(ENVS) + 1))
    assert sqlite3.connect(journal.path).execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_classes_are_ranked_by_fitness_then_size_then_age():
    standings = ClassScores(2)
    for number, climbed in ((4, [{0: 0.5}]), (1, [{0: 0.5}]), (9, [{0: 0.5}]), (2, [{0: 0.9}]), (7, [{0: 0.1}, {0: 0.1}])):
        standings.record(number, climbed)
    assert rank(standings, {4: 3, 1: 3, 9: 2, 2: 9, 7: 9}) == [7, 2, 9, 1, 4]


def test_a_simple_loss_is_confirmed_beside_a_winners_many_relatives():
    standings = ClassScores(1)
    scores = [0.9, 0.89, 0.88, 0.87, 0.5, 0.6, 0.4]
    for number, score in enumerate(scores):
        standings.record(number, [{0: score}])
    size = {0: 9, 1: 10, 2: 10, 3: 9, 4: 3, 5: 5, 6: 3}
    # Of the front (0, then 5, then 4) the best half of the places, then the best of the others; listed by rank.
    assert hall_of_fame(standings, size, 6) == [0, 1, 2, 3, 5, 4]
    assert hall_of_fame(standings, size, 4) == [0, 1, 2, 5]
    assert hall_of_fame(standings, size, 1) == [0]
    assert hall_of_fame(standings, size, 99) == [0, 1, 2, 3, 5, 4, 6]
    assert hall_of_fame(ClassScores(1), {}, 5) == []


def test_what_failed_the_first_rung_is_not_confirmed():
    standings, size, texts = ClassScores(2), {1: 3, 2: 4}, {1: "one", 2: "two"}
    standings.record(1, [{0: 0.05}])
    assert losses_to_confirm(SPACE, standings, size, texts) == {}  # nor are known losses alone
    standings.record(2, [{0: 0.1}, {0: 0.0, 1: 0.0}])
    assert losses_to_confirm(SPACE, standings, size, texts) == SPACE.baselines | {"#2": "two"}
    assert losses_to_confirm(replace(SPACE, confirm_seeds=0), standings, size, texts) == {}


@pytest.mark.parametrize(("bar", "confirmed"), [({}, ["#1", "#2"]), ({"pass": 0.5}, ["#2"]), ({"keep_top": 0.5}, ["#1", "#2"])])
def test_an_only_rung_is_passed_at_its_bar(bar, confirmed):
    """Of a share the best pass, whatever their score, and only the best are confirmed."""
    space, standings = tiny(rungs=[{"envs": ["LayeredMDP"], "steps": 300, **bar}], baselines=[]), ClassScores(1)
    standings.record(1, [{0: 0.1}])
    standings.record(2, [{0: 0.5}])
    assert sorted(losses_to_confirm(space, standings, {1: 3, 2: 3}, {1: "one", 2: "two"})) == confirmed
