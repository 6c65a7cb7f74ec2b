"""A small evolution, driven by scores that are made up."""

import hashlib
from collections import deque
from dataclasses import replace

from rlsearch.evolve.evolution import Evolution
from rlsearch.evolve.grammar import Grammar
from rlsearch.evolve.settings import Settings
from rlsearch.graph.genome import genome_of, parse_lines
from rlsearch.graph.text import parse

GRAMMAR = Grammar(
    ("online", "target", "s", "s_next", "a", "r", "discount"),
    parse_lines("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))"),
    True,
    5,
    ("add", "sub", "mul", "square", "abs"),
    (0.5, 2.0),
)
SETTINGS = Settings(
    population=10,
    tournament=3,
    fresh=0.05,
    extend=0.3,
    in_flight=4,
    mutations={"replace_node": 1, "rewire_input": 1, "insert_on_edge": 1, "delete": 1, "graft": 1},
    restart_after=0.2,
    strategy="evolution",
    equivalence="direction",
    enumerate_ops=0,
)
LADDER = ["loss = q(online, s)[a]**2", "loss = (q(online, s)[a] - r)**2", "loss = (q(online, s)[a] - r * r)**2"]


def evolution(starts=(), seed=0, rungs=1, seeds=1, known=frozenset(), **changes):
    genomes = [genome_of(parse(text)) for text in starts]
    return Evolution(GRAMMAR, replace(SETTINGS, **changes), seed, genomes, rungs, seeds, known)


def by_hash(proposal):
    """A score that only the class and the seed decide, as of two rungs of which some miss the first."""
    if proposal.status != "trained" and proposal.extra_seed < 0:
        return []
    digest = hashlib.blake2b(f"{proposal.class_index} {proposal.extra_seed}".encode()).digest()
    score = digest[0] / 255
    if proposal.extra_seed >= 0:
        return [{proposal.extra_seed: score}]
    return [{0: score}] if score < 0.3 else [{0: score}, {0: digest[1] / 255}]


def carried_out(machine, count, scores=by_hash):
    """Proposals of a search, each bred when everything up to i - in_flight is applied."""
    made, pending = [], deque()
    for index in range(count):
        if len(pending) >= machine.settings.in_flight:
            done = pending.popleft()
            machine.apply(done, scores(done))
        proposal = machine.propose(index)
        if proposal is None:
            break
        made.append(proposal)
        pending.append(proposal)
    return made
