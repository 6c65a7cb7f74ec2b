"""The op families that rlsearch ships: one module of the package `primitives` each.

The package is found beside `rlsearch`, whatever else is called `primitives`: a user's own module of that name neither hides
ours nor is hidden by it.
"""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from rlsearch.errors import OpError
from rlsearch.op import Op

FOLDER = Path(__file__).parents[2] / "primitives"
NAME = "primitives"
OTHER_NAME = "rlsearch_primitives"  # where that is the name of something else


@cache
def built_in_families() -> Mapping[str, tuple[Op, ...]]:
    """Ops by family, in alphabetical order.

    Raises:
        OpError: another distribution has overwritten our files.
    """
    names = sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]))
    package = NAME if _is_ours(NAME) else _import_as(OTHER_NAME)
    found = {name: getattr(importlib.import_module(f"{package}.{name}"), "OPS", ()) for name in names}
    if "arithmetic" not in found or not all(found.values()):
        foreign = ", ".join(name for name, ops in found.items() if not ops) or "arithmetic"
        raise OpError(
            f"the folder '{FOLDER}' is not as rlsearch was installed (no ops of the family {foreign}): another "
            "distribution has written into it; uninstall that, then `pip install --force-reinstall rlsearch`"
        )
    return MappingProxyType(found)


def _is_ours(name: str) -> bool:
    """True if importing this name gives the shipped package."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):  # something was put there that is no module of a file
        return False
    places = (spec.submodule_search_locations if spec else None) or ()
    return any(Path(place).resolve() == FOLDER.resolve() for place in places)


def _import_as(name: str) -> str:
    """Import the shipped package by another name, which is returned."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)])
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return name
