"""One hypothesis profile for all tests: the same examples in every run, and no clock. And op packs for one test only."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from rlsearch import registry

settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    max_examples=60,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
settings.load_profile("steady")


@pytest.fixture
def no_packs() -> Iterator[None]:
    """No op packs but those that the test uses."""
    registry.use_only(())
    yield
    registry.use_only(())
