"""Which classes of tests play a contract in a room of the tests."""

from importlib import import_module
from pkgutil import walk_packages


def players(contract: type, room: str) -> list[type]:
    """Classes that pytest collects from `tests/ROOM/` and that inherit a contract."""
    home = import_module(f"tests.{room}")
    names = [module.name for module in walk_packages(home.__path__, f"{home.__name__}.") if ".test_" in module.name]
    found = [(name, value) for name in names for value in vars(import_module(name)).values() if isinstance(value, type)]
    return [
        cls for name, cls in found if cls.__module__ == name and cls.__name__.startswith("Test") and issubclass(cls, contract)
    ]
