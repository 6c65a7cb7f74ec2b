"""Both ways of multiplying, against NumPy at every way in which tiles can overlap, and in a whole training."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.numba_support.matmul_way import BLAS, TILES, VARIABLE, matmul_way
from rlsearch.train import blas, matmul, tiles
from tests.support.first_updates import trained

SIDE = st.integers(1, 70)
WAYS = pytest.mark.parametrize("way", [tiles, blas], ids=[TILES, BLAS])

# As if numba had put elsewhere what tiles are written with.
MOVED = """
import sys, types, numba
numba.njit("int64(int64)")(lambda x: x)  # numba itself has it all
sys.modules["numba.core.cgutils"] = types.ModuleType("numba.core.cgutils")
"""
TRAIN = "import json; from tests.support.first_updates import trained; print(json.dumps(trained()))"


@WAYS
@given(rows=SIDE, depth=st.integers(0, 70), columns=SIDE, seed=st.integers(0, 9))
def test_product_equals_numpys(way: ModuleType, rows: int, depth: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    left, right = rng.normal(size=(rows, depth)).astype(np.float32), rng.normal(size=(depth, columns)).astype(np.float32)
    wanted = left.astype(np.float64) @ right
    # A number is off by at most one rounding for each of the sum's terms.
    allowed = (depth + 1) * 2.0**-24 * (np.abs(left).astype(np.float64) @ np.abs(right)) + 1e-30
    out = np.full((rows, columns), np.nan, np.float32)
    way.matmul(left, right, out, False)
    assert (np.abs(out - wanted) <= allowed).all()
    out[:] = np.nan
    way.matmul(np.ascontiguousarray(left.T), right, out, True)
    assert (np.abs(out - wanted) <= allowed).all()


@WAYS
@given(rows=SIDE, columns=SIDE)
def test_transpose_equals_numpys(way: ModuleType, rows: int, columns: int) -> None:
    matrix = np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)
    out = np.full((columns, rows), np.nan, np.float32)
    way.transpose(matrix, out)
    np.testing.assert_array_equal(out, matrix.T)


@WAYS
def test_nothing_is_written_beyond_the_result(way: ModuleType) -> None:
    room = np.full((9, 40), 7.0, np.float32)
    ones = np.ones((5, 3), np.float32)
    way.matmul(ones, np.ones((3, 40), np.float32), room[:5], False)
    assert (room[:5] == 3.0).all()
    assert (room[5:] == 7.0).all()


@WAYS
def test_a_nan_stays_a_nan(way: ModuleType) -> None:
    left, right = np.zeros((2, 2), np.float32), np.full((2, 20), np.nan, np.float32)
    out = np.zeros((2, 20), np.float32)
    way.matmul(left, right, out, False)
    assert np.isnan(out).all()


def test_what_runs_is_what_was_chosen() -> None:
    chosen = {TILES: tiles, BLAS: blas}[matmul_way()]
    assert matmul.matmul is chosen.matmul and matmul.transpose is chosen.transpose


def _python(program: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own, which must not fail."""
    words, root = [sys.executable, "-c", program], Path(__file__).parents[2]
    done = subprocess.run(words, cwd=root, env=os.environ | variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize(("before", "variables"), [("", {VARIABLE: BLAS}), (MOVED, {})], ids=["chosen", "moved"])
def test_a_training_by_the_blas(before: str, variables: dict[str, str]) -> None:
    """It learns, and its first updates are those of the tiles, whether the BLAS was chosen or the tiles cannot be built."""
    there, here = json.loads(_python(before + TRAIN, **variables).stdout), trained()
    assert there["way"] == "rlsearch.train.blas" and there["diverged"] == -1 and there["steps"] > 500
    assert there["early"] == here["early"] != []
    np.testing.assert_allclose(there["theta"], here["theta"], atol=1e-5)


def test_tiles_that_cannot_be_built_are_said_once() -> None:
    workers = f"""{MOVED}
import subprocess, sys
import rlsearch.train.network, rlsearch.train.kernel, rlsearch.train.matmul
from rlsearch.numba_support.matmul_way import matmul_way
assert matmul_way() == "blas"
subprocess.run([sys.executable, "-c", {MOVED + "import rlsearch.train.matmul"!r}], check=True)  # a worker of its
"""
    said = _python(workers).stderr
    assert said.count("RuntimeWarning") == 1
    assert "tiles cannot be built with this numba (cannot import name 'alloca_once_value'" in said
    assert "RLSEARCH_MATMUL=blas, which is slower; install the versions of constraints.txt" in said


def test_the_way_is_part_of_the_kernels_folder() -> None:
    where = "from rlsearch.train.network import forward; print(forward.stats.cache_path)"
    assert _python(where, **{VARIABLE: BLAS}).stdout != _python(where, **{VARIABLE: TILES}).stdout
