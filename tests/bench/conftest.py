import json
import math
from collections.abc import Callable

import pytest

from rlsearch.bench.figure import Figure


@pytest.fixture
def sound() -> Callable[[Figure, str, set[str]], None]:
    """Checks a figure's form: its name, its sides, numbers above 0, and that it travels as JSON. Never its value."""

    def check(figure: Figure, name: str, sides: set[str]) -> None:
        assert (figure.name, set(figure.sides)) == (name, sides)
        assert figure.better == ("less" if "seconds" in figure.unit else "more")  # what takes time, and what is done in it
        for number in (figure.value, *(side.minimum for side in figure.sides.values())):
            assert math.isfinite(number) and number > 0
        json.dumps(figure.to_json(), allow_nan=False)

    return check
