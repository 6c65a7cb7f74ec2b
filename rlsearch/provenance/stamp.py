"""The reproducibility stamp of a run: command, versions, machine and commit."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rlsearch.numba_support.matmul_way import TILES, matmul_way
from rlsearch.registry import packs

PACKAGES = ("rlsearch", "torch", "numba", "numpy", "scipy", "gymnasium", "sympy")


def cpu_model() -> str:
    """The processor's name, as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def machine() -> str:
    """The machine in one line."""
    return f"{cpu_model()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def versions() -> dict[str, str]:
    """The versions of Python and of the packages on which numbers depend."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def commit() -> str:
    """The commit of the source tree, with `+` if it has changes; "" if rlsearch does not run from a checkout."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return ""
    try:
        return _git(root, "rev-parse", "--short=10", "HEAD") + ("+" if _git(root, "status", "--porcelain") else "")
    except (OSError, subprocess.SubprocessError):
        return ""


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, timeout=5, check=True)
    return done.stdout.strip()


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Reasons for which numbers under two stamps may differ in the last digits: processor, versions, matmul, source."""
    now = {"processor": other.get("cpu"), **other["versions"], "matmul": other.get("matmul"), "commit": other["commit"]}
    then = {"processor": one.get("cpu"), **one["versions"], "matmul": one.get("matmul", TILES), "commit": one["commit"]}
    return [f"{name} was {then[name]}, is {now[name]}" for name in now if then.get(name) and then[name] != now[name]]


def stamp() -> dict[str, Any]:
    """Everything that two runs must share to be the same run, and the command that started this one."""
    return {
        "machine": machine(),
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "threads": 1,  # of each worker
        "versions": versions(),
        "matmul": matmul_way(),
        "commit": commit(),
        "packs": [{"name": pack.name, "blake2b": pack.digest} for pack in packs()],
        "command": " ".join(sys.argv),
    }
