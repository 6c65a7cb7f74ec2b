"""The guard of a search: classes are checked on batches that its trials recorded, and divided where the fingerprint erred.

Every CHECK_EVERY applied proposals some members are compared with the form that their class is trained in: those of leading
classes and of classes that hold known losses first, then whatever was merged lately. Only what was applied decides, so it is
found at the same proposal in every run of a search. A form that leaves founds a class, is trained by the next proposal, and
takes along the forms that train like it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Set
from functools import lru_cache

from rlsearch.equivalence.reservoir import Recorded, Reservoir
from rlsearch.equivalence.witnesses import Witnesses
from rlsearch.evolve.members import Form, Member, Members
from rlsearch.evolve.population import Population
from rlsearch.evolve.proposal import Proposal
from rlsearch.evolve.screening import Screening
from rlsearch.evolve.split import Split
from rlsearch.graph.genome import Genome, parse_genome, print_genome
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse, print_graph
from rlsearch.regimes.batch import Batch
from rlsearch.registry import derived
from rlsearch.simplify.canonical import canonical, structural_key

CHECK_EVERY = 64  # applied proposals
CHECKS = 6  # members that are looked at then, at most, 1.5 ms each: 1 % of what a search takes
LEADERS = 16  # classes
BATCHES = 48  # of the reservoir, that a check looks at
FINAL_BATCHES = 256  # that the check at the end looks at


class Guard:
    """What was recorded, the members that are to be checked, and the forms that must be trained for a class of their own.

    Attributes:
        reservoir: of recorded batches.
        repairs: forms to be proposed next, as the index of the proposal that brought each, and its genome.
        looks: comparisons made.
    """

    def __init__(
        self,
        screening: Screening,
        population: Population,
        fitness: Callable[[int], float],
        texts: dict[int, str],
        equivalence: str,
        known: Set[str],
    ) -> None:
        """`texts` are those of each class's form; `known` are keys of losses whose classes are guarded whatever they score."""
        self._screening, self._population, self._fitness = screening, population, fitness
        self._texts, self._equivalence, self._known = texts, equivalence, known
        self.reservoir = Reservoir()
        self.repairs: deque[tuple[int, Genome]] = deque()
        self.looks = 0
        self._members = Members()
        self._leaders: list[int] = []
        self._applied: dict[int, None] = {}  # classes since the last check
        self._witnesses, self._shown = Witnesses(()), (0, BATCHES)  # a version of the reservoir, and how many of its batches

    def settle(self, proposal: Proposal) -> tuple[int, tuple[Split, ...]]:
        """The class of a proposal that is applied, and the split if its class was divided after it had been screened."""
        if self._screening.family(proposal.class_index) is None or proposal.status == "trained":
            return proposal.class_index, ()
        form = canonical(proposal.genome.graph())
        class_index = self._screening.compare(proposal.key, form, proposal.index)
        if class_index == proposal.class_index:
            return class_index, ()
        split = self._split(proposal.index, proposal.index, proposal.class_index, class_index, form)
        if class_index == proposal.index:
            self._found(proposal.index, proposal.genome, form)
        return class_index, (split,)

    def note(self, proposal: Proposal, class_index: int, recorded: Iterable[Recorded]) -> tuple[Split, ...]:
        """Take an applied proposal in, with its class and what its trials recorded; returns the splits that are found."""
        for batch in recorded:
            self.reservoir.add(batch)
        if class_index >= 0:
            self._applied[class_index] = None
        if proposal.status == "equivalent" and class_index not in (proposal.index, -1):
            self._members.add(Form(proposal.index, proposal.key, print_genome(proposal.genome)), class_index)
        if (proposal.index + 1) % CHECK_EVERY or not self.reservoir.version:
            return ()
        candidates = sorted({*self._leaders, *self._applied}, key=lambda one: (-self._fitness(one), one))
        self._leaders, self._applied = candidates[:LEADERS], {}
        known = (self._screening.class_of(key) for key in sorted(self._known))
        guarded = [*self._leaders, *(class_index for class_index in known if class_index >= 0)]
        return self._check(proposal.index, self._members.due(guarded, self.reservoir.version, CHECKS), BATCHES)

    def check_classes(self, found_at: int, classes: Iterable[int]) -> tuple[Split, ...]:
        """Compare all members of some classes; returns the splits that are found."""
        return self._check(found_at, self._members.of_all(classes), FINAL_BATCHES)

    def members(self, class_index: int) -> tuple[Form, ...]:
        """The forms that were called equivalent to a class and are remembered."""
        return tuple(member.form for member in self._members.of(class_index))

    def factor(self, class_index: int, form: Graph) -> float:
        """The positive factor between the gradient of a class's own form and another form's, on what was recorded."""
        return self._current_witnesses(FINAL_BATCHES).factor(_parsed(self._texts[class_index]), form)

    def _check(self, found_at: int, due: Iterable[Member], most: int) -> tuple[Split, ...]:
        """Compare members with their class's own form on so many batches; returns the splits that are found."""
        witnesses, splits = self._current_witnesses(most), list[Split]()
        moved: set[Member] = set()
        for member in due:
            if member in moved:
                continue
            own, form = _parsed(self._texts[member.class_index]), _form(member.form.genome)
            found = witnesses.difference(own, form, self._equivalence)
            member.looks, member.version = member.looks + 1, self.reservoir.version
            self.looks += 1
            if found is not None:
                class_index, first = member.class_index, member.form.proposal
                self._divide(member, witnesses.telling(own, form, self._equivalence, found))
                splits.append(Split(found_at, first, class_index, first, found.size, found.where))
                splits += self._regroup(found_at, class_index, moved)
        return tuple(splits)

    def leave(self, split: Split) -> Split:
        """Let a member leave its class, at the end of a search, for a reason that no batch tells; returns the split."""
        member = next(one for one in self._members.of(split.class_index) if one.form.proposal == split.member)
        self._divide(member, ())
        return split

    def _divide(self, member: Member, batches: Iterable[Batch]) -> None:
        """Let a member found a class; `batches` tell it from its old one."""
        class_index, form = member.class_index, _form(member.form.genome)
        own = _parsed(self._texts[class_index])
        self._screening.divide(class_index, own, member.form.key, form, member.form.proposal, batches)
        self._members.move(member, None)
        self._found(member.form.proposal, parse_genome(member.form.genome), form)

    def _current_witnesses(self, most: int) -> Witnesses:
        if self._shown != (self.reservoir.version, most):
            self._witnesses, self._shown = Witnesses(self.reservoir.batches(most)), (self.reservoir.version, most)
        return self._witnesses

    def _regroup(self, found_at: int, class_index: int, moved: set[Member]) -> list[Split]:
        """Compare all other forms at hand of a class that was divided with its parts; those that leave are added to `moved`."""
        splits = []
        for member in self._members.of(class_index):
            form = member.form
            now, left = self._compare(found_at, class_index, form.key, parse_genome(form.genome), form.proposal)
            splits += left
            if now != class_index:
                moved.add(member)
                self._members.move(member, None if now == form.proposal else now)
        genomes, now_of = self._population.genomes, dict[int, int]()
        for proposal in [member.proposal for member in self._population.members if member.class_index == class_index]:
            key = structural_key(canonical(genomes[proposal].graph()))
            now_of[proposal], left = self._compare(found_at, class_index, key, genomes[proposal], proposal)
            splits += left
        self._population.regroup(now_of)
        return splits

    def _compare(self, found_at: int, class_index: int, key: str, genome: Genome, proposal: int) -> tuple[int, list[Split]]:
        """The class of a form that was said to be of a class which is divided now, and the split if that was not known yet."""
        if (known := self._screening.class_of(key)) != class_index:
            return known, []
        form = canonical(genome.graph())
        now = self._screening.compare(key, form, proposal)
        if now == class_index:
            return now, []
        if now == proposal:
            self._found(now, genome, form)
        return now, [self._split(found_at, proposal, class_index, now, form)]

    def _split(self, found_at: int, member: int, class_index: int, new_class: int, form: Graph) -> Split:
        """The split of a form that its class's family has told from it, maybe by what was recorded before."""
        family = self._screening.family(class_index)
        found = family.difference(class_index, form) if family else None
        size, where = (found.size, found.where) if found else (0.0, "as its form was found to")
        return Split(found_at, member, class_index, new_class, size, where)

    def _found(self, class_index: int, genome: Genome, form: Graph) -> None:
        """Let a form that founds a class be trained by one of the next proposals."""
        self._texts[class_index] = print_graph(form)
        self.repairs.append((class_index, genome))


@derived
@lru_cache(maxsize=256)
def _parsed(text: str) -> Graph:
    return parse(text)


@derived
@lru_cache(maxsize=256)
def _form(genome: str) -> Graph:
    return canonical(parse_genome(genome).graph())
