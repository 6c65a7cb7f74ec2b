"""Every key's error says file, line, what was met and what is allowed."""

import copy

import pytest
import yaml

from rlsearch.errors import SpaceError
from rlsearch.space.load import parse_space
from rlsearch.space.model import SpaceModel
from tests.support.tiny_runs import TEXT

# Where, what stands there, and what is said of it.
WRONG = [
    (("regime",), "online", "must be 'replay', not 'online'"),
    (("equivalence",), "same", "must be 'gradient' or 'direction', not 'same'"),
    (("inputs",), ["online", "s_nxt"], "unknown input 's_nxt'; did you mean 's_next'? (allowed: a, behaviour_prob, "),
    (("inputs",), [], "must hold at least one, not []"),
    (("inputs",), "online", "must be a list, in [brackets], not 'online'"),
    (("given",), 3, "must be text, not 3"),
    (("given",), "x = q(online", "line 1, column 6: not an expression: '(' was never closed"),
    (("given",), "x = q(online, s)\ny = log(x, x)", "line 2, column 5: log takes (Real or Vector), not (Vector, Vector)"),
    (("given",), "x = q(online, t)", "line 1, column 15: unknown name 't' (allowed: "),
    (("given",), "x = r", "line 1, column 5: a line applies an op"),
    (("given",), "n1 = q(online, s)[a]", "'n1' is a name that the search gives to lines of its own; choose another"),
    (("given",), "loss = q(online, s)[a]", "'loss' is a name that the search gives to lines of its own"),
    (("given",), "x = r + num_actions", "reads 'num_actions', which inputs does not list; add it there"),
    (("given",), "x = log(abs(num_actions))", "reads 'num_actions', which inputs does not list; add it there"),
    (("freeze_given",), "maybe", "must be true or false, not 'maybe'"),
    (("free_nodes",), 0, "must be at least 1, not 0"),
    (("free_nodes",), "many", "must be a whole number, not 'many'"),
    (("free_nodes",), 2.5, "must be a whole number, not 2.5"),
    (("free_nodes",), True, "must be a number, not true"),
    (("ops",), ["tahn"], "unknown op or family 'tahn'; did you mean 'tanh'? (allowed: abs, actions, "),
    (("ops",), [], "must hold at least one, not []"),
    (("constants",), ["one"], "must be a number, not 'one'"),
    (("constants",), [float("nan")], "must be a finite number, not nan"),
    (("constants",), [1e31], "must be at most 1e+30, not 1e+31"),
    (("start",), "rnd", "must be 'random' or 'enumerate', not 'rnd'"),
    (("start",), 3, "must be random, enumerate, {enumerate: 2} or a list of losses such as [dqn], not 3"),
    (("start",), ["dqm"], "unknown loss 'dqm'; did you mean 'dqn'? (allowed: advantage_learning, annealed_td, "),
    (("start",), ["no.loss"], "there is no file 'no.loss'; type a known loss ("),
    (("start",), [3], "must be text, not 3"),
    (("start", "enumerate"), 9, "must be at most 6, not 9"),
    (("start", "enumerat"), 2, "unknown key 'enumerat'; did you mean 'enumerate'?"),
    (("evolution",), None, "must be a mapping, key: value, not nothing"),
    (("evolution", "population"), 0, "must be at least 1, not 0"),
    (("evolution", "tournament"), 11, "tournament (11) must be no more than population (10)"),
    (("evolution", "fresh"), "5 %", "must be a number, not '5 %'"),
    (("evolution", "fresh"), 2, "must be at most 1, not 2"),
    (("evolution", "extend"), 1.5, "must be at most 1, not 1.5"),
    (("evolution", "restart_after"), -0.5, "must be at least 0, not -0.5"),
    (("evolution", "in_flight"), "x", "must be a whole number, not 'x'"),
    (("evolution", "mutations", "grft"), 1, "unknown mutation 'grft'; did you mean 'graft'? (allowed: delete, graft, "),
    (("evolution", "mutations", "graft"), -1, "must be at least 0, not -1"),
    (("evolution", "mutations"), {"graft": 0}, "at least one weight must be above 0"),
    (("evolution", "popluation"), 5, "unknown key 'popluation'; did you mean 'population'? (allowed: extend, fresh,"),
    (("agent",), "fsat", "unknown agent preset 'fsat'; did you mean 'fast'? (allowed: fast, fast64, paper)"),
    (("agent",), 3, "an agent is a preset's name or a mapping, not 3; presets: fast, fast64, paper"),
    (("agent",), {"preset": ["fast"]}, "unknown agent preset '['fast']'"),
    (("agent",), {"hiden": [3]}, "unknown key 'hiden'; did you mean 'hidden'? (allowed: adam_beta1, "),
    (("agent",), {"learning_rate": "fast"}, "learning_rate is 'fast', allowed is a number above 0"),
    (("agent",), {"epsilon_end": 0.5, "batch": 0}, "batch is 0, allowed is a whole number from 1 to "),
    (("rungs",), [], "must hold at least one, not []"),
    (("rungs",), "LayeredMDP", "must be a list, in [brackets], not 'LayeredMDP'"),
    (("rungs", 1, "envs"), ["Garnt"], "unknown environment 'Garnt'; did you mean 'Garnet'? (allowed: "),
    (("rungs", 1, "envs"), [{"env": "Garnet", "state": 3}], "Garnet: unknown key 'state'; did you mean 'states'? (allowed:"),
    (("rungs", 1, "envs"), [{"env": "Garnet", "states": 999}], "Garnet: states is 999; allowed: a whole number from 3 to 64"),
    (("rungs", 1, "envs"), [7], "an environment is a name or a mapping with the key 'env', not 7"),
    (("rungs", 1, "envs"), [], "must hold at least one, not []"),
    (("rungs", 1, "seeds"), 0, "must be at least 1, not 0"),
    (("rungs", 1, "steps"), 99, "must be at least 100, not 99"),
    (("rungs", 1, "pass"), float("nan"), "must be a finite number, not nan"),
    (("rungs", 1, "keep_top"), 1.5, "must be at most 1, not 1.5"),
    (("rungs", 1, "passes"), 0.1, "unknown key 'passes'; did you mean 'pass'? (allowed: envs, keep_top, pass, seeds, steps)"),
    (("score", "measure"), "aera", "must be 'area' or 'final', not 'aera'"),
    (("score", "aggregate"), "median", "must be 'geometric_mean' or 'mean', not 'median'"),
    (("score", "floor"), 0, "must be above 0, not 0"),
    (("score", "floors"), 1, "unknown key 'floors'; did you mean 'floor'? (allowed: aggregate, floor, measure)"),
    (("confirm", "share"), 1, "must be below 1, not 1"),
    (("confirm", "seeds"), 1, "must be at least 2, not 1"),
    (("confirm", "top"), 0, "must be at least 1, not 0"),
    (("confirm", "envs"), ["Garnet"], "Garnet is a training environment of the rungs; validate on others"),
    (("confirm", "seds"), 3, "unknown key 'seds'; did you mean 'seeds'? (allowed: envs, seeds, share, top)"),
    (("baselines",), ["dqq"], "unknown loss 'dqq'; did you mean 'dqn'?"),
    (("baselines",), "dqn", "must be a list, in [brackets], not 'dqn'"),
    (("ruungs",), 3, "unknown key 'ruungs'; did you mean 'rungs'? (allowed: agent, baselines, confirm, constants, "),
    ((7,), 3, "unknown key '7' (allowed: agent, "),
]


