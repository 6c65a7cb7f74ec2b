"""Who is granted a further seed: the best share of a population's classes, on the last rung, up to a limit."""

from rlsearch.evolve.class_scores import ClassScores
from rlsearch.evolve.further_seeds import MAX_SEEDS, FurtherSeeds
from rlsearch.evolve.population import Population
from rlsearch.graph.genome import parse_genome
from tests.support.evolutions import LADDER, carried_out, evolution

GENOME = parse_genome("loss = q(online, s)[a]**2")


def grants(members, seeds=1, rungs=1):
    """A function that grants a class a seed, beside a population of (class, scores by rung)."""
    scores = ClassScores(rungs)
    population = Population(scores.fitness, {})
    further = FurtherSeeds(scores, rungs - 1, seeds)
    for index, (class_index, climbed) in enumerate(members):
        population.add(index, class_index, GENOME)
        if class_index not in scores:
            scores.record(class_index, climbed)
    return lambda class_index: further.grant(class_index, population)


def test_the_best_share_is_of_classes_not_of_their_copies():
    """Of 41 classes three are the best 5 %, though the first one alone fills more than 5 % of the population."""
    others = [(class_index, [{0: 0.9 - class_index / 100}]) for class_index in range(1, 41)]
    grant = grants([(0, [{0: 0.9}])] * 30 + others)
    assert [grant(class_index) for class_index in range(5)] == [1, 1, 1, -1, -1]
    assert [grant(class_index) for class_index in range(5)] == [2, 2, 2, -1, -1]


def test_a_class_has_so_many_seeds_at_most():
    grant = grants([(0, [{0: 0.9, 1: 0.9}])], seeds=2)
    assert [grant(0) for _ in range(MAX_SEEDS)] == [*range(2, MAX_SEEDS), -1, -1]


def test_only_classes_that_reached_the_last_rung_are_granted_any():
    grant = grants([(0, [{0: 0.2}]), (1, [{0: 0.2}, {0: 0.1}])], rungs=2)
    assert [grant(0), grant(1), grant(7)] == [-1, 1, -1]


def test_nobody_is_granted_any_beside_an_empty_population():
    scores = ClassScores(1)
    scores.record(0, [{0: 0.9}])
    assert FurtherSeeds(scores, 0, 1).grant(0, Population(scores.fitness, {})) == -1


# In a search.


def earned(scores, texts, rungs=1, seeds=2, **changes):
    machine = evolution(texts, rungs=rungs, seeds=seeds, in_flight=1, **changes)
    made = carried_out(machine, len(texts), lambda proposal: scores.get(proposal.index, []))
    return [proposal.extra_seed for proposal in made]


def test_a_promising_duplicate_earns_its_class_another_seed_at_most_so_many():
    extra = earned({0: [{0: 0.9, 1: 0.9}]}, [LADDER[0]] * 12)
    # Index 1 is proposed when nothing but index 0 is applied.
    assert extra == [-1, *range(2, MAX_SEEDS), -1, -1, -1]


def test_an_equivalent_one_does_so_too():
    twice = "loss = 2 * q(online, s)[a]**2"
    assert earned({0: [{0: 0.9, 1: 0.9}]}, [LADDER[0], twice]) == [-1, 2]
    assert earned({0: [{0: 0.9, 1: 0.9}]}, [LADDER[0], twice], equivalence="gradient") == [-1, -1]


def test_others_earn_nothing():
    low, high = [{0: 0.1, 1: 0.1}], [{0: 0.9, 1: 0.9}]
    assert earned({0: low, 1: high}, [LADDER[0], LADDER[1], LADDER[0], LADDER[1]]) == [-1, -1, -1, 2]
    assert earned({0: high, 1: [{0: 0.2}]}, [LADDER[0], LADDER[0]], rungs=2) == [-1, -1]  # failed on the first rung
    machine = evolution([LADDER[0]] * 3, in_flight=4)  # no score yet
    assert [machine.propose(index).extra_seed for index in range(3)] == [-1, -1, -1]


def test_every_further_seed_is_another():
    made = carried_out(evolution([LADDER[0]] * 6, in_flight=3, seeds=2), 6, lambda p: [{max(p.extra_seed, 0): 0.5}])
    given_seeds = [proposal.extra_seed for proposal in made if proposal.extra_seed >= 0]
    assert given_seeds == sorted(set(given_seeds)) == [2, 3, 4]
