"""Every command on streams that are not UTF-8, full, closed, or left by their reader: no traceback, and a true exit code."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rlsearch.cli import run, run_search, streams
from rlsearch.cli.group import COMMANDS
from rlsearch.cli.output import Words
from rlsearch.cli.progress_view import Live
from rlsearch.cli.streams import OutputLost, flush_streams
from rlsearch.runs.budget import Budget
from rlsearch.runs.progress import Progress
from rlsearch.store.journal import Journal, ProposalRow
from tests.cli.conftest import SPACE

SMALL = ("--envs", "Catch", "--seeds", "1", "--steps", "100", "--workers", "1")
TYPED = {
    "show": ("show", "dqn"),
    "tree": ("show", "dqn", "--as", "tree"),
    "ops": ("ops",),
    "op": ("ops", "huber"),
    "envs": ("envs",),
    "losses": ("losses",),
    "spaces": ("spaces",),
    "keys": ("spaces", "--keys"),
    "inputs": ("inputs",),
    "about": ("about",),
    "runs": ("runs", "{parent}"),
    "top": ("top", "{run}"),
    "export": ("export", "dqn", "--to", "mathml"),
    "check": ("check", "quickstart"),
    "report": ("report", "dqn", "--force"),
    "completion": ("completion", "bash"),
    "help": ("--help",),
    "version": ("--version",),
    "compare": ("compare", "dqn", *SMALL),
}
JSON = [name for name in TYPED if name not in ("tree", "export", "report", "completion", "help", "version", "compare")]


@pytest.fixture(autouse=True)
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def printing(monkeypatch: pytest.MonkeyPatch, finished_run: Path) -> Callable[..., int]:
    """Type a command whose stdout is a descriptor of that encoding; its exit code."""

    def typed(words: tuple[str, ...], descriptor: int, encoding: str = "utf-8") -> int:
        as_python = io.TextIOWrapper(io.BytesIO(), encoding)
        monkeypatch.setattr(sys, "stdout", streams._stream(as_python, descriptor))
        return flush_streams(run([word.format(run=finished_run, parent=finished_run.parent) for word in words]))

    return typed


def broken_pipe() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def full() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def test_every_command_is_tried() -> None:
    searching = {"search", "resume", "bench"}  # see below; the last is compare's kind, and takes minutes
    assert {words[0] for words in TYPED.values()} >= COMMANDS.keys() - searching


@pytest.mark.parametrize("name", TYPED)
def test_a_full_disk_is_said(name: str, printing, capsys) -> None:
    assert printing(TYPED[name], full()) == 1
    assert capsys.readouterr().err.endswith("rlsearch: the output cannot be written: No space left on device\n")


@pytest.mark.parametrize("name", TYPED)
def test_a_reader_may_leave_unless_work_is_not_done(name: str, printing, capsys) -> None:
    code, err = printing(TYPED[name], broken_pipe()), capsys.readouterr().err
    if name == "compare":
        assert code == 1 and err == "rlsearch: the output cannot be written: Broken pipe\n"
    else:
        assert (code, err) == (0, "")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("name", [name for name in TYPED if name != "compare"])  # it trains, and prints in ASCII anyway
def test_letters_that_an_encoding_lacks(name: str, encoding: str, printing, tmp_path: Path) -> None:
    place = tmp_path / "printed"
    assert printing(TYPED[name], os.open(place, os.O_WRONLY | os.O_CREAT), encoding) == 0
    assert place.read_bytes()


@pytest.mark.parametrize("name", JSON)
def test_json_is_json_in_every_encoding(name: str, printing, tmp_path: Path) -> None:
    found = []
    for encoding in ("utf-8", "ascii", "cp1252"):
        place = tmp_path / encoding
        assert printing((*TYPED[name], "--json"), os.open(place, os.O_WRONLY | os.O_CREAT), encoding) == 0
        found.append(json.loads(place.read_text(encoding)))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("words", "closed", "code"),
    [("show dqn", ">&-", 0), ("show dqn", ">&- 2>&- <&-", 0), ("show dqm", "2>&-", 2), ("show dqm", "2>/dev/full", 2)],
)
def test_closed_streams(closed: str, words: str, code: int) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m rlsearch {words} {closed}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == code and "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("code", [0, 2])
def test_what_is_lost_is_forgotten(code: int, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """Python would try to write it once more, and end with exit code 120."""
    monkeypatch.setattr(sys, "stdout", streams._stream(None, full()))
    print("unread")
    assert flush_streams(code) == (code or 1)
    assert capsys.readouterr().err.count("\n") == (0 if code else 1)
    sys.stdout.flush()


def test_files_are_not_taken_for_streams_that_are_closed() -> None:
    program = "import os; from rlsearch.cli.streams import take_streams; take_streams(); print(7); os._exit(os.open('/', 0))"
    done = subprocess.run(["sh", "-c", f'{sys.executable} -c "{program}" >&- 2>&- <&-'], check=False)
    assert done.returncode == 3


@pytest.mark.parametrize(("lose", "why"), [(full, "No space left on device"), (broken_pipe, "Broken pipe")])
@pytest.mark.parametrize("rows", [0, 2])
def test_a_search_that_nobody_can_watch_stops(lose, why: str, rows: int, monkeypatch, tmp_path: Path, capsys) -> None:
    """Its exit code is not 0, what it has is kept, and it says how to go on."""
    (tmp_path / "tiny.yaml").write_text(SPACE)

    def search(run, budget, executor_config, on_progress, on_message, stop) -> bool:
        for number in range(rows):
            run.journal.add(ProposalRow(number, "", "[]", "random", "rejected", "", "", -1, 1, ""), ())
        os.dup2(lose(), sys.stdout.fileno())
        on_progress(Progress(proposals=rows + 1, phase="confirm", best_text="loss = q(online, s)[a]"))
        return True

    with (tmp_path / "out").open("wb") as out:
        monkeypatch.setattr(sys, "stdout", streams._stream(None, os.dup(out.fileno())))
    monkeypatch.setattr(run_search, "run_session", search)
    code = flush_streams(run(["search", "tiny.yaml", "--proposals", "5", "--out", "run"]))
    err = capsys.readouterr().err
    assert code == 1 and err.startswith(f"rlsearch: the output cannot be written: {why}; the search has stopped")
    assert err.count("\n") == 1 and ("rlsearch resume run" in err) == bool(rows) == (tmp_path / "run").exists()
    if rows:
        with Journal(tmp_path / "run") as journal:
            assert journal.count() == rows


def test_the_search_itself_ends_when_its_first_line_is_lost(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(SPACE)
    line = f"{sys.executable} -m rlsearch search tiny.yaml --minutes 9 --workers 1 --out run >/dev/full"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 1 and done.stderr == "rlsearch: the output cannot be written: No space left on device\n"
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.yaml"]


@pytest.mark.parametrize("method", ["announce", "update", "stopping"])
def test_a_view_of_progress_says_that_it_is_lost(method: str) -> None:
    with Live(Words(streams._stream(None, full())), "run", 3, Budget(minutes=2), -1) as live:
        live._said = -1e9
        call = {"announce": lambda: live.announce("x"), "stopping": live.stopping, "update": lambda: live.update(Progress())}
        with pytest.raises(OutputLost, match="No space left"):
            call[method]()
