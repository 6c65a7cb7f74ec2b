"""A split: a form that was called equivalent to a class, but trains differently, leaves it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Split:
    """A form of a loss that is of another class than was said when it was proposed.

    Attributes:
        found_at: the proposal after whose application it was found.
        member: the proposal whose form it is; every proposal with that form leaves with it.
        class_index: the class that it was said to be of.
        new_class: the class that it is of: that of the first such form, or one that was divided off before.
        difference: of its gradient from its old class's, as a share of the largest entry of a recorded batch.
        where: they differ, in words: `where the reward is 0`.
    """

    found_at: int
    member: int
    class_index: int
    new_class: int
    difference: float
    where: str

    @property
    def words(self) -> str:
        """The split in a line: `class 17: #212 trains differently where the reward is 0; divided`."""
        done = "divided" if self.new_class == self.member else f"it is of class {self.new_class}"
        return f"class {self.class_index}: #{self.member} trains differently {self.where}; {done}"