def with_value(path, value):
    space = yaml.safe_load(TEXT)
    at = space
    for part in path[:-1]:
        if isinstance(at, dict):
            at.setdefault(part, {})
        at = at[part]
    at[path[-1]] = copy.deepcopy(value)
    return yaml.safe_dump(space, sort_keys=False)


def complaint(text, where="my/space.yaml"):
    with pytest.raises(SpaceError) as error:
        parse_space(text, "space", where)
    return str(error.value)


@pytest.mark.parametrize(("path", "value", "said"), WRONG, ids=lambda part: str(part)[:40])
def test_an_error_says_file_line_met_and_allowed(path, value, said):
    text = with_value(path, value)
    found = complaint(text)
    (line,) = (line for line in found.splitlines() if said in line)  # one line says it, once
    prefix, number, rest = line.split(": ", 2)
    assert prefix == "my/space.yaml"
    assert number.startswith("line ")
    # The line that is named holds the key, or the item, that is wrong.
    meant = text.splitlines()[int(number.removeprefix("line ")) - 1].strip().removeprefix("- ")
    label = rest.split(": ")[0].split(".")
    assert label[0] == str(path[0])
    assert label[-1].isdigit() or meant.split(":")[0].strip("'") == label[-1]
    for jargon in ("tuple", "pydantic", "dictionary", "validat" if "validate on" not in said else "pydantic", "Input should"):
        assert jargon not in line


def test_every_key_is_among_the_errors_above():
    met = {part for path, _, _ in WRONG for part in path}
    for section in (SpaceModel, *(kind.annotation for kind in SpaceModel.model_fields.values())):
        for key, entry in getattr(section, "model_fields", {}).items():
            assert (entry.alias or key) in met


def test_several_problems_are_told_at_once_by_line():
    text = with_value(("popluation",), 3).replace("log", "lgo").replace("hidden:", "hiden:").replace("q_sa ", "n1 ")
    text = text.replace("dqn", "dqnn").replace("free_nodes: 5", "free_nodes: -5") + "start: [dqq]\n"
    found = complaint(text).splitlines()
    numbers = [int(line.split(": ")[1].removeprefix("line ")) for line in found]
    assert numbers == sorted(numbers)
    for part in ("'popluation'", "'lgo'", "'hiden'", "'dqnn'", "not -5", "'dqq'", "'n1'"):
        assert sum(part in line for line in found) == 1
    assert len(found) == len(set(found)) == 7


def test_a_missing_key_is_named():
    found = complaint("ops: [add]\nrungs: [{envs: [Catch]}]\n")
    assert "space.yaml: line 1: key 'inputs' is missing; add it" in found
    assert "line 2: rungs.0: key 'steps' is missing; add it" in found


def test_long_values_are_cut_short():
    assert len(complaint(with_value(("constants",), ["x" * 10_000]))) < 200
