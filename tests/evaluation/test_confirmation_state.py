"""The state of a confirmation: counted from whatever rows there are."""

from hypothesis import given
from hypothesis import strategies as st

from rlsearch.evaluation.confirmation_state import LEAST_SEEDS, confirmation_state
from rlsearch.evaluation.trial import Phase
from tests.support.tiny_runs import flat, tiny

SPACE = tiny()  # four fresh seeds in three environments
NAMES = ("dqn", "#0", "#4")


@given(st.sets(st.tuples(st.sampled_from(NAMES), st.integers(0, 3), st.integers(0, 2))))
def test_a_seed_is_met_where_every_loss_met_it_in_every_environment(done):
    found = {name: [flat(Phase.CONFIRM, env, seed, 0.5) for of, seed, env in sorted(done) if of == name] for name in NAMES}
    state = confirmation_state({"confirmation": {"seeds": 4, "losses": list(NAMES)}}, found, SPACE)
    met = [seed for seed in range(4) if all((name, seed, env) in done for name in NAMES for env in range(3))]
    assert list(state.seeds) == met and state.is_short == (len(met) < 4) and not state.is_empty
    if len(met) < LEAST_SEEDS:
        assert state.choosing == state.reporting == 0
    else:
        assert state.choosing + state.reporting == len(met) and state.reporting - state.choosing in (0, 1)


def test_a_journal_without_a_plan_has_the_spaces():
    state = confirmation_state({}, {"#0": [flat(Phase.CONFIRM, env, 0, 0.5) for env in range(3)]}, SPACE)
    assert (state.planned, state.losses, state.met, state.begun) == (4, ("dqn", "#0"), 0, False)


def test_nothing_to_confirm_is_not_short():
    state = confirmation_state({"confirmation": {"seeds": 4, "losses": []}}, {}, SPACE)
    assert state.is_empty and not state.is_short
