"""The environment contract: promises checked by playing, for a user's own with `rlsearch check module:CARD`, and in tests.

from rlsearch.envs.contract import EnvContract

class TestMine(EnvContract):
    card = CARD
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rlsearch.envs.card import Card
from rlsearch.envs.catalogue import name_of
from rlsearch.envs.promises.card import find_bad_words
from rlsearch.envs.promises.episodes import find_bad_episodes
from rlsearch.envs.promises.memory import find_bad_memory
from rlsearch.envs.promises.references import find_bad_optimum, find_bad_random_return
from rlsearch.envs.promises.world import find_bad_draws, find_bad_kernels, find_bad_references, find_bad_sizes
from rlsearch.envs.spec import EnvSpec, ends
from rlsearch.envs.task import make_task
from rlsearch.errors import SpaceError, expect_no_problems

SEEDS = 3
EPISODES, FEWER_EPISODES = 2000, 200  # of the random policy, with options as they are by default and at their ends


@dataclass(frozen=True)
class Examination:
    """The result of checking an environment.

    Attributes:
        problems: broken promises, in sentences; () for none.
        unverified: what it states and no play can tell, in sentences.
    """

    problems: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()


def examine(card: Card) -> Examination:
    """Look at an environment's promises: it is compiled and played for some seconds, with every option at both ends too."""
    if found := list(find_bad_words(card)):
        return Examination(tuple(found))
    name, unverified = name_of(card), list[str]()
    for seed in range(SEEDS):
        found = list(_find_problems(EnvSpec(name), seed, EPISODES))
        if not found and seed == 0:
            found, unverified = find_bad_optimum(make_task(EnvSpec(name), seed), seed)
        if found:
            return Examination(tuple(f"seed {seed}: {problem}" for problem in found))
    for spec in _ends_of_options(card, name):
        try:
            found = list(_find_problems(spec, 0, FEWER_EPISODES))
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


def _find_problems(spec: EnvSpec, seed: int, episodes: int) -> Iterator[str]:
    """Problems of one task, of the first kind that has any: what comes later relies on what comes before."""
    task = make_task(spec, seed)
    for checks in (
        (find_bad_sizes(task), find_bad_kernels(task)),
        (find_bad_references(task), find_bad_draws(spec, seed)),
        (find_bad_memory(task, seed),),
        (find_bad_episodes(task, seed), find_bad_random_return(task, seed, episodes)),
    ):
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
