"""The replay regime keeps its promises; what is derived from it is what was written by hand before it was a record."""

from rlsearch.facets.regime_contract import RegimeContract
from rlsearch.regimes.replay import REGIME


class TestReplay(RegimeContract):
    regime = REGIME


def test_the_order_of_what_compiled_losses_take_never_changes():
    """Files that were exported once take their arguments in this order: what is new comes last."""
    assert [view.name for view in REGIME.views] == [
        *("q_online_s", "q_online_s_next", "q_target_s", "q_target_s_next"),
        *("q_online_s_n", "q_target_s_n", "q_target_old_s", "q_target_old_s_next", "q_target_old_s_n"),
    ]
    assert REGIME.columns == (
        *("a", "r", "discount", "r_n", "discount_n", "return_to_go", "has_return", "progress", "behaviour_prob", "a_next"),
    )
    assert REGIME.trained == "online" and [view.state for view in REGIME.trained_views] == ["s", "s_next", "s_n"]
