"""A comparison as a picture: every loss in every environment, in colours that other programs than browsers know."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.comparison import Comparison, Summary
from rlsearch.evaluation.statistics import Interval
from rlsearch.report.comparison_chart import comparison_chart
from rlsearch.space.presets import resolve_agent

NAMES = ["dqn", "a<b & c", *(f"loss {k}" for k in range(8))]


def compared(envs: tuple[str, ...], names: list[str]) -> Comparison:
    summaries = [
        Summary(name, env, measure, Interval(0.1 * k, 0.1 * k - 0.05, None if k == 1 else 0.1 * k + 0.05, 3), None)
        for k, name in enumerate(names)
        for env in (*envs, None)
        for measure in ("area", "final")
    ]
    texts = dict.fromkeys(names, "loss = q(online, s)[a]")
    return Comparison(texts, {}, names[0], envs, 3, 0, 0, 100, resolve_agent("fast"), (), tuple(summaries))


@pytest.mark.parametrize("envs", [("Catch",), ("Catch", EnvSpec.parse("Garnet").label())])
def test_every_score_is_drawn(envs: tuple[str, ...]) -> None:
    text = comparison_chart(compared(envs, NAMES))
    page = ElementTree.fromstring(text)
    places = [*envs, *(["all environments"] if len(envs) > 1 else [])]
    words = [part.text for part in page.iter() if part.tag.endswith("text")]
    assert [word for word in words if word in places] == places
    assert all(words.count(name) == len(places) for name in NAMES)
    assert sum(part.tag.endswith("circle") for part in page.iter()) == len(places) * len(NAMES)


def test_colours_are_literal() -> None:
    text = str(comparison_chart(compared(("Catch",), NAMES)))
    assert "var(" not in text and "http" not in text.replace("http://www.w3.org/2000/svg", "")
    used = {*re.findall(r"class=\"(series-\d)", text)}
    assert all(re.search(rf"\.{kind} circle{{fill:#", text) for kind in used) and len(used) == 6
