"""Reading a pack: what is one, what is not, and that what was read is what runs."""

import os
import sys

import pytest

from rlsearch.errors import OpError
from rlsearch.registry.pack import MAX_BYTES, make_pack, read_pack
from tests.support.packs import SPREAD, variant, written

TANH = variant("tanh")
BAD = {
    "a syntax error": ("OPS = (\n  Op(,),\n)\n", r"op pack '.*my_ops.py', line 2: not Python: invalid syntax$"),
    "a null byte": ("OPS = ()\0", r"op pack '[^']*': not Python: "),
    "far too deep": ("X = " + "-" * 100_000 + "1\n", r"op pack '.*': not Python: (nested too deeply|too many nested)"),
    "a way out": ("import sys\nsys.exit(0)\n", r"op pack '.*' cannot be run: SystemExit: 0$"),
    "no ops": ("X = 1\n", r"op pack '.*' declares no ops; write OPS = \(Op\(...\), ...\)"),
    "empty ops": ("OPS = ()\n", r"op pack '.*' declares no ops"),
    "a bare op": (TANH + "OPS = OPS[0]\n", r"op pack '.*' declares no ops"),
    "something else": ("OPS = ('tanh',)\n", r"op pack '.*': OPS holds 'tanh', which is no Op"),
    "an error": (
        "import nobody_has_this\n",
        r"op pack '.*' cannot be run: ModuleNotFoundError: No module",
    ),
    "an error of two lines": ("raise ValueError('one\\ntwo')\n", r"op pack '.*' cannot be run: ValueError: one$"),
    "a facet that is missing": (variant("tanh", sympy=""), r"op pack '.*': op 'mine': facet 'sympy' is missing$"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD)
def test_what_is_no_pack_is_refused_in_one_line(tmp_path, text, said):
    with pytest.raises(OpError, match=said) as refused:
        read_pack(str(written(tmp_path, text)))
    assert "\n" not in str(refused.value)


def test_what_is_not_there_is_refused(tmp_path):
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "huge.py").write_text("#" * (MAX_BYTES + 1))
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe")
    for place, said in {
        tmp_path / "nothing.py": "there is no op pack",
        "nobody_has_this": "there is no op pack 'nobody_has_this'; type the path",
        "nobody.has_this": "there is no op pack",
        "": "there is no op pack",
        "a\nb.py": r"there is no op pack 'a\\nb.py'",
        "x" * 300 + ".py": "cannot be read: File name too long",
        tmp_path / "zero.py": "is no plain file; type the path of an op pack",
        tmp_path / "pipe.py": "is no plain file",
        tmp_path / "huge.py": "has 1,000,001 bytes; an op pack has at most 1,000,000",
        "..": "there is no op pack",
        "sys": "there is no op pack",  # no Python file
        tmp_path / "folder.py": "is a folder; type a Python file in it",
        tmp_path / "binary.py": r"is not UTF-8 text \(byte 0\); save it as UTF-8",
        written(tmp_path, TANH, "my-ops"): "'my-ops' cannot name a family; call the file e.g. my_ops.py",
        written(tmp_path, TANH, "class"): "'class' cannot name a family",
    }.items():
        with pytest.raises(OpError, match=said):
            read_pack(str(place))


def test_a_package_that_ends_python_is_refused(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "leaves_at_once").mkdir()
    (tmp_path / "leaves_at_once" / "__init__.py").write_text("raise SystemExit(0)")
    with pytest.raises(OpError, match=r"op pack 'leaves_at_once.ops' cannot be imported: SystemExit: 0$"):
        read_pack("leaves_at_once.ops")


def test_a_module_is_a_pack_of_the_name_of_its_file(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "owner_of_ops").mkdir()
    (tmp_path / "owner_of_ops" / "__init__.py").write_text("")
    written(tmp_path / "owner_of_ops", TANH, "robust")
    pack = read_pack("owner_of_ops.robust")
    assert (pack.name, pack.where, pack.source) == ("robust", "owner_of_ops.robust", TANH)
    assert [op.name for op in pack.ops] == ["mine"]


def test_what_was_read_is_what_runs_and_hashes_whatever_becomes_of_the_file(tmp_path):
    path = written(tmp_path, SPREAD)
    pack = read_pack(str(path))
    path.write_text("def spread_forward(): 'another'\n")
    facets = pack.ops[0].facets()
    assert facets["forward"].startswith("def spread_forward(regs") and facets["forward"] in SPREAD
    assert facets["backward"] in SPREAD
    again = make_pack("my_ops", SPREAD, "elsewhere.py")
    assert [op.digest for op in again.ops] == [op.digest for op in pack.ops] and again.ops != pack.ops
    assert again.digest == pack.digest != make_pack("my_ops", SPREAD + "\n", "elsewhere.py").digest
    assert not any(name == "my_ops" for name in sys.modules)


def test_packs_of_one_source_are_equal_though_their_ops_are_others():
    one, other = (make_pack("my_ops", SPREAD, "my_ops.py") for _ in range(2))
    assert one == other and one.ops != other.ops
    assert one != make_pack("my_ops", TANH, "my_ops.py")
