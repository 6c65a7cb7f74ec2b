"""Losses that are called one class train alike: the truth is their gradient on batches recorded from real trainings.

0 exceptions are wanted, and less than one in a thousand is allowed, as a probe samples. Run with `-s`, every test prints how
many pairs it met, how many were called one class, and what the exceptions have in common.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pytest

from rlsearch.equivalence.fingerprint import Classes, Fingerprint, fingerprint, same
from rlsearch.evolve.grammar import random_genome
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse, print_graph
from tests.support.agreement import Agreement, Answer, agreement
from tests.support.confusable_pairs import NAMES, confusable_pairs
from tests.support.merged_pairs import EVERYTHING, grammars, merged_pairs
from tests.support.random_losses import random_loss
from tests.support.recorded_batches import TRAININGS, recorded_batches
from tests.support.strategies import algebraic, rewritten

EQUIVALENCES = ("gradient", "direction")
both = pytest.mark.parametrize("equivalence", EQUIVALENCES)


class Pair(NamedTuple):
    """Two losses, and a word on where they come from."""

    one: Graph
    other: Graph
    source: str


@lru_cache(maxsize=4096)
def printed(graph: Graph, equivalence: str) -> Fingerprint:
    return fingerprint(graph, equivalence)


def one_class(pair: Pair, equivalence: str) -> bool:
    """Whether both can be trained, and are called one class."""
    prints = [printed(graph, equivalence) for graph in (pair.one, pair.other)]
    return not any(print_.flaw for print_ in prints) and same(*prints)


def check_train_alike(pairs: Iterable[Pair], equivalence: str) -> None:
    """Check that pairs, all of one class, train alike on recorded batches, but for one in 1,000; print the counts."""
    allowed = {Answer.EQUAL, Answer.NOT_FINITE} | ({Answer.FACTOR} if equivalence == "direction" else set())
    found, met, excused = list[tuple[Pair, Agreement]](), Counter[str](), Counter[str]()
    kinds = Counter[tuple[str, str]]()
    for pair in pairs:
        answer = agreement(pair.one, pair.other, recorded_batches())
        met[pair.source] += 1
        excused[pair.source] += answer.excused > 0
        if answer.answer not in allowed:
            found.append((pair, answer))
            kinds[pair.source, answer.kind or answer.answer] += 1
    allowance = met.total() // 1000
    print(f"\n{equivalence}: {met.total()} pairs of one class, {len(found)} of them do not train alike")
    for source, count in sorted(met.items()):
        print(f"{count:7} {source}, {excused[source]} with excused samples")
        for (where, kind), exceptional in kinds.most_common():
            if where == source:
                print(f"{exceptional:14} differ where {kind}")
    assert len(found) <= allowance, words(found)


def words(found: list[tuple[Pair, Agreement]]) -> str:
    """The exceptions, one of each kind."""
    first = {(pair.source, answer.kind): (pair, answer) for pair, answer in reversed(found)}
    return "\n\n".join(
        f"{pair.source}: {answer}\n{print_graph(pair.one)}\n-- is called --\n{print_graph(pair.other)}"
        for pair, answer in first.values()
    )


# The truth itself.


def test_recordings_are_as_varied_as_trainings():
    samples = recorded_batches()
    assert len({env.env for trainings in TRAININGS.values() for env, _ in trainings}) >= 12
    assert [batch.sizes.actions for batch in samples.batches] == list(TRAININGS)
    columns = {
        name: np.concatenate([batch.inputs[name].ravel() for batch in samples.batches]) for name in samples.batches[0].inputs
    }
    for name in ("r", "r_n", "return_to_go", "has_return", "discount", "discount_n"):
        assert 0.02 < (columns[name] == 0).mean() < 0.98, name
    assert {-100.0, -1.0, 1.0} <= set(columns["r"])
    assert columns["discount"].max() == columns["progress"].max() == 1.0
    assert columns["progress"].min() < 0.01
    values = np.concatenate([np.abs(q).ravel() for batch in samples.batches for q in batch.views.values()])
    assert (values > 1000).mean() > 0.01 and np.median(values) < 10
    copied = [(batch.views["q", "online", "s"] == batch.views["q", "target", "s"]).all(0) for batch in samples.batches]
    assert 0.1 < np.mean(copied) < 0.5


@pytest.mark.parametrize(
    ("one", "other", "answer", "kind"),
    [
        ("d**2", "(T * discount + r - Q)**2", Answer.EQUAL, ""),
        ("d**2", "0.5 * d**2 + log(r)", Answer.FACTOR, ""),
        ("d**2", "-d**2", Answer.DIFFER, "anywhere"),
        ("d**2", "sign(r)**2 * d**2", Answer.DIFFER, "r = 0"),
        ("d**2", "r / r * d**2", Answer.DIFFER, "r = 0"),
        ("d**2", "where(discount > 0, d**2, 0)", Answer.DIFFER, "discount = 0"),
        ("d**2", "num_actions * d**2", Answer.DIFFER, "num_actions is not 6"),  # whose factor is the median
        ("d**2", "where(num_actions > 8, d, d**2)", Answer.DIFFER, "num_actions is 9, 12, 18"),
        ("d**2", "where(progress > 0.999, d, d**2)", Answer.DIFFER, "progress = 1"),
        ("d**2", "clip(d, -30000, 30000)**2", Answer.DIFFER, "some |q| > 10000"),
        ("relu(Q - q(target, s)[a])", "max(Q - q(target, s)[a], 0)", Answer.DIFFER, "online = target"),
        ("square(square(square(square(square(square(square(d)))))))", "d**2", Answer.DIFFER, "anywhere"),
        ("d**2 + exp(d)**2 * 0", "d**2", Answer.EQUAL, ""),
        # In float32 the one is lost in the other.
        ("(1e9 + d - 1e9)**2", "d**2", Answer.EQUAL, ""),
    ],
)
def test_known_answers(one, other, answer, kind):
    found = agreement(*(parse(f"{NAMES}loss = {text}") for text in (one, other)), recorded_batches())
    assert found.answer == answer and found.kind.startswith(kind), str(found)
    assert found.factor == pytest.approx(0.5) if answer is Answer.FACTOR else True


# What is called one class.


def random_pairs(losses: int, equivalence: str) -> Iterator[Pair]:
    """Of all pairs of so many random losses, those that are called one class: each loss with the first of its class."""
    rng, numbers, classes, first = random.Random(5), np.random.default_rng(5), Classes(), dict[int, Graph]()
    for number in range(losses):
        graph = random_genome(EVERYTHING, numbers).graph() if number % 2 else random_loss(4 + number % 8, rng)
        print_ = printed(graph, equivalence)
        if print_.flaw:
            continue
        known = classes.find(print_)
        if known is None:
            classes.add(print_, number)
            first[number] = graph
        else:
            yield Pair(first[known], graph, "random")


@both
@pytest.mark.parametrize("losses", [320, pytest.param(4000, marks=pytest.mark.slow)])
def test_random_losses_of_one_class_train_alike(losses, equivalence):
    """Of 320 losses 51,000 pairs can be made, of 4,000 eight million."""
    check_train_alike(random_pairs(losses, equivalence), equivalence)


@both
@pytest.mark.parametrize("count", [300, pytest.param(5000, marks=pytest.mark.slow)])
def test_confusable_losses_of_one_class_train_alike(count, equivalence):
    pairs = (Pair(*pair) for pair in confusable_pairs(count))
    check_train_alike((pair for pair in pairs if one_class(pair, equivalence)), equivalence)


def searched(proposals: int, equivalence: str) -> Iterator[Pair]:
    """What searches of each language merged, with and without an enumeration before, by size."""
    for grammar in grammars().values():
        for enumerate_ops in (0, 3):
            for pair in merged_pairs(grammar, equivalence, proposals, enumerate_ops):
                size = min(pair.size // 3 * 3, 9)
                yield Pair(pair.first, pair.later, f"{pair.status}, {size} to {size + 2 if size < 9 else 'more'} ops")


@both
@pytest.mark.parametrize("proposals", [250, pytest.param(10_000, marks=pytest.mark.slow)])
def test_what_searches_merge_trains_alike(proposals, equivalence):
    check_train_alike(searched(proposals, equivalence), equivalence)


# What must stay together.


def equal_pairs(count: int) -> Iterator[Pair]:
    """Random losses that can be trained, each with another writing of it that is equal everywhere."""
    rng, numbers = random.Random(6), np.random.default_rng(6)
    made = 0
    while made < count:
        graph = random_genome(EVERYTHING, numbers).graph() if rng.random() < 0.5 else random_loss(rng.randint(3, 8), rng)
        if printed(graph, "gradient").flaw:
            continue
        write = rng.choice((rewritten, algebraic))
        other = write(graph, [rng.randrange(24) for _ in range(60)])
        if other != graph:
            made += 1
            yield Pair(graph, other, write.__name__)


@both
@pytest.mark.parametrize("count", [200, pytest.param(5000, marks=pytest.mark.slow)])
def test_equal_losses_stay_together(count, equivalence):
    """Equal by construction: more than 99.9 % are one class (99.94 % when last counted), and all train alike."""
    apart, pairs = list[Pair](), list(equal_pairs(count))
    for pair in pairs:
        mine, theirs = (printed(graph, equivalence) for graph in pair[:2])
        if theirs.flaw or not same(mine, theirs):
            apart.append(pair)
    print(f"\n{equivalence}: {len(apart)} of {count} writings are put into another class")
    assert len(apart) * 1000 < count, "\n\n".join(
        f"{print_graph(one)}\n is not\n{print_graph(other)}" for one, other, _ in apart
    )
    if equivalence == "gradient":
        check_train_alike(pairs, "gradient")
