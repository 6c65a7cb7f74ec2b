"""The regimes in use: each module of `rlsearch.regimes` that declares one, and those that are added with `use_regimes`."""

import pkgutil
from collections.abc import Iterable, Mapping, Set
from functools import cache
from importlib import import_module
from types import MappingProxyType

import rlsearch.regimes as room
from rlsearch.errors import LossError
from rlsearch.regimes.inputs import Input
from rlsearch.regimes.regime import Regime
from rlsearch.registry.ops import VOCABULARY, derived

DEFAULT = "replay"  # what a loss means that fits several

_added: dict[str, Regime] = {}


@cache
def _built_in() -> Mapping[str, Regime]:
    modules = (import_module(f"{room.__name__}.{module.name}") for module in pkgutil.iter_modules(room.__path__))
    found = [regime for module in modules if (regime := getattr(module, "REGIME", None)) is not None]
    return MappingProxyType({regime.name: regime for regime in sorted(found, key=lambda regime: regime.name != DEFAULT)})


@derived
@cache
def regimes() -> Mapping[str, Regime]:
    """Every regime by its name; the first one is the default where a loss does not say."""
    return MappingProxyType({**_built_in(), **_added})


def use_regimes(*wanted: Regime) -> None:
    """Use these regimes besides the built-in ones, and no others.

    Raises:
        LossError: a name would mean two things.
    """
    shared = {name: given for regime in _built_in().values() for name, given in regime.inputs.items()}
    for regime in wanted:
        for name, given in regime.inputs.items():
            if shared.setdefault(name, given).type is not given.type or shared[name].trained != given.trained:
                raise LossError(f"regime '{regime.name}': input '{name}' means something else in another regime; rename it")
    _added.clear()
    _added.update({regime.name: regime for regime in wanted})
    VOCABULARY.forget()


@derived
@cache
def known_inputs() -> Mapping[str, Input]:
    """Every input of every regime, by name; a name that several regimes have means the same in each."""
    found: dict[str, Input] = {}
    for regime in regimes().values():
        for name, given in regime.inputs.items():
            found.setdefault(name, given)
    return MappingProxyType(found)


def regime_meant(names: Set[str]) -> Regime | None:
    """The first regime for which no name among these is another regime's alone; None where each has such."""
    every = {regime.name: regime.inputs.keys() | regime.heads.keys() for regime in regimes().values()}
    known = {name for own in every.values() for name in own}
    return next((regime for regime in regimes().values() if names & known <= every[regime.name]), None)


def regime_of(names: Iterable[str]) -> Regime:
    """The first regime that has all these inputs and heads.

    Raises:
        LossError: none has.
    """
    wanted = {*names}
    for regime in regimes().values():
        if wanted <= regime.inputs.keys() | regime.heads.keys():
            return regime
    homes = {name: [r.name for r in regimes().values() if name in {*r.inputs, *r.heads}] for name in sorted(wanted)}
    listed = ", ".join(f"'{name}' of {' and '.join(homes[name]) or 'none'}" for name in homes)
    raise LossError(f"a loss reads inputs and heads of one regime, not {listed}")
