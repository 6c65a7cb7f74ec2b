"""`rlsearch bench`: for people and as JSON, alone and against what was kept."""

import json
from pathlib import Path

import pytest

from rlsearch.bench import suite
from rlsearch.bench.figure import Figure, Side, machine


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bench that takes no time: the figures have tests of their own."""
    sides = {"ours": Side("us", 1.0, 1.0, (1.0,))}
    figure = Figure("ratio", 60.0, "times", "more", "eager by ours", sides, {"nothing": float("nan")}, "here")

    def bench(names: tuple[str, ...], tell) -> dict:
        tell(figure)
        return {"machine": machine(), "figures": {figure.name: figure.to_json()}}

    monkeypatch.setattr(suite, "bench", bench)


@pytest.mark.usefixtures("measured")
def test_bench(say) -> None:
    assert "60 times" in say("bench", "ratio").out
    said = say("bench", "ratio", "--json")
    assert said.json["figures"]["ratio"]["settings"]["nothing"] is None and "60 times" in said.err


@pytest.mark.usefixtures("measured")
def test_bench_against_what_was_kept(say, tmp_path: Path) -> None:
    kept = say("bench", "ratio", "--json").json
    (tmp_path / "same.json").write_text(json.dumps(kept))
    said = say("bench", "ratio", "--against", "same.json")
    assert said.out.splitlines()[-1].strip() == "1 times the kept 60 times; more is better"
    assert "differ" not in said.out + said.err and said.code == 0

    kept["machine"] = "an abacus"
    kept["figures"]["ratio"]["value"] = 40.0
    (tmp_path / "other.json").write_text(json.dumps(kept))
    said = say("bench", "ratio", "--against", "other.json", "--json")
    assert said.json["against"] == {"file": "other.json", "machine": "an abacus", "ratios": {"ratio": 1.5}}
    (warned,) = [line for line in said.err.splitlines() if "differ" in line]
    assert warned == f"the machines differ, and so may the figures: kept on an abacus; here {machine()}"

    kept["figures"]["ratio"]["unit"] = "percent"
    (tmp_path / "unit.json").write_text(json.dumps(kept))
    assert "not among the kept ones; more is better" in say("bench", "ratio", "--against", "unit.json").out
    assert say("bench", "ratio", "--against", "unit.json", "--json").json["against"]["ratios"] == {"ratio": None}


def test_bench_against_nothing_is_refused_before_anything_is_measured(say, tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text("{")
    for name in ("wrong.json", "missing.json", "."):
        said = say("bench", "help_time", "--against", name)
        assert (said.code, said.out, said.err.count("\n")) == (2, "", 1) and "`rlsearch bench --json`" in said.err
