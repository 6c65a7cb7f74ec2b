"""Every other command: for people, and as one strict JSON document."""

import ast
from pathlib import Path

import pytest

from rlsearch.cli.commands.compare import parse_envs
from rlsearch.cli.output import counted
from rlsearch.cli.run_result import rejections
from rlsearch.equivalence.implied_target import implied
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses, operations
from tests.cli.conftest import PROPOSALS, SPACE, Said

LISTS = {"ops": "ops", "inputs": "inputs", "envs": "envs", "losses": "losses", "spaces": "spaces", "about": "versions"}


@pytest.mark.parametrize("command", LISTS)
def test_lists(command: str, say) -> None:
    said = say(command)
    assert said.code == 0 and said.err == "" and said.out.count("\n") > 1
    document = say(command, "--json").json
    assert document["schema"] == 1 and document[LISTS[command]]


def test_one_op_one_family_one_environment(say) -> None:
    assert "where(a > 0, 1, 0)" in say("ops", "relu").out
    assert "  rewritten  " in say("ops", "div").out
    assert "min(a, max(a, b)) = a" in say("ops", "minimum").out
    assert {op["family"] for op in say("ops", "squashing", "--json").json["ops"]} == {"squashing"}
    assert {op["name"] for op in say("ops", "--json").json["ops"]} == set(operations())
    assert "option states: Number of states. 3 to 64; default 8" in say("envs", "Garnet").out
    assert "a third of the cases. no or yes; default yes" in say("envs", "FrozenLake-v1").out
    assert "or stay. nine or five; default nine" in say("envs", "TabularGridWorld").out
    (grid,) = say("envs", "TabularGridWorld", "--json").json["envs"]
    assert grid["horizon"] == {"dense": 500, "sparse": 50, "long": 1000, "longer": 2000, "long_dense": 2000}
    assert [env["id"] for env in say("envs", "Catch", "--json").json["envs"]] == ["Catch"]


def test_an_op_is_drawn_into_a_file(say, tmp_path: Path) -> None:
    said = say("ops", "huber", "-o", "huber.svg")
    assert said.code == 0 and said.out == "" and "huber.svg" in said.err
    assert (tmp_path / "huber.svg").read_text().startswith("<svg")
    assert say("ops", "huber", "-o", "huber.svg", "--force").code == 0


@pytest.mark.parametrize("name", known_losses())
@pytest.mark.parametrize("form", ["text", "formula", "latex", "tree", "torch", "mermaid"])
def test_show(name: str, form: str, say) -> None:
    said = say("show", name, "--as", form)
    assert (said.code == 0 and said.out.strip() and "\\" not in said.out) or form == "latex"


def test_show_says_what_a_loss_is(say) -> None:
    said = say("show", "dqn")
    assert "0.5 (Q(s, a) − (r + γ max over a′ Q⁻(s′, a′)))²" in said.out
    assert "known as  same direction as scratch_td\n" in said.out  # itself is left out
    assert "known as  no other known loss has this gradient\n" in say("show", "n_step_dqn").out
    assert say("show", "q(online, s)[a] / (r + sqrt(discount) / 2)", "--as", "formula").out == "Q(s, a) / (r + √(γ) / 2)\n"
    assert "(#1, above)" in say("show", "x = q(online, s)[a]; loss = x / (x - r)", "--as", "tree").out
    assert ast.parse(say("show", "dqn", "--as", "torch").out)


def test_a_run_without_its_loss_is_told_apart(say, finished_run: Path) -> None:
    said = say("show", str(finished_run))
    assert said.code == 2 and f"is a run, not a loss; type {finished_run}@best" in said.err


def test_show_says_what_a_loss_is_in_effect(say) -> None:
    out = say("show", "scratch_reg").out
    assert "effective: Q(s, a) + ½ δ²\n  δ = Q(s, a) − (r + γ max over a′ Q⁻(s′, a′))\n" in out
    assert "DQN with every reward lowered by 1\n" in out
    assert "11 ops, 10 of which train" in out
    document = say("show", "scratch_reg", "--json").json
    assert document["size"] - document["effective_size"] == 1
    assert document["implied_target"]["target"] == {"r": 1.0, "γ max Q⁻(s′)": 1.0, "1": -1.0}
    assert say("show", "cql", "--json").json["implied_target"] is None


