"""What is wrong is said in one message with what to type; nothing is overwritten, no traceback shown."""

import os
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import SPACE

BAD = {
    "unknown command": (["serach"], "no command 'serach'; did you mean 'search'?"),
    "unknown option": (["search", "quickstart", "--minuts", "3"], "no option '--minuts'; did you mean '--minutes'?"),
    "no argument": (["search"], "SPACE is missing"),
    "one argument too many": (["top", "a", "b"], "unexpected extra argument (b)"),
    "unknown space": (["search", "quickstrt"], "did you mean 'quickstart'?"),
    "a folder for a space": (["search", "folder"], "'folder' is a folder"),
    "binary for a space": (["search", "binary.yaml"], "is not UTF-8 text"),
    "space without read permission or text": (["search", "missing.yaml"], "no search space 'missing.yaml'"),
    "no minutes": (["search", "quickstart", "--minutes", "0"], "--minutes is 0.0; allowed: a finite number above 0"),
    "minutes that are no number": (["search", "quickstart", "--minutes", "nan"], "--minutes is nan"),
    "minutes in words": (["search", "quickstart", "--minutes", "ten"], "--minutes: 'ten' is not a valid"),
    "negative proposals": (["search", "quickstart", "--proposals", "-3"], "--proposals is -3"),
    "two budgets": (["search", "quickstart", "--proposals", "3", "--minutes", "1"], "either --minutes or --proposals"),
    "fewer than no workers": (["search", "quickstart", "--workers", "-1"], "--workers: -1 is not in the range x>=0"),
    "one fresh seed": (
        ["search", "quickstart", "--confirm-seeds", "1"],
        "--confirm-seeds is 1; allowed: a whole",
    ),
    "fresh seeds of none": (["search", "quickstart", "--no-confirm", "--confirm-seeds", "4"], "contradict each other"),
    "negative seed": (["search", "quickstart", "--seed", "-1"], "--seed is -1"),
    "unknown strategy": (["search", "quickstart", "--strategy", "magic"], "'magic' is not one of"),
    "unknown start": (["search", "quickstart", "--from", "dqm"], "did you mean 'dqn'?"),
    "a taken folder": (["search", "quickstart", "--out", "folder"], "'folder' is not empty and holds no run"),
    "a file for a folder": (["search", "quickstart", "--out", "some.txt"], "'some.txt'"),
    "unknown run": (["top", "nothing"], "there is no run 'nothing'"),
    "resume of nothing": (["resume", "nothing"], "there is no run 'nothing'"),
    "a folder without a run": (["top", "folder"], "holds no run"),
    "a file for a run": (["top", "some.txt"], "'some.txt' is a file; a run is the folder"),
    "foreign database": (["top", "foreign"], "database of some other program"),
    "truncated database": (["top", "truncated"], "truncated"),
    "report on a foreign database": (["report", "foreign"], "database of some other program"),
    "no database at all": (["resume", "garbage"], "cannot be read as a run's journal"),
    "hash in a foreign database": (["show", "foreign@best"], "database of some other program"),
    "no such loss": (["show", "zzz"], "unknown loss 'zzz' (allowed: advantage_learning, "),
    "a formula with a minus": (["show", "-tahn(q(online, s)[a])"], "line 1, column 2: unknown op 'tahn'; did you mean"),
    "unknown loss": (["show", "dqm"], "unknown loss 'dqm'; did you mean 'dqn'?"),
    "missing loss file": (["show", "my.loss"], "there is no file 'my.loss'"),
    "folder for a loss file": (["show", "a.loss"], "'a.loss' is a folder"),
    "binary loss file": (["show", "binary.loss"], "is not UTF-8 text"),
    "long loss file": (["show", "long.loss"], "at most 50,000"),
    "other file for a loss": (["show", "some.txt"], "a .loss file"),
    "a pipe for a loss file": (["show", "pipe.loss"], "'pipe.loss' is no plain file"),
    "a device for a loss file": (["show", "zero.loss"], "'zero.loss' is no plain file"),
    "a link to nothing for a loss file": (["show", "dangling.loss"], "there is no file 'dangling.loss'"),
    "a loss file that holds no loss": (["show", "empty.loss"], "'empty.loss': line 1, column 1: no line 'loss = ...'"),
    "a pipe for a space": (["search", "pipe.yaml"], "'pipe.yaml' is no plain file; type the path of a search space"),
    "a pipe for a pack": (["show", "dqn", "--primitives", "pipe.py"], "'pipe.py' is no plain file"),
    "a pack that ends Python": (["show", "dqn", "--primitives", "exits.py"], "cannot be run: SystemExit: 0"),
    "an environment that ends Python": (["compare", "dqn", "--envs", "exits:CARD"], "importing it fails with SystemExit: 0"),
    "empty loss": (["show", ""], "unknown loss ''"),
    "run that is not there": (["show", "nothing@best"], "there is no run 'nothing'"),
    "unknown op": (["show", "tahn(q(online, s)[a])"], "line 1, column 1: unknown op 'tahn'; did you mean 'tanh'?"),
    "unknown name": (["show", "q(online, s)[a] - rewrad"], "unknown name 'rewrad'"),
    "others' name": (
        ["show", "q(online, s)[a] - gamma"],
        "discount is 0 where the episode terminated, else gamma; write discount",
    ),
    "a start of a run that is not there": (["search", "quickstart", "--from", "nothing@best"], "there is no run 'nothing'"),
    "no gradient": (["show", "stop(q(online, s)[a]) - r"], "no gradient reaches the online network"),
    "not a number per sample": (["show", "q(online, s)"], "the loss is a Vector"),
    "syntax": (["show", "0.5 * ("], "not an expression"),
    "code": (["show", "__import__('os').system('true')"], "is not allowed here"),
    "nested too deeply": (["show", "abs(" * 3000 + "r" + ")" * 3000], "not an expression"),
    "unknown form": (["show", "dqn", "--as", "pdf"], "'pdf' is not one of"),
    "no form": (["export", "dqn"], "--to is missing"),
    "binary to the terminal": (["export", "dqn", "--to", "torchscript"], "needs a file; type e.g. -o"),
    "a taken file": (["export", "dqn", "--to", "python", "-o", "some.txt"], "exists already"),
    "a folder for a file": (["export", "dqn", "--to", "python", "-o", "folder"], "'folder' is a folder"),
    "a file in no folder": (["export", "dqn", "--to", "python", "-o", "no/loss.py"], "there is no folder 'no'"),
    "a taken page": (["report", "dqn", "-o", "some.txt"], "exists already"),
    "page about nothing": (["report", "nothing"], "'nothing' is neither a run nor a known loss"),
    "option without its value": (["export", "dqn", "--to"], "option '--to' requires an argument; see `rlsearch export -h`"),
    "unknown environment": (["compare", "dqn", "--envs", "CartPole-v2"], "did you mean 'CartPole-v1'?"),
    "no environments": (["compare", "dqn"], "--envs is missing"),
    "empty environments": (["compare", "dqn", "--envs", ","], "no environment to compare in"),
    "twice an environment": (["compare", "dqn", "--envs", "Catch,Catch"], "stands twice"),
    "unknown environment option": (["compare", "dqn", "--envs", "Garnet(state=3)"], "did you mean 'states'?"),
    "environment option without value": (["compare", "dqn", "--envs", "Garnet(states)"], "is no setting of Garnet"),
    "twice an environment's option": (["compare", "dqn", "--envs", "Garnet(states=3,states=4)"], "states stands twice"),
    "another environment as an option": (["compare", "dqn", "--envs", "Garnet(env=Catch)"], "is no setting of Garnet"),
    "no seeds": (["compare", "dqn", "--envs", "Catch", "--seeds", "0"], "seeds is 0"),
    "no steps": (["compare", "dqn", "--envs", "Catch", "--steps", "0"], "steps is 0, allowed is a whole number from 100"),
    "few steps": (["compare", "dqn", "--envs", "Catch", "--steps", "1"], "steps is 1"),
    "unknown preset": (["compare", "dqn", "--envs", "Catch", "--preset", "fats"], "did you mean 'fast'?"),
    "unknown op to list": (["ops", "tahn"], "did you mean 'tanh'?"),
    "a picture of no op": (["ops", "-o", "op.svg"], "-o draws one op"),
    "a picture of a family": (["ops", "squashing", "-o", "op.svg"], "-o draws one op"),
    "a picture of a network": (["ops", "q", "-o", "op.svg"], "'q' has no picture"),
    "a picture over a file": (["ops", "tanh", "-o", "some.txt"], "exists already"),
    "unknown environment to list": (["envs", "CartPole"], "did you mean 'CartPole-v1'?"),
    "a setting to list": (["envs", "Ledge(length=1)"], "length is '1'; allowed: a whole number from 2 to 20"),
    "a range that goes down": (["compare", "dqn", "--envs", "Ledge(length=12..4)"], "type e.g. length=4..12"),
    "a range beyond": (
        ["compare", "dqn", "--envs", "Ledge(length=4..21)"],
        "length is '4..21'; allowed: a whole number from 2",
    ),
    "a range of words": (["compare", "dqn", "--envs", "Ledge(length=a..b)"], "length is 'a..b'; allowed"),
    "unknown figure": (["bench", "ration"], "did you mean 'ratio'?"),
    "nothing to check": (["check", "nonsense"], "neither a search space"),
}


