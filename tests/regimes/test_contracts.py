"""No regime without its contract: each is found by its module, and played against its promises by a test file."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

import rlsearch.regimes as room
from rlsearch.facets.regime_contract import RegimeContract
from rlsearch.regimes.regime import Regime
from rlsearch.registry import regimes
from tests.support.contracts import players


@pytest.mark.parametrize("name", regimes())
def test_every_regime_is_played_against_its_promises(name):
    played = [cls.regime for cls in players(RegimeContract, "regimes")]
    wanted = f"copy TestReplay of tests/regimes/test_replay.py to tests/regimes/test_{name}.py, with this regime"
    assert any(regime is regimes()[name] for regime in played), f"no RegimeContract plays the regime '{name}'; {wanted}"


@pytest.mark.parametrize("module", [info.name for info in iter_modules(room.__path__)])
def test_every_regime_is_found(module):
    for name, value in vars(import_module(f"{room.__name__}.{module}")).items():
        if isinstance(value, Regime):
            known = any(value is regime for regime in regimes().values())
            assert known, f"{name} of rlsearch/regimes/{module}.py is not in use: call it REGIME, and give it a name of its own"
