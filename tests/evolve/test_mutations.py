"""Mutations: neighbours that are losses, within the room there is, and the same for the same seed."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.evolve import mutations
from rlsearch.evolve.grammar import Grammar, random_genome
from rlsearch.evolve.mutations import MUTATIONS, Site, mutate, round_to_grid
from rlsearch.graph.genome import line_types, parse_genome, parse_lines, print_genome

GIVEN = parse_lines("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))")
OPS = ("add", "sub", "mul", "div", "minimum", "half_square", "abs", "tanh", "clip", "where", "softmax", "dot", "logsumexp", "q")
INPUTS = ("online", "target", "s", "s_next", "a", "r", "discount")
EVEN = dict.fromkeys(MUTATIONS, 1.0)
SEEDS = st.integers(0, 2**32)
TD = parse_genome(
    "q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))\n"
    "n1 = discount * q_next\nn2 = r + n1\nn3 = q_sa - n2\nn4 = 0.1 * q_sa\nn5 = half_square(n3)\nloss = n5 + n4"
)


def grammar(frozen: bool = True, free_nodes: int = 7) -> Grammar:
    return Grammar(INPUTS, GIVEN, frozen, free_nodes, OPS, (0.1, 0.5, 1.0, 2.0))


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("kind", MUTATIONS)
@given(seed=SEEDS)
def test_children_are_losses_of_the_language(kind, frozen, seed):
    rng, space = np.random.default_rng(seed), grammar(frozen)
    genome, donor = random_genome(space, rng), random_genome(space, rng)
    for _ in range(5):
        born = mutate(space, genome, donor, {kind: 1.0}, rng)
        if born is None:
            continue
        child, name = born
        assert name == kind
        assert child != genome
        assert line_types(child.lines) is not None
        assert child.graph().carries[-1]
        assert len(child.lines) <= len(GIVEN) + space.free_nodes
        assert child.lines[-1].name == "loss"
        assert parse_genome(print_genome(child)) == child
        if frozen:
            assert child.lines[: len(GIVEN)] == GIVEN
        for line in child.lines:
            assert all(ref == round_to_grid(ref) for ref in line.args if isinstance(ref, float))
        genome, donor = child, genome


def test_every_mutation_is_in_use():
    functions = inspect.getmembers(mutations, inspect.isfunction)
    written = {
        name
        for name, function in functions
        if not name.startswith("_") and [*inspect.signature(function).parameters] == ["site"]
    }
    assert written == MUTATIONS.keys(), "MUTATIONS, at the end of rlsearch/evolve/mutations.py, is not what the file defines"


@given(SEEDS)
def test_the_same_seed_has_the_same_child(seed):
    children = [mutate(grammar(), TD, TD, EVEN, np.random.default_rng(seed)) for _ in range(2)]
    assert children[0] == children[1]


@pytest.mark.parametrize("kind", MUTATIONS)
def test_every_mutation_reaches_many_children(kind):
    space, rng = grammar(), np.random.default_rng(0)
    children = set()
    for _ in range(100):
        donor = random_genome(space, rng)
        born = mutate(space, TD, donor, {kind: 1.0}, rng)
        if born is not None:
            children.add(born[0])
    assert TD not in children
    assert len(children) >= (5 if kind == "delete" else 15)


def test_weights_are_odds():
    rng, weights = np.random.default_rng(0), {"replace_node": 3.0, "perturb_constant": 1.0, "graft": 0.0}
    born = [mutate(grammar(), TD, TD, weights, rng) for _ in range(400)]
    names = [child[1] for child in born if child is not None]
    assert "graft" not in names
    assert len(names) == 400
    # A proposal that fails is drawn anew, so kinds that fail more often occur less than their odds.
    assert 0.5 < names.count("replace_node") / 400 < 0.8


def test_without_constants_there_is_nothing_to_perturb():
    genome = parse_genome("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))\nloss = q_sa * r")
    assert mutate(grammar(), genome, genome, {"perturb_constant": 1.0}, np.random.default_rng(0)) is None


def test_dead_lines_make_room():
    """A full genome with dead lines still takes an insertion; one without does not."""
    full = parse_genome(print_genome(TD).replace("loss =", "n6 = abs(r)\nloss ="))
    space = grammar(free_nodes=len(full.lines) - len(GIVEN))
    born = [mutate(space, full, full, {"insert_on_edge": 1.0}, np.random.default_rng(seed)) for seed in range(20)]
    assert all(child is not None and len(child[0].lines) == len(full.lines) for child in born)
    tight = grammar(free_nodes=len(TD.lines) - len(GIVEN))
    assert mutate(tight, TD, TD, {"insert_on_edge": 1.0}, np.random.default_rng(0)) is None


def test_the_stepping_stone_from_the_bandit_loss_to_td_is_an_insertion():
    bandit = parse_genome(
        "q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))\nn1 = discount * q_next\nn2 = q_sa - r\nloss = half_square(n2)"
    )
    wanted = parse_genome(
        "q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))\n"
        "n1 = discount * q_next\nn2 = r + n1\nn3 = q_sa - n2\nloss = half_square(n3)"
    ).graph()
    space, rng = Grammar(INPUTS, GIVEN, True, 7, ("add", "mul", "half_square"), ()), np.random.default_rng(0)
    born = (mutate(space, bandit, bandit, {"insert_on_edge": 1.0}, rng) for _ in range(2000))
    assert any(child is not None and child[0].graph() == wanted for child in born)


def test_a_graft_brings_a_branch_of_the_other_parent():
    donor = parse_genome("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))\nn1 = tanh(q_next)\nloss = n1 * q_sa")
    plain = parse_genome("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))\nloss = q_sa * r")
    rng = np.random.default_rng(0)
    for _ in range(20):
        lines = MUTATIONS["graft"](Site(grammar(), plain, donor, rng))
        assert lines is not None
        assert any(line.op == "tanh" for line in lines)


@given(st.floats(-1e12, 1e12))
def test_grid_has_two_significant_digits(value):
    rounded = round_to_grid(value)
    assert round_to_grid(rounded) == rounded == float(f"{rounded:.1e}")
    assert math.isclose(rounded, value, rel_tol=0.0501, abs_tol=1e-300)


@pytest.mark.parametrize(("value", "rounded"), [(0.0, 0.0), (0.123, 0.12), (-4567.0, -4600.0), (0.0996, 0.1), (math.inf, 0.0)])
def test_grid_by_hand(value, rounded):
    assert round_to_grid(value) == rounded


def test_half_of_the_insertions_read_what_the_loss_does_not_read_yet():
    bandit = parse_genome("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))\nn1 = q_sa - r\nloss = half_square(n1)")
    space = Grammar(INPUTS, GIVEN, True, 7, ("add", "mul"), ())
    rng, new = np.random.default_rng(0), []
    for _ in range(400):
        child, _ = mutate(space, bandit, bandit, {"insert_on_edge": 1.0}, rng)
        new += [{*line.args} for line in child.lines if line.op in ("add", "mul")]
    share = sum(bool(args & {"discount", "q_next"}) for args in new) / len(new)
    # Without it one in two names would be new where q_sa, q_next, r and discount can be read: 0.75 with it.
    assert 0.65 < share < 0.85
