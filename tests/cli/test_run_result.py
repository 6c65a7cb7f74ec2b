"""A run's result as a document and as lines: everything that is known is there, and fits on the screen."""

import re
from dataclasses import replace

import pytest

from rlsearch.analysis.result import Baseline, SelectedScore
from rlsearch.analysis.run_result import RunResult, run_result
from rlsearch.cli.run_result import document, lines
from rlsearch.evaluation.statistics import Interval
from tests.support.confirmed_runs import SMALL, SPACE, fresh
from tests.support.tiny_runs import DQN, by_hand, flat

POLE = "loss = half_square(q(online, s)[a] - (r + max(q(target, s_next))))"
LOSSES = [(DQN, 0.9), (SMALL, 0.6), (POLE, 0.3)]
CONFIRMED = {
    "dqn": fresh(*[0.55] * 6),
    "#0": fresh(0.7, 0.8, 0.9, 0.6, 0.7, 0.8),
    "#1": fresh(*[0.5] * 6),
    "#2": fresh(*[0.2] * 6),
}


def result(tmp_path, confirmed=CONFIRMED) -> RunResult:
    trials = [
        (text, [flat(0, 0, 0, 0.5), *(flat(1, env, seed, score + seed / 50) for seed in range(2) for env in range(2))])
        for text, score in LOSSES
    ]
    with by_hand(tmp_path / "run", SPACE, trials, confirmed) as journal:
        return run_result(journal, SPACE)


# Scripts read these: a key that goes breaks them.
INTERVAL = {"mean", "low", "high", "seeds"}
DOCUMENT = {
    "run", "space", "seed", "strategy", "budget", "finished", "proposals", "classes", "outcomes", "ops", "search_seconds",
    "total_seconds", "expected", "rungs", "rule", "caveats", "notes", "confirmation", "floor", "complexity", "top", "front",
    "baselines",
}  # fmt: skip
CLASS = {
    "hash", "loss", "size", "members", "rung", "selected", "shrunken", "confirmed", "pick", "front", "relation", "meaning",
}  # fmt: skip


def test_the_keys_of_the_document(tmp_path) -> None:
    found = document(result(tmp_path))
    assert found.keys() == DOCUMENT
    assert found["confirmation"] == {"planned": 6, "met": 6, "choosing": 3, "reporting": 3, "losses": 4}
    assert found["outcomes"].keys() == {"fates", "rejected", "diverged", "timeout"}
    assert len(found["top"]) == 3 and len(found["front"]) == 2 and found["baselines"].keys() == {"dqn"}
    for entry in found["top"]:
        assert entry.keys() == CLASS
        assert entry["selected"].keys() == INTERVAL
    for entry in found["front"]:
        assert entry.keys() == {"hash", "loss", "size", "score"}
    known = found["baselines"]["dqn"]
    assert known.keys() == {"loss", "size", "rung", "selected", "confirmed"}
    for confirmed in (known["confirmed"], *(entry["confirmed"] for entry in found["top"])):
        assert confirmed.keys() == INTERVAL | {"choosing"}
        assert confirmed["choosing"].keys() == {"mean", "standard_error"}


def test_the_document_of_a_run(tmp_path) -> None:
    found = document(result(tmp_path))
    assert (found["run"], found["space"], found["seed"]) == (str(tmp_path / "run"), "tiny", 1)
    assert (found["strategy"], found["rungs"], found["floor"]) == ("evolution", 2, 0.05)
    assert (found["proposals"], found["classes"], found["finished"]) == (3, 3, False)
    assert found["outcomes"] == {"fates": {"trained": 3}, "rejected": {}, "diverged": {}, "timeout": 0}
    assert (found["budget"], found["search_seconds"], found["total_seconds"], found["expected"]) == (None, 0, None, None)


