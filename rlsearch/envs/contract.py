"""The environment contract: promises checked by playing, for a user's own with `rlsearch check module:CARD`, and in tests.

from rlsearch.envs.contract import EnvContract

class TestMine(EnvContract):
    card = CARD
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from rlsearch.envs.card import Card
from rlsearch.envs.catalogue import name_of
from rlsearch.envs.promises.card import find_bad_words
from rlsearch.envs.promises.episodes import find_bad_episodes
from rlsearch.envs.promises.memory import find_bad_memory
from rlsearch.envs.promises.references import find_bad_optimum, find_bad_random_return
from rlsearch.envs.promises.world import find_bad_draws, find_bad_kernels, find_bad_references, find_bad_sizes
from rlsearch.envs.setting import ends
from rlsearch.envs.spec import EnvSpec
from rlsearch.envs.task import make_task
from rlsearch.errors import SpaceError, expect_no_problems

SEEDS = 3
EPISODES, FEWER_EPISODES = 2000, 200  # of the random policy, with options as they are by default and at their ends
DRAW_S = 600.0  # seconds in which a task must have been drawn
PLAY_S = 60.0  # ... and what is played step by step
EPISODES_S = 600.0  # ... and EPISODES episodes

Tell = Callable[[str, float], None]


def _tell_nobody(what: str, limit_s: float) -> None:
    pass


@dataclass(frozen=True)
class Examination:
    """The result of checking an environment.

    Attributes:
        problems: broken promises, in sentences; () for none.
        unverified: what it states and no play can tell, in sentences.
    """

    problems: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()


def examine(card: Card, tell: Tell = _tell_nobody) -> Examination:
    """Look at an environment's promises: it is compiled and played for some seconds, with every option at both ends too.

    Args:
        card: of the environment.
        tell: told what is done next, and in how many seconds it should be; where a kernel hangs or crashes, that is the place.
    """
    if found := list(find_bad_words(card)):
        return Examination(tuple(found))
    name, unverified = name_of(card), list[str]()
    for seed in range(SEEDS):
        found = list(_find_problems(EnvSpec(name), seed, EPISODES, tell))
        if not found and seed == 0:
            tell("looking for returns above the stated optimum", EPISODES_S)
            found, unverified = find_bad_optimum(make_task(EnvSpec(name), seed), seed)
        if found:
            return Examination(tuple(f"seed {seed}: {problem}" for problem in found))
    for spec in _ends_of_options(card, name):
        try:
            found = list(_find_problems(spec, 0, FEWER_EPISODES, tell))
        except SpaceError as error:
            found = [str(error)]
        if found:
            return Examination(tuple(f"{spec.label()}: {problem}" for problem in found))
    return Examination(unverified=tuple(unverified))


def problems(card: Card) -> list[str]:
    """Everything in which an environment breaks its promises, in sentences."""
    return list(examine(card).problems)


def _ends_of_options(card: Card, name: str) -> Iterator[EnvSpec]:
    """Requests for each choice of an option, or for its least and its greatest number, where it is not the default."""
    for key, option in card.options.items():
        values = range(option.low, option.high + 1) if option.choices else (option.low, option.high)
        for value in values:
            if ends(option.default) != (value, value):
                yield EnvSpec(name, ((key, value),))


def _find_problems(spec: EnvSpec, seed: int, episodes: int, tell: Tell) -> Iterator[str]:
    """Problems of one task, of the first kind that has any: what comes later relies on what comes before."""
    of = f"seed {seed}" if not spec.options else f"{spec.label()}, seed {seed}"
    tell(f"{of}: drawing the task", DRAW_S)
    task = make_task(spec, seed)
    for what, limit_s, checks in (
        ("looking at sizes and kernels", PLAY_S, (find_bad_sizes(task), find_bad_kernels(task))),
        ("drawing the task again", DRAW_S, (find_bad_references(task), find_bad_draws(spec, seed))),
        ("playing step by step, with guards around the arrays", PLAY_S, (find_bad_memory(task, seed),)),
        (
            f"playing {episodes:,} episodes of the random policy",
            EPISODES_S,
            (find_bad_episodes(task, seed), find_bad_random_return(task, seed, episodes)),
        ),
    ):
        tell(f"{of}: {what}", limit_s)
        if found := list(dict.fromkeys(problem for check in checks for problem in check)):
            yield from found
            return


class EnvContract:
    """A test class to inherit: every check is a test. Set `card`."""

    card: ClassVar[Card]

    def test_the_card_is_filled_in(self) -> None:
        """Words and limits."""
        expect_no_problems(find_bad_words(self.card))

    def test_kernels_have_the_signature(self) -> None:
        """Compiled for it, and for nothing else."""
        expect_no_problems(find_bad_kernels(make_task(EnvSpec(name_of(self.card)), 0)))

    def test_it_plays_by_the_rules(self) -> None:
        """Draws, memory, episodes and returns."""
        expect_no_problems(problems(self.card))
