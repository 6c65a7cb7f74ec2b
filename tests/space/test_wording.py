"""Words for every error of the model: with the names that are allowed, without pydantic's jargon."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from rlsearch.errors import SpaceError
from rlsearch.space.load import parse_space
from rlsearch.space.model import SECTIONS, SpaceModel
from rlsearch.space.reading import read_yaml
from rlsearch.space.wording import WORDING, problems_of
from tests.support.tiny_runs import TEXT

CORPUS = [path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "corpus").glob("*.yaml")]

# What stands at a key, and what is said of it; the corpus has the other errors, with their lines.
WRONG = [
    ({"inputs": ["s_nxt"]}, "inputs.0: unknown input 's_nxt'; did you mean 's_next'? (allowed: a, a_next, behaviour_prob, "),
    ({"ops": ["tahn"]}, "ops.0: unknown op or family 'tahn'; did you mean 'tanh'? (allowed: abs, actions, "),
    ({"start": "rnd"}, "start: must be 'random' or 'enumerate', not 'rnd'"),
    ({"start": ["dqm"]}, "start.0: unknown loss 'dqm'; did you mean 'dqn'? (allowed: advantage_learning, annealed_td, "),
    ({"start": ["no.loss"]}, "start.0: there is no file 'no.loss'; type a known loss ("),
    ({"evolution": {"popl": 5}}, "evolution.popl: unknown key 'popl'; did you mean 'population'? (allowed: extend, fresh,"),
    (
        {"evolution": {"mutations": {"grft": 1}}},
        "evolution.mutations.grft: unknown mutation 'grft'; did you mean 'graft'? (allowed: delete, graft, ",
    ),
    ({"agent": "fsat"}, "agent: unknown agent preset 'fsat'; did you mean 'fast'? (allowed: fast, fast64, paper)"),
    ({"agent": {"preset": ["fast"]}}, "agent.preset: unknown agent preset '['fast']'"),
    ({"agent": {"hiden": 3}}, "agent.hiden: unknown key 'hiden'; did you mean 'hidden'? (allowed: adam_beta1, "),
    ({"agent": {"presett": 3}}, "agent.presett: unknown key 'presett'; did you mean 'preset'? (allowed: adam_beta1, "),
    ({"rungs": []}, "rungs: must hold at least one, not []"),
    (
        {"rungs": [{"envs": ["Garnt"], "steps": 100}]},
        "rungs.0.envs.0: unknown environment 'Garnt'; did you mean 'Garnet'? (allowed: ",
    ),
    (
        {"rungs": [{"envs": ["Catch"], "steps": 100, "passes": 0}]},
        "rungs.0.passes: unknown key 'passes'; did you mean 'pass'? (allowed: envs, keep_top, pass, seeds, steps)",
    ),
    ({"score": {"flor": 1}}, "score.flor: unknown key 'flor'; did you mean 'floor'? (allowed: aggregate, floor, measure)"),
    ({"confirm": {"seds": 3}}, "confirm.seds: unknown key 'seds'; did you mean 'seeds'? (allowed: envs, seeds, share, top)"),
    ({"ruungs": 3}, "ruungs: unknown key 'ruungs'; did you mean 'rungs'? (allowed: agent, baselines, complexity, confirm, "),
    ({7: 3}, "7: unknown key '7' (allowed: agent, "),
]


def complaint(text):
    with pytest.raises(SpaceError) as error:
        parse_space(text, "space", "my/space.yaml")
    return str(error.value)


@pytest.mark.parametrize(("changes", "said"), WRONG, ids=lambda part: str(part)[:40])
def test_an_error_says_what_is_met_and_allowed(changes, said):
    (line,) = complaint(yaml.safe_dump(yaml.safe_load(TEXT) | changes)).splitlines()
    file, number, words = line.split(": ", 2)
    assert (file, number[:5]) == ("my/space.yaml", "line ") and words.startswith(said)


def test_every_key_is_among_the_errors_of_the_corpus():
    met = {part for text in CORPUS for line in text.splitlines() for part in line.partition(": ")[2].split(": ")[0].split(".")}
    for model in SECTIONS.values():
        assert {field.alias or name for name, field in model.__pydantic_fields__.items()} <= met


def test_several_problems_are_told_at_once_by_line():
    text = TEXT.replace("log", "lgo").replace("hidden:", "hiden:").replace("q_sa ", "n1 ").replace("dqn", "dqnn")
    found = complaint(text.replace("free_nodes: 5", "free_nodes: -5") + "start: [dqq]\npopluation: 3").splitlines()
    numbers = [int(line.split(": ")[1].removeprefix("line ")) for line in found]
    assert numbers == sorted(numbers)
    for part in ("'popluation'", "'lgo'", "'hiden'", "'dqnn'", "not -5", "'dqq'", "'n1'"):
        assert sum(part in line for line in found) == 1
    assert len(found) == len(set(found)) == 7


def error_types(text):
    """Pydantic's types of the errors in a space."""
    try:
        SpaceModel.model_validate(read_yaml(text).values or {})
    except ValidationError as error:
        return {finding["type"] for finding in error.errors()}
    return set()


def test_every_type_that_has_words_occurs():
    assert set(WORDING) <= set().union(*map(error_types, CORPUS))


def test_an_error_of_an_unheard_of_type_is_told_in_its_own_words():
    with pytest.raises(ValidationError) as error:
        TypeAdapter(dict[str, dict[str, date]]).validate_python({"start": {"day": "x"}})
    (problem,) = problems_of(error.value, {("start",): 2, ("start", "day"): 3})
    assert (problem.line, problem.path) == (3, ("start", "day"))
    assert problem.message.startswith("Input should be a valid date") and problem.message.endswith(", not 'x'")