def test_the_document_of_a_class(tmp_path) -> None:
    first = document(result(tmp_path))["top"][0]
    assert (first["pick"], first["front"], first["members"], first["size"], first["rung"]) == (True, True, 1, 8, 2)
    assert first["selected"] == {
        "mean": pytest.approx(0.91),
        "low": pytest.approx(0.91 - 12.7062 * 0.01, abs=1e-6),  # Student's t of 1 degree of freedom
        "high": pytest.approx(0.91 + 12.7062 * 0.01, abs=1e-6),
        "seeds": 2,
    }
    assert 0.6 < first["shrunken"] < 0.91
    confirmed = first["confirmed"]
    assert confirmed["choosing"] == {"mean": pytest.approx(0.8), "standard_error": pytest.approx(0.1 / 3**0.5)}
    half = 4.3027 * 0.1 / 3**0.5  # of 2 degrees of freedom
    assert (confirmed["mean"], confirmed["seeds"]) == (pytest.approx(0.7), 3)
    assert (confirmed["low"], confirmed["high"]) == pytest.approx((0.7 - half, 0.7 + half), abs=1e-4)
    assert first["relation"] == "same gradient as dqn; same direction as scratch_td"


def test_the_front_of_a_run_is_small_to_large_and_whole(tmp_path) -> None:
    found = document(result(tmp_path), 1)
    assert [(entry["size"], round(entry["score"], 6)) for entry in found["front"]] == [(4, 0.5), (8, 0.7)]
    assert len(found["top"]) == 1
    unconfirmed = document(result(tmp_path / "2", {}), 1)
    first = unconfirmed["top"][0]
    assert {entry["hash"]: entry["score"] for entry in unconfirmed["front"]}[first["hash"]] == first["shrunken"]


def test_lines_of_a_confirmed_run(tmp_path) -> None:
    found = document(result(tmp_path))
    said = list(lines(found))
    assert max(map(len, said)) <= 120
    head, pick, loss, known_as = said[:4]
    columns = ["hash", "met", "size", "rung", "selected (95 %, seeds)", "confirmed (95 %, seeds)"]
    assert re.split(" {2,}", head.strip()) == columns
    cells = re.split(" {2,}", pick.strip())
    assert cells[0] == "pick *" and cells[2:5] == ["1", "8", "2/2"] and known_as == "       known as = dqn; ~ scratch_td"
    assert cells[5] == "0.910 [0.783, 1.037], 2" and re.fullmatch(r"0\.700 \[\S+, \S+\], 3", cells[6])
    assert "max(q(target, s_next))" in loss and loss.startswith("      ")
    words = " ".join(" ".join(said).split())
    assert f"pick: {found['rule']}." in words
    assert "* front, by confirmed scores: " in words and re.search(r"It is \w{8} \(4, 0\.500\), \w{8} \(8, 0\.700\)\.", words)
    assert "= has the same gradient" in words
    (known,) = [line for line in said if line.startswith("dqn ")]
    assert re.split(" {2,}", known) == ["dqn", "9", "-", "-", "0.550 [0.550, 0.550], 3"]


def test_sizes_that_ops_count_differently_in_are_explained(tmp_path) -> None:
    run = result(tmp_path)
    assert "size: ops of the smallest loss" in " ".join(lines(document(run)))
    found = document(replace(run, ranking=replace(run.ranking, complexity={"exp": 3, "log": 2})))
    assert found["complexity"] == {"exp": 3, "log": 2}
    said = " ".join(" ".join(lines(found)).split())
    assert "size: ops, as the space counts them (exp 3, log 2, others 1), of the smallest loss" in said


def test_lines_of_a_run_without_confirmation(tmp_path) -> None:
    said = list(lines(document(result(tmp_path, {}))))
    assert "shrunken" in said[0] and "confirmed" not in said[0]
    words = " ".join(" ".join(said).split())
    assert "nothing is confirmed yet" in words and "front, by shrunken scores" in words
    assert "shrunken: the selected score drawn towards the mean" in words


def test_known_losses_may_have_met_the_searchs_seeds(tmp_path) -> None:
    """Their scores there were not chosen, so they are fair beside the classes'."""
    run = result(tmp_path)
    known = Baseline(DQN, 9, SelectedScore(1, Interval(0.4, 0.3, 0.5, 2)), None)
    found = document(replace(run, ranking=replace(run.ranking, baselines={"dqn": known})))
    assert found["baselines"]["dqn"]["selected"] == {"mean": 0.4, "low": 0.3, "high": 0.5, "seeds": 2}
    assert found["baselines"]["dqn"]["rung"] == 2
    (line,) = [line for line in lines(found) if line.startswith("dqn ")]
    assert re.split(" {2,}", line) == ["dqn", "9", "2/2", "0.400 [0.300, 0.500], 2", "-"]
