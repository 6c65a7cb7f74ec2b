"""Packs that are found: by the environment variable, and as entry points of installed distributions."""

import os
import subprocess
import sys

from tests.support.packs import SPREAD, variant, written

TANH = variant("tanh")


def printed(code: str, **env: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", f"from rlsearch.registry import families, operations, packs\nprint({code})"],
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=False,
    )
    return (ran.stdout + ran.stderr.strip().splitlines()[-1] if ran.stderr else ran.stdout).strip()


def test_the_environment_variable_names_packs(tmp_path):
    places = os.pathsep.join(str(written(tmp_path, *given)) for given in ((TANH, "one"), (SPREAD, "two")))
    assert printed("[pack.name for pack in packs()]", RLSEARCH_PRIMITIVES=places) == "['one', 'two']"
    assert printed("'spread' in operations()", RLSEARCH_PRIMITIVES=places + os.pathsep) == "True"
    said = printed("operations()", RLSEARCH_PRIMITIVES=str(tmp_path / "nothing.py"))
    assert "OpError: RLSEARCH_PRIMITIVES: there is no op pack" in said


def test_installed_distributions_offer_packs(tmp_path):
    """An entry point of the group, as pip would have written it."""
    info = tmp_path / "their_ops-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-ops\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[rlsearch.primitives]\nrobust = their_robust_ops\n")
    written(tmp_path, TANH, "their_robust_ops")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    assert printed("list(families())[-1], 'mine' in operations()", PYTHONPATH=path) == "their_robust_ops True"
    written(tmp_path, "OPS = 3", "their_robust_ops")
    assert "OpError: entry point 'robust' of their-ops: op pack" in printed("operations()", PYTHONPATH=path)
