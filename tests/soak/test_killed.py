"""A search that is killed again and again ends with the rows of one that was left alone."""

import pytest
from test_interrupted import check_killing

from rlsearch.executor.pool import Pool


@pytest.mark.soak
def test_killed_a_hundred_times(tmp_path):
    with Pool(2) as pool:
        check_killing(tmp_path, 100, 3000, pool, seed=11)
