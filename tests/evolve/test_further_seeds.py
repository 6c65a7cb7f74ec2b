"""Who is granted a further seed: the best share of a population's classes, on the last rung, up to a limit."""

from rlsearch.evolve.class_scores import ClassScores
from rlsearch.evolve.further_seeds import MAX_SEEDS, FurtherSeeds
from rlsearch.evolve.population import Population
from rlsearch.graph.genome import parse_genome

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
