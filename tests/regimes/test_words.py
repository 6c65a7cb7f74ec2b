"""The words of one regime stand in its record, its trainer and the data files, and nowhere else in code that runs."""

import ast
from pathlib import Path

import rlsearch
from rlsearch.regimes.replay import REGIME

ROOM = Path(rlsearch.__file__).parent
ALLOWED = ("regimes/replay.py", "regimes/replay_spellings.py", "train/replay/")
# Words that are the replay regime's and no English on its own would be; `r`, `a`, `s` and the like are caught as inputs' reads.
WORDS = {*REGIME.networks, *REGIME.states, *REGIME.heads, *(view.name for view in REGIME.views)} - {"s"}


def constants(tree: ast.AST) -> set[str]:
    """Texts in code that runs: all but docstrings."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {node.value for node in found if id(node) not in docs}


def naming(root: Path = ROOM) -> dict[str, set[str]]:
    """Files that hold a word of the regime as a constant, and which."""
    found: dict[str, set[str]] = {}
    for path in sorted(root.rglob("*.py")):
        words = constants(ast.parse(path.read_text(encoding="utf-8"))) & WORDS
        if words:
            found[path.relative_to(root).as_posix()] = words
    return found


def test_replays_words_stand_in_its_own_rooms():
    assert {"online", "target", "s_next", "q"} <= WORDS
    assert {path: words for path, words in naming().items() if not path.startswith(ALLOWED)} == {}


def test_a_word_elsewhere_is_found(tmp_path):
    (tmp_path / "sneaky.py").write_text('"""q(online, s) in words is free."""\nNETWORK = "online"\n')
    assert naming(tmp_path) == {"sneaky.py": {"online"}}
