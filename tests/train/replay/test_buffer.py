"""Sampling draws from NumPy's own stream, keeps what belongs together together, and looks ahead no further than is known."""

import numpy as np
import pytest

from rlsearch.train.replay.buffer import (
    A_NEXT,
    BEHAVIOUR_PROB,
    DISCOUNT_N,
    HAS_RETURN,
    PROGRESS,
    R_N,
    RETURN_TO_GO,
    Batch,
    Reads,
    Replay,
    empty_batch,
    empty_replay,
    sample,
    write_returns,
)

PLAIN = Reads(0, False, False, False, False)


def numbered() -> Replay:
    """Ten transitions from state i to state i + 1 with reward i + 1; none ends."""
    replay, number = empty_replay(10, 3), np.arange(10)
    replay.observation[:] = number[:, None]
    replay.next_observation[:] = number[:, None] + 1
    replay.action[:], replay.reward[:] = number % 2, number + 1
    for column in (replay.terminated, replay.ended, replay.return_to_go, replay.has_return, replay.behaviour_prob):
        column[:] = 0
    replay.next_action[:] = (number + 1) % 2
    return replay


def drawn_from(replay: Replay, reads: Reads, newest: int, stored: int = 10) -> tuple[np.ndarray, Batch]:
    """Slots that were drawn, and the batch made of them with gamma = 0.5, halfway through a run."""
    batch = empty_batch(64, 3)
    batch.observations[...], batch.samples[...] = -7, -7
    sample(replay, batch, reads, stored, newest, 0.5, 0.5, np.random.default_rng(0))
    return (np.random.default_rng(0).random(64) * stored).astype(int), batch


def test_sample() -> None:
    replay = numbered()
    replay.terminated[::3] = 1
    drawn, batch = drawn_from(replay, PLAIN, newest=6, stored=7)
    assert set(drawn) == set(range(7))
    np.testing.assert_array_equal(batch.observations[:2], np.stack([np.tile(drawn, (3, 1)), np.tile(drawn + 1, (3, 1))]))
    np.testing.assert_array_equal(batch.samples[:3], [drawn % 2, drawn + 1, 0.5 * (drawn % 3 != 0)])
    assert (batch.samples[PROGRESS] == 0.5).all()


def test_what_is_not_read_is_not_touched() -> None:
    _, batch = drawn_from(numbered(), PLAIN, newest=9)
    assert (batch.observations[2] == -7).all()
    assert (batch.samples[[R_N, DISCOUNT_N, RETURN_TO_GO, HAS_RETURN, BEHAVIOUR_PROB, A_NEXT]] == -7).all()


@pytest.mark.parametrize(
    ("newest", "ended", "terminated", "start", "steps"),
    [
        (9, None, False, 2, 3),  # all three steps are there
        (9, None, False, 8, 2),  # the newest transition comes first
        (5, None, False, 8, 3),  # round the ring: 8, 9, 0
        (0, None, False, 9, 2),
        (9, 3, False, 2, 2),  # cut off by the clock: bootstraps from there
        (9, 3, True, 2, 2),  # terminated: nothing follows
        (9, 2, True, 2, 1),
    ],
)
def test_n_steps_by_hand(newest: int, ended: int | None, terminated: bool, start: int, steps: int) -> None:
    replay = numbered()
    if ended is not None:
        replay.ended[ended], replay.terminated[ended] = 1, terminated
    drawn, batch = drawn_from(replay, Reads(3, False, False, False, False), newest)
    place = drawn.tolist().index(start)
    slots = [(start + k) % 10 for k in range(steps)]
    assert batch.samples[R_N, place] == sum(0.5**k * (slot + 1) for k, slot in enumerate(slots))
    assert batch.samples[DISCOUNT_N, place] == 0.5**steps * (not terminated)
    assert (batch.observations[2, :, place] == slots[-1] + 1).all()
    assert (batch.observations[1, :, place] == start + 1).all()


@pytest.mark.parametrize(
    ("newest", "stored", "ended"), [(9, 10, False), (4, 10, False), (0, 10, False), (3, 4, False), (4, 10, True)]
)
def test_a_transition_whose_next_action_is_still_to_be_chosen_is_not_drawn(newest: int, stored: int, ended: bool) -> None:
    replay = numbered()
    replay.ended[newest] = ended
    drawn, batch = drawn_from(replay, Reads(0, False, False, False, True), newest, stored)
    assert newest in drawn
    slots = drawn if ended else np.where(drawn == newest, (drawn - 1) % stored, drawn)
    np.testing.assert_array_equal(batch.samples[A_NEXT], replay.next_action[slots])
    np.testing.assert_array_equal(batch.observations[0, 0], slots)
    assert ended or newest not in batch.observations[0, 0]


def test_the_only_transition_is_drawn_all_the_same() -> None:
    _, batch = drawn_from(numbered(), Reads(0, False, False, False, True), newest=0, stored=1)
    assert (batch.observations[0] == 0).all() and (batch.samples[A_NEXT] == 1).all()


def test_returns_by_hand() -> None:
    replay = numbered()
    write_returns(replay, 1, 4, 0.5)  # slots 8, 9, 0, 1 with rewards 9, 10, 1, 2
    assert replay.return_to_go[[1, 0, 9, 8]].tolist() == [2, 2, 11, 14.5]
    assert replay.has_return.tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 1, 1]
    drawn, batch = drawn_from(replay, Reads(0, True, False, False, False), newest=1)
    np.testing.assert_array_equal(batch.samples[RETURN_TO_GO], replay.return_to_go[drawn])
    np.testing.assert_array_equal(batch.samples[HAS_RETURN], replay.has_return[drawn])


def test_an_episode_longer_than_the_ring_fills_it_once() -> None:
    replay = numbered()
    write_returns(replay, 4, 25, 0.0)
    assert replay.return_to_go.tolist() == replay.reward.tolist()
