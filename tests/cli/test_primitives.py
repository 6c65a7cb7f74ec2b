"""Op packs on the command line: named, checked, searched with by two workers, and read again from the run alone."""

import json
import time
from pathlib import Path

import pytest

from rlsearch.store.journal import Journal
from tests.cli.conftest import SPACE, Said, launch
from tests.support.packs import SPREAD, variant, written

WITH = SPACE.replace("[arithmetic, half_square]", "[add, sub, my_ops]").replace("start: [dqn]", "start: [mine.loss]")
LOSS = "loss = mine(q(online, s)[a] - (r + discount * max(q(target, s_next))))\n"
HUBER = variant("huber")  # trains like dqn, under another name


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A search with a pack, whose file is gone now; not to be changed."""
    folder = tmp_path_factory.mktemp("packs")
    (folder / "tiny.yaml").write_text(WITH)
    (folder / "mine.loss").write_text(LOSS)
    pack = written(folder, f"{HUBER}# A text that no cache knows: {time.time_ns()}\n")
    words = ("search", "tiny.yaml", "--primitives", "my_ops.py", "--proposals", "20", "--workers", "2", "--out", "run")
    said = launch(*words, folder=folder)
    pack.unlink()
    return folder, said


def copy_of(folder: Path) -> str:
    """The pack that a run keeps."""
    return (folder / "primitives" / "my_ops.py").read_text()


def test_a_search_says_what_it_checks_and_keeps_the_pack(run: tuple[Path, Said]) -> None:
    folder, said = run
    assert said.code == 0, said.err
    assert "checking the op pack my_ops and compiling numba kernels (once) ...\nsearching tiny" in said.out
    assert copy_of(folder / "run").startswith(f"{HUBER}# A text")
    with Journal(folder / "run") as journal:
        (entry,) = journal.metadata()["stamp"]["packs"]
        assert entry["name"] == "my_ops" and len(entry["blake2b"]) == 32
        assert any("mine(" in row.genome and row.status == "trained" for row in journal.proposals())


def test_a_run_is_read_without_the_pack(run: tuple[Path, Said]) -> None:
    folder, _ = run
    top = launch("top", "run", "--json", folder=folder).json["top"]
    (mine,) = [entry for entry in top if entry["loss"] == LOSS.strip()]
    for words, found in (
        (("show", "run@best"), "hash"),
        (("show", f"run@{mine['hash']}"), "mine(q(online, s)[a]"),
        (("export", f"run@{mine['hash']}", "--to", "python"), "import torch"),
        (("report", "run", "-o", "page.html"), "page.html"),
    ):
        said = launch(*words, folder=folder)
        assert said.code == 0 and found in said.out, said.err
    assert "<dt>op pack my_ops</dt>" in (folder / "page.html").read_text()


def test_resume_is_as_if_never_stopped(run: tuple[Path, Said], tmp_path: Path) -> None:
    """Ten proposals, then ten more in a process that is told of no pack: the rows of twenty."""
    (tmp_path / "tiny.yaml").write_text(WITH)
    (tmp_path / "mine.loss").write_text(LOSS)
    pack = written(tmp_path, copy_of(run[0] / "run"))
    words = ("search", "tiny.yaml", "--primitives", "my_ops.py", "--proposals", "10", "--workers", "1", "--out", "half")
    said = launch(*words, folder=tmp_path)
    assert said.code == 0 and "checking" not in said.out  # once is enough
    pack.unlink()
    said = launch("resume", "half", "--proposals", "20", "--workers", "2", folder=tmp_path)
    assert said.code == 0, said.err
    with Journal(run[0] / "run") as whole, Journal(tmp_path / "half") as halves:
        assert list(whole.proposals()) == list(halves.proposals())
    (tmp_path / "half" / "primitives" / "my_ops.py").write_text(HUBER)
    for words in (("resume", "half", "--proposals", "30"), ("top", "half"), ("show", "half@best")):
        said = launch(*words, folder=tmp_path)
        assert said.code == 2 and said.out == ""
        assert "half/primitives/my_ops.py' was changed after the run began" in said.err and said.err.count("\n") == 1


def test_every_command_that_names_ops_takes_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.loss").write_text(LOSS)
    (tmp_path / "tiny.yaml").write_text(WITH)
    written(tmp_path, HUBER)
    for words, found in (
        (("ops", "mine"), "family     my_ops"),
        (("ops", "my_ops", "--json"), '"family": "my_ops"'),
        (("show", "mine.loss", "--as", "latex"), "huber"),
        (("export", "mine.loss", "--to", "json"), "mine"),
        (("report", "mine.loss", "-o", "page.html"), "page.html"),
        (("check", "mine.loss"), "mine: a loss without problems"),
        (("check", "tiny.yaml"), "tiny: a search space without problems\n  ops     3"),
        (("compare", "mine.loss", "dqn", "--envs", "Catch", "--seeds", "1", "--steps", "200"), "mine"),
    ):
        said = launch(*words, "--primitives", "my_ops.py", folder=tmp_path)
        assert said.code == 0 and found in said.out, said.err
        assert launch(*words, folder=tmp_path).code != 0
    monkeypatch.setenv("RLSEARCH_PRIMITIVES", "my_ops.py")
    assert launch("show", "mine.loss", "--as", "tree", folder=tmp_path).code == 0


WRONG = {
    "a wrong derivative": (variant("tanh", partials=("1 - y",)), "my_ops.py': op 'mine': facet 'partials' by 'a' gives"),
    "a wrong formula": (variant("tanh", sympy="a"), "my_ops.py': op 'mine': facets 'sympy' and 'numpy' differ"),
    "another value": (variant("tanh", numpy="tanh(a) + 1"), "my_ops.py': op 'mine': facets 'numpy' and 'torch' differ"),
    "a false claim": (variant("sub", commutes=True), "my_ops.py': op 'mine': facet 'commutes' is True, which does not hold"),
    "an op that raises": (variant("tanh", torch="torch.nope(a)"), "my_ops.py': op 'mine': facet 'torch': RuntimeError"),
    "facet that is no text": (
        variant("tanh", torch="torch.tanh(a"),
        "my_ops.py': op 'mine': facet 'torch' is not an ex",
    ),
    "a syntax error": ("OPS = (", "my_ops.py', line 1: not Python"),
    "a clash": (variant("tanh", name="add"), "my_ops.py': op 'add' is declared by the families 'arithmetic' and 'my_ops'"),
    "no ops": ("", "my_ops.py' declares no ops; write OPS = "),
    "an error": ("1 / 0", "my_ops.py' cannot be run: ZeroDivisionError"),
    "no file": (None, "there is no op pack 'my_ops.py'; type the path of a Python file"),
}


@pytest.mark.usefixtures("no_packs")
@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_pack_stops_a_search_before_it_begins(text, message, say, tmp_path: Path) -> None:
    if text is not None:
        written(tmp_path, text)
    said = say("search", "quickstart", "--primitives", "my_ops.py", "--out", "run")
    assert said.code == 2 and message in said.err and "Traceback" not in said.err
    assert said.err.startswith("rlsearch: ") and said.err.count("\n") == 1
    assert not (tmp_path / "run").exists()


@pytest.mark.usefixtures("no_packs")
def test_a_wrong_pack_stops_a_comparison_but_not_reading(say, tmp_path: Path) -> None:
    written(tmp_path, variant("tanh", partials=("1 - y",)))
    words = ("--primitives", "my_ops.py")
    said = say("compare", "dqn", "--envs", "Catch", *words)
    assert said.code == 2 and "op 'mine': facet 'partials' by 'a' gives" in said.err
    assert say("ops", "mine", *words).code == 0
    assert say("show", "mine(q(online, s)[a])", "--as", "torch", *words).code == 0
    assert say("search", "--help", "--primitives", "nothing.py").code == 0


@pytest.mark.usefixtures("no_packs")
def test_check_says_what_a_pack_is(say, tmp_path: Path) -> None:
    written(tmp_path, SPREAD)
    said = say("check", "my_ops.py")
    assert said.code == 0 and said.err == ""
    assert said.out == "my_ops: an op pack without problems\n  spread       The best action's value less the worst one's.\n"
    document = json.loads(say("check", "my_ops.py", "--json").out)
    assert document["kind"] == "pack" and document["problems"] == []
    written(tmp_path, variant("tanh", even=True), "wrong")
    said = say("check", "wrong.py")
    assert said.code == 4 and said.err == "op pack 'wrong.py': op 'mine': facet 'even' is True, which does not hold\n"
    assert "there is no op pack 'nothing.py'" in say("check", "nothing.py").err
