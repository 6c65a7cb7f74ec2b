"""Figures that were kept: what their file is called, and what else is refused."""

import json
import math
import re
import subprocess
from pathlib import Path

import pytest

from rlsearch.bench.figure import Figure
from rlsearch.bench.kept_figures import file_name, file_name_here, read_kept
from rlsearch.bench.suite import FIGURES
from rlsearch.cli.output import SCHEMA
from rlsearch.errors import RlsearchError
from rlsearch.provenance.stamp import versions

ROOT = Path(__file__).parents[2]
DOCUMENT = {
    "schema": 1,
    "machine": "here",
    "figures": {"ratio": {"value": 60, "unit": "times"}, "help_time": {"value": 0.5, "unit": "seconds"}},
}


def kept_as(tmp_path: Path, document: object) -> Path:
    """A file of figures."""
    path = tmp_path / "kept.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_what_was_kept_is_read_and_compared(tmp_path: Path) -> None:
    kept = read_kept(kept_as(tmp_path, DOCUMENT), ["help_time", "env_steps"], 1)
    assert kept.machine == "here" and kept.figures == {"ratio": (60, "times"), "help_time": (0.5, "seconds")}
    assert kept.ratio(Figure("help_time", 0.25, "seconds", "less", "a stub", {}, {})) == 0.5
    assert kept.ratio(Figure("help_time", 0.25, "minutes", "less", "a stub", {}, {})) is None
    assert kept.ratio(Figure("env_steps", 0.25, "seconds", "less", "a stub", {}, {})) is None


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "is not JSON; type the path of a document of `rlsearch bench --json`"),
        ("[" * 100_000, "is not JSON"),
        ([1], "has no schema; type the path"),
        ({"figures": {}}, "has no schema"),
        (DOCUMENT | {"schema": 2}, r"is of schema '2', not 1; measure it again: rlsearch bench --json$"),
        ({"schema": 1, "classes": []}, "holds no figures; type the path"),
        (DOCUMENT | {"machine": None}, "holds no figures"),
        (DOCUMENT | {"figures": []}, "holds no figures"),
        (DOCUMENT | {"figures": {}}, "holds none of the figures help_time, env_steps; it holds nothing$"),
        (DOCUMENT | {"figures": {"ratio": {"value": 2, "unit": "times"}}}, "help_time, env_steps; it holds ratio$"),
        *(
            (DOCUMENT | {"figures": {"help_time": entry}}, "it holds nothing")
            for entry in (3, {"value": 1}, *({"value": value, "unit": "seconds"} for value in (None, 0, True, "1", math.inf)))
        ),
    ],
)
def test_what_is_no_such_document_is_said(tmp_path: Path, document: object, message: str) -> None:
    with pytest.raises(RlsearchError, match=message) as refused:
        read_kept(kept_as(tmp_path, document), ["help_time", "env_steps"], 1)
    assert "\n" not in str(refused.value) and "kept.json' " in str(refused.value) and refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("cpu", "name"),
    [
        ("Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", "0.1.0-intel-xeon-gold-6248.json"),
        ("Intel(R) Xeon(R) Processor", "0.1.0-intel-xeon.json"),
        ("AMD EPYC 7B12", "0.1.0-amd-epyc-7b12.json"),
        ("Apple M2 Pro", "0.1.0-apple-m2-pro.json"),
        ("", "0.1.0-unknown.json"),
    ],
)
def test_a_file_is_named_by_version_and_processor(cpu: str, name: str) -> None:
    assert file_name("0.1.0", cpu) == name


def test_make_bench_keeps_it_where_git_sees_it() -> None:
    assert file_name_here().startswith(versions()["rlsearch"])
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"^bench:.*\n((?:\t.*\n)+)", makefile, re.M)
    assert "bench --json" in recipe and "results/bench/" in recipe and "import file_name_here" in recipe
    if (ROOT / ".git").exists():
        place = f"results/bench/{file_name_here()}"
        assert subprocess.run(["git", "-C", str(ROOT), "check-ignore", "-q", place], check=False).returncode == 1


def test_every_file_that_is_kept_can_be_read() -> None:
    for file in (ROOT / "results" / "bench").glob("*.json"):
        assert set(read_kept(file, FIGURES, SCHEMA).figures) <= set(FIGURES)
        assert file.name.startswith(f"{json.loads(file.read_text())['version']}-")
