"""What shells complete: every argument of every command, by what there is; fast, and silent whatever is typed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.cli import COMPLETING
from rlsearch.cli.argument_types import ENVIRONMENTS, LOSS, OP
from rlsearch.cli.commands.completion import SHELLS, complete
from rlsearch.cli.commands.export import WRITERS
from rlsearch.cli.commands.show import FORMS
from rlsearch.cli.group import COMMANDS, root
from rlsearch.envs.catalogue import environments
from rlsearch.evolve.strategies import STRATEGIES
from rlsearch.registry import agent_presets, families, known_losses, operations, shipped_spaces
from tests.cli.conftest import Said
from tests.cli.test_cli import loaded

RUNS = ("first-0", "second-1")
Ask = Callable[..., list[str]]


@pytest.fixture
def ask(say, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """What bash is offered for the last of some words, in a folder with two runs and some files."""
    for name in RUNS:
        (tmp_path / "results" / "runs" / name).mkdir(parents=True)
    for name in ("mine.yaml", "mine.loss", "my_ops.py", "notes.txt", "my own.yaml", ".hidden.yaml"):
        (tmp_path / name).touch()

    def asked(*words: str) -> list[str]:
        monkeypatch.setenv(COMPLETING, "bash_complete")
        monkeypatch.setenv("COMP_WORDS", "\n".join(("rlsearch", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        assert complete() == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        return [item.removeprefix("plain,") for item in captured.out.splitlines() if item]

    return asked


def test_every_argument_of_every_command_completes() -> None:
    """Text that nothing is known of is the exception: addresses, and figures, since their names come with torch."""
    plain = {
        f"{name} {param.name}"
        for name in COMMANDS
        for param in root.get_command(None, name).params  # type: ignore[arg-type,union-attr]
        if param.type is click.STRING
    }
    assert plain == {"bench figures", "search address", "resume address"}


def test_names_are_those_there_are(ask: Ask) -> None:
    bests = {f"{run}@best" for run in RUNS}
    assert ask("") == list(COMMANDS)
    assert set(ask("search", "")) == {*shipped_spaces(), "mine.yaml"}
    assert set(ask("show", "")) == {*known_losses(), *bests, "mine.loss"}
    assert set(ask("search", "quickstart", "--from", "")) == {*RUNS, *bests, *known_losses(), "mine.loss"}
    assert set(ask("top", "")) == set(RUNS) == set(ask("resume", ""))
    assert set(ask("report", "")) == {*RUNS, *bests, *known_losses(), "mine.loss"}
    assert set(ask("ops", "")) == {*families(), *operations()}
    assert set(ask("envs", "")) == set(environments()) == set(ask("compare", "dqn", "--envs", ""))
    assert ask("spaces", "") == list(shipped_spaces())
    assert set(ask("compare", "dqn", "--preset", "")) == set(agent_presets())
    assert ask("search", "quickstart", "--strategy", "") == list(STRATEGIES)
    assert ask("export", "dqn", "--to", "") == list(WRITERS)
    assert ask("show", "dqn", "--as", "") == [*FORMS, "json"]
    assert ask("completion", "") == list(SHELLS)
    files = {"mine.yaml", "mine.loss", "my_ops.py"}
    assert set(ask("check", "")) == {*shipped_spaces(), *known_losses(), *environments(), *RUNS, *bests, *files}
    assert ask("check", "dqn", "--primitives", "") == ["my_ops.py"]


def test_every_loss_of_many_completes(ask: Ask) -> None:
    assert ask("compare", "dqn", "first-0@best", "cq") == ["cql"]


def test_paths_of_runs_complete_where_a_path_is_begun(ask: Ask) -> None:
    assert ask("top", "results/") == [f"results/runs/{run}" for run in RUNS]
    assert ask("show", "results/runs/f") == ["results/runs/first-0@best"]
    assert ask("search", "./m") == ["./mine.yaml"]


def test_where_no_name_begins_like_it_the_shell_completes_paths(ask: Ask) -> None:
    assert ask("show", "res") == ["file,res"]
    assert ask("top", "res") == ["dir,res"]
    assert ask("ops", "res") == []


def test_a_list_completes_its_last_entry(ask: Ask) -> None:
    envs = ["compare", "dqn", "--envs"]
    assert ask(*envs, "CartPole-v1,Catc") == ["CartPole-v1,Catch"]
    assert "Catch,Catch" not in ask(*envs, "Catch,") and "Catch,Garnet" in ask(*envs, "Catch,")
    assert ask(*envs, "'Garnet(states=3,gamma=0.9),Catc") == ["Garnet(states=3,gamma=0.9),Catch"]


@pytest.mark.parametrize(
    ("parts", "offered"),
    [
        (["show", "first-0", "@", "b"], ["@best"]),
        (["show", "first-0", "@"], ["@best"]),
        (["compare", "first-0", "@", "best", "cq"], ["cql"]),
        (["compare", "dqn", "--envs", "=", "Catc"], ["Catch"]),
        (["compare", "dqn", "--envs", "=", "Catch,Garn"], ["Catch,Garnet"]),
        (["search", "quickstart", "--from", "=", "first-0", "@", "b"], ["@best"]),
        (["compare", "--envs", "=", "Catch", "cq"], ["cql"]),
    ],
)
def test_words_that_bash_parts_are_joined(parts: list[str], offered: list[str], ask: Ask) -> None:
    """Parts, and what a completion stands in for, as bash 5.2 gave them to a function of its own."""
    assert ask(*parts) == offered


@given(st.data())
def test_what_is_offered_begins_with_what_was_typed(data: st.DataObject) -> None:
    """And is everything that does."""
    kind, names = data.draw(st.sampled_from([(OP, {*families(), *operations()}), (ENVIRONMENTS, {*environments()})]))
    name = data.draw(st.sampled_from(sorted(names)))
    typed = name[: data.draw(st.integers(0, len(name)))]
    offered = [item.value for item in kind.shell_complete(None, None, typed)]  # type: ignore[arg-type]
    assert sorted(offered) == sorted(name for name in names if name.startswith(typed))


@given(st.text(max_size=12))
def test_anything_may_be_typed(typed: str) -> None:
    for kind in (LOSS, ENVIRONMENTS, OP):
        assert all(item.value.startswith(typed) for item in kind.shell_complete(None, None, typed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        ("serach", ""),
        ("--version", ""),
        ("show", "--nothing", ""),
        ("show", "'q(online, s)[a"),
        ("ops", "--primitives", "no.py", "q"),
    ],
)
def test_mistakes_are_met_with_silence(words: tuple[str, ...], ask: Ask) -> None:
    assert all("rlsearch" not in item and "no " not in item for item in ask(*words))


def test_a_broken_pack_is_no_business_of_completion(tmp_path: Path) -> None:
    script = "from rlsearch.cli.argument_types import OP; print(OP.shell_complete(None, None, 'tan'))"
    env = os.environ | {"RLSEARCH_PRIMITIVES": str(tmp_path / "nothing.py")}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    "words", [[""], ["search", ""], ["show", ""], ["compare", "dqn", "--envs", ""], ["check", ""], ["top", ""]]
)
def test_completing_loads_nothing_heavy(words: list[str]) -> None:
    """Environments' cards need numpy; nothing else does."""
    given = {COMPLETING: "zsh_complete", "COMP_WORDS": "rlsearch " + " ".join(words), "COMP_CWORD": str(len(words))}
    found = loaded(f"import os; os.environ.update({given!r}); from rlsearch.cli import main; main()")
    assert set(found) <= ({"numpy"} if words[0] in ("compare", "check") else set())


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_asks_this_program(shell: str, say: Callable[..., Said]) -> None:
    said = say("completion", shell)
    assert said.code == 0 and said.err == "" and f"{COMPLETING}={shell}_complete" in said.out
    assert f"rlsearch completion {shell}" in say("completion", "-h").out


