"""Members of classes: the forms that were called equivalent to a class's own, and how often each was looked at."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

MEMBERS = 64  # of a class that are remembered
WAITING = 2000  # members of any class that nobody has looked at, at most


class Form(NamedTuple):
    """A form of a loss: the proposal that brought it, its key, and its genome in text form."""

    proposal: int
    key: str
    genome: str


@dataclass(eq=False)
class Member:
    """A form with its class, how often it was looked at, and the version of the reservoir then."""

    form: Form
    class_index: int
    looks: int = 0
    version: int = -1


class Members:
    """The members of all classes, as far as they are remembered."""

    def __init__(self) -> None:
        self._by_class: dict[int, list[Member]] = {}
        self._waiting: deque[Member] = deque(maxlen=WAITING)

    def of(self, class_index: int) -> tuple[Member, ...]:
        """The members of a class."""
        return tuple(self._by_class.get(class_index, ()))

    def add(self, form: Form, class_index: int) -> None:
        """Remember a member; where there are too many the one that was looked at most often is forgotten, then the oldest."""
        member = Member(form, class_index)
        self._put(member)
        self._waiting.append(member)

    def move(self, member: Member, class_index: int | None) -> None:
        """Note another class of a member, or None where it has founded one."""
        self._by_class[member.class_index].remove(member)
        member.class_index = -1
        if class_index is not None:
            member.class_index = class_index
            self._put(member)

    def _put(self, member: Member) -> None:
        held = self._by_class.setdefault(member.class_index, [])
        held.append(member)
        if len(held) > MEMBERS:
            held.remove(max(held, key=lambda one: (one.looks, -one.form.proposal)))

    def due(self, guarded: Iterable[int], version: int, count: int) -> list[Member]:
        """The members to look at next: those of guarded classes that were never looked at, those of others, then guarded ones
        again, the least looked at first, if the reservoir has changed since.
        """
        known = self.of_all(dict.fromkeys(guarded))
        found = [member for member in known if not member.looks][:count]
        while self._waiting and len(found) < count:
            member = self._waiting.popleft()
            if not member.looks and member.class_index >= 0 and member not in found:
                found.append(member)
        again = (member for member in known if member.looks and member.version != version)
        ordered = sorted(again, key=lambda member: (member.looks, member.form.proposal))
        return [*found, *ordered[: count - len(found)]]

    def of_all(self, classes: Iterable[int]) -> list[Member]:
        """The members of some classes."""
        return [member for class_index in classes for member in self.of(class_index)]
