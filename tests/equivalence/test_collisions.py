"""Different losses fall into different classes. The truth is the gradient on thousands of fresh transitions."""

import numpy as np
import pytest

from rlsearch.compile.numpy_graph import Array, gradients, join
from rlsearch.equivalence.fingerprint import Fingerprint, fingerprint, same
from rlsearch.equivalence.looks import FIRST, further_batch
from rlsearch.evolve.grammar import Grammar, random_genome
from rlsearch.evolve.mutations import MUTATIONS, mutate
from rlsearch.graph.genome import parse_lines
from rlsearch.graph.graph import Graph
from rlsearch.regimes.replay import REGIME
from rlsearch.registry import known_inputs
from rlsearch.simplify.canonical import canonical
from tests.support.strategies import OPS

GIVEN = parse_lines("v = q(online, s)\nq_sa = v[a]\nv_next = q(target, s_next)\nq_next = max(v_next)")
EVERYTHING = Grammar(tuple(known_inputs()), GIVEN, True, 8, OPS, (0.1, 0.5, 1.0, 2.0, -1.0))
FRESH = join([further_batch(REGIME, sizes, 410, draws=7) for sizes in FIRST.sizes])  # 4,100 transitions


def truth(graph: Graph) -> list[Array | None]:
    """The gradient on the fresh transitions: for each view and size `[A, batches, B]`."""
    found = gradients(graph, FRESH)
    return [found[view][k] if view in found else None for view in REGIME.trained_views for k in range(len(FIRST.sizes))]


def differ(one: list[Array | None], other: list[Array | None]) -> float:
    """The share of entries in which two gradients differ."""
    apart, total = 0, 0
    for mine, theirs in zip(one, other, strict=True):
        if mine is None and theirs is None:
            continue
        known = mine if mine is not None else theirs
        assert known is not None
        mine, theirs = (np.zeros_like(known) if part is None else part for part in (mine, theirs))
        apart += int((~np.isclose(mine, theirs, equal_nan=True)).sum())
        total += known.size
    return apart / total


def trainable(form: Graph) -> Fingerprint | None:
    """The fingerprint of what may be trained."""
    found = fingerprint(form, "gradient") if form.carries[form.root] else None
    return found if found and not found.flaw else None


@pytest.mark.parametrize("pairs", [2000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_random_pairs(pairs):
    """No pair of different gradients has one fingerprint, and every pair of one gradient has."""
    rng, known = np.random.default_rng(1), []
    while len(known) < pairs // 50:
        form = canonical(random_genome(EVERYTHING, rng).graph())
        print_ = trainable(form)
        if print_:
            known.append((print_, truth(form)))
    collisions = splits = equal = 0
    for _ in range(pairs):
        one, other = (known[int(rng.integers(len(known)))] for _ in range(2))
        if one is other:
            continue
        alike, apart = same(one[0], other[0]), differ(one[1], other[1]) > 0
        collisions += alike and apart
        splits += not alike and not apart
        equal += not apart
    print(f"{pairs} pairs, {equal} of them equal: {collisions} collisions, {splits} splits")
    assert equal < pairs // 10
    assert splits == 0 and collisions * 10_000 <= pairs  # a threshold that one sample in thousands meets


@pytest.mark.parametrize("pairs", [300, pytest.param(2000, marks=pytest.mark.slow)])
def test_neighbours(pairs):
    """A loss and a mutation of it: what has one fingerprint differs nowhere, or in a branch that few transitions meet, or
    where the gradient is a millionth of what it is elsewhere: exp(x) and huber(exp(x)) differ below 1.
    """
    rng, met, rare, splits = np.random.default_rng(2), 0, [], 0
    while met < pairs:
        parent, donor = random_genome(EVERYTHING, rng), random_genome(EVERYTHING, rng)
        child = mutate(EVERYTHING, parent, donor, dict.fromkeys(MUTATIONS, 1.0), rng)
        if child is None:
            continue
        forms = canonical(parent.graph()), canonical(child[0].graph())
        prints = [trainable(form) for form in forms]
        if forms[0] == forms[1] or prints[0] is None or prints[1] is None:
            continue
        met += 1
        alike, apart = same(prints[0], prints[1]), differ(truth(forms[0]), truth(forms[1]))
        splits += not alike and apart == 0
        if alike and apart > 0:
            rare.append(apart)
    print(f"{pairs} neighbours: {len(rare)} collisions, differing in at most {max(rare, default=0):.2%}; {splits} splits")
    assert max(rare, default=0) < 0.2
    assert len(rare) <= max(2, pairs // 200)
    assert splits <= pairs // 1000
