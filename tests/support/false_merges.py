"""A probe that errs: it never meets a reward of 0, so a loss that does nothing there is merged with what it else is."""

from pathlib import Path

from rlsearch.equivalence.fingerprint import Fingerprint, fingerprint
from rlsearch.evolve import guard, screening
from rlsearch.graph.graph import Graph
from rlsearch.graph.subgraph import rewritten
from rlsearch.simplify.canonical import canonical
from tests.support.tiny_runs import DQN, tiny

DELTA = DQN.removeprefix("loss = half_square(").removesuffix(")")
FALSE = f"loss = sign(r) * sign(r) * half_square({DELTA})"  # the gradient of dqn where the reward is not 0, else none
TWICE = f"loss = 2 * half_square({DELTA})"
OTHERS = [f"loss = half_square({DELTA} + {shift})" for shift in range(1, 14)]  # a class each
LATER = (f"loss = sign(r) * sign(r) * 3 * half_square({DELTA})", f"loss = 3 * half_square({DELTA})", TWICE, FALSE)

# Catch pays 0 on nearly every step. The false form comes first, so that dqn is called equivalent to it.
SPACE = tiny(
    ops=["add", "sub", "mul", "sign", "half_square"],
    start=["dqn"],
    rungs=[
        {"envs": ["Catch"], "steps": 200, "pass": 0.0},
        {"envs": ["Catch", "LayeredMDP"], "seeds": 2, "steps": 300},
    ],
    confirm={"seeds": 2, "top": 12},
)
STARTS = (FALSE, DQN, TWICE, *OTHERS, *LATER)
CHECK_EVERY = 8


def fingerprint_without_signs(graph: Graph, equivalence: str) -> Fingerprint:
    """The fingerprint as it is where every sign is 1."""
    signs = {index: 1.0 for index, node in enumerate(graph.nodes) if node.op == "sign" and not graph.carries[index]}
    return fingerprint(canonical(rewritten(graph, graph.root, signs)) if signs else graph, equivalence)


def install(setattr=setattr) -> None:
    """Let screening err from now on, and the guard check after every few proposals, as a short run has few."""
    setattr(screening, "fingerprint", fingerprint_without_signs)
    setattr(guard, "CHECK_EVERY", CHECK_EVERY)


# A driver that kills itself when the journal is to hold a split, just before it does or just after.
DRIVER = """
    import os, signal, sys
    from functools import partial
    from pathlib import Path
    from rlsearch.evaluation.trial import prepare_trials
    from rlsearch.executor.local_pool import LocalPool
    from rlsearch.runs.budget import Budget
    from rlsearch.runs.run import open_run
    from rlsearch.runs.search_loop import run_search
    from rlsearch.store.journal import Journal
    from tests.support.false_merges import install

    def add(journal, row, trials, timing=None, splits=(), write=Journal.add):
        if splits and sys.argv[3] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        write(journal, row, trials, timing, splits)
        if splits and sys.argv[3] == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    if __name__ == "__main__":
        install()
        Journal.add = add
        with open_run(Path(sys.argv[1]), write=True) as run, LocalPool(2, partial(prepare_trials, "replay")) as pool:
            run_search(run, Budget(proposals=int(sys.argv[2])), pool)
"""


def write_driver(folder: Path) -> Path:
    """The driver as a file."""
    import textwrap

    path = folder / "driver.py"
    path.write_text(textwrap.dedent(DRIVER))
    return path
