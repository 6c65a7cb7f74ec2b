"""The page: one file, well-formed, nothing fetched, nothing executed, honest about what is missing."""

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from rlsearch.graph.text import parse, print_graph
from rlsearch.loss import Loss
from rlsearch.report.page import duration, render, render_loss
from rlsearch.report.view import Baseline, Fate
from tests.support.random_losses import random_losses
from tests.support.views import DQN, empty_view, full_view

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


PAGES = {"full": full_view(), "empty": empty_view()}


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
    view = full_view()
    page = render(view)
    tags = Balance(page).tags
    assert tags.count("math") == 10 + 1 + 3  # each class, the pick, the pick and two baselines in the table
    assert tags.count("svg") == 10 + 1 + 2 + 2 * 3 + 2  # drawings, comparison and front, environments, progress and fates
    for entry in view.top:
        assert entry.hash[:10] in page
    for words in ("FrozenLake", "unseen", "12,345", "every reward lowered by 0.1", "random search", "5 min 12 s"):
        assert words in page
    assert "0.900 [0.850, 0.940], 10 seeds" in page
    assert "0.960 [0.900, 1.000], 3 seeds" in page and "0.850 [0.800, 0.900], 3 seeds" in page  # selected: pick, dqn
    assert page.count("<td>front</td>") == 4 and page.count(">3/3</td>") == 12  # ten classes, the pick again and dqn
    assert "(9 ops, 0.840), <code>" in page and "(12 ops, 0.900)." in page
    assert "not been confirmed" not in page


def test_size_with_many_large_losses() -> None:
    texts = [print_graph(graph) for graph in random_losses(10, ops=15)]
    view = full_view()
    top = tuple(replace(entry, text=text) for entry, text in zip(view.top, texts, strict=True))
    page = render(replace(view, top=top))
    Balance(page)
    assert len(page.encode()) < 300_000


def test_no_confirmation_is_said() -> None:
    view = full_view()
    assert view.pick
    top, front = (tuple(replace(entry, confirmed=None) for entry in entries) for entries in (view.top, view.front))
    pick = replace(view.pick, confirmed=None)
    page = render(replace(view, pick=pick, top=top, front=front, environments=(), baselines=()))
    assert Balance(page).tags.count("svg") == 10 + 1 + 2  # no chart of the front
    assert "nothing is confirmed yet, so the scores are the selected ones" in page and "(9 ops, 0.870), <code>" in page
    assert "has not been confirmed yet" in page
    assert "Do not quote it" in page


def test_nothing_scored_is_said() -> None:
    page = render(empty_view())
    assert "There is no pick yet" in page and "No loss has been scored yet" in page


def test_the_gradient_in_words_stands_with_the_pick_and_where_no_known_loss_is_alike() -> None:
    page = render(full_view())
    assert "<strong>In effect:</strong> gradient 0." in page
    assert "<td>gradient 2</td>" in page and "<td>same direction as dqn</td>" in page


def test_hostile_text_is_escaped() -> None:
    evil = "<script>alert(1)</script>\"'&"
    view = full_view()
    assert view.pick
    page = render(
        replace(
            view,
            run=replace(view.run, name=evil, space=evil, strategy=evil, next_command=evil),
            pick=replace(view.pick, relation=evil, meaning=evil, hash=evil),
            rule=evil,
            caveats=(evil,),
            baselines=(replace(view.baselines[0], name=evil), Baseline(evil, "", 0, None, 0, None)),
            environments=tuple(
                replace(e, name=evil, losses=tuple(replace(x, name=evil) for x in e.losses)) for e in view.environments
            ),
            fates=(Fate(evil, 3),),
            space_yaml=evil,
            stamp=((evil, evil),),
        )
    )
    assert "script" not in Balance(page).tags
    assert "<script" not in page


def test_a_formula_that_would_explode_is_left_out() -> None:
    doubled = "x0 = q(online, s)[a]\n" + "".join(f"x{k + 1} = x{k} * x{k} + r\n" for k in range(20)) + "loss = x20"
    page = render_loss(parse(doubled), "tower")
    parsed = Balance(page)
    assert "math" not in parsed.tags and "too long to read" in page


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
