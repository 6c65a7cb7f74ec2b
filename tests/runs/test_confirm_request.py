"""A confirmation as asked for: what it gives with what held before, and what is refused."""

import numpy as np
import pytest

from rlsearch.errors import RunError
from rlsearch.runs.confirm_request import LEAST, MOST, ConfirmRequest
from rlsearch.space.model import Confirm


@pytest.mark.parametrize(
    ("confirm", "seeds", "after"),
    [
        (None, None, {None: None, 0: 0, 5: 5}),
        (True, None, {None: None, 0: None, 5: 5}),
        (False, None, {None: 0, 0: 0, 5: 0}),
        (None, 3, {None: 3, 0: 3, 5: 3}),
        (True, np.int64(3), {None: 3, 0: 3, 5: 3}),
    ],
)
def test_what_holds_afterwards(confirm, seeds, after):
    request = ConfirmRequest(confirm, seeds)
    assert {before: request.seeds(before) for before in after} == after
    assert all(type(request.seeds(before)) in (int, type(None)) for before in after)


@pytest.mark.parametrize("seeds", [1, 0, -3, MOST + 1, 2.5, "4", True])
def test_no_such_number_of_seeds(seeds):
    with pytest.raises(RunError, match=r"--confirm-seeds is .*; allowed: a whole number from 2 to 1,000,000"):
        ConfirmRequest(confirm_seeds=seeds)


def test_seeds_of_no_confirmation():
    with pytest.raises(RunError, match="--no-confirm and --confirm-seeds 4 contradict each other"):
        ConfirmRequest(confirm=False, confirm_seeds=4)


def test_the_limits_are_those_of_a_space():
    limits = Confirm.model_fields["seeds"].metadata
    assert {getattr(limit, name) for limit in limits for name in ("ge", "le") if hasattr(limit, name)} == {LEAST, MOST}
