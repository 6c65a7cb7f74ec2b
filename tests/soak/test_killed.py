"""A search that is killed again and again ends with the rows of one that was left alone."""

import pytest

from rlsearch.executor.local_pool import LocalPool
from tests.runs.test_interrupted import check_killing
from tests.support.tiny_runs import PREPARE


@pytest.mark.soak
def test_killed_a_hundred_times(tmp_path):
    with LocalPool(2, PREPARE) as pool:
        check_killing(tmp_path, 100, 3000, pool, seed=11)
