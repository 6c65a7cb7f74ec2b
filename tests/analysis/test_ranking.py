"""The ranking of a run's journal: the pick, the numbers beside it, the front."""

import math

import pytest

from rlsearch.analysis.ranking import ranking
from rlsearch.evaluation.trial import Phase
from rlsearch.graph.text import parse
from rlsearch.loss import Loss
from rlsearch.runs.run import Options, create_run
from rlsearch.simplify.canonical import canonical, structural_key
from rlsearch.store.journal import Journal
from tests.support.confirmed_runs import ENVS, LARGE, MIDDLE, SMALL, SPACE, TINY, climbed, found, fresh
from tests.support.tiny_runs import DQN, by_hand, flat

# Three choosing seeds, then three reporting ones.
BEST = (0.76, 0.80, 0.84)  # 0.80, standard error 0.0231
CLOSE = (0.78, 0.78, 0.78)
WORSE = (0.77, 0.77, 0.77)


def test_the_pick_is_the_smallest_within_one_standard_error_of_the_best(tmp_path):
    confirmed = {"#0": fresh(*BEST, 0.7, 0.7, 0.7), "#1": fresh(*CLOSE, 0.3, 0.4, 0.5), "#2": fresh(*WORSE, 0.9, 0.9, 0.9)}
    result = found(tmp_path, confirmed | {"dqn": fresh(*[0.5] * 6)})
    assert result.pick is not None and result.pick.index == 1  # not 2: smaller, but too far; not 0: larger
    assert result.classes == 4


def test_choosing_and_reporting_seeds_are_others(tmp_path):
    confirmed = {"#0": fresh(*BEST, 0.7, 0.7, 0.7), "#1": fresh(*CLOSE, 0.3, 0.4, 0.5), "#2": fresh(*WORSE, 0.9, 0.9, 0.9)}
    result = found(tmp_path, confirmed | {"dqn": fresh(*[1.2] * 6)})
    by_index = {entry.index: entry for entry in result.top}
    assert [entry.index for entry in result.top] == [1, 2, 0, 3]  # the pick, then by reported score; unconfirmed last
    pick = by_index[1].confirmed
    assert pick.choosing == (pytest.approx(0.78), pytest.approx(0, abs=1e-9))
    assert (pick.score.mean, pick.score.n) == (pytest.approx(0.4), 3)
    assert pick.score.low < 0.4 < pick.score.high
    assert by_index[0].confirmed.choosing == (pytest.approx(0.8), pytest.approx(0.04 / 3**0.5))
    assert by_index[2].confirmed.score.mean == pytest.approx(0.9)
    assert by_index[3].confirmed is None and not by_index[3].is_pick
    assert result.baselines["dqn"].confirmed.score.mean == pytest.approx(1.2)  # not clipped
    # Whatever the reporting seeds say, the pick stays.
    other = {name: rows[: 3 * ENVS] + fresh(0, 0, 0, 0.1, 0.1, 0.1)[3 * ENVS :] for name, rows in confirmed.items()}
    assert found(tmp_path / "2", other | {"dqn": fresh(*[1.2] * 6)}).pick.index == 1


def test_equal_sizes_go_to_the_better(tmp_path):
    losses = [(DQN, climbed(0.9)), (DQN.replace("max", "min"), climbed(0.9))]
    confirmed = {"dqn": fresh(*[0.5] * 6), "#0": fresh(0.70, 0.72, 0.74, 0, 0, 0), "#1": fresh(*[0.73] * 3, 0, 0, 0)}
    assert found(tmp_path, confirmed, losses).pick.index == 1


def test_only_seeds_that_every_loss_met_count(tmp_path):
    """A confirmation that its deadline cut short: the last seed is there for some losses only."""
    confirmed = {
        "dqn": fresh(*[0.5] * 5),
        "#0": fresh(0.2, 0.2, 0.4, 0.4, 1.0),
        "#1": [*fresh(0.1, 0.1, 0.3, 0.3), flat(Phase.CONFIRM, 0, 4, 1.0)],
    }
    result = found(tmp_path, confirmed)
    assert {entry.index: entry.confirmed.score.mean for entry in result.top[:2]} == {
        0: pytest.approx(0.4),
        1: pytest.approx(0.3),
    }
    assert all(len(entry.confirmed.rows) == 4 * ENVS for entry in result.top[:2])
    assert result.baselines["dqn"].confirmed.score.n == 2


def test_environments_of_a_seed_are_joined_before_seeds_are_averaged(tmp_path):
    rows = [flat(Phase.CONFIRM, env, seed, score) for seed in range(2) for env, score in enumerate((0.25, 1.0, 2.0))]
    result = found(tmp_path, {"dqn": fresh(0.5, 0.5), "#0": rows})
    assert result.top[0].confirmed.score.mean == pytest.approx((0.25 * 1.0 * 2.0) ** (1 / 3))


