"""Executors as asked for: checked before anything is written."""

import pytest

from rlsearch.errors import RunError
from rlsearch.executor.config import ExecutorConfig, cores, processes
from rlsearch.executor.contract_work import prepare_nothing
from rlsearch.executor.local_pool import LocalPool


def refused(**asked):
    with pytest.raises(RunError) as error:
        ExecutorConfig(**asked)
    assert error.value.exit_code == 2 and "\n" not in str(error.value)
    return str(error.value)


def test_contradictions_say_what_to_type():
    assert "allowed: a whole number from 1" in refused(workers=0)
    assert "allowed: a whole number from 1 to" in refused(workers=100_000)
    assert processes(8 * cores()) == 8 * cores() and processes(None) == cores()
    assert "did you mean 'ray'? (allowed: local, ray)" in refused(executor="rai")
    assert "--executor ray" in refused(address="auto")
    assert "--executor ray" in refused(mixed_cpus=True)
    assert "leave out --workers" in refused(executor="ray", address="auto", workers=2)


def test_this_machine_is_used_whole_unless_told():
    assert ExecutorConfig().make_executor(prepare_nothing, lambda _: None).slots == cores()
    pool = ExecutorConfig(workers=3).make_executor(prepare_nothing, lambda _: None)
    assert isinstance(pool, LocalPool) and pool.slots == 3


def test_it_says_where():
    assert str(ExecutorConfig(workers=1)) == "with 1 worker"
    assert str(ExecutorConfig(workers=2)) == "with 2 workers"
