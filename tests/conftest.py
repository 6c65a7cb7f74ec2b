"""One hypothesis profile for all tests: the same examples in every run, and no clock. And op packs for one test only."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings

from rlsearch import registry

settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    max_examples=60,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
settings.load_profile("steady")
with suppress(ImportError):
    import readline  # noqa: F401  (doctest loads it, and it tells child processes a terminal's width once it is loaded)
os.environ.pop("COLUMNS", None)  # pytest-xdist gives its workers one too
os.unsetenv("COLUMNS")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # shells have background jobs ignore it, and children inherit that
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def no_packs() -> Iterator[None]:
    """No op packs but those that the test uses."""
    registry.use_only(())
    yield
    registry.use_only(())


def pytest_terminal_summary(terminalreporter) -> None:
    """What the tests of environments compared with their oracles, on any number of workers, as a table."""
    joined: dict[tuple[str, str], tuple[float, int, float]] = {}
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        for name, value in getattr(report, "user_properties", ()):
            if name == "equality" and report.when == "teardown":
                env, oracle, tolerance, compared, worst = value
                row = joined.setdefault((env, oracle), (0.0, 0, 0.0))
                joined[env, oracle] = max(row[0], tolerance), row[1] + compared, max(row[2], worst)
    if joined:
        terminalreporter.section("environments beside their oracles")
        terminalreporter.write_line(f"{'environment':<40} {'oracle':<44} {'tolerance':>9} {'compared':>10} {'apart':>8}")
        for (env, oracle), (tolerance, compared, worst) in sorted(joined.items()):
            asked = f"{tolerance:.0e}" if tolerance else "equal bits"
            terminalreporter.write_line(f"{env:<40} {oracle:<44} {asked:>10} {compared:>10,} {worst:>8.1e}")