@pytest.mark.parametrize("confirmed", [{}, {"dqn": fresh(0.5), "#0": fresh(0.9)}, {"#0": fresh(0.9, 0.9)}])
def test_without_a_confirmation_the_best_selected_class_is_the_pick(confirmed, tmp_path):
    result = found(tmp_path, confirmed)
    assert [entry.index for entry in result.top] == [2, 0, 1, 3]  # by rung, then score
    assert result.pick.index == 2 and result.pick.confirmed is None
    assert result.baselines["dqn"].confirmed is None
    selected = result.pick.selected
    assert (selected.rung, selected.score.n, selected.score.mean) == (1, 2, pytest.approx(0.95))
    assert result.pick.key == structural_key(canonical(parse(SMALL)))
    assert canonical(parse(result.pick.text)) == canonical(parse(SMALL))


def test_a_limit_never_hides_what_was_confirmed(tmp_path):
    confirmed = {name: fresh(*[0.5] * 6) for name in ("dqn", "#0", "#1")}
    assert [len(found(tmp_path / str(limit), confirmed, limit=limit).top) for limit in (1, 3, 9)] == [2, 3, 4]


def test_the_front_is_of_confirmed_scores(tmp_path):
    """The reported half counts: the pick was chosen on the other one, and here lies below the front."""
    confirmed = {"#0": fresh(*BEST, 0.7, 0.7, 0.7), "#1": fresh(*CLOSE, 0.3, 0.4, 0.5), "#2": fresh(*WORSE, 0.5, 0.5, 0.5)}
    result = found(tmp_path, confirmed | {"dqn": fresh(*[0.9] * 6)}, limit=1)
    assert [entry.index for entry in result.front] == [2, 0]  # small to large; 3 is smaller still, but not confirmed
    assert {entry.index: entry.on_front for entry in result.top} == {0: True, 1: False, 2: True}
    assert result.pick.index == 1


def test_before_a_confirmation_the_front_is_of_shrunken_scores_on_the_highest_rung(tmp_path):
    """A limit hides nothing of it; what fell on an earlier rung is not compared."""
    lucky = [flat(0, 0, 0, 0.5), flat(1, 0, 0, 0.99), flat(1, 1, 0, 0.99)]  # one seed
    losses = [(LARGE, climbed(0.97)), (MIDDLE, lucky), (SMALL, climbed(0.6)), (TINY, [flat(0, 0, 0, 0.9)])]
    result = found(tmp_path, {}, losses, limit=1)
    assert [entry.index for entry in result.front] == [2, 1, 0]
    scores = [entry.shrunken for entry in result.front]
    assert scores == sorted(scores)
    prior = (0.97 + 0.99 + 0.6) / 3
    assert scores == pytest.approx([(2 * 0.6 + prior) / 3, (0.99 + prior) / 2, (2 * 0.97 + prior) / 3])
    assert [entry.index for entry in result.top] == [0] and result.top[0].on_front


def test_selected_scores_have_intervals_over_the_searchs_seeds(tmp_path):
    """Further seeds, met by later members of a class, count with the first ones; all members are counted."""
    trials = [flat(0, 0, 0, 0.5), *(flat(1, env, seed, 0.4 + 0.4 * seed) for seed in range(2) for env in range(2))]
    later = [flat(1, env, 2, 0.9) for env in range(2)]
    with by_hand(tmp_path / "run", SPACE, [(DQN, trials), (SMALL, []), (DQN, later), (DQN, [])], {}) as journal:
        journal._base.execute("UPDATE proposals SET status = 'duplicate', class_index = 0 WHERE proposal IN (2, 3)")
        (result,) = ranking(journal, SPACE).top
    assert (result.members, result.selected.rung, result.selected.score.n) == (3, 1, 3)
    assert result.selected.score.mean == pytest.approx((0.4 + 0.8 + 0.9) / 3)
    half = 4.3027 * math.sqrt(0.07 / 3)  # Student's t of 2 degrees of freedom; the variance of 0.4, 0.8 and 0.9 is 0.07
    assert (result.selected.score.low, result.selected.score.high) == pytest.approx((0.7 - half, 0.7 + half), abs=1e-4)


def test_a_known_loss_is_counted_as_a_class_is(tmp_path):
    result = found(tmp_path, {}, [(DQN, climbed(0.9))])
    known = result.baselines["dqn"]
    assert known.size == Loss("dqn").size == 9
    assert result.pick.size == 8  # written with half_square
    assert known.selected is None and canonical(parse(known.text)) == canonical(parse(DQN))


def test_a_run_without_a_class(tmp_path):
    create_run(SPACE, Options(), tmp_path / "run")
    with Journal(tmp_path / "run") as journal:
        result = ranking(journal, SPACE)
    assert (result.top, result.front, result.pick, result.classes) == ((), (), None, 0)