def test_show_as_json_reads_back(say) -> None:
    for words in (("--json",), ("--as", "json")):
        document = say("show", "double_dqn", *words).json
        assert parse(document["loss"]) == parse(known_losses()["double_dqn"])
        assert document["relations"]["gradient"] == ["double_dqn"] and document["nodes"][-1]["carries_gradient"]


def test_report_of_a_loss(say, tmp_path: Path) -> None:
    assert say("report", "dqn").out == "dqn.html\n"
    assert "<svg" in (tmp_path / "dqn.html").read_text()
    assert say("report", "dqn").code == 2
    assert say("report", "dqn", "--force").code == 0


def test_report_of_a_run(say, tmp_path: Path, finished_run: Path) -> None:
    assert say("report", str(finished_run), "-o", "page.html").code == 0
    assert "<html" in (tmp_path / "page.html").read_text()
    assert say("report", str(finished_run), "-o", "page.html").code == 2
    assert say("report", str(finished_run)).out == f"{finished_run}/report.html\n"


def test_top(say, finished_run: Path) -> None:
    said = say("top", str(finished_run), "-n", "1")
    assert said.code == 0 and "finished" in said.out
    assert sum(line.startswith("pick ") for line in said.out.splitlines()) == 1
    (first,) = say("top", str(finished_run), "-n", "1", "--json").json["top"]
    target = implied(parse(first["loss"]))
    assert first["meaning"] == (target.words if target else "")


def test_compare(say) -> None:
    words = (
        "compare",
        "dqn",
        "0.5 * (q(online, s)[a] - r)**2",
        "--envs",
        "Catch,Garnet(states=8)",
        "--seeds",
        "2",
        "--steps",
        "200",
    )
    said = say(*words, "--workers", "1")
    assert said.code == 0 and said.err == ""
    key = say("show", words[2], "--json").json["hash"][:8]
    assert f"{key}: 0.5 * (q(online, s)[a] - r)**2" in said.out and "Garnet(states=8)" in said.out and "minus dqn" in said.out
    said = say(*words, "--workers", "1", "--json")
    assert len(said.json["rows"]) == 8 and "training 2 losses in 2 environments, 2 seeds of 200 steps each" in said.err


def test_a_comparison_is_drawn(say, tmp_path: Path) -> None:
    words = ("compare", "dqn", "--envs", "Catch", "--seeds", "1", "--steps", "100", "--workers", "1", "-o", "mine.svg")
    assert say(*words).code == 0 and (tmp_path / "mine.svg").read_text().startswith("<svg")
    again = say(*words)
    assert again.code == 2 and again.out == "" and "'mine.svg' exists already" in again.err


def test_json_of_what_writes_a_page_or_a_script(say, tmp_path: Path) -> None:
    document = say("report", "dqn", "--json").json
    assert document == {
        "schema": 1,
        "what": "dqn",
        "kind": "loss",
        "page": "dqn.html",
        "bytes": (tmp_path / "dqn.html").stat().st_size,
    }
    assert say("completion", "bash", "--json").json["script"] + "\n" == say("completion", "bash").out


def test_a_loss_of_a_run_has_a_lineage(say, finished_run: Path) -> None:
    document = say("show", f"{finished_run}@best", "--json").json
    steps = document["lineage"]
    assert steps[0]["key"] == document["hash"] and steps[-1]["parents"] == []
    out = say("show", f"{finished_run}@best").out
    assert f"\nlineage   proposal {steps[0]['proposal']}, {steps[0]['origin']}" in out
    assert "lineage" not in say("show", "dqn").out and say("show", "dqn", "--json").json["lineage"] == []


def test_ops_of_a_run_are_told(say, finished_run: Path) -> None:
    ops = say("top", str(finished_run), "--json").json["ops"]
    (line,) = [line for line in say("top", str(finished_run)).out.splitlines() if line.startswith("ops of the classes: ")]
    assert ops["classes"].keys() >= {"half_square", "sub"}
    assert all(f" {op}" in line for op in ops["classes"]) and ("; in none: " in line) == (0 in ops["classes"].values())


