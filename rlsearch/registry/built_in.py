"""The op families that rlsearch ships: one module of the package `primitives` each."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import primitives
from rlsearch.errors import OpError
from rlsearch.op import Op


@cache
def built_in_families() -> Mapping[str, tuple[Op, ...]]:
    """Ops by family, in alphabetical order.

    Raises:
        OpError: another distribution's `primitives` shadows ours.
    """
    found: dict[str, tuple[Op, ...]] = {}
    for module in sorted(pkgutil.iter_modules(primitives.__path__), key=lambda info: info.name):
        found[module.name] = importlib.import_module(f"primitives.{module.name}").OPS
    if "arithmetic" not in found:
        raise OpError(
            f"the package 'primitives' found at {list(primitives.__path__)} is not rlsearch's; "
            "uninstall the distribution that shadows it"
        )
    return MappingProxyType(found)
