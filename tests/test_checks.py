"""`make check` and the hooks before a commit run the same commands."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def test_hooks_run_what_make_check_runs() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"^check:.*\n((?:\t.*\n)+)", makefile, re.M)
    commands = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe.splitlines()]
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert local["repo"] == "local" and "VENV   := .venv\n" in makefile
    assert [hook["entry"] for hook in local["hooks"]] == commands
    for hook in local["hooks"]:  # the whole tree, whatever is committed
        assert (hook["language"], hook["pass_filenames"], hook["always_run"]) == ("system", False, True)
