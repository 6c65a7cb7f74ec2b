"""Generated kernels: one module per family, float32 throughout, compiled once and kept."""

import re
import subprocess
import sys

import numpy as np
import pytest

from rlsearch.compile.kernels import load_kernels, source_of_family
from rlsearch.registry import families, op_codes, operations


def test_every_op_has_a_code_of_its_own():
    codes = op_codes()
    assert set(codes) == set(operations())
    assert len(set(codes.values())) == len(codes)
    assert {slot for slot, _ in codes.values()} == set(range(len(families())))


def test_every_family_has_kernels_of_one_signature():
    kernels = load_kernels()
    assert len(kernels.forward) == len(kernels.backward) == len(families())
    for side in (kernels.forward, kernels.backward):
        assert len({function.nopython_signatures[0] for function in side}) == 1
        assert all(len(function.nopython_signatures) == 1 for function in side)


@pytest.mark.parametrize("family", families())
def test_source_has_no_double_literals(family):
    """`float32 * 0.5` is float64 in numba, which halves the width of the vectors."""
    ops = families()[family]
    source = source_of_family(family, ops)
    for op in ops:
        assert f"# {op.name}\n" in source
    loops = [line for line in source.splitlines() if re.search(r"\b[yd]\[j\] \+?= ", line)]
    assert bool(loops) == any(op.elementwise for op in ops)
    assert not [line for line in loops if re.search(r"\d", re.sub(r"\bf\([^()]*\)", "", line))]


def test_generation_is_repeatable():
    for family, ops in families().items():
        assert source_of_family(family, ops) == source_of_family(family, ops)


def test_two_processes_that_start_together_share_one_compilation(tmp_path):
    code = (
        "import rlsearch.compile.kernels as k\n"
        "ops = k.families()['gradient']\n"
        "m = k._module('gradient', k.source_of_family('gradient', ops))\n"
        "print(m.__name__)\n"
    )
    command = [sys.executable, "-c", code]
    env = {"RLSEARCH_CACHE": str(tmp_path), "PATH": "/usr/bin:/bin"}
    both = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    printed = [process.communicate(timeout=120) for process in both]
    assert all(process.returncode == 0 for process in both), printed
    assert printed[0][0] == printed[1][0]
    (source,) = tmp_path.rglob("gradient_*.py")
    assert source.read_text().startswith('"""Generated from the op family')


def test_backward_adds_to_what_is_there():
    regs = np.array([[2.0, 3.0], [4.0, 5.0], [0.0, 0.0]], np.float32)
    grads = np.array([[10.0, 10.0], [20.0, 20.0], [1.0, 2.0]], np.float32)
    slot, code = op_codes()["mul"]
    instruction = np.array([slot, code, 2, 1, 2, 0, 0, 1, 1, 0, 0] + [0] * 6, np.int64)  # carries into the first only
    kernels = load_kernels()
    kernels.forward[slot](regs, instruction)
    kernels.backward[slot](regs, grads, instruction)
    assert regs[2].tolist() == [8, 15]
    assert grads.tolist() == [[14, 20], [20, 20], [1, 2]]
