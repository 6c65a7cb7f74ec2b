"""How a worker process is initialized."""

import pytest

from rlsearch.executor.worker import init_worker, pack_sources
from rlsearch.registry import packs, use_only, use_primitives
from tests.support.packs import SPREAD, variant, written


@pytest.mark.usefixtures("no_packs")
def test_the_drivers_packs_and_no_others_are_in_use_when_it_is_prepared(tmp_path):
    use_primitives(written(tmp_path, SPREAD, "spread_ops"))
    sources, seen = pack_sources(), []
    use_only(())
    use_primitives(written(tmp_path, variant("tanh"), "other"))
    init_worker(sources, lambda: seen.append([pack.name for pack in packs()]))
    assert seen == [["spread_ops"]]
    assert pack_sources() == sources
