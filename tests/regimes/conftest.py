"""A regime that only these tests use."""

from collections.abc import Iterator

import pytest

from rlsearch.registry import use_only, use_regimes
from tests.support.toy_regime import TOY, heads


@pytest.fixture(scope="module")
def toy() -> Iterator[None]:
    """The toy regime and the ops of its heads, in use."""
    use_only([heads()])
    use_regimes(TOY)
    yield
    use_regimes()
    use_only(())
