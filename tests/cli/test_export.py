"""What is exported works, and reads back, without us."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest
import sympy
import torch

from rlsearch.cli.commands.export import WRITERS
from rlsearch.compile.networkx_graph import to_networkx
from rlsearch.compile.symbolic import symbol
from rlsearch.graph.text import parse
from rlsearch.loss import Loss
from rlsearch.registry import known_losses
from tests.support.nested import chain
from tests.support.packs import variant, written

HARD = "q_sa = q(online, s)[a]; loss = where(r > 0, sqrt(q_sa), clip(q_sa / mean(q(target, s_next)), -1, 1)) + log(discount)"
LOSSES = [*known_losses(), HARD]
BATCH = {
    "q_online_s": torch.tensor([[1.0, 2.0], [0.5, -1.0]]),
    "q_online_s_next": torch.tensor([[0.3, 0.1], [2.0, 1.0]]),
    "q_target_s": torch.tensor([[0.6, -0.2], [0.9, 1.1]]),
    "q_target_s_next": torch.tensor([[0.2, 0.4], [1.5, 0.7]]),
    "a": torch.tensor([1, 0]),
    "r": torch.tensor([1.0, -0.5]),
    "discount": torch.tensor([0.9, 0.0]),
    "q_target_s_n": torch.tensor([[0.8, 0.3], [-0.5, 0.2]]),
    "q_target_old_s_next": torch.tensor([[0.1, 0.5], [1.2, 0.6]]),
    "r_n": torch.tensor([1.9, -0.5]),
    "discount_n": torch.tensor([0.7, 0.0]),
    "return_to_go": torch.tensor([0.0, -0.5]),
    "has_return": torch.tensor([0.0, 1.0]),
    "progress": torch.tensor([0.25, 0.25]),
    "a_next": torch.tensor([0, 0]),
}


def batch(loss: Loss) -> list[torch.Tensor]:
    """Arguments of a compiled loss."""
    return [BATCH[name] for name in loss.arguments()]


@pytest.mark.parametrize("form", WRITERS)
def test_a_file_is_never_overwritten_unless_forced(form: str, say, tmp_path: Path) -> None:
    path = tmp_path / "file"
    said = say("export", "dqn", "--to", form, "-o", str(path))
    assert said.code == 0 and said.out == "" and path.stat().st_size > 10
    path.write_text("mine")
    assert say("export", "dqn", "--to", form, "-o", str(path)).code == 2 and path.read_text() == "mine"
    assert say("export", "dqn", "--to", form, "-o", str(path), "--force").code == 0 and path.read_bytes() != b"mine"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("form", [form for form in WRITERS if form != "torchscript"])
def test_stdout_is_the_file(form: str, say, tmp_path: Path) -> None:
    assert say("export", "dqn", "--to", form, "-o", "file").code == 0
    assert say("export", "dqn", "--to", form).out == (tmp_path / "file").read_text()


@pytest.mark.parametrize("what", LOSSES)
def test_python_runs_without_rlsearch(what: str, say, tmp_path: Path) -> None:
    """The function, and the example in its docstring."""
    loss = Loss(what)
    assert say("export", what, "--to", "python", "-o", "exported.py").code == 0
    torch.save(batch(loss), tmp_path / "batch.pt")
    code = (
        "import sys; sys.modules['rlsearch'] = None; sys.path.insert(0, '.'); import doctest, torch, exported; "
        "print([exported.loss(*torch.load('batch.pt')).tolist(), *doctest.testmod(exported, raise_on_error=True)])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    values, failed, run = json.loads(done.stdout)
    torch.testing.assert_close(torch.tensor(values), loss.torch()(*batch(loss)))
    assert (failed, run) == (0, len(loss.arguments()) + 1)


@pytest.mark.parametrize("what", LOSSES)
def test_torchscript_loads(what: str, say, tmp_path: Path) -> None:
    loss = Loss(what)
    assert say("export", what, "--to", "torchscript", "-o", "loss.pt").code == 0
    loaded = torch.jit.load(str(tmp_path / "loss.pt"))
    torch.testing.assert_close(loaded(*batch(loss)), loss.torch()(*batch(loss)))


@pytest.mark.parametrize("what", LOSSES)
def test_sympy_reads_back(what: str, say) -> None:
    text = say("export", what, "--to", "sympy").out
    expression = Loss(what).sympy()
    assert sympy.sympify(text) == expression
    assert f"# {expression}\n" in text


@pytest.mark.parametrize("what", LOSSES)
def test_json_and_xml_read_back(what: str, say) -> None:
    document = json.loads(say("export", what, "--to", "json").out)
    assert parse(document["loss"]) == Loss(what).graph and document["hash"] == Loss(what).key
    for form in ("svg", "mathml"):
        ElementTree.fromstring(say("export", what, "--to", form).out)


@pytest.mark.parametrize("what", LOSSES)
def test_diagrams_show_the_same_arrows(what: str, say) -> None:
    """GraphML as networkx reads it back, DOT and Mermaid as they stand, against the graph."""
    net = to_networkx(Loss(what).graph)
    back = nx.parse_graphml(say("export", what, "--to", "graphml").out, node_type=int, force_multigraph=True)
    assert {(*edge[:2], edge[2]["position"], edge[2]["gradient"]) for edge in back.edges(data=True)} == {
        (*edge[:2], edge[2]["position"], edge[2]["gradient"]) for edge in net.edges(data=True)
    }
    for attribute in ("label", "op", "type", "carries", "leaf"):
        assert dict(back.nodes(data=attribute)) == dict(net.nodes(data=attribute))
    assert not re.search(">(True|False)<", say("export", what, "--to", "graphml").out)
    ids = re.findall(r'<edge [^>]*id="([^"]+)"', say("export", what, "--to", "graphml").out)
    assert len(set(ids)) == len(ids) == net.number_of_edges()
    drawn = Counter((source, user, edge["gradient"]) for source, user, edge in net.edges(data=True) if not edge["in_label"])
    dot, mermaid = say("export", what, "--to", "dot").out, say("show", what, "--as", "mermaid").out
    assert Counter((int(a), int(b), not c) for a, b, c in re.findall(r"n(\d+) -> n(\d+)( \[style=dashed)?", dot)) == drawn
    assert Counter((int(a), int(b), c == "-->") for a, c, b in re.findall(r"n(\d+) ([-.>]+)\S* n(\d+)", mermaid)) == drawn


NASTY = [
    0.1,
    0.30000000000000004,
    1 / 3,
    0.9999999,
    2**0.5,
    1e-12,
    5e-324,
    2.2250738585072014e-308,
    1e30,
    -1234567.0,
    16777217.0,
]


@pytest.mark.parametrize("literal", NASTY)
def test_literals_are_exact_in_every_export(literal: float, say, tmp_path: Path) -> None:
    """The same float again, to the last bit; here the loss is a literal where Q(s, a) is 1."""
    text, one = f"{literal!r} * q(online, s)[a]", (torch.ones(1, 1, dtype=torch.float64), torch.tensor([0]))
    held: dict = {}
    exec(say("export", text, "--to", "python").out, held)
    assert say("export", text, "--to", "torchscript", "-o", "loss.pt").code == 0
    for function in (held["loss"], Loss(text).torch(), torch.jit.load(str(tmp_path / "loss.pt"))):
        assert function(*one).item() == literal
    expression = sympy.sympify(say("export", text, "--to", "sympy").out)
    assert float(expression.coeff(symbol("q(online, s)[a]"))) == literal
    document = say("export", text, "--to", "json").json
    assert parse(document["loss"]) == Loss(text).graph
    assert literal in [node["leaf"] for node in document["nodes"]]
    graphml = nx.parse_graphml(say("export", text, "--to", "graphml").out, node_type=int, force_multigraph=True)
    (node,) = (node for _, node in graphml.nodes(data=True) if node["op"] == "constant")
    labels = re.findall(r'label="([^"]+)"', say("export", text, "--to", "dot").out)
    read = [float(label.replace("−", "-")) for label in labels if re.fullmatch(r"[−\d.e+-]+", label)]
    assert float(node["leaf"]) == literal and read == [literal]


@pytest.mark.parametrize("line", ["x * x", "x**2 - r", "max(x * r, x + 1)"])
@pytest.mark.parametrize("form", WRITERS)
def test_shared_parts_are_written_once(form: str, line: str, say, tmp_path: Path) -> None:
    """Thirty lines, each of which reads the one before it twice: written out, a billion terms."""
    sizes = []
    for lines in (15, 30):
        (tmp_path / "deep.loss").write_text(chain(line, "q(online, s)[a]", lines))
        assert say("export", "deep.loss", "--to", form, "-o", "file", "--force").code == 0
        sizes.append((tmp_path / "file").stat().st_size)
    assert sizes[1] < 3 * sizes[0] + 1000 and sizes[1] < 100_000


@pytest.mark.parametrize("form", WRITERS)
def test_the_answer_as_json_says_what_was_written_where(form: str, say, tmp_path: Path) -> None:
    said = say("export", "dqn", "--to", form, "-o", "file", "--json")
    answer = said.json
    assert (answer["loss"], answer["hash"], answer["form"]) == ("dqn", Loss("dqn").key, form)
    assert answer["file"] == "file" and answer["bytes"] == (tmp_path / "file").stat().st_size and answer["content"] is None
    assert "file: dqn as" in said.err
    if form != "torchscript":
        assert say("export", "dqn", "--to", form, "--json").json["content"] == say("export", "dqn", "--to", form).out
    if form in ("python", "torchscript"):
        assert tuple(answer["arguments"]) == Loss("dqn").arguments()


@pytest.mark.usefixtures("no_packs")
def test_the_answer_says_where_an_export_equals_the_loss(say, tmp_path: Path) -> None:
    """In words and as data, where an op is a pack's own; built-in ops are equal everywhere."""
    assert say("export", "dqn", "--to", "sympy", "--json").json["domains"] == {}
    written(tmp_path, variant("tanh"))
    words = ("export", "mine(q(online, s)[a])", "--to", "sympy", "--primitives", "my_ops.py", "--json")
    answer = say(*words).json
    assert answer["domains"] == {"mine": {"a": [-3.0, 3.0]}} and "from -3 to 3" in " ".join(answer["caveats"])


def test_the_advice_on_the_deprecated_loader_hides_that_warning_alone(say, tmp_path: Path) -> None:
    """The lines that the help gives, run where every warning is an error."""
    advice = say("export", "-h").out
    lines = [line.strip() for line in advice.splitlines() if line.strip().startswith(("old = ", "warnings.", "loss = "))]
    assert say("export", "dqn", "--to", "torchscript", "-o", "dqn.pt").code == 0
    code = "import warnings, torch\n" + "\n".join(lines)
    code += "\nimport sys; warnings.warn('mine', DeprecationWarning)"
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert "DeprecationWarning: mine" in done.stderr and "torch.jit.load" not in done.stderr


def test_no_part_of_a_file_is_left_where_it_cannot_be_written(say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    said = say("export", "dqn", "--to", "latex", "-o", "loss.tex")
    assert said.code == 2 and "No space left on device" in said.err and list(tmp_path.iterdir()) == []
