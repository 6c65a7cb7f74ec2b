"""Every key has its words, and every word its key."""

from rlsearch.space.keys import SECTIONS, documented, keys
from rlsearch.space.model import Evolution, Rung, SpaceModel
from rlsearch.train.replay.agent import Agent


def test_no_key_is_without_words_and_no_words_without_a_key():
    for model in SECTIONS.values():
        fields = model.model_fields if hasattr(model, "model_fields") else model.__dataclass_fields__
        named = {getattr(field, "alias", None) or name for name, field in fields.items()}
        assert set(documented(model)) == named, model


def test_defaults_are_those_of_the_models():
    found = {(key.section, key.name): key.default for key in keys()}
    assert found["", "free_nodes"] == str(SpaceModel.model_fields["free_nodes"].default) == "7"
    assert found["evolution", "fresh"] == f"{Evolution.model_fields['fresh'].default:g}"
    assert found["evolution", "mutations"].startswith("{replace_node: 3, ")
    assert found["", "freeze_given"] == "true"
    assert found["rungs", "steps"] == "" and Rung.model_fields["steps"].is_required()
    assert found["agent", "n_step"] == str(Agent.n_step)


def test_words_of_several_lines_are_joined():
    assert documented(SpaceModel)["agent"].endswith("`{preset: fast, batch: 64}`; see below.")
    assert "\n" not in "".join(key.doc for key in keys())
