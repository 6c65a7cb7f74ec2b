"""The table of environments: complete, in plain words, and free of compilation."""

import subprocess
import sys

import pytest

from rlsearch.envs import EnvSpec, environments, make_task


def test_listing_loads_no_compiler():
    code = "import sys; from rlsearch.envs import environments; environments(); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


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
