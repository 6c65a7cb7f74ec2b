"""What leaves the search works outside: the exported file trains CartPole in plain PyTorch, without rlsearch."""

import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import rlsearch

LOOP = Path(__file__).parents[1] / "support" / "train_with_exported_loss.py"


def test_the_best_of_a_run_trains_cartpole_without_rlsearch(finished_run: Path, tmp_path: Path) -> None:
    loss = tmp_path / "loss.py"
    rlsearch("export", f"{finished_run}@best", "--to", "python", "-o", str(loss))
    # -I: neither the working directory nor PYTHONPATH; and a finder that refuses us even where we are installed.
    arguments = [str(LOOP), str(loss), "6000"]
    code = f"import sys, runpy; sys.modules['rlsearch'] = None; sys.argv = {arguments!r}; runpy.run_path({str(LOOP)!r})"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 100, "a random policy gets 22"
