"""Ray clusters of tests are closed to everybody else. And an op pack for workers."""

from secrets import token_hex

import pytest

from rlsearch.registry import use_only
from rlsearch.registry.pack import make_pack
from tests.support.packs import SPREAD


@pytest.fixture(scope="module", autouse=True)
def closed():
    """No other user of this machine gets into these clusters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", token_hex(32))
        yield


@pytest.fixture
def op_pack(no_packs):
    """A pack that this process uses."""
    use_only([make_pack("spread_ops", SPREAD, "spread_ops")])
