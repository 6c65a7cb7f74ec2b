"""Whatever is typed is a loss, or is refused in one line with its place; nothing of it ever runs, nothing hangs."""

import builtins
import io
import re
import time
from contextlib import redirect_stderr, redirect_stdout
from keyword import iskeyword

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rlsearch.cli import run
from rlsearch.errors import LossError
from rlsearch.graph.genome import parse_genome, print_genome
from rlsearch.graph.phrases import phrases
from rlsearch.graph.text import parse, print_graph
from rlsearch.registry import known_inputs, known_losses, operations
from tests.support.hostile_texts import BOMBS, CANARY, HOSTILE, SING

SECONDS = 10.0  # nothing hangs; a busy machine may take its time
KNOWN = sorted(known_losses().values())
TOKENS = re.compile(r"\w+|\*\*|\n|[^\w\s]|[^\S\n]+")
WORDS = sorted({token for text in KNOWN for token in TOKENS.findall(text)})


def refusal(read, show, text: str) -> LossError | None:
    """The error with which a text is refused, checked; None where it is accepted, and then it reads back."""
    begin = time.perf_counter()
    error = None
    try:
        held = read(text)
    except LossError as met:
        error = met
    assert time.perf_counter() - begin < SECONDS
    assert not hasattr(builtins, CANARY)
    if error is None:
        assert read(show(held)) == held
        return None
    message = str(error)
    assert error.line >= 1 and error.column >= 1, message
    assert error.line <= len(re.split("\r\n|\r|\n", text)) + 1
    assert len(message.splitlines()) == 1 and len(message) < 3_000, message
    assert message.isprintable() or "\\ud8" in ascii(message)
    return error


def all_ways(text: str) -> None:
    """As a loss and as a genome."""
    refusal(parse, print_graph, text)
    refusal(parse_genome, print_genome, text)


def typed(*words: str) -> tuple[int, str, str]:
    """What the command line says: exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(words)
    return code, out.getvalue(), err.getvalue()


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """A known loss with a few tokens deleted, inserted, doubled, swapped, or replaced by something hostile."""
    tokens = TOKENS.findall(draw(st.sampled_from(KNOWN)))
    strange = st.sampled_from(HOSTILE).filter(lambda text: len(text) < 200) | st.text(max_size=5)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(tokens) - 1))
        kind = draw(st.sampled_from(("delete", "insert", "double", "swap", "replace", "strange")))
        if kind == "delete" and len(tokens) > 1:
            del tokens[at]
        elif kind == "insert":
            tokens.insert(at, draw(st.sampled_from(WORDS)))
        elif kind == "double":
            tokens.insert(at, tokens[at])
        elif kind == "swap":
            other = draw(st.integers(0, len(tokens) - 1))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        else:
            tokens[at] = draw(strange if kind == "strange" else st.sampled_from(WORDS))
    return "".join(tokens)


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_arbitrary_text(text: str) -> None:
    all_ways(text)


@given(mutants())
@settings(max_examples=400)
def test_mutated_losses(text: str) -> None:
    all_ways(text)


@pytest.mark.parametrize("snippet", [*HOSTILE, *BOMBS], ids=range(len(HOSTILE) + len(BOMBS)))
def test_hostile_text_runs_nothing(snippet: str) -> None:
    for text in (
        snippet,
        f"loss = q(online, s)[a] + {snippet}",
        f"loss = tanh({snippet}) * q(online, s)[a]",
        f"x = {snippet}\nloss = q(online, s)[a]",
        f"q(online, s)[a]\n{snippet}",
        f"x = abs(r)\n{snippet}\nloss = x * q(online, s)[a]",
    ):
        all_ways(text)


def test_the_canary_would_sing() -> None:
    exec(SING)
    assert hasattr(builtins, CANARY)
    delattr(builtins, CANARY)


@given(st.sampled_from([*operations(), *known_inputs()]), st.data())
@settings(max_examples=200)
def test_a_mistyped_name_is_told_the_nearest(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("aeinorstx_"))
    typo = data.draw(
        st.sampled_from((name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :]))
    )
    valid = operations() if name in operations() else known_inputs()
    assume(
        len(name) > 2
        and typo.isidentifier()
        and not iskeyword(typo)
        and typo not in operations()
        and typo not in known_inputs()
        and typo not in {word for _, word in phrases().named}  # what others write for it
    )
    text = f"loss = q(online, s)[a] + {typo}(r)" if valid is not known_inputs() else f"loss = q(online, s)[a] + {typo}"
    for read, show in ((parse, print_graph), (parse_genome, print_genome)):
        error = refusal(read, show, text)
        assert error is not None and error.column == 26
        meant = re.search(r"did you mean '(\w+)'\?", str(error))
        assert meant and meant[1] in valid, error
        assert distance(meant[1], typo) <= distance(name, typo) + 1 and f"'{typo}'" in str(error)


def distance(one: str, other: str) -> int:
    """Of Levenshtein."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row, above = [i], row
        for j, right in enumerate(other, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (left != right)))
    return row[-1]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("q(online, s)", 1, 1, "the loss is a Vector"),
        ("x = r\nloss = q(online, s)", 2, 8, "the loss is a Vector"),
        ("stop(q(online, s)[a])", 1, 1, "no gradient reaches the online network"),
        ("y = q(target, s)[a]\n\nloss = r - y", 3, 8, "no gradient reaches the online network"),
        ("é = r; loss = q(online, s)[a] + tahn(é)", 1, 33, "did you mean 'tanh'?"),
        ("# αβγ\r\nδ = 'δδδ' + r", 2, 5, "'δδδ' is not a number"),
        ("r + а", 1, 5, "unknown name 'а' (CYRILLIC SMALL LETTER A)"),
        ("r * q(online, ѕ)[a]", 1, 15, "(CYRILLIC SMALL LETTER DZE)"),
        ("mаx(q(online, s))", 1, 1, "unknown op 'mаx' (CYRILLIC SMALL LETTER A); did you mean 'max'?"),
        ("x" * 60_000, 1, 1, "at most 50,000"),
    ],
)
def test_places_are_right(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(LossError) as error:
        parse(text)
    assert message in str(error.value)
    assert (error.value.line, error.value.column) == (line, column)


@given(st.text(max_size=60) | mutants() | st.sampled_from(HOSTILE + BOMBS))
@example("\n")
@example("a\nb.loss")
@example("\x00.loss")
@example("x" * 300 + "@best")
@example("x" * 300)
@example("a/" * 3000)
@example("\x00@best")
@example("dqn@")
@example("@")
@example("-q(online, s)[a] * r")
@example("\udcff")
def test_show_says_it_in_one_line(text: str) -> None:
    assume(not text.startswith("-") or text.startswith("-q"))  # an option
    code, out, err = typed("show", text)
    assert not hasattr(builtins, CANARY)
    assert (code, bool(out), err) == (0, True, "") or (code == 2 and not out and len(err.splitlines()) == 1), (code, out, err)
    assert "Traceback" not in err


@given(mutants() | st.text(max_size=60) | st.sampled_from(HOSTILE))
@settings(max_examples=40)
@example("\n")
@example("\x00.yaml")
@example("x" * 300 + ".yaml")
@example("a\nb.yaml")
def test_check_says_it(text: str) -> None:
    assume(not text.startswith("-"))
    for words in (("check", text), ("check", "--json", text)):
        code, out, err = typed(*words)
        assert not hasattr(builtins, CANARY) and "Traceback" not in err
        assert code in (0, 2, 4) and len(err.splitlines()) <= 1, (code, out, err)
        out.encode()  # what is printed can be printed
