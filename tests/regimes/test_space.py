"""A search space is of one regime, whose losses some trainer trains."""

import pytest

from rlsearch.errors import LossError, SpaceError
from rlsearch.evaluation.comparison import common_regime
from rlsearch.registry import known_losses
from rlsearch.space.load import parse_space
from tests.support.toy_regime import LOSS

SPACE = "{%sinputs: [%s], ops: [add], rungs: [{envs: [Catch], steps: 100}]}"


def test_a_space_says_whose_losses_it_searches(toy: None) -> None:
    assert parse_space(SPACE % ("", "online, r"), "here").regime == "replay"


def test_a_regime_that_nothing_trains_is_refused(toy: None) -> None:
    with pytest.raises(SpaceError, match="regime: must be 'replay', not 'toy'"):
        parse_space(SPACE % ("regime: toy, ", "learner, r"), "here")


def test_inputs_of_another_regime_are_refused(toy: None) -> None:
    with pytest.raises(SpaceError, match="inputs: losses of the regime 'replay' cannot read 'learner', 'gain'"):
        parse_space(SPACE % ("", "online, learner, r, gain"), "here")


def test_losses_of_two_regimes_are_not_compared(toy: None) -> None:
    assert common_regime({"one": LOSS, "other": LOSS}) == "toy"
    with pytest.raises(LossError, match="'dqn' is of the regime 'replay', loss 'toy' of 'toy'"):
        common_regime({"dqn": known_losses()["dqn"], "toy": LOSS})