@pytest.fixture
def program(tmp_path: Path) -> dict[str, str]:
    """An environment in which `rlsearch` is a program."""
    path = tmp_path / "bin" / "rlsearch"
    path.parent.mkdir()
    path.write_text(f"#!{sys.executable}\nfrom rlsearch.cli import main\nmain()\n")
    path.chmod(0o755)
    return os.environ | {"PATH": f"{path.parent}{os.pathsep}{os.environ['PATH']}"}


def test_bash_completes(program: dict[str, str], tmp_path: Path) -> None:
    script = (
        'eval "$(rlsearch completion bash)"; complete -p rlsearch; COMP_WORDS=(rlsearch show dqn_hub); COMP_CWORD=2; '
        '_rlsearch_completion rlsearch; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script], env=program, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["complete -o nosort -F _rlsearch_completion rlsearch", "dqn_huber"]


@pytest.mark.skipif(shutil.which("fish") is None, reason="needs fish")
def test_fish_completes_lists(program: dict[str, str], tmp_path: Path) -> None:
    script = "rlsearch completion fish | source; complete -C 'rlsearch compare dqn --envs CartPole-v1,Catc'"
    done = subprocess.run(["fish", "-c", script], env=program, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("CartPole-v1,Catch\t")


def test_fish_cuts_a_completion_at_its_first_comma_only(say: Callable[..., Said]) -> None:
    assert 'string split --max 1 ","' in say("completion", "fish").out
