"""The page: one file, well-formed, nothing fetched, nothing executed, honest about what is missing."""

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rlsearch.analysis.outcomes import Outcomes
from rlsearch.analysis.result import Baseline, ClassResult, Ranking
from rlsearch.graph.text import parse
from rlsearch.loss import Loss
from rlsearch.report.page import duration, render, render_loss
from tests.support.random_losses import random_losses
from tests.support.run_reports import DQN, empty_report, full_report, with_ranking

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Balance(HTMLParser):
    """Checks that tags nest; notes tags, ids and what would be fetched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [str(value) for name, value in attrs if name == "id"]
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href", "xlink:href", "srcset", "data")]


PAGES = {"full": full_report(), "empty": empty_report()}


@pytest.mark.parametrize("name", PAGES)
def test_self_contained_and_well_formed(name: str) -> None:
    page = render(PAGES[name])
    parsed = Balance(page)
    assert not {"script", "link", "iframe", "img"} & set(parsed.tags)
    assert parsed.fetched == []
    assert len(parsed.ids) == len(set(parsed.ids))
    assert not re.search(r"url\(|@import", page)
    assert "prefers-color-scheme:dark" in page and "@media print" in page


def test_everything_is_shown() -> None:
    report = full_report()
    page = render(report)
    tags = Balance(page).tags
    assert tags.count("math") == 10 + 1 + 3  # each class, the pick, the pick and two baselines in the table
    assert tags.count("svg") == 10 + 1 + 2 + 2 * 3 + 2  # drawings, comparison and front, environments, progress and outcomes
    for entry in report.result.ranking.top:
        assert entry.key[:10] in page
    for words in ("FrozenLake", "unseen", "12,345", "every reward lowered by 0.1", "random search", "5 min 12 s"):
        assert words in page
    assert "0.900 [0.850, 0.940], 10 seeds" in page
    assert "0.960 [0.900, 1.000], 3 seeds" in page and "0.850 [0.800, 0.900], 3 seeds" in page  # selected: pick, dqn
    assert page.count("<td>front</td>") == 4 and page.count(">3/3</td>") == 12  # ten classes, the pick again and dqn
    assert "(9 ops, 0.840), <code>" in page and "(12 ops, 0.900)." in page
    assert "not been confirmed" not in page


def test_size_with_many_large_losses() -> None:
    report = full_report()
    entries = zip(report.result.ranking.top, random_losses(10, ops=15), strict=True)
    page = render(with_ranking(report, top=tuple(replace(entry, graph=graph) for entry, graph in entries)))
    Balance(page)
    assert len(page.encode()) < 300_000


def test_no_confirmation_is_said() -> None:
    report = full_report()
    ranking = report.result.ranking
    top, front = (tuple(replace(entry, confirmed=None) for entry in entries) for entries in (ranking.top, ranking.front))
    page = render(replace(with_ranking(report, top=top, front=front, baselines={}), environments=()))
    assert Balance(page).tags.count("svg") == 10 + 1 + 2  # no chart of the front
    assert "nothing is confirmed yet, so the scores are the selected ones" in page and "(9 ops, 0.870), <code>" in page
    assert "has not been confirmed yet" in page
    assert "Do not quote it" in page


def test_nothing_scored_is_said() -> None:
    page = render(empty_report())
    assert "There is no pick yet" in page and "No loss has been scored yet" in page


def test_the_gradient_in_words_stands_with_the_pick_and_where_no_known_loss_is_alike() -> None:
    page = render(full_report())
    pick, dqn, bandit = full_report().result.ranking.top[:3]
    assert bandit.relation == "" and all(entry.relation and entry.meaning for entry in (pick, dqn))
    assert f"<strong>In effect:</strong> {pick.meaning}." in page
    assert f"<td>{bandit.meaning}</td>" in page and f"<td>{dqn.relation}</td>" in page


def test_hostile_text_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "<script>alert(1)</script>\"'&"
    monkeypatch.setattr(ClassResult, "relation", evil)
    monkeypatch.setattr(ClassResult, "meaning", evil)
    monkeypatch.setattr(Ranking, "rule", evil)
    monkeypatch.setattr(Ranking, "caveats", (evil,))
    report = full_report()
    ranking = report.result.ranking
    result = replace(
        report.result,
        folder=Path(evil.replace("/", "")),
        space=evil,
        strategy=evil,
        outcomes=Outcomes({evil: 3}, {}, {evil: 1}),
        ranking=replace(
            ranking,
            top=tuple(replace(entry, key=evil) for entry in ranking.top),
            baselines={evil: ranking.baselines["dqn"], f"{evil}2": Baseline("", 0, None, None)},
        ),
    )
    page = render(
        replace(
            report,
            result=result,
            environments=tuple(
                replace(env, name=evil, losses=tuple(replace(loss, name=evil) for loss in env.losses))
                for env in report.environments
            ),
            next_command=evil,
            space_yaml=evil,
            stamp=((evil, evil),),
        )
    )
    assert "script" not in Balance(page).tags
    assert "<script" not in page and page.count("&lt;script&gt;alert(1)&lt;") > 40


def test_a_formula_that_would_explode_is_shown_in_parts() -> None:
    doubled = "x0 = q(online, s)[a]\n" + "".join(f"x{k + 1} = x{k} * x{k} + r\n" for k in range(20)) + "loss = x20"
    page = render_loss(parse(doubled), "tower")
    parsed = Balance(page)
    assert parsed.tags.count("math") == 1 and 5 < parsed.tags.count("mtr") < 20
    assert "where" in page and len(page) < 80_000


def test_the_page_says_where_digits_were_cut() -> None:
    page = render_loss(parse("0.33333333333 * (q(online, s)[a] - r)**2"), "third")
    assert "<mo>≈</mo><mn>0.333333</mn>" in page and "The number 0.33333333333." in page


def test_page_of_a_loss() -> None:
    page = render_loss(parse(DQN), "my <dqn>")
    parsed = Balance(page)
    assert parsed.fetched == [] and "script" not in parsed.tags
    assert "<h1>my &lt;dqn&gt;</h1>" in page and f"loss of {Loss(DQN).size} ops" in page
    assert "def loss(\n    q_online_s: torch.Tensor,\n" in page and "math" in parsed.tags


@pytest.mark.parametrize(("seconds", "words"), [(41.2, "41 s"), (200, "3 min 20 s"), (7512, "2 h 5 min")])
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_report_needs_no_torch() -> None:
    code = "import sys, rlsearch.report.page; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
