"""YAML is read with its lines, and whatever is odd about it is one clear error."""

import pytest

from rlsearch.space.reading import DEEPEST, REMEDIES, Problem, read_yaml


def test_values_and_lines():
    found = read_yaml("# a comment\na: 1\n\nb:\n  c: [2,\n    3]\n  d: |\n    x\n    y\ne: {f: 4}\n")
    assert found.values == {"a": 1, "b": {"c": [2, 3], "d": "x\ny\n"}, "e": {"f": 4}}
    assert (found.problems, found.unread, found.blocks) == ([], set(), {("b", "d"): 8})
    assert found.lines == {
        ("a",): 2,
        ("b",): 4,
        ("b", "c"): 5,
        ("b", "c", 0): 5,
        ("b", "c", 1): 6,
        ("b", "d"): 7,
        ("e",): 10,
        ("e", "f"): 10,
    }


ODD = {  # text: (line, what is said of it)
    "a: 1\n\tb: 2": [(2, "not YAML, column 1: found character '\\t' that cannot start any token; write spaces, not tabs")],
    "a: [1": [(1, "not YAML, column 6: expected ',' or ']', but got '<stream end>'; a list is [a, b]")],
    "a: {b: 1\n": [(1, "not YAML, column 1: expected ',' or '}', but got '<stream end>'; a mapping is {key: value}")],
    "a: b: c": [(1, "not YAML, column 5: mapping values are not allowed here; put text that holds ': ' in quotes")],
    "a: 1\nb\nc: 2": [(3, "not YAML, column 1: could not find expected ':' for what began on line 2; a key ends with ': '")],
    "a: '1": [(1, "not YAML, column 6: found unexpected end of stream; close the quote")],
    "a: %": [(1, "not YAML, column 4: found character '%' that cannot start any token; put text that begins with it in")],
    "a: {b: 1}\n c: 2": [(2, "not YAML, column 2: expected <block end>, but found '<block mapping start>'")],
    "a: 1\nb: {c: 1, c: 2}": [(2, "key 'c' stands twice; delete one")],
    "a: 1\nb: 2\na: 3\nb: 4": [(3, "key 'a' stands twice; delete one"), (4, "key 'b' stands twice; delete one")],
    "a: &x 1\nb: *x\nc: [*x]": [(2, "YAML aliases (*name) are not allowed; write the value out"), (3, "YAML aliases")],
    "a: *unknown": [(1, "YAML aliases (*name) are not allowed")],
    "a: !!timestamp foo": [(1, "YAML tags (!name) are not allowed; delete it")],
    "a: !!python/object/apply:os.system [ls]": [(1, "YAML tags (!name) are not allowed")],
    "? [a, b]\n: c": [(1, "a key is a word, not a list, a mapping, a tag or an alias")],
    "a: &x 1\n*x : 2": [(2, "a key is a word, not a list")],
    "- a": [(1, "a search space is a mapping of keys; begin with 'inputs:', 'ops:' and 'rungs:'")],
    "": [(1, "a search space is a mapping of keys")],
    "just words": [(1, "a search space is a mapping of keys")],
    "a: 1\n---\nb: 2": [(2, "a second YAML document begins here; delete the line '---'")],
    "a: " + "[" * 10_000: [(1, f"nested more than {DEEPEST} levels deep")],
    "a:\n" + "\n".join(" " * depth + "- " for depth in range(1, 40)): [(DEEPEST + 2, "nested more than")],
    "a: 1\nb: \0": [(2, "not YAML: unacceptable character U+0000; delete it")],
    "a: *x\nb: 1\nb: 2\nc: [": [(1, "YAML aliases"), (3, "key 'b' stands twice"), (4, "not YAML, column 5")],
}


@pytest.mark.parametrize("text", ODD, ids=lambda text: repr(text[:20]))
def test_odd_yaml(text):
    found = sorted(read_yaml(text).problems)
    assert [problem.line for problem in found] == [line for line, _ in ODD[text]]
    for problem, (_, said) in zip(found, ODD[text], strict=True):
        assert said in problem.message and "\n" not in problem.message


@pytest.mark.parametrize("remedy", REMEDIES.values())
def test_every_remedy_is_given(remedy):
    """PyYAML may word its complaints anew, and then none of them would be recognised."""
    assert any(problem.message.endswith(f"; {remedy}") for text in ODD for problem in read_yaml(text).problems)


PLAIN = {
    "3e-4": 3e-4, "1e4": 1e4, "+1.5": 1.5, ".5": 0.5, "1.": 1.0, "-7": -7, "010": 10, "0o17": 15, "0x1F": 31,
    "1e400": float("inf"), ".inf": float("inf"), "-.Inf": float("-inf"), "~": None, "null": None, "": None,
    "true": True, "False": False, "yes": "yes", "no": "no", "on": "on", "off": "off", "y": "y", "1:30": "1:30",
    "2026-01-01": "2026-01-01", "2020-13-45": "2020-13-45", "1_000": "1_000", "0b11": "0b11", "=": "=", "<<": "<<",
    ".": ".", "e5": "e5", "inf": "inf", "nan": "nan", "'5'": "5", '"true"': "true", "9" * 400: int("9" * 400),
    "9" * 5000: "9" * 5000,
}  # fmt: skip


@pytest.mark.parametrize("word", PLAIN, ids=lambda word: repr(word[:20]))
def test_words_as_yaml_1_2_has_them(word):
    found = read_yaml(f"a: {word}").values["a"]
    assert (type(found), found) == (type(PLAIN[word]), PLAIN[word])
    if 0 < len(word) < 1000:  # YAML's longest key
        assert list(read_yaml(f"{word}: 1").values) == [word.strip("'\"")]


def test_an_alias_is_not_known_and_nor_is_what_is_below_it():
    found = read_yaml("a: &x {b: 1}\nc: {d: *x, e: 1}")
    assert found.unread == {("c", "d")}
    said = Problem(2, ("c", "d"), "")
    assert not found.knows(said) and not found.knows(said._replace(path=("c", "d", "b")))
    assert found.knows(said._replace(path=("c",))) and found.knows(said._replace(path=("c", "e")))