@pytest.fixture
def littered(tmp_path: Path) -> Path:
    """A folder with everything that is not what was asked for."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.tex").write_text("years of work")
    (tmp_path / "a.loss").mkdir()
    (tmp_path / "some.txt").write_text("text")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "binary.loss").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty.loss").write_text("")
    (tmp_path / "zero.loss").symlink_to("/dev/zero")
    (tmp_path / "dangling.loss").symlink_to("gone.loss")
    (tmp_path / "exits.py").write_text("raise SystemExit(0)")
    for name in ("pipe.loss", "pipe.yaml", "pipe.py"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "long.loss").write_text("# " + "x" * 60_000)
    for name in ("foreign", "truncated", "garbage"):
        (tmp_path / name).mkdir()
    with sqlite3.connect(tmp_path / "foreign" / "journal.sqlite") as base:
        base.execute("CREATE TABLE theirs (x)")
    (tmp_path / "garbage" / "journal.sqlite").write_bytes(b"\x00garbage" * 500)
    (tmp_path / "truncated" / "journal.sqlite").write_bytes(b"SQLite format 3\x00" + b"\x00" * 50)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but for locks."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


@pytest.mark.parametrize("case", BAD)
def test_bad_input(case: str, littered: Path, say) -> None:
    words, message = BAD[case]
    before = contents(littered)
    said = say(*words)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("rlsearch: ") and said.err.count("\n") == 1
    assert message in said.err and "Traceback" not in said.err
    assert contents(littered) == before


def test_every_problem_of_a_space_in_one_go(say, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(SPACE.replace("free_nodes: 4", "free_node: 4").replace("half_square", "half_sqare"))
    said = say("search", "bad.yaml")
    assert said.code == 2 and "Traceback" not in said.err
    assert "'free_nodes'" in said.err and "half_square" in said.err and "line" in said.err
    assert not (tmp_path / "results").exists()


def test_every_wrong_loss_in_one_go(say) -> None:
    said = say("compare", "dqm", "dqn", "tahn(r)", "--envs", "Catch")
    assert said.code == 2 and said.out == ""
    one, other = said.err.splitlines()
    assert "unknown loss 'dqm'; did you mean 'dqn'?" in one and "unknown op 'tahn'; did you mean 'tanh'?" in other


def test_every_wrong_environment_in_one_go(say) -> None:
    said = say("compare", "dqn", "--envs", "Catch,Ctch,Garnet(state=3,actions=99),Garnet(states)")
    assert said.code == 2 and said.out == ""
    for line, part in zip(
        said.err.splitlines(),
        (
            "environment 'Ctch'; did you mean 'Catch'?",
            "unknown key 'state'",
            "actions is '99'",
            "'states' is no setting of Garnet",
        ),
        strict=True,
    ):
        assert part in line


@pytest.mark.parametrize("text", ["loss = (q(online, s)[a] - r)**2\r\n", "\ufeffloss = (q(online, s)[a] - r)**2\n"])
def test_a_loss_file_from_another_editor(say, tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.loss").write_bytes(text.encode())
    assert say("show", "mine.loss", "--as", "text").out.splitlines()[0] == "loss = (q(online, s)[a] - r)**2"
