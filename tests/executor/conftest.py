"""Ray clusters of tests are closed to everybody else."""

from secrets import token_hex

import pytest


@pytest.fixture(scope="module", autouse=True)
def closed():
    """No other user of this machine gets into these clusters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", token_hex(32))
        yield
