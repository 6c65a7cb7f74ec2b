"""The registry with packs: built-in codes stay, clashes are named, what is derived from the ops is never stale."""

import subprocess
import sys

import numpy as np
import pytest

from rlsearch.compile.kernels import load_kernels
from rlsearch.errors import LossError, OpError
from rlsearch.graph.text import parse
from rlsearch.registry import families, op_codes, operations, packs, use_only, use_packs, use_primitives
from rlsearch.registry.pack import make_pack
from rlsearch.space.model import SpaceModel
from tests.support.evaluate import by_kernels, by_tape, random_batch
from tests.support.packs import SPREAD, variant, written

pytestmark = pytest.mark.usefixtures("no_packs")
TANH = variant("tanh")


def test_packs_come_after_what_is_built_in_and_move_nothing(tmp_path):
    built_in, codes = list(families()), dict(op_codes())
    use_primitives(written(tmp_path, SPREAD, "zeta"), written(tmp_path, TANH, "alpha"))
    assert list(families()) == [*built_in, "zeta", "alpha"]
    assert dict(op_codes()) == codes | {"spread": (len(built_in), 0), "mine": (len(built_in) + 1, 0)}
    use_only(())
    assert list(families()) == built_in and "mine" not in operations()


def test_a_pack_that_comes_late_is_known_everywhere(tmp_path):
    """What was computed before, in a notebook, knew nothing of it."""
    text, batch = "loss = mine(q(online, s)[a]) - spread(q(online, s))", random_batch(3)
    with pytest.raises(LossError, match="unknown op 'mine'"):
        parse(text)
    before = len(load_kernels().forward)
    by_tape(parse("loss = tanh(q(online, s)[a])"), batch)
    use_primitives(written(tmp_path, TANH), written(tmp_path, SPREAD, "more"))
    tape, kernels = by_tape(parse(text), batch), by_kernels(parse(text), batch)
    taken = batch.samples[0].astype(int)
    wanted = np.tanh(batch.q[0, taken, np.arange(8)]) - (batch.q[0].max(0) - batch.q[0].min(0))
    np.testing.assert_allclose(tape.value, wanted, rtol=1e-9)
    np.testing.assert_allclose(kernels.value, wanted, rtol=1e-5)
    np.testing.assert_allclose(kernels.grad, tape.grad, rtol=1e-5, atol=1e-6)
    assert len(load_kernels().forward) == before + 2
    rungs = [{"envs": ["Catch"], "steps": 100}]
    assert SpaceModel(inputs=["r"], ops=["more", "mine"], rungs=rungs).ops == ("more", "mine")


def test_a_file_that_was_changed_is_read_anew(tmp_path):
    batch = random_batch(3)
    for factor in (1, 2):
        use_primitives(written(tmp_path, variant("tanh", numpy=f"{factor} * tanh(a)")))
        graph = parse("loss = mine(q(online, s)[a])")
        wanted = factor * np.tanh(batch.q[0, batch.samples[0].astype(int), np.arange(8)])
        np.testing.assert_allclose(by_tape(graph, batch).value, wanted)
        np.testing.assert_allclose(by_kernels(graph, batch).value, wanted, rtol=1e-5)
    assert len(packs()) == 1


def test_the_same_pack_again_changes_nothing(tmp_path):
    use_primitives(written(tmp_path, TANH))
    before = operations(), load_kernels(), packs()
    use_primitives(written(tmp_path, TANH))
    (tmp_path / "copy").mkdir()
    use_primitives(written(tmp_path / "copy", TANH))
    assert all(one is other for one, other in zip(before, (operations(), load_kernels(), before[2]), strict=True))
    assert packs() == before[2]


def test_clashes_name_both_and_leave_everything_as_it_was(tmp_path):
    use_primitives(written(tmp_path, TANH))
    before = packs()
    (tmp_path / "copy").mkdir()
    for path, said in {
        written(tmp_path, variant("tanh", name="add"), "one"): r"one.py': op 'add' is declared by the families 'arithmetic' a",
        written(tmp_path, TANH, "two"): r"two.py': op 'mine' is declared by the families 'my_ops' and 'two'; rename one",
        written(tmp_path, SPREAD + "OPS *= 2\n", "three"): r"three.py': op 'spread' is declared twice in family 'three'",
        written(tmp_path, SPREAD, "powers"): r"powers.py': there is a built-in family 'powers'; rename the file",
        written(tmp_path / "copy", SPREAD): r"two op packs are called 'my_ops': '.*my_ops.py' and '.*copy/my_ops.py'; rename",
    }.items():
        with pytest.raises(OpError, match=said) as refused:
            use_primitives(path)
        assert "\n" not in str(refused.value)
        assert packs() == before


def test_what_was_found_gives_way_to_what_is_asked_for():
    found = make_pack("my_ops", TANH, "found.py", yields=True)
    asked = make_pack("my_ops", SPREAD, "asked.py")
    use_only([found])
    use_packs([asked])
    assert packs() == (asked,) and "mine" not in operations()


def test_ops_have_one_name_each():
    named = [op.name for ops in families().values() for op in ops]
    assert sorted(named) == sorted(operations())
    assert list(families()) == sorted(families())


def test_the_registry_loads_nothing_heavy():
    code = (
        "import sys; from rlsearch.registry import operations; from rlsearch.graph.text import parse; operations(); "
        "print([name for name in ('torch', 'numba', 'numpy', 'sympy') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