def test_an_unknown_op_may_be_of_a_pack(say) -> None:
    for words in (("show", "spread(q(online, s))"), ("ops", "spread")):
        assert "ops of your own are named by --primitives FILE" in say(*words).err


def test_environments_as_tables_print_them() -> None:
    text = "Catch, Garnet(states=8, gamma=0.9..0.95), FrozenLake-v1(slippery=no..yes), Ledge(length=4..12)"
    assert ", ".join(spec.label() for spec in parse_envs(text)) == text


@pytest.mark.parametrize("what", ["quickstart", "dqn", "half_square(q(online, s)[a] - r)"])
def test_check_finds_nothing(what: str, say) -> None:
    said = say("check", what)
    assert said.code == 0 and "without problems" in said.out and said.err == ""
    assert say("check", what, "--json").json["problems"] == []


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ("tahn(q(online, s)[a])", "did you mean 'tanh'?"),
        ("q(online, s)[a] - q(online, s)[a]", "gradient is zero"),
        ("r + discount", "no gradient reaches"),
        ("bad.yaml", "line"),
    ],
)
def test_check_finds_a_problem(what: str, problem: str, say, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(SPACE + "popluation: 3\n" + "tournament: 4\n")
    said: Said = say("check", what)
    assert said.code == 4 and problem in said.err and said.out == "" and "Traceback" not in said.err
    document = say("check", what, "--json")
    assert document.code == 4 and len(document.json["problems"]) == (2 if what == "bad.yaml" else 1)


def test_a_formula_may_begin_with_a_minus(say, tmp_path: Path) -> None:
    """Where click would see an option: `-h`, `-q`, `--q`."""
    text = "-half_square(q(online, s)[a] - r)"
    assert say("show", text, "--as", "formula").out == "−½ (Q(s, a) − r)²\n"
    assert say("show", "--json", "--", text).json["loss"] == say("show", text, "--json").json["loss"]
    assert say("show", "-q(online, s)[a] * r", "--as", "latex").code == 0
    assert say("show", "--q(online, s)[a] * r", "--as", "latex").code == 0
    assert say("export", text, "--to", "latex", "-o", "loss.tex").code == 0 and (tmp_path / "loss.tex").is_file()
    assert say("check", text).code == 0 and say("report", text, "-o", "page.html").code == 0
    assert say("show", "-h").out.startswith("Usage")


def test_show_says_what_size_means(say, finished_run: Path) -> None:
    assert "size      9 ops\n" in say("show", "dqn").out
    assert "size: ops of the smallest loss of that class" in say("top", str(finished_run)).out
    assert "size  4 ops\n" in say("check", "half_square(q(online, s)[a] - r)").out


def test_an_error_is_the_estimate_less_its_target(say) -> None:
    """Wherever the loss is even in it, also through other ops."""
    target = "(r + discount * max(q(target, s_next)))"
    turned = f"({target} - q(online, s)[a])"
    for text in (f"tanh{turned}**2", f"abs(0.5 * {turned})", f"{turned} * tanh{turned}"):
        out = say("show", text).out
        assert "  δ = Q(s, a) − (r + γ max over a′ Q⁻(s′, a′))\n" in out, out
    odd = say("show", f"exp({target} - q(online, s)[a])").out
    assert "  δ = r + γ max over a′ Q⁻(s′, a′) − Q(s, a)\n" in odd


def test_defaults_of_budgets_are_told(say) -> None:
    assert "default: 10]" in say("search", "-h").out
    assert "default: the run's last" in " ".join(say("resume", "-h").out.split())


@pytest.mark.parametrize(("count", "text"), [(1, "1 loss"), (0, "0 losses"), (1200, "1,200 losses")])
def test_one_is_no_plural(count: int, text: str) -> None:
    assert counted(count, "loss") == text
    assert counted(count, "seed") == text.replace("losses", "seeds").replace("loss", "seed")


def test_divergence_is_said(say) -> None:
    """Plain PyTorch diverges here as well: constant steps chase a target that is copied every 20 updates."""
    out = say("compare", "dqn", "dqn_huber", "--envs", "CartPole-v1", "--seeds", "2", "--steps", "6000").out
    assert "\ndqn_huber diverged in 2 of 2 trainings: values left +-1e6" in out and "dqn diverged" not in out
    assert "First to leave: the network, under a finite loss (2)." in out


def test_the_op_that_diverged_is_named(say) -> None:
    wild = "q(online, s)[a] * square(square(square(exp(1000 * abs(r)))))"
    words = ("compare", wild, "--envs", "LayeredMDP", "--seeds", "2", "--steps", "200")
    (line,) = [line for line in say(*words).out.splitlines() if "diverged in 2 of 2 trainings" in line]
    assert line.endswith("First to leave: square (2).")
    assert {row["culprit"] for row in say(*words, "--json").json["rows"]} == {"square"}


def test_rejections_are_said_with_their_reasons(say, finished_run: Path) -> None:
    counts = say("top", str(finished_run), "--json").json["outcomes"]
    assert sum(counts["fates"].values()) == PROPOSALS and counts["diverged"] == {}
    assert counts["fates"]["rejected"] == sum(counts["rejected"].values()) > 0
    (line,) = [line for line in say("top", str(finished_run)).out.splitlines() if line.startswith("rejected: ")]
    assert line == "rejected: " + ", ".join(f"{count} {reason}" for reason, count in counts["rejected"].items())


def test_rare_reasons_are_said_together() -> None:
    counts = {"a": 9, "b: exp": 8, "c": 7, "d": 3, "e": 2, "f": 1}
    assert rejections({"outcomes": {"rejected": counts}}) == "rejected: 9 a, 8 b: exp, 7 c, 3 d, 3 for other reasons"
    assert rejections({"outcomes": {"rejected": {}}}) == ""


def test_inputs_have_their_symbols(say) -> None:
    out = say("show", "mc_mix").out
    assert "\n(G: The discounted sum of the rewards until the episode terminated" in out and "\n(h: 1 where" in out
    assert "(γ" not in out and "(r:" not in out
    (mu,) = [given for given in say("inputs", "--json").json["inputs"] if given["name"] == "behaviour_prob"]
    assert mu["symbol"] == "μ" and " μ " in say("inputs").out


def test_an_environment_is_shown(say) -> None:
    out = say("envs", "Catch").out
    assert "random policy -0.6, best known 1;" in out and "steps/s here" in out and "\n    .....\n" in out
    assert "validation (a hint: a family is never on two sides)" in out
    document = say("envs", "CartPole-v1", "--measure", "--json").json["envs"][0]
    assert document["steps_per_second"] > 1e5 and document["split"] == "train" and document["optimal_return"] == 500


def test_a_drawn_environment_is_shown(say) -> None:
    out = say("envs", "Ledge(length=4..12, sure=3)").out
    assert "\n  Ledge(length=4, sure=3), drawn for seed 0: 8 numbers to see, 4 actions, at most 4 steps;" in out
    assert "gamma        0.9..0.95\n" in (out := say("envs", "Garnet").out) and "2 to 8; default 2..3\n" in out


def test_an_environment_is_checked(say) -> None:
    assert "Catch: an environment without problems" in say("check", "Catch").out
    document = say("check", "rlsearch.envs.bsuite:CATCH", "--json").json
    assert document["kind"] == "env" and document["problems"] == []


def test_a_space_is_printed_to_be_copied_and_its_keys_explained(say, tmp_path: Path) -> None:
    text = say("spaces", "quickstart").out
    (tmp_path / "mine.yaml").write_text(text)
    assert say("check", str(tmp_path / "mine.yaml")).code == 0
    assert [space["name"] for space in say("spaces", "quickstart", "--json").json["spaces"]] == ["quickstart"]
    assert say("spaces", "quickstrt").code == 2
    keys = say("spaces", "--keys")
    assert keys.code == 0 and "restart_after" in keys.out and "n_step" in keys.out
    assert {key["section"] for key in say("spaces", "--keys", "--json").json["keys"]} >= {"", "rungs", "agent"}
