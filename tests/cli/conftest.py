"""A small space, a run of it, and the command line inside this process and outside."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rlsearch.cli import run

SPACE = """
inputs: [online, target, s, s_next, a, r, discount]
given: |
  q_sa   = q(online, s)[a]
  q_next = max(q(target, s_next))
free_nodes: 4
ops: [arithmetic, half_square]
start: [dqn]
evolution: {population: 10, tournament: 3, in_flight: 8}
rungs:
  - {envs: [LayeredMDP], seeds: 1, steps: 1000, pass: 0.2}
  - {envs: [LayeredMDP, Garnet], seeds: 2, steps: 3000}
confirm: {seeds: 4, envs: [Catch], top: 2}
baselines: [dqn]
"""
PROPOSALS = 30


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on stdout, strictly read."""
        return json.loads(self.out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def launch(*words: str, folder: Path) -> Said:
    """The command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "rlsearch", *words], cwd=folder, env=os.environ, capture_output=True, text=True, check=False
    )
    return Said(done.returncode, done.stdout, done.stderr)


def rlsearch(*words: str) -> str:
    """What a command prints that must succeed."""
    said = launch(*words, folder=Path.cwd())
    assert said.code == 0, said.err
    return said.out


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Type a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)

    def typed(*words: str) -> Said:
        code = run(words)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return typed


@pytest.fixture(scope="session")
def searched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A finished run's folder, and what was said while it was made; not to be changed."""
    folder = tmp_path_factory.mktemp("search")
    (folder / "tiny.yaml").write_text(SPACE)
    words = ("search", "tiny.yaml", "--proposals", str(PROPOSALS), "--workers", "1", "--out", "run")
    return folder / "run", launch(*words, folder=folder)


@pytest.fixture(scope="session")
def finished_run(searched: tuple[Path, Said]) -> Path:
    """A finished run's folder; not to be changed."""
    folder, said = searched
    assert said.code == 0, said.err
    return folder
