"""The table of environments: complete, in plain words, and free of compilation."""

import ast
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from rlsearch import envs
from rlsearch.envs import Card, EnvSpec, environments, make_task
from rlsearch.envs.catalogue import FAMILIES
from rlsearch.numba_support.jit import njit


def test_listing_loads_no_compiler():
    code = "import sys; from rlsearch.envs import environments; environments(); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_kernels_are_compiled_with_is_found_beside_the_cards():
    assert envs.njit is njit and set(envs.__all__) <= {*dir(envs), "njit"}
    with pytest.raises(AttributeError, match=r"module 'rlsearch\.envs' has no attribute 'nijt'"):
        _ = envs.nijt


def test_families_are_all_packages_that_declare_cards():
    packages = [module.name for module in pkgutil.iter_modules(envs.__path__) if module.ispkg]
    assert list(FAMILIES) == [name for name in packages if hasattr(import_module(f"rlsearch.envs.{name}"), "CARDS")]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_world_of_a_family_is_on_a_card_in_its_table(family):
    package = import_module(f"rlsearch.envs.{family}")
    own = {name: value for name, value in vars(package).items() if isinstance(value, Card) and value.family == family}
    missing = [name for name, card in own.items() if card not in package.CARDS]
    assert missing == [], f"CARDS of rlsearch/envs/{family}/__init__.py does not list these"
    for path in Path(package.__path__[0]).glob("*.py"):
        draws = any(
            isinstance(node, ast.FunctionDef) and node.name == "draw" for node in ast.parse(path.read_text("utf-8")).body
        )
        named = any(card.module == f"rlsearch.envs.{family}.{path.stem}" for card in package.CARDS)
        assert named or not draws, (
            f"{path.name} has a `draw`, but no card in rlsearch/envs/{family}/__init__.py names its module"
        )


@pytest.mark.parametrize("env", environments())
def test_every_environment_has_a_test_of_its_own(env):
    """Its rules and references, found in another way; a family that is played beside one package tests all its `CARDS`."""
    card = environments()[env]
    text = "".join(path.read_text("utf-8") for path in (Path(__file__).parent / card.family).glob("test_*.py"))
    wanted = "play it beside its oracle or its rules in plain Python, and reach its references in another way"
    tested = f'"{env}' in text or "import CARDS" in text
    assert tested, f"no test in tests/envs/{card.family}/ names {env}: {wanted}"


@pytest.mark.parametrize("env", environments())
def test_cards_say_what_they_should(env):
    card = environments()[env]
    assert card.id == env
    assert card.doc.endswith(".") and all(option.doc.endswith(".") for option in card.options.values())
    assert card.source and card.skills and card.actions and card.observation and card.reward and card.references
    for option in card.options.values():
        low, high = option.default if isinstance(option.default, tuple) else (option.default, option.default)
        assert option.low <= low <= high <= option.high
    low, high = card.gamma if isinstance(card.gamma, tuple) else (card.gamma, card.gamma)
    assert card.gamma_limits[0] <= low <= high <= card.gamma_limits[1]


def test_families_are_their_packages():
    families = {env: environments()[env].family for env in ("CartPole-v1", "Catch", "Garnet", "LayeredMDP")}
    assert list(families.values()) == ["classic_control", "bsuite", "tabular", "tabular"]


def test_the_horizon_is_a_number_or_an_option_or_goes_by_choice():
    assert make_task(EnvSpec("Catch"), 0).horizon == 9
    assert make_task(EnvSpec("LayeredMDP", (("layers", 6),)), 0).horizon == 6
    assert make_task(EnvSpec.parse({"env": "TabularGridWorld", "variant": "sparse"}), 0).horizon == 50


def test_a_family_is_on_one_side():
    sides = {(card.family, card.split) for card in environments().values()}
    assert len(sides) == len({family for family, _ in sides})
    assert {side for _, side in sides} <= {"train", "validation", "test"}
