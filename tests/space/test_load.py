"""Spaces from files and names, and what they resolve to."""

from dataclasses import replace

import pytest
import yaml

from rlsearch.errors import LossError, SpaceError
from rlsearch.evolve.limits import NO_LIMITS, Limits
from rlsearch.graph.text import parse
from rlsearch.registry import families, known_losses, shipped_spaces
from rlsearch.runs.run import Options, evolution_of
from rlsearch.simplify.canonical import canonical
from rlsearch.space.load import ENUMERATED_OPS, MAX_BYTES, load_space, parse_space
from rlsearch.space.starts import loss_text
from tests.support.tiny_runs import DQN, TEXT, tiny


@pytest.mark.parametrize("name", shipped_spaces())
def test_shipped_spaces_load_and_propose(name):
    space = load_space(name)
    assert space.name == name
    assert all(evolution_of(space, Options()).propose(index) for index in range(3))


def test_a_file_is_read_by_its_path(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT)
    assert load_space(str(path)) == replace(parse_space(TEXT, "mine"), name="mine")
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())  # a BOM, as Windows editors write it
    assert load_space(str(path)).grammar == tiny().grammar
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert load_space(str(path)).grammar == tiny().grammar


def refused(where) -> str:
    with pytest.raises(SpaceError) as error:
        load_space(str(where))
    assert "\n" not in str(error.value)
    return str(error.value)


def test_what_is_no_file_of_ours(tmp_path):
    assert "did you mean 'quickstart'?" in refused("quikstart")
    assert refused(tmp_path / "no.yaml").startswith(f"no search space '{tmp_path}/no.yaml'")
    assert "is a folder" in refused("")
    (tmp_path / "space.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    assert "has 100,001 bytes; a search space has at most 100,000" in refused(tmp_path / "space.yaml")
    assert "cannot be read: File name too long" in refused("x" * 5000)
    assert "no search space" in refused("a\0b")


def test_numbers_that_yaml_takes_for_text():
    agent = {"learning_rate": "3e-4", "replay_capacity": "1e4", "hidden": ["16", 8]}
    space = tiny(constants=["1e-1", "1"], agent=agent, rungs=[{"envs": ["Catch"], "steps": "1e3", "pass": "5e-1"}], confirm={})
    assert (space.agent.learning_rate, space.agent.replay_capacity, space.agent.hidden) == (3e-4, 10_000, (16, 8))
    assert space.grammar.constants == (0.1, 1.0)
    assert (space.rungs[0].steps, space.rungs[0].passes) == (1000, 0.5)
    assert "learning_rate: 3e-4" in yaml.safe_dump(agent).replace("'", "")


def test_ops_by_name_and_by_family():
    space = tiny(ops=["powers", "add", "square", "arithmetic"])
    powers, arithmetic = ([op.name for op in families()[name]] for name in ("powers", "arithmetic"))
    assert space.grammar.ops == tuple(dict.fromkeys([*powers, "add", "square", *arithmetic]))


def test_starts(tmp_path):
    path = tmp_path / "my.loss"
    path.write_text("# mine\nloss = (q(online, s)[a] - r)**2\n")
    space = tiny(start=["dqn", str(path)])
    forms = [canonical(genome.graph()) for genome in space.starts]
    assert forms == [canonical(parse(known_losses()["dqn"])), canonical(parse(path.read_text()))]
    assert space.resolved()["losses"] == {"dqn": known_losses()["dqn"], str(path): path.read_text()}
    path.write_text("loss = r")
    with pytest.raises(
        SpaceError, match=r"line \d+: start.0: '.*my.loss': line 1, column 8: no gradient reaches the online network"
    ):
        tiny(start=[str(path)])
    path.write_bytes(b"\xff")
    with pytest.raises(LossError, match="is not UTF-8 text"):
        loss_text(str(path))
    assert [tiny(start=start).enumerate_ops for start in ("random", "enumerate", {"enumerate": 2})] == [0, ENUMERATED_OPS, 2]


def test_a_start_may_be_an_expression():
    texts = ["dqn", "0.5 * (q(online, s)[a] - r)**2", "y = r * discount\nloss = abs(q(online, s)[a] - y)\n"]
    space = tiny(start=texts)
    assert [genome.graph() for genome in space.starts] == [parse(known_losses()["dqn"]), *map(parse, texts[1:])]
    again = parse_space(space.text, "tiny", resolved=space.resolved())
    assert again == space and space.written()["start"] == texts
    with pytest.raises(SpaceError, match=r"start.0: 'tahn\(r\)': line 1, column 1: unknown op 'tahn'"):
        tiny(start=["tahn(r)"])


def test_limits_are_the_grammars():
    limits = {"complexity": {"exp": 3}, "max_complexity": 20, "max_depth": 8, "nesting": {"exp": {"exp": 0, "log": 1}}}
    space = tiny(**limits)
    assert space.grammar.limits == Limits({"exp": 3}, 20, 8, {"exp": {"exp": 0, "log": 1}})
    assert {key: space.written()[key] for key in limits} == limits
    assert tiny().grammar.limits == NO_LIMITS and not {*limits} & {*tiny().written()}  # as runs of earlier versions have it


def test_what_was_resolved_stands_in_for_what_is_there_now(tmp_path):
    path = tmp_path / "my.loss"
    path.write_text(DQN)
    before = tiny(start=[str(path)])
    resolved = before.resolved() | {"agent": before.resolved()["agent"] | {"batch": 9}}
    path.unlink()
    with pytest.raises(SpaceError, match="there is no file"):
        parse_space(before.text, "tiny")
    again = parse_space(before.text, "tiny", resolved=resolved)
    assert again.agent == again.model.agent == replace(before.agent, batch=9)
    assert (again.starts, again.start_texts) == (before.starts, before.start_texts)
    assert parse_space(before.text, "tiny", resolved=before.resolved()) == before
