"""Every environment keeps the one signature: compiled once, fast, and the same with or without compilation."""

import re
from functools import cache

import numba
import numpy as np
import pytest

from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.envs.signature import OBSERVE, RESET, STEP

KERNELS = {"reset": RESET, "step": STEP, "observe": OBSERVE}


@cache
def assembly_of(function, signature):
    """Many environments share a kernel: it is compiled for inspection once."""
    (assembly,) = numba.njit(signature, error_model="numpy")(function).inspect_asm().values()
    return assembly


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("env", environments())
def test_kernels_have_exactly_the_signature(env, kernel):
    compiled = getattr(make_task(EnvSpec(env), 0), kernel)
    assert compiled.signatures == [KERNELS[kernel].args]
    assert compiled.overloads[KERNELS[kernel].args].signature.return_type == KERNELS[kernel].return_type


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("env", environments())
def test_kernels_never_count_references(env, kernel):
    assembly = assembly_of(getattr(make_task(EnvSpec(env), 0), kernel).py_func, KERNELS[kernel])
    bodies = dict(re.findall(r"\.type\s+(\S+),@function(.*?)\.Lfunc_end", assembly, re.DOTALL))
    own = [body for name, body in bodies.items() if name.startswith(("_ZN8rlsearch", "cfunc."))]
    assert own
    assert not any("NRT_" in body for body in own)


@pytest.mark.parametrize("env", environments())
def test_the_random_return_is_what_random_episodes_give(env, random_returns):
    drawn = {(task := make_task(EnvSpec(env), seed)).params.tobytes(): task for seed in range(3)}
    for task in drawn.values():
        returns = random_returns(task, min(20_000, 4_000_000 // task.horizon))
        gap = task.optimal_return - task.random_return
        # A treasure found by five episodes in these 20,000 (DeepSea) may by chance be found by none: no deviation then.
        unseen = 5 * gap / len(returns)
        assert gap > 0
        assert abs(returns.mean() - task.random_return) < 4.5 * returns.std() / np.sqrt(len(returns)) + unseen


@pytest.mark.parametrize("env", environments())
def test_compiled_and_plain_python_agree(env):
    """The same episode twice: the kernels, and the functions that they were compiled from."""
    task = make_task(EnvSpec(env), 5)
    runs = []
    for functions in ([task.reset, task.step, task.observe], [task.reset, task.step, task.observe]):
        if runs:
            functions = [function.py_func for function in functions]
        reset, step, observe = functions
        rng, actions = np.random.default_rng(1), np.random.default_rng(2)
        state, grid = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
        out = np.empty(task.observation_size, np.float32)
        trace = []
        reset(task.params, state, grid, rng)
        for _ in range(task.horizon):
            reward, terminated = step(task.params, state, grid, int(actions.integers(task.num_actions)), rng)
            observe(task.params, state, grid, out)
            trace.append((float(reward), bool(terminated), *state, *out))
            if terminated:
                break
        runs.append(trace)
    np.testing.assert_array_equal(runs[0], runs[1])
