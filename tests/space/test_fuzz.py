"""Whatever is in a file, only a SpaceError escapes: of lines that there are, naming what does not belong, in our words.

And a space is the same in every style."""

import copy
import re
from dataclasses import replace

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.errors import SpaceError
from rlsearch.registry import shipped_spaces
from rlsearch.space.load import load_space, parse_space
from rlsearch.space.reading import BREAK
from rlsearch.space.wording import WORDING
from tests.space.test_wording import error_types
from tests.support.tiny_runs import TEXT

QUICKSTART = yaml.safe_load(shipped_spaces()["quickstart"].read_text(encoding="utf-8"))
QUICKSTART["agent"] = {"preset": "fast", "batch": 16, "hidden": [8, 8], "learning_rate": 3e-4}
TOLD = re.compile(r"any: (?:line (\d+): .+|and [\d,]+ more problems)")

WORDS = st.sampled_from(["dqn", "Catch", "add", "q_sa", "random", "1e4", "3e-4", "", "online", "\t", "é", "../x.loss", "~"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=8) | st.dates()
KEYS = st.sampled_from([*yaml.safe_load(TEXT), "envs", "steps", "preset", "enumerate", "mutations", "env", "gamma"]) | LEAVES
TREES = st.recursive(
    LEAVES, lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(KEYS, deeper, max_size=4), max_leaves=8
)


def survives(text):
    """Text of the error, if it is one."""
    try:
        space = parse_space(text, "any")
    except SpaceError as error:
        last = len(BREAK.findall(text)) + 1
        for line in str(error).split("\n"):
            told = TOLD.fullmatch(line)
            assert told and line.isprintable()
            assert told[1] is None or 1 <= int(told[1]) <= last
        assert error_types(text) <= {*WORDING, "missing", "extra_forbidden", "value_error"}
        return str(error)
    assert parse_space(space.text, "any", resolved=space.resolved()) == space
    return ""


def paths(tree, path=()):
    """The path of every node but the root."""
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from paths(child, (*path, key))


def at(tree, path):
    for part in path:
        tree = tree[part]
    return tree


def typo(word, where):
    return word[:where] + word[where + 1 :] if len(word) > 1 else word * 2


def changed(draw, tree):
    """The tree with a node replaced, deleted, repeated or renamed, or with a key more."""
    *above, key = draw(st.sampled_from(list(paths(tree))))
    parent = at(tree, above)
    kind = draw(st.sampled_from(["replace", "delete", "repeat", "rename", "insert"]))
    if kind == "delete":
        del parent[key]
    elif kind == "repeat" and isinstance(parent, list):
        parent.insert(key, copy.deepcopy(parent[key]))
    elif kind == "rename" and isinstance(parent, dict):
        parent[typo(str(key), draw(st.integers(0, 3)))] = parent.pop(key)
    elif kind == "insert" and isinstance(parent, dict):
        parent[draw(KEYS)] = draw(LEAVES)
    else:
        parent[key] = draw(TREES)
    return tree


@settings(max_examples=200)
@given(st.data(), st.integers(1, 4))
def test_a_space_with_a_few_things_wrong(data, count):
    tree = copy.deepcopy(QUICKSTART)
    for _ in range(count):
        tree = changed(data.draw, tree)
    survives(
        yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, default_flow_style=data.draw(st.sampled_from([None, False])))
    )


def is_option(tree, path):
    """Whether a value can be wrong without hiding what is wrong beside it."""
    return not isinstance(at(tree, path), dict | list) and path[-1] != "env"


@settings(max_examples=100)
@given(st.data())
def test_every_key_that_does_not_belong_is_named_on_its_line(data):
    tree = copy.deepcopy(QUICKSTART)
    for path in data.draw(st.lists(st.sampled_from([path for path in paths(tree) if is_option(tree, path)]), max_size=3)):
        at(tree, path[:-1])[path[-1]] = data.draw(LEAVES)
    mappings = [(), *(path for path in paths(tree) if isinstance(at(tree, path), dict))]
    strangers = [f"zz{number}" for number in range(data.draw(st.integers(1, 4)))]
    for key in strangers:
        parent = at(tree, data.draw(st.sampled_from(mappings)))
        parent[key] = data.draw(TREES)
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, default_flow_style=False)
    found = survives(text).split("\n")
    for key in strangers:
        (line,) = [line for line in found if re.search(rf"unknown (key|mutation) '{key}'", line)]
        assert BREAK.split(text)[int(TOLD.fullmatch(line)[1]) - 1].strip(" -").startswith(f"{key}:")


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(list(yaml.safe_load(TEXT))), TREES, min_size=1, max_size=3))
def test_whatever_stands_at_a_key(values):
    survives(yaml.safe_dump(yaml.safe_load(TEXT) | values, allow_unicode=True))


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(["envs", "seeds", "steps", "pass", "keep_top"]) | KEYS, TREES, max_size=4), KEYS, TREES)
def test_whatever_stands_below_a_key(values, key, tree):
    rung = {"envs": ["Catch"], "steps": 200} | values
    survives(yaml.safe_dump(yaml.safe_load(TEXT) | {"rungs": [rung], "evolution": {key: tree}, "agent": {key: tree}}))


@settings(max_examples=200)
@given(st.text(alphabet="ab:[]{}-*&!#|>'\"%@`?,~\n \t\r\u2028\x85é0.", max_size=30), st.integers(0, len(TEXT)))
def test_whatever_is_written_into_the_text(noise, position):
    survives(TEXT[:position] + noise + TEXT[position:])
    survives(noise)


@settings(max_examples=200)
@given(st.text(max_size=60) | st.text(st.characters(codec="ascii"), max_size=200))
def test_any_text(text):
    survives(text)


@settings(max_examples=100)
@given(st.binary(max_size=100) | st.tuples(st.just(TEXT.encode()), st.binary(max_size=4)).map(b"".join))
def test_any_bytes(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    try:
        load_space(str(path))
    except SpaceError as error:
        assert str(error).startswith((f"{path}: line ", f"'{path}' is not UTF-8 text (byte "))


def in_words(draw, value):
    """A number as one of the texts that people write for it; the rest as it is."""
    if isinstance(value, dict):
        return {key: in_words(draw, each) for key, each in value.items()}
    if isinstance(value, list):
        return [in_words(draw, each) for each in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return draw(
        st.sampled_from([value, str(value), f"{value:.17e}", float(value), f"+{value!r}" if value >= 0 else str(value)])
    )


STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, True, False]),
        "indent": st.integers(2, 8),
        "width": st.sampled_from([20, 80, 10_000]),
        "line_break": st.sampled_from(["\n", "\r\n", "\r"]),
        "sort_keys": st.booleans(),
        "explicit_start": st.booleans(),
        "explicit_end": st.booleans(),
    }
)


@settings(max_examples=60)
@given(st.data(), STYLES)
def test_a_space_is_the_same_in_every_style(data, style):
    plain = parse_space(yaml.safe_dump(QUICKSTART), "plain")
    other = parse_space(yaml.safe_dump(in_words(data.draw, QUICKSTART), **style), "plain")
    assert replace(other, text=plain.text) == plain
