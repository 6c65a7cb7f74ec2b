"""A confirmation as asked for beside the space: with how many fresh seeds, or none."""

from dataclasses import dataclass
from numbers import Integral

from rlsearch.errors import RunError, shown

LEAST, MOST = (
    2,
    1_000_000,
)  # fresh seeds, as a space's `confirm: {seeds: ...}` has them, whose file is too heavy for a help text


@dataclass(frozen=True)
class ConfirmRequest:
    """A confirmation as asked for; each attribute is a keyword of `rlsearch.search` and an option of the command line.

    Attributes:
        confirm: False for none; True for one again, where the run was to have none; None for what held before.
        confirm_seeds: fresh seeds of each loss and environment; None for what held before, at first the space's.
    """

    confirm: bool | None = None
    confirm_seeds: int | None = None

    def __post_init__(self) -> None:
        """Refuse at once what cannot be met.

        Raises:
            RunError: the two contradict each other, or the seeds are no such number.
        """
        seeds = self.confirm_seeds
        if seeds is None:
            return
        if not isinstance(seeds, Integral) or isinstance(seeds, bool) or not LEAST <= seeds <= MOST:
            raise RunError(
                f"--confirm-seeds is {shown(seeds)}; allowed: a whole number from {LEAST} to {MOST:,}, as half of them choose "
                "the pick and half report; type --no-confirm for no confirmation"
            )
        if self.confirm is not None and not self.confirm:
            raise RunError(f"--no-confirm and --confirm-seeds {seeds} contradict each other; leave one out")
        object.__setattr__(self, "confirm_seeds", int(seeds))  # a NumPy integer cannot be journaled

    def seeds(self, before: int | None = None) -> int | None:
        """The fresh seeds from now on: 0 for no confirmation, None for the space's own number; `before` is what held so far."""
        if self.confirm_seeds is not None:
            return self.confirm_seeds
        if self.confirm is None:
            return before
        return (before or None) if self.confirm else 0
