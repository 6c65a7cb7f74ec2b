"""A population by itself: who wins tournaments, who leaves, what its log says."""

import numpy as np

from rlsearch.evolve.population import Member, Population
from rlsearch.graph.genome import parse_genome

GENOME = parse_genome("loss = q(online, s)[a]**2")


def population(members, fitness, sizes=None):
    """Members given as (index, class)."""
    made = Population(fitness.__getitem__, sizes or dict.fromkeys(fitness, 4))
    for index, class_index in members:
        made.add(index, class_index, GENOME)
    return made


def winners(made, entrants):
    rng = np.random.default_rng(0)
    return {made.tournament(entrants, rng) for _ in range(50)}


def test_a_tournament_of_many_is_won_by_the_fittest_then_the_smaller_then_the_younger():
    members = [(0, 0), (1, 1), (2, 2), (3, 1)]
    assert winners(population(members, {0: 0.9, 1: 0.5, 2: 0.5}), 50) == {0}
    assert winners(population(members, {0: 0.5, 1: 0.5, 2: 0.5}, {0: 4, 1: 4, 2: 3}), 50) == {2}
    assert winners(population(members, {0: 0.5, 1: 0.5, 2: 0.5}), 50) == {3}
    assert winners(population(members, {0: 0.9, 1: 0.5, 2: 0.5}), 1) == {0, 1, 2, 3}


def test_fitness_is_looked_up_when_it_is_needed():
    fitness = {0: 0.9, 1: 0.5}
    made = population([(0, 0), (1, 1)], fitness)
    fitness[1] = 1.0
    assert winners(made, 50) == {1}


def test_the_oldest_leaves_with_its_genome():
    made = population([(3, 0), (4, 1)], {0: 0.9, 1: 0.5})
    made.remove_oldest()
    assert made.members == (Member(4, 1),) and set(made.genomes) == {4} and made.classes == {1} and len(made) == 1
    assert made.take_log() == "+3 +4 -3"


def test_the_best_classes_are_kept_each_by_its_oldest_member():
    made = population([(0, 0), (1, 1), (2, 0), (3, 3), (4, 1)], {0: 0.5, 1: 0.9, 3: 0.1})
    made.keep_best(2)
    assert made.members == (Member(0, 0), Member(1, 1)) and set(made.genomes) == {0, 1}
    assert made.take_log() == "+0 +1 +2 +3 +4 -2 -3 -4"


def test_a_restart_leaves_nobody_and_a_log_is_taken_once():
    made = population([(0, 0)], {0: 0.5})
    made.restart()
    assert not made and made.members == () and made.genomes == {}
    assert made.take_log() == "+0 restart"
    assert made.take_log() == ""
