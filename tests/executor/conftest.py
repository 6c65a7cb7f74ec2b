"""Ray clusters of tests are closed to everybody else, and tell that they take long. And an op pack for workers."""

import sys
from secrets import token_hex

import pytest

from rlsearch.registry import use_only
from rlsearch.registry.pack import make_pack
from tests.support import machines
from tests.support.packs import SPREAD


@pytest.fixture(scope="module", autouse=True)
def closed():
    """No other user of this machine gets into these clusters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", token_hex(32))
        yield


@pytest.fixture(scope="module", autouse=True)
def sign_of_life(request):
    """What is waited for is told at once, past pytest's capture."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def tell(line):
        with capture.global_and_fixture_disabled():
            print(f"\n{line}", file=sys.stderr, flush=True)

    machines.TELL.append(tell)
    yield
    machines.TELL.remove(tell)


@pytest.fixture
def op_pack(no_packs):
    """A pack that this process uses."""
    use_only([make_pack("spread_ops", SPREAD, "spread_ops")])
